"""The commands on agreements do and say what scripts rely on."""

import json
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from pga.agreements import library
from pga.agreements.cli import agreement, decide
from pga.policy.codes import Track

HERE = Path(__file__).parent
SOUND = HERE / "sound.yaml"
BROKEN = sorted((HERE / "broken").glob("*.yaml"))
YOUTH = library.MODELS[Track.YOUTH]
KEYS = [
    *("decision", "code", "rule", "clause", "legal_basis", "exception_9_10", "secrecy"),
    *("missing", "obligations"),
]

pga = click.Group("pga", commands=[agreement, decide])


def run(*arguments: object) -> Result:
    return CliRunner().invoke(pga, [str(argument) for argument in arguments])


def ask(*changes: object, file: object = YOUTH, **asked: object) -> Result:
    usual: dict[str, object] = {
        "track": "youth",
        "phase": "F3",
        "provider": "POL",
        "consumer": "GPR",
        "category": "D05",
        "action": "consult",
    } | asked
    options = [part for name, value in usual.items() for part in (f"--{name}", value)]
    return run("decide", "--agreement", file, *options, *changes)


def told(result: Result) -> list[str]:
    """Give the lines that name what is wrong, without what stands below each of them."""
    return [line for line in result.output.splitlines() if not line.startswith("    ")]


@pytest.mark.parametrize(
    "file",
    [SOUND, *library.MODELS.values(), *library.local_files()],
    ids=lambda file: file.stem,
)
def test_a_sound_agreement_passes(file: Path) -> None:
    result = run("agreement", "check", file)
    assert result.exit_code == 0, result.output
    assert "all guardrails proven" in result.output


@pytest.mark.parametrize("file", BROKEN, ids=lambda file: file.stem)
def test_a_broken_agreement_is_refused_for_what_is_wrong_with_it_and_nothing_else(
    file: Path,
) -> None:
    expected = file.read_text("utf-8").splitlines()[0].removeprefix("# expect: ")
    result = run("agreement", "check", file)
    assert result.exit_code == 1
    faults = [line for line in told(result) if "is refused; " not in line]
    said = expected.replace("line ", f"{file}:", 1) if expected.startswith("line ") else expected
    assert len(faults) == 1
    assert faults[0].startswith(said)


EXAMPLE = """examples:
- text: Onderwijs ziet in de uitvoering politiegegevens.
  track: youth
  phase: F3
  provider: POL
  consumer: SCH
  category: D05
  action: consult
  may: true
"""


def test_an_agreement_whose_examples_do_not_come_out_is_refused_and_each_says_why(
    tmp_path: Path,
) -> None:
    file = tmp_path / "with-example.yaml"
    file.write_text(SOUND.read_text("utf-8") + EXAMPLE, "utf-8")
    result = run("agreement", "check", file)
    assert result.exit_code == 1
    first, *below, last = result.output.splitlines()
    said = "does not come out: By this text it is not allowed."
    assert first == f"example | Onderwijs ziet in de uitvoering politiegegevens. | {said}"
    assert below[0] == "    School may see Police records of Police in progress."
    assert below[1] == "    Rule P1"
    assert "    By law: AVG 10; Wpg 18-20, Wjsg 39f." in below
    assert last == f"{file} is refused; examples that do not come out: 1."


def test_an_example_that_comes_out_refuses_nothing_and_is_counted(tmp_path: Path) -> None:
    file = tmp_path / "with-example.yaml"
    file.write_text(SOUND.read_text("utf-8") + EXAMPLE.replace("may: true", "may: false"), "utf-8")
    result = run("agreement", "check", file)
    assert result.exit_code == 0, result.output
    assert result.output.endswith("; examples that come out: 1.\n")


def test_broken_limits_and_broken_examples_are_told_at_once(tmp_path: Path) -> None:
    spoiled = next(file for file in BROKEN if file.stem == "g2-custody-without-decision")
    file = tmp_path / "both.yaml"
    file.write_text(spoiled.read_text("utf-8") + EXAMPLE, "utf-8")
    last = run("agreement", "check", file).output.splitlines()[-1]
    assert last == f"{file} is refused; violations: 1, examples that do not come out: 1."


