"""The command `pga` tells what it can do before anything is set up, and loads what it needs."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.tree import ROOT

PGA = "import sys; sys.argv[0] = 'pga'; import commands; code = commands.cli()"
LOADED = "print(sorted({'sqlalchemy', 'wsgi', 'pga.web'} & set(sys.modules)))"
AGREEMENT = "pga/agreements/library/pga-jeugd.yaml"


def run(folder: Path, *words: str, then: str = "") -> subprocess.CompletedProcess[str]:
    """Run the command as a newcomer does: nothing is set up in this folder."""
    return subprocess.run(
        [sys.executable, "-c", f"{PGA}\n{then}\nsys.exit(code)", *words],
        cwd=ROOT,
        env={**os.environ, "PGA_DATA_DIR": str(folder / "none"), "PGA_MODE": "demo"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_help_lists_every_command_before_anything_is_set_up(tmp_path: Path) -> None:
    told = run(tmp_path, "--help")
    assert (told.returncode, told.stderr) == (0, "")
    for heading in ("Set up and run", "Try it", "People and agreements", "The log and the keys"):
        assert f"{heading}:" in told.stdout
    commands = ["init", "db upgrade", "worker", "demo load", "people person", "agreement check"]
    commands += ["decide", "audit verify", "witness", "keys rotate"]
    for command in commands:
        assert f"  {command} " in told.stdout
    assert "FLASK" not in told.stdout
    assert "--app" not in told.stdout


@pytest.mark.parametrize("group", ["db", "demo", "people", "agreement", "audit", "keys"])
def test_a_group_tells_its_commands_before_anything_is_set_up(tmp_path: Path, group: str) -> None:
    told = run(tmp_path, group, "--help")
    assert (told.returncode, told.stderr) == (0, "")
    assert "Commands:" in told.stdout


def test_what_needs_settings_says_how_to_make_them(tmp_path: Path) -> None:
    refused = run(tmp_path, "demo", "load")
    assert refused.returncode == 2
    assert refused.stderr.startswith("pga: ")
    assert "`pga init` makes one" in refused.stderr


def test_an_unknown_command_is_a_mistake_and_no_crash(tmp_path: Path) -> None:
    refused = run(tmp_path, "agrement")
    assert refused.returncode == 2
    assert "No such command 'agrement'" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_checking_an_agreement_loads_neither_database_nor_pages(tmp_path: Path) -> None:
    told = run(tmp_path, "agreement", "check", AGREEMENT, then=LOADED)
    assert told.returncode == 0
    assert told.stdout.endswith("[]\n")
