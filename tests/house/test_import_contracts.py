"""The import contracts hold a sound house and report every fault planted in it."""

import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.house.tree import ROOT

SOUND = {
    "config": ["errors", "clock", "ids", "database"],
    "audit": ["entries", "gate", "models"],
    "audit.auditctl": ["tree", "notes"],
    "auth": ["rules", "models", "queries", "service", "schemas", "views", "api"],
    "pga.web": ["forms"],
    "pga.policy": ["codes", "decide", "rules"],
    "pga.agreements": ["models", "service", "views"],
    "pga.cases": ["rules", "models", "queries", "schemas", "service", "api", "views", "cli"],
    "pga.sharing": ["rules", "service"],
    "pga.oversight": ["views"],
    "pga.region": ["cli"],
}
IMPORTS = {
    "pga.cases.views": ["pga.cases.service", "pga.web.forms", "flask"],
    "pga.cases.service": ["pga.cases.queries", "audit.gate", "pga.policy.decide"],
    "pga.cases.queries": ["pga.cases.models"],
    "pga.cases.models": ["pga.cases.rules", "config.database"],
    "pga.sharing.service": ["pga.cases.service", "pga.policy.decide"],
    "pga.policy.decide": ["pga.policy.codes", "config.errors"],
    "audit.gate": ["audit.models", "audit.auditctl.tree", "config.database"],
    "config.database": ["flask", "sqlalchemy"],
}
HOUSE = "The house"
ALONE = "The verifier stands alone"
ROOMS = "The rooms of pga"
ROOM = "Inside a room"
VIEWS = "Views are the end of the line"
LOG = "The log is written through the gate"
PURE = "Rules and policy are pure"
CLOCKLESS = "Policy asks no clock"
FLASK = "Only files that speak HTTP know Flask"


@dataclass(frozen=True)
class Fault:
    """An import that a contract must report."""

    contract: str
    importer: str
    imported: str


FAULTS = [
    Fault(HOUSE, "audit.entries", "auth.service"),
    Fault(HOUSE, "auth.service", "pga.cases.queries"),
    Fault(HOUSE, "config.errors", "audit.entries"),
    Fault(ALONE, "audit.auditctl.tree", "audit.entries"),
    Fault(ALONE, "audit.auditctl.notes", "config.errors"),
    Fault(ROOMS, "pga.cases.rules", "pga.sharing.rules"),
    Fault(PURE, "pga.policy.codes", "pga.web.forms"),
    Fault(ROOMS, "pga.web.forms", "pga.cases.rules"),
    Fault(ROOM, "pga.cases.models", "pga.cases.service"),
    Fault(ROOM, "pga.cases.service", "pga.cases.views"),
    Fault(ROOM, "pga.cases.views", "pga.cases.api"),
    Fault(ROOM, "pga.cases.service", "pga.cases.schemas"),
    Fault(ROOM, "auth.queries", "auth.service"),
    Fault(VIEWS, "pga.oversight.views", "pga.cases.views"),
    Fault(VIEWS, "pga.region.cli", "pga.agreements.views"),
    Fault(LOG, "pga.sharing.service", "audit.models"),
    Fault(PURE, "pga.sharing.rules", "sqlalchemy"),
    Fault(PURE, "pga.policy.rules", "config.database"),
    Fault(PURE, "auth.rules", "flask"),
    Fault(CLOCKLESS, "pga.policy.decide", "config.clock"),
    Fault(FLASK, "pga.sharing.service", "flask"),
    Fault(FLASK, "auth.models", "flask_login"),
    Fault(FLASK, "config.errors", "flask"),
]


def build(root: Path, faults: list[Fault], extra: tuple[str, ...] = ()) -> None:
    """Write a house of empty modules with its lawful imports and the planted ones."""
    for package in ("pga", *SOUND):
        folder = root.joinpath(*package.split("."))
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "__init__.py").touch()
    sound = [f"{package}.{module}" for package, modules in SOUND.items() for module in modules]
    lines: dict[str, list[str]] = {name: [] for name in (*sound, *extra)}
    for importer, imported in IMPORTS.items():
        lines[importer] += [f"import {name}" for name in imported]
    for fault in faults:
        lines[fault.importer].append(f"import {fault.imported}")
    for name, body in lines.items():
        path = root.joinpath(*name.split(".")).with_suffix(".py")
        path.write_text("\n".join(body), "utf-8")


def lint(root: Path) -> tuple[int, str]:
    """Run the contracts of this project over the house in `root`; give exit code and report."""
    done = subprocess.run(
        [
            Path(sys.executable).parent / "lint-imports",
            *(ROOT / "pyproject.toml", "--no-cache", "--no-logo"),
        ],
        cwd=root,
        env={"PATH": "/usr/bin:/bin", "COLUMNS": "200", "LANG": "C.UTF-8"},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What the contracts say of a house with every fault in it: text per contract name."""
    root = tmp_path_factory.mktemp("faulty")
    build(root, FAULTS)
    code, text = lint(root)
    assert code == 1
    _, _, broken = text.partition("Broken contracts")
    parts = re.split(r"\n([^\n]+)\n-{10,}\n", broken)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def test_a_sound_house_passes(tmp_path: Path) -> None:
    build(tmp_path, [])
    code, text = lint(tmp_path)
    assert code == 0, text


@pytest.mark.parametrize("fault", FAULTS, ids=lambda f: f"{f.importer}->{f.imported}")
def test_a_planted_fault_is_reported_by_its_contract(fault: Fault, report: dict[str, str]) -> None:
    said = "".join(text for name, text in report.items() if name.startswith(fault.contract))
    assert re.search(rf"{fault.importer} -> {fault.imported}\b", said), said


def test_a_room_without_a_place_is_refused(tmp_path: Path) -> None:
    build(tmp_path, [], extra=("pga.attic",))
    code, text = lint(tmp_path)
    assert code == 1
    assert "pga.attic" in text
