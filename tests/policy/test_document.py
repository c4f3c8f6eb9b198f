"""An agreement is read strictly: every fault is told, with the line it stands on."""

from pathlib import Path

import pytest

from pga.policy import nodes
from pga.policy.cells import CellNotationError, parse_cell
from pga.policy.codes import Category, Partner, Purpose, Track
from pga.policy.document import DocumentError, dump, parse
from pga.policy.laws import LegalBasis, TwoSided, read_basis, read_exception
from pga.policy.terms import Term

SOUND = (Path(__file__).parents[1] / "agreements" / "sound.yaml").read_text("utf-8")


def faults(text: str) -> list[str]:
    with pytest.raises(DocumentError) as caught:
        parse(text)
    return [str(problem) for problem in caught.value.problems]


def line_with(text: str, part: str) -> int:
    return next(n for n, line in enumerate(text.splitlines(), 1) if part in line)


def test_a_sound_agreement_is_read_whole_and_written_back_the_same() -> None:
    document = parse(SOUND)
    assert document.tracks == (Track.YOUTH, Track.MONEY_MULE)
    assert document.purposes(Track.YOUTH) == (Purpose.HELP, Purpose.ORDER)
    assert document.agreement.municipality == "GM0361"
    assert document.cell(Track.YOUTH, Partner.SLH, Category.D01).text == "X/X"
    assert document.cell(Track.YOUTH, Partner.WOC, Category.D07).text == "X/X"
    assert parse(dump(document)) == document


