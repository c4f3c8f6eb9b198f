"""Put the project itself into its virtualenv: importable, with its commands, nothing built.

An editable install would need a build backend from the network; two small files do the same.
"""

import sys
import sysconfig
import tomllib
from pathlib import Path

COMMAND = """\
#!{python}
import sys

from {module} import {name}

if __name__ == "__main__":
    sys.exit({name}(prog_name="{command}"))
"""


def main() -> None:
    """Write a .pth file with the root of the project, and one script per [project.scripts]."""
    root = Path(__file__).resolve().parents[1]
    project = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]
    packages = Path(sysconfig.get_path("purelib"))
    (packages / f"{project['name']}.pth").write_text(f"{root}\n", "utf-8")
    for command, target in project["scripts"].items():
        module, name = target.split(":")
        script = Path(sysconfig.get_path("scripts")) / command
        script.write_text(
            COMMAND.format(python=sys.executable, module=module, name=name, command=command),
            "utf-8",
        )
        script.chmod(0o755)


if __name__ == "__main__":
    main()
