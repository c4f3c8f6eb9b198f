"""What lies in the tree, for the tests that guard the whole house."""

import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]


def tracked(*suffixes: str) -> list[Path]:
    """List the files of the project, tracked or about to be, as paths from the root.

    What git ignores (assets, databases, caches) is not the project's. Without suffixes: all.
    """
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split("\0")
    names = [Path(name) for name in listed if name]
    return sorted(
        name
        for name in names
        if (ROOT / name).is_file() and (not suffixes or name.suffix in suffixes)
    )