@pytest.mark.parametrize(
    ("sound", "broken", "fault"),
    [
        ("municipality: GM0361", "municipality: Alkmaar", "municipality must be a CBS code"),
        ("valid_from: 2026-01-01", "valid_from: 2028-01-01", "valid_until lies before valid_from"),
        ("valid_from: 2026-01-01", "valid_from: 1-1-2026", "valid_from must be a day"),
        ("valid_from: 2026-01-01", "valid_from: 2026-13-01", "valid_from must be a day"),
        ("name: Small agreement,", "", "agreement has no 'name'"),
        ("name: Small agreement,", "name: '',", "name is empty"),
        ("name: Small agreement,", "name: [],", "name must be a text"),
        ("partner: WOC,", "partner: BANK,", "a bank is never a party and has no row"),
        ("partner: WOC,", "partner: XYZ,", "'XYZ' is no known partner"),
        ("partner: WOC,", "", "a party has no 'partner'"),
        ("domain: B,", "domain: Q,", "'Q' is no known domain"),
        ("code: ORDER, track: youth", "code: PREVENTION, track: youth", "PREVENTION is no purpose"),
        ("code: ORDER, track: youth", "code: HELP, track: youth", "purpose HELP stands twice"),
        ("code: ORDER, track: youth", "code: SPYING, track: youth", "'SPYING' is no known purpose"),
        ("code: ORDER, track: youth,", "code: ORDER,", "a purpose has no 'track'"),
        ("code: ORDER, track: youth", "code: ORDER, track: adults", "'adults' is no known track"),
        ("code: INVESTIGATION, ", "", "a non-purpose has no 'code'"),
        ("code: INVESTIGATION", "code: FUN", "'FUN' is no known non-purpose"),
        ("{age_from: 12, ", "{age_from: twelve, ", "age_from must be a whole number"),
        ("[UNDER_12, SIBLINGS, RADICALISATION]", "[UNDER_12, UNDER_12]", "'UNDER_12' stands twice"),
        ("[UNDER_12, SIBLINGS, RADICALISATION]", "UNDER_12", "the list of exclusion must be"),
        ("  youth: {age_from", "  adults: {age_from", "'adults' is no known track"),
        ("phases: {F0: Signal.", "phases: {F9: Signal.", "'F9' is no known phase"),
        ("phases: {F0: Signal.", "phases: {F0: ''", "phase F0 is empty"),
        ("D01: 1/R1, D02: 1/R1n", "D01: 1/R9, D02: 1/R1n", "cell GPR D01: '1/R9' is no cell"),
        ("D01: 1/R1, D02: 1/R1n", "D01: 1nn/R1", "names a condition twice"),
        ("D01: 1/R1, D02: 1/R1n", "D01: -/handover", "only ZVH takes a handover (R-27)"),
        ("D01: 1/R1, D02: 1/R1n", "G01: 1/R1", "G01 is no category of track youth"),
        ("D01: 1/R1, D02: 1/R1n", "D99: 1/R1", "'D99' is no known category"),
        ("    DJI: {D06: 2b/R2n}", "    BANK: {D06: X/X}", "a bank is never a party"),
        ("    DJI: {D06: 2b/R2n}", "    DJI: X/X", "row DJI must be a mapping"),
        ("receive: AVG_6_1_f}", "receive: GOOD_WILL}", "'GOOD_WILL' is no legal basis"),
        ("provide: AVG_6_1_e + PBW", "provide: AVG_6_1_e + LUCK", "'LUCK' is no task or article"),
        ("ORDER: AVG_6_1_e + GEMEENTEWET_172", "PREVENTION: AVG_6_1_e", "PREVENTION is no purpose"),
        ("ORDER: AVG_6_1_e + GEMEENTEWET_172", "LUCK: AVG_6_1_e", "'LUCK' is no known purpose"),
        ("valid_from: 2026-01-01,", "", "agreement has no 'valid_from'"),
        ("age_from: 12, ", "", "track youth has no 'age_from'"),
        ("verified: true}\n    GGZ", "}\n    GGZ", "a clause has no 'verified'"),
        (", ORDER: AVG_6_1_e + GEMEENTEWET_172", "", "GPR has no basis for ORDER"),
        ("id: y.POL.plan", "id: y.POL.police", "clause y.POL.police stands twice"),
        ("categories: [D16]", "categories: [D05]", "y.POL.police already speaks on D05"),
        ("categories: [D16], text", "categories: [G13], text", "G13 is no category of track youth"),
        ("exception_9_10: UAVG_30_3", "exception_9_10: TRUST_ME", "'TRUST_ME' is no exception"),
        ("id: y.POL.plan, ", "", "a clause has no 'id'"),
        ("secrecy: secrecy_release, ", "", "a clause has no 'secrecy'"),
        ("secrecy: secrecy_release", "secrecy: shouting", "'shouting' is no known way out"),
        ("obligations: [summary_only]", "obligations: [sing]", "'sing' is no known obligation"),
        ("verified: true}\n    GGZ", "verified: ja}\n    GGZ", "verified must be true or false"),
        ("term: P1Y", "term: a year", "term must be a period"),
        ("case_after_closing:", "audit_log:", "retention has no 'case_after_closing'"),
        ("case_after_closing:", "forever:", "'forever' is no known object of retention"),
        ("case_after_closing: {term: P1Y, ", "case_after_closing: {", "has no 'term'"),
        ("purposes:\n", "purposes: {}\npurposes:\n", "'purposes' stands twice"),
        ("retention:\n", "retention: none\nother:\n", "unknown key 'other' in the agreement file"),
    ],
)  # fmt: skip
def test_a_fault_is_told_by_its_line(sound: str, broken: str, fault: str) -> None:
    assert SOUND.count(sound) >= 1
    text = SOUND.replace(sound, broken, 1)
    told = [each for each in faults(text) if fault in each]
    assert told
    number = int(told[0].split(":")[0].removeprefix("line "))
    assert 1 <= number <= len(text.splitlines())


def test_every_fault_is_told_in_one_go_in_the_order_of_the_text() -> None:
    text = SOUND.replace("D01: 1b/R1, D05: 1b/o", "D01: 1z/R1, D05: 1b/q")
    text = text.replace("receive: AVG_6_1_f}", "receive: LUCK}")
    told = faults(text)
    assert [each.split(" ")[1] for each in told] == [
        f"{line_with(text, '1z/R1')}:",
        f"{line_with(text, '1z/R1')}:",
        f"{line_with(text, 'LUCK')}:",
    ]


def test_parts_that_are_missing_or_of_no_shape_are_told() -> None:
    assert faults("[]") == ["line 1: the agreement file must be a mapping of keys and values"]
    assert "line 1: the agreement file has no 'matrix'" in faults("agreement: {}")
    for part in ("parties", "purposes", "clauses", "matrix", "tracks"):
        text = SOUND.replace(f"\n{part}:\n", f"\n{part}: nothing\nleft:\n", 1)
        assert any(part in each or "left" in each for each in faults(text))