REPAIRS = {
    "g1-housing-sees-police-records": ["repair: youth WOC D05: X/R2n -> X/X"],
    "g2-custody-without-decision": ["repair: youth DJI D06: 2/R2n -> 2b/R2n"],
    "g5-bank-transactions": ["repair: money_mule POL G10: 1b/X -> X/X"],
    "r08-investigation-not-ruled-out": ["repair: rule out INVESTIGATION"],
    "r24-consent-as-basis": [],
}


@pytest.mark.parametrize("name", REPAIRS)
def test_below_a_violation_stands_who_would_get_what_and_how_to_repair_it(name: str) -> None:
    output = run("agreement", "check", HERE / "broken" / f"{name}.yaml").output
    below = [line.strip() for line in output.splitlines() if line.startswith("    ")]
    through = [line for line in below if line.startswith("lets through: ")]
    assert below == through + REPAIRS[name]
    assert bool(through) is name.startswith("g")


def test_who_would_get_what_is_told_with_what_would_be_asked_for_it() -> None:
    file = HERE / "broken" / "g1-housing-sees-police-records.yaml"
    said = "POL to WOC, D05, consult, full; asked for it: named_recipient, disclosure_decision"
    assert f"lets through: {said}" in run("agreement", "check", file).output


POLICE_BASIS = "AVG_6_1_e + POLITIEWET_3"
SPOILED = {
    "SCH: {D01: 1n/R2n, D16": ("SCH: {D01: 1n/R2n, D02: X/R2n, D16", "youth SCH D02: X/R2n -> X/X"),
    "WPG_20, receive: AVG_6_1_e + POLITIEWET_3}": (
        "WPG_20, receive: AVG_6_1_e + POLITIEWET_3 | AVG_6_1_a}",
        f"money_mule POL legal basis: {POLICE_BASIS} | AVG_6_1_a -> {POLICE_BASIS}",
    ),
    "- {code: INVESTIGATION, text: Not for investigation.}\n": ("", "rule out INVESTIGATION"),
    "SIBLINGS, RADICALISATION]": ("SIBLINGS]", "youth: keep out RADICALISATION"),
    "money_mule: {age_from: 12": (
        "money_mule: {age_from: 11",
        "money_mule: begin at the age of 12",
    ),
    "term: P1Y, text: One year.": (
        "term: P6Y, text: Six years.",
        "case_after_closing: keep at most P5Y",
    ),
}


def test_every_kind_of_repair_is_said_in_codes(tmp_path: Path) -> None:
    text = SOUND.read_text("utf-8")
    for old, (new, _) in SPOILED.items():
        assert old in text
        text = text.replace(old, new, 1)
    file = tmp_path / "spoiled.yaml"
    file.write_text(text)
    lines = run("agreement", "check", file).output.splitlines()
    found = {line.strip() for line in lines if "repair:" in line}
    assert found == {f"repair: {said}" for _, said in SPOILED.values()}


def test_ten_broken_variants_are_kept() -> None:
    assert len(BROKEN) >= 10


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "binary.yaml"
    file.write_bytes(b"\xff\xfe\x00")
    assert run("agreement", "check", file).exit_code == 1
    assert ask(file=file).exit_code == 2


def test_a_difference_tells_every_changed_cell_and_who_gains_and_loses() -> None:
    local = library.local_file("GM0479", Track.YOUTH)
    shown = run("agreement", "diff", YOUTH, local)
    assert shown.exit_code == 0
    assert "  D12  X/X -> X/R2n  gains: LPR  loses: -" in shown.output
    assert "2 changed cells" in shown.output
    data = json.loads(run("agreement", "diff", YOUTH, local, "--json").output)
    lpr, jwk = data["cells"]
    assert (lpr["partner"], lpr["gains"], lpr["loses"]) == ("LPR", ["LPR"], [])
    assert (jwk["before"], jwk["after"], jwk["gains"]) == ("2t/R2n", "X/X", [])
    assert {"GCR", "JWK"} <= set(jwk["loses"])
    assert jwk["effects"]["loses"][0].keys() == {
        *("provider", "consumer", "action", "stage", "before", "after")
    }
    assert {"part": "agreement", "entry": "valid_until"} in data["terms"]


