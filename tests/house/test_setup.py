"""The set-up says in plain words what is missing, and asks for nothing it does not need."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.tree import ROOT

WORDS = (
    *("run", "test", "check", "torture", "bench", "fix", "lint", "types", "imports", "cov"),
    *("migration", "shell", "deps", "help"),
)


class Machine:
    """A machine that has only the commands it was given."""

    def __init__(self, folder: Path) -> None:
        self.commands = folder / "bin"
        self.commands.mkdir()
        self.folder = folder
        for name in ("env", "mktemp", "rm", "tail"):
            self.put(name, f'#!/bin/sh\nexec /usr/bin/{name} "$@"\n')

    def put(self, name: str, script: str) -> None:
        """Give the machine a command."""
        path = self.commands / name
        path.write_text(script)
        path.chmod(0o755)

    def run(self, script: str, **variables: str) -> subprocess.CompletedProcess[str]:
        """Run a script of the set-up."""
        return subprocess.run(
            [shutil.which("bash") or "bash", ROOT / "requirements" / script],
            cwd=self.folder,
            env={"PATH": str(self.commands), **variables},
            capture_output=True,
            text=True,
            check=False,
        )


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_a_missing_python_is_named(machine: Machine) -> None:
    done = machine.run("venv.sh")
    assert done.returncode == 1
    assert "sudo apt-get install python3 python3-venv" in done.stderr


def test_an_old_python_is_named_with_its_version(machine: Machine) -> None:
    machine.put(
        "python3", '#!/bin/sh\ncase "$2" in *version_info*) exit 1;; *) echo 3.9.2;; esac\n'
    )
    done = machine.run("venv.sh")
    assert done.returncode == 1
    assert "Python 3.11 or newer is needed; python3 is 3.9.2." in done.stderr


def test_a_python_without_virtualenvs_is_named(machine: Machine) -> None:
    machine.put("python3", '#!/bin/sh\ncase "$2" in *ensurepip*) exit 1;; esac\n')
    done = machine.run("venv.sh")
    assert done.returncode == 1
    assert "sudo apt-get install python3-venv" in done.stderr
    assert not (machine.folder / ".venv").exists()


def test_without_root_the_one_line_to_type_is_printed(machine: Machine) -> None:
    machine.put("apt-get", "#!/bin/sh\nexit 9\n")
    machine.put("id", "#!/bin/sh\necho 1000\n")
    machine.put("sudo", "#!/bin/sh\nexit 1\n")
    done = machine.run("debian.sh", CHROMIUM="absent")
    assert done.returncode == 1
    line = "sudo apt-get install -y --no-install-recommends"
    assert f"\n  {line} " in done.stderr
    assert done.stderr.rstrip().endswith("chromium poppler-utils strace npm golang-go")


@pytest.mark.parametrize("sudo", [True, False])
def test_with_the_right_to_it_what_is_missing_is_installed(machine: Machine, *, sudo: bool) -> None:
    note = machine.folder / "asked"
    machine.put("apt-get", f'#!/bin/sh\necho "$@" >>{note}\n')
    machine.put("id", f"#!/bin/sh\necho {1000 if sudo else 0}\n")
    machine.put("sudo", '#!/bin/sh\nshift\nexec "$@"\n')
    for name in ("chromium", "pdftotext", "npm", "go", "true"):
        machine.put(name, "#!/bin/sh\n")
    assert machine.run("debian.sh").returncode == 0
    update, install = note.read_text().splitlines()
    assert update == "update -qq"
    assert install.endswith("strace -qq")
    assert "chromium" not in install


def test_an_install_that_fails_ends_with_the_line_to_type(machine: Machine) -> None:
    machine.put("apt-get", '#!/bin/sh\n[ "$1" = update ] || { echo "no route"; exit 100; }\n')
    machine.put("id", "#!/bin/sh\necho 0\n")
    done = machine.run("debian.sh")
    assert done.returncode == 1
    assert done.stderr.startswith("no route\n")
    assert "Try it by hand:\n\n  sudo apt-get install" in done.stderr


def test_nothing_is_asked_when_nothing_is_missing(machine: Machine) -> None:
    for name in ("initdb", "chromium", "pdftotext", "strace", "npm", "go"):
        machine.put(name, "#!/bin/sh\n")
    done = machine.run("debian.sh")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_help_lists_every_word() -> None:
    done = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True)
    listed = [line.split()[1] for line in done.stdout.splitlines() if line.startswith("  make ")]
    assert sorted(listed) == sorted(WORDS)


def test_the_command_of_the_product_works_from_any_folder(tmp_path: Path) -> None:
    command = Path(sys.executable).parent / "pga"
    environment = {"PATH": os.environ["PATH"], "PGA_DATA_DIR": str(tmp_path)}
    done = subprocess.run(
        [command, "--help"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert "Usage: pga" in done.stdout
    assert list(tmp_path.iterdir()) == []