@pytest.mark.parametrize(
    ("part", "value", "fault"),
    [
        ("tracks", "{}", "there is no track"),
        ("purposes", "[]", "track youth has no purpose"),
        ("matrix", "{youth: {}}", "track money_mule has no matrix"),
        ("matrix", "{adults: {GPR: {D01: X/X}}}", "'adults' is no known track"),
        ("legal_bases", "{adults: {GPR: {provide: AVG_6_1_e}}}", "'adults' is no known track"),
        ("legal_bases", "{youth: {XYZ: {provide: AVG_6_1_e}}}", "'XYZ' is no known partner"),
        ("clauses", "{adults: {GPR: [{}]}}", "'adults' is no known track"),
        ("clauses", "{youth: {GPR: {}}}", "clauses of GPR must be a list"),
        ("clauses", "{youth: {GPR: [{}]}}", "a clause has no 'id'"),
    ],
)
def test_a_part_of_no_use_is_told(part: str, value: str, fault: str) -> None:
    document = parse(SOUND)
    names = [line.split(":")[0] for line in dump(document).splitlines() if line[0] not in " -"]
    chunks = dump(document).split(f"{part}:\n", 1)
    rest = chunks[1].splitlines()
    after = next(n for n, line in enumerate(rest) if line.split(":")[0] in names)
    text = "\n".join([f"{chunks[0]}{part}: {value}", *rest[after:]])
    assert any(fault in each for each in faults(text))


def test_a_track_that_is_not_among_the_tracks_is_a_fault() -> None:
    text = SOUND.replace("  money_mule: {age_from", "  #money_mule: {age_from")
    assert any("track money_mule is not among the tracks" in each for each in faults(text))


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "line 1: the file is empty"),
        ("a: [1", "line 2: not YAML"),
        ("a: 1\n---\nb: 2", "line 2: not YAML: but found another document"),
        ("a: *nowhere", "line 1: not YAML: found undefined alias"),
        ("a: \x01", "line 1: not YAML"),
    ],
)
def test_what_is_no_yaml_is_told(text: str, fault: str) -> None:
    (told,) = faults(text)
    assert told.startswith(fault)


def test_a_text_without_end_is_refused_before_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nodes, "LONGEST_TEXT", 10)
    assert faults(SOUND) == ["line 1: longer than 10 characters"]


def test_a_tag_makes_no_object_and_null_is_an_empty_text() -> None:
    text = SOUND.replace('derived_from: ""', "derived_from: null")
    assert parse(text).agreement.derived_from == ""
    tagged = SOUND.replace("name: Small agreement", "name: !!python/object:os.system x")
    assert parse(tagged).agreement.name == "x"


@pytest.mark.parametrize(
    ("written", "read"),
    [("2bn/R2tn", "2nb/R2nt"), ("0t/R1", "0t/R1"), ("-/handover", "-/handover")],
)
def test_a_cell_is_read_in_one_notation(written: str, read: str) -> None:
    assert parse_cell(written).text == read


@pytest.mark.parametrize(
    "text", ["", "1", "1/", "Xn/R1", "-b/R1", "1/R2b", "1/on", "1/R3", "3/R1", "1/R1 ", "1tt/R1"]
)
def test_a_cell_outside_the_notation_is_refused(text: str) -> None:
    with pytest.raises(CellNotationError):
        parse_cell(text)


def test_a_shut_cell_opens_nothing_and_shows_not_even_the_own() -> None:
    assert parse_cell("X/X").is_shut
    assert parse_cell("-/handover").is_shut
    assert not parse_cell("X/o").is_shut
    assert not parse_cell("1/X").is_shut
    assert parse_cell("2/R1").provide.opens_later


def test_a_basis_is_alternatives_of_articles() -> None:
    basis = read_basis("WPG_20 | AVG_6_1_e + SR_77E")
    assert basis == LegalBasis((("WPG_20",), ("AVG_6_1_e", "SR_77E")))
    assert str(basis) == "WPG_20 | AVG_6_1_e + SR_77E"
    assert read_exception("") == ""
    assert read_exception("UAVG_33_1_a+BJSG") == "UAVG_33_1_a + BJSG"
    assert str(TwoSided("", "")) == ""
    assert str(TwoSided("A", "")) == "A -> none"


def test_a_period_has_its_longest_number_of_days() -> None:
    assert [Term(text).days for text in ("P4W", "P3M", "P1Y", "P2D", "soon")] == [28, 93, 366, 2, 0]