def test_cells_of_one_partner_stand_under_one_heading(tmp_path: Path) -> None:
    changed = tmp_path / "changed.yaml"
    text = SOUND.read_text("utf-8")
    changed.write_text(text.replace("GPR: {D01: 1/R1, D02: 1/R1n", "GPR: {D01: 2/R1, D02: 2/R1n"))
    lines = run("agreement", "diff", SOUND, changed).output.splitlines()
    assert lines[0] == "youth GPR"
    assert [line[:6] for line in lines[1:3]] == ["  D01 ", "  D02 "]


def test_a_decision_is_written_as_data_with_fixed_keys() -> None:
    denied = ask("--json")
    assert denied.exit_code == 3
    data = json.loads(denied.output)
    assert list(data) == KEYS
    assert (data["decision"], data["code"]) == ("denied", "condition_unmet")
    assert data["missing"] == ["disclosure_decision"]
    allowed = ask("--have", "disclosure_decision, step_up", "--json")
    assert allowed.exit_code == 0
    assert json.loads(allowed.output)["decision"] == "allowed"


def test_a_decision_is_explained_to_a_reader_of_the_screen() -> None:
    shown = ask("--have", "disclosure_decision")
    assert shown.output.splitlines()[0] == "allowed (allowed), rule POL>GPR:D05:consult"
    assert shown.output.splitlines()[-1] == "  legally to be checked"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        (["--lacking", "in_force"], "not_in_force"),
        (["--on", "2023-12-31"], "not_in_force"),
        (["--on", "2029-01-01"], "not_in_force"),
        (["--lacking", "party"], "not_a_party"),
        (["--lacking", "participant"], "not_a_participant"),
        (["--lacking", "participant,party"], "not_a_party"),
        (["--age", "11"], "forbidden"),
        (["--purpose", "INVESTIGATION"], "no_rule"),
        (["--on", "2028-12-31"], "condition_unmet"),
    ],
)
def test_what_is_lacking_is_named(changes: list[str], code: str) -> None:
    result = ask(*changes, "--json")
    assert result.exit_code == 3
    assert json.loads(result.output)["code"] == code


def test_a_bank_is_no_party_and_an_uncovered_track_is_not_in_force() -> None:
    assert json.loads(ask("--json", consumer="BANK").output)["code"] == "not_a_party"
    mule = ask("--json", track="money_mule", category="G01")
    assert json.loads(mule.output)["code"] == "not_in_force"


def test_an_owner_reads_its_own_item_whatever_else_is_lacking() -> None:
    own = {"provider": "WOC", "consumer": "WOC", "category": "D11"}
    result = ask("--lacking", "in_force,party", "--json", **own)
    assert (result.exit_code, json.loads(result.output)["rule"]) == (0, "OWNER")
    absent = ask("--lacking", "participant", "--json", **own)
    assert json.loads(absent.output)["code"] == "not_a_participant"
    other = ask("--other-organisation", "--json", **own)
    assert json.loads(other.output)["code"] == "no_rule"


def test_nobody_owns_bank_transactions() -> None:
    mule = library.MODELS[Track.MONEY_MULE]
    asked = {"track": "money_mule", "provider": "POL", "consumer": "POL", "category": "G10"}
    assert ask("--json", file=mule, **asked).exit_code == 3


@pytest.mark.parametrize(
    "changes",
    [
        ["--have", "a_good_feeling"],
        ["--lacking", "everything"],
        ["--age", "-1"],
        ["--age", "young"],
        ["--on", "tomorrow"],
        ["--phase", "F9"],
        ["--provider", "QQQ"],
        ["--agreement", "nowhere.yaml"],
    ],
)
def test_bad_input_ends_with_2(changes: list[str]) -> None:
    assert ask(*changes).exit_code == 2


def test_a_refused_agreement_is_not_decided_with() -> None:
    result = ask(file=BROKEN[0])
    assert result.exit_code == 2
    assert "G1" in result.output
