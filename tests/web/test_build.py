"""Building the look: done once, skipped when nothing changed, and never a condition to work."""

import stat
from pathlib import Path

import pytest

from pga.web import build
from pga.web.frame import PLAIN_LOOK

NPM = """#!/bin/sh
echo ci >> "$PWD/calls"
mkdir -p node_modules/.bin node_modules/htmx.org/dist
echo 'htmx' > node_modules/htmx.org/dist/htmx.min.js
cat > node_modules/.bin/esbuild <<'END'
#!/bin/sh
echo bundle >> "$PWD/calls"
for a in "$@"; do case "$a" in --outfile=*) out="${a#--outfile=}";; esac; done
mkdir -p "$(dirname "$out")" && echo 'css' > "$out"
END
chmod +x node_modules/.bin/esbuild
"""


class Workshop:
    """A folder of assets and a package manager that makes what the real one would."""

    def __init__(self, folder: Path) -> None:
        self.assets = folder / "assets"
        self.dist = folder / "static" / "dist"
        self.npm = folder / "npm"
        self.said: list[str] = []
        self.assets.mkdir()
        self.dist.parent.mkdir()
        (self.assets / "package-lock.json").write_text("{}")
        (self.assets / "app.css").write_text("a{}")
        self.install(NPM)

    def install(self, script: str) -> None:
        self.npm.write_text(script)
        self.npm.chmod(self.npm.stat().st_mode | stat.S_IEXEC)

    def build(self, *, npm: bool = True) -> bool:
        self.said.clear()
        return build.build(
            self.said.append,
            npm=str(self.npm) if npm else None,
            assets=self.assets,
            dist=self.dist,
        )

    def calls(self) -> list[str]:
        return (self.assets / "calls").read_text().split()


@pytest.fixture
def workshop(tmp_path: Path) -> Workshop:
    return Workshop(tmp_path)


def test_the_look_is_built_once(workshop: Workshop) -> None:
    assert workshop.build()
    assert (workshop.dist / "app.css").read_text() == "css\n"
    assert (workshop.dist / "htmx.min.js").exists()
    assert workshop.said[-1] == "The look is built."
    assert workshop.build()
    assert workshop.said == ["The look is up to date."]
    assert workshop.calls() == ["ci", "bundle"]


def test_a_changed_style_is_bundled_again_without_fetching(workshop: Workshop) -> None:
    workshop.build()
    (workshop.assets / "app.css").write_text("b{}")
    assert workshop.build()
    assert workshop.calls() == ["ci", "bundle", "bundle"]


def test_a_changed_lock_is_fetched_again(workshop: Workshop) -> None:
    workshop.build()
    (workshop.assets / "package-lock.json").write_text('{"a": 1}')
    assert workshop.build()
    assert workshop.calls() == ["ci", "bundle", "ci", "bundle"]


def test_without_npm_the_plain_look_is_used_and_said(workshop: Workshop) -> None:
    assert not workshop.build(npm=False)
    assert workshop.said == [
        "npm is not installed: the plain look is used. Everything works in it."
    ]
    assert not workshop.dist.exists()


def test_a_built_look_stays_when_npm_is_taken_away(workshop: Workshop) -> None:
    workshop.build()
    assert workshop.build(npm=False)


def test_packages_that_cannot_be_fetched_leave_the_plain_look(workshop: Workshop) -> None:
    workshop.install("#!/bin/sh\necho 'no network' >&2\nexit 1\n")
    assert not workshop.build()
    assert workshop.said[1:] == [
        "no network",
        "npm could not fetch the packages: the plain look is used. Everything works in it.",
    ]


def test_a_broken_npm_leaves_the_plain_look(workshop: Workshop) -> None:
    workshop.npm.unlink()
    assert not workshop.build()
    assert "No such file" in workshop.said[1]


def test_a_bundle_that_fails_leaves_the_look_that_was_there(workshop: Workshop) -> None:
    workshop.build()
    (workshop.assets / "app.css").write_text("broken")
    (workshop.assets / "node_modules/.bin/esbuild").write_text("#!/bin/sh\necho bad; exit 1\n")
    assert not workshop.build()
    assert (workshop.dist / "app.css").read_text() == "css\n"
    assert workshop.said[-2:] == [
        "bad",
        "esbuild could not bundle the look: the plain look is used.",
    ]
    assert [path.name for path in workshop.dist.parent.iterdir()] == ["dist"]


@pytest.mark.parametrize(
    ("built", "arguments", "code"),
    [(True, [], 0), (False, [], 0), (True, ["--required"], 0), (False, ["--required"], 1)],
)
def test_the_plain_look_is_no_failure_unless_the_full_one_is_asked_for(
    monkeypatch: pytest.MonkeyPatch, *, built: bool, arguments: list[str], code: int
) -> None:
    monkeypatch.setattr(build, "build", lambda _say, **_: built)
    assert build.main(arguments) == code


def test_both_looks_are_made_of_the_same_own_style_sheets() -> None:
    own = set(PLAIN_LOOK) - {"css/plain.css"}
    bundled = (build.ASSETS / "app.css").read_text()
    assert {name for name in own if f"../static/{name}" in bundled} == own
