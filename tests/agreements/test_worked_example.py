"""The worked example of the documentation is a whole agreement, and answers as the page says."""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from pga.agreements import cli
from pga.policy.compile import compile_document
from pga.policy.document import dump, parse
from pga.policy.guardrails import prove

PAGE = Path(__file__).parents[2] / "docs" / "agreement-file.md"
WRITTEN = re.search(r"```yaml\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
assert WRITTEN is not None
EXAMPLE = WRITTEN[1]
HEALTH = ("--provider", "GGZ", "--category", "D07", "--action", "consult")
RELEASED = ("--have", "secrecy_release")
POLICE = ("--provider", "POL", "--consumer", "SCH", "--category", "D05", "--action", "consult")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "duinstede.yaml"
    path.write_text(EXAMPLE, "utf-8")
    return path


def test_the_example_is_sound_and_read_back_the_same() -> None:
    document = parse(EXAMPLE)
    assert prove(document, compile_document(document)) == []
    assert parse(dump(document)) == document


def test_the_check_says_what_the_page_says(file: Path) -> None:
    found = CliRunner().invoke(cli.agreement, ["check", str(file)])
    assert found.exit_code == 0
    assert "20 cells, all guardrails proven; 5 of 5 clauses legally to be checked" in found.output


@pytest.mark.parametrize(
    ("asked", "code", "said"),
    [
        (("--phase", "F3", "--consumer", "GPR", *HEALTH), 3, "condition_unmet"),
        (("--phase", "F3", "--consumer", "GPR", *HEALTH, *RELEASED), 0, "allowed"),
        (("--phase", "F1", "--consumer", "GPR", *HEALTH, *RELEASED), 3, "no_rule"),
        (("--phase", "F3", "--consumer", "POL", *HEALTH, *RELEASED), 3, "no_rule"),
        (("--phase", "F3", *POLICE, "--have", "disclosure_decision"), 3, "forbidden"),
    ],
)
def test_every_question_of_the_page_gets_the_answer_of_the_page(
    file: Path, asked: tuple[str, ...], code: int, said: str
) -> None:
    found = CliRunner().invoke(
        cli.decide, ["--agreement", str(file), "--track", "youth", *asked, "--json"]
    )
    assert found.exit_code == code
    assert f'"code": "{said}"' in found.output


def test_without_the_release_in_the_cell_the_law_refuses_it(file: Path) -> None:
    file.write_text(EXAMPLE.replace("D07: 2t/R2t", "D07: 2/R2t"), "utf-8")
    found = CliRunner().invoke(cli.agreement, ["check", str(file)])
    assert found.exit_code == 1
    line = "G3 | WGBO 7:457, Jeugdwet 7.3.11 | youth | GGZ | D07 | 2/R2t | duinstede.GGZ.1"
    assert found.output.startswith(line)
    below = found.output.splitlines()[1:3]
    assert "\n".join((line, *below)) in PAGE.read_text("utf-8")
