"""Build the look: `python -m pga.web.build` bundles NL Design System with our own CSS.

The bundle is made by npm and esbuild and is not in git. Where npm is absent, or the packages
cannot be fetched, the product keeps working and wears the plain look of `static/plain.css`.
"""

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

HERE = Path(__file__).parent
ASSETS = HERE / "assets"
OWN_CSS = HERE / "static" / "css"
DIST = HERE / "static" / "dist"

Say = Callable[[str], None]


def build(say: Say, *, npm: str | None, assets: Path = ASSETS, dist: Path = DIST) -> bool:
    """Fetch the locked packages and bundle them; tell whether the full look is there.

    Both steps are skipped when what they read has not changed since the last time.
    """
    sources = _fingerprint(_sources(assets))
    if (dist / "app.css").exists() and _stamp(dist) == sources:
        say("The look is up to date.")
        return True
    if npm is None:
        say("npm is not installed: the plain look is used. Everything works in it.")
        return False
    return _fetch(say, npm, assets) and _bundle(say, assets, dist, sources)


def _fetch(say: Say, npm: str, assets: Path) -> bool:
    """Install the packages of the lock file, unless they are there already."""
    lock = _fingerprint([assets / "package-lock.json"])
    modules = assets / "node_modules"
    if modules.exists() and _stamp(modules) == lock:
        return True
    say("Fetching the packages of the look (npm ci) ...")
    if not _run(say, [npm, "ci", "--no-audit", "--no-fund", "--loglevel=error"], assets):
        say("npm could not fetch the packages: the plain look is used. Everything works in it.")
        return False
    _leave_stamp(modules, lock)
    return True


def _bundle(say: Say, assets: Path, dist: Path, sources: str) -> bool:
    """Bundle into a fresh folder and put it in place whole, so no half look is ever served."""
    say("Bundling the look (esbuild) ...")
    fresh = dist.with_name(f"{dist.name}.{os.getpid()}")
    shutil.rmtree(fresh, ignore_errors=True)
    command = [
        str(assets / "node_modules" / ".bin" / "esbuild"),
        str(assets / "app.css"),
        "--bundle",
        "--minify",
        "--log-level=error",
        "--loader:.woff2=file",
        "--loader:.woff=empty",
        "--asset-names=fonts/[name]-[hash]",
        f"--outfile={fresh / 'app.css'}",
    ]
    if not _run(say, command, assets):
        say("esbuild could not bundle the look: the plain look is used.")
        shutil.rmtree(fresh, ignore_errors=True)
        return False
    shutil.copy(assets / "node_modules" / "htmx.org" / "dist" / "htmx.min.js", fresh)
    _leave_stamp(fresh, sources)
    shutil.rmtree(dist, ignore_errors=True)
    fresh.rename(dist)
    say("The look is built.")
    return True


def _run(say: Say, command: list[str], folder: Path) -> bool:
    """Run a command; on failure say what it printed."""
    try:
        done = subprocess.run(  # noqa: S603 - our own command line, nothing from a user
            command, cwd=folder, capture_output=True, text=True, check=False
        )
    except OSError as error:
        say(str(error))
        return False
    if done.returncode != 0:
        say((done.stderr or done.stdout).strip())
    return done.returncode == 0


def _sources(assets: Path) -> Iterator[Path]:
    """Give every file the bundle is made of; the packages are covered by their lock."""
    yield assets / "package-lock.json"
    yield from sorted(assets.glob("*.css"))
    yield from sorted(OWN_CSS.glob("*.css"))
    yield Path(__file__)


def _fingerprint(paths: Iterator[Path] | list[Path]) -> str:
    """Hash the names and contents of files."""
    digest = hashlib.sha256()
    for path in paths:
        content = path.read_bytes()
        digest.update(f"{path.name}:{len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()


def _stamp(folder: Path) -> str:
    """Read what a folder was last made from; empty when never."""
    path = folder / ".made-from"
    return path.read_text("ascii") if path.exists() else ""


def _leave_stamp(folder: Path, fingerprint: str) -> None:
    """Note what a folder was made from."""
    (folder / ".made-from").write_text(fingerprint, "ascii")


def main(arguments: list[str] | None = None) -> int:
    """Build from the command line; without npm that is no failure, unless asked."""
    parser = argparse.ArgumentParser(prog="python -m pga.web.build", description=__doc__)
    parser.add_argument(
        "--required", action="store_true", help="fail when the full look cannot be made"
    )
    options = parser.parse_args(arguments)
    built = build(lambda line: print(line, flush=True), npm=shutil.which("npm"))  # noqa: T201
    return 0 if built or not options.required else 1


if __name__ == "__main__":
    sys.exit(main())
