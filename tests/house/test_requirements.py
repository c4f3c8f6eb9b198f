"""Every package is pinned by its hash, and no lock file says where it was fetched."""

import re

import pytest

from tests.house.tree import ROOT

REQUIREMENTS = ROOT / "requirements"
PINNED = re.compile(r"^([\w.-]+)==(\S+)", re.MULTILINE)


def pins(name: str) -> dict[str, str]:
    return dict(PINNED.findall((REQUIREMENTS / f"{name}.txt").read_text("utf-8")))


def wanted(name: str) -> set[str]:
    """The packages that a person asked for."""
    lines = (REQUIREMENTS / f"{name}.in").read_text("utf-8").splitlines()
    return {re.split(r"[\[<>=~ ]", line)[0] for line in lines if line and line[0] not in "#-"}


@pytest.mark.parametrize("name", ["main", "dev", "uv"])
def test_what_was_asked_for_is_pinned(name: str) -> None:
    assert wanted(name) <= set(pins(name))


@pytest.mark.parametrize("name", ["main", "dev", "uv"])
def test_every_pin_has_hashes(name: str) -> None:
    text = (REQUIREMENTS / f"{name}.txt").read_text("utf-8")
    for block in re.split(r"\n(?=[\w.-]+==)", text.strip()):
        assert "--hash=sha256:" in block, block


def test_product_and_tests_use_the_same_versions() -> None:
    main, dev = pins("main"), pins("dev")
    assert {name: dev[name] for name in main.keys() & dev.keys()} == {
        name: main[name] for name in main.keys() & dev.keys()
    }


@pytest.mark.parametrize("name", ["main", "dev", "uv"])
def test_no_lock_file_holds_an_address(name: str) -> None:
    text = (REQUIREMENTS / f"{name}.txt").read_text("utf-8")
    assert not re.findall(r"^.*://.*$|^-.*$", text, re.MULTILINE)


def test_the_lock_file_of_the_look_holds_no_address() -> None:
    assert '"resolved"' not in (ROOT / "pga/web/assets/package-lock.json").read_text("utf-8")
