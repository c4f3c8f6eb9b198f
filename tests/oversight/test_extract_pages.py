"""The citizen's extract: checked line by line, entered step by step, and it names nobody."""

import re
from collections.abc import Mapping
from datetime import timedelta

import pytest
from sqlalchemy import select

from audit import queries
from audit.entries import Action, Entry, Kind
from config import clock
from config.database import db, stores, transaction
from config.errors import ConflictError
from config.ids import from_hex, new_id
from pga.cases.models import Case
from pga.oversight.models import CitizenExtract, ExtractLine
from pga.oversight.service import extracting
from pga.oversight.service.bench import benches
from pga.sharing.service.disclose import Look, disclose_one
from tests.audit.tamper import Owner
from tests.oversight.conftest import NAME, SECRET, Desk, counting, wait
from tests.oversight.test_report_pdf import text_of

LINE = re.compile(r'name="lines\.(\d+)\.id" value="([0-9a-f]{32})"')


def asked(**changes: str) -> dict[str, str]:
    """Ask for an extract over this month."""
    today = clock.today()
    days = {"asked_on": today, "since": today - timedelta(days=30), "until": today}
    return {"asked_by": "youth"} | {name: one.isoformat() for name, one in days.items()} | changes


@pytest.fixture
def path(desk: Desk) -> str:
    """An extract that waits to be checked, of a youth who was informed."""
    with transaction():
        db.session.get_one(Case, desk.made.case_id).informed_on = clock.today()
    return prepared(desk)


def prepared(desk: Desk) -> str:
    answer = desk.officer.do(f"{desk.path}/extract", asked())
    return answer.headers["Location"].removeprefix("http://localhost")


def lines_of(page: str) -> dict[str, str]:
    """Give for each line what the form proposes, by its text."""
    rows = re.findall(r'<tr class="utrecht-table__row".*?</tr>', page, re.DOTALL)
    found = {}
    for row in rows:
        text = re.search(r'<p lang="nl">(.*?)</p>', row, re.DOTALL)
        proposed = re.search(r'<option value="(\w+)" selected', row)
        assert text
        found[text.group(1)] = proposed.group(1) if proposed else ""
    return found


def ruled(page: str, ruling: str = "give", **others: str) -> dict[str, str]:
    """Fill in the form with one ruling for every line, or another by the number of the line."""
    form = {}
    for number, one in LINE.findall(page):
        form[f"lines.{number}.id"] = one
        form[f"lines.{number}.ruling"] = others.get(f"line{number}", ruling)
    return form


def released(desk: Desk, path: str, ruling: str = "give") -> None:
    form = ruled(desk.officer.read(path), ruling)
    desk.officer.do(path, form | {"step": "release"})


def steps(desk: Desk) -> list[tuple[str, Kind | None]]:
    """Read the steps of extracts in the log, the oldest first."""
    found: list[Entry] = desk.entries(actions=[Action.RIGHTS_REQ])
    return [(str(one.facts["step"]), one.kind) for one in reversed(found) if "step" in one.facts]


def test_lines_are_whole_sentences_with_organisations_and_without_names(
    desk: Desk, path: str
) -> None:
    page = desk.officer.read(path)
    lines = list(lines_of(page))
    assert lines
    for text in lines:
        assert text.startswith(("Op ", "In "))
        assert text.endswith(".")
    assert any("dit over jou bekeken: " in one and "onderwijs" in one for one in lines)
    assert any("jouw dossier 3 keer gezien" in one for one in lines)
    assert any(desk.organisation("POL") in one for one in lines)
    assert "Lines to decide on" in page
    for name in (NAME, SECRET, desk.name("POL"), desk.name("GCR"), desk.name("LPR")):
        assert name not in page.split("<main", 1)[1]


def test_what_somebody_tried_in_vain_is_no_line(desk: Desk, path: str) -> None:
    assert desk.organisation("WOC") not in " ".join(lines_of(desk.officer.read(path)))


def test_only_ordinary_lines_are_proposed_to_be_given(desk: Desk, path: str) -> None:
    page = desk.officer.read(path)
    proposals = lines_of(page)
    assert "give" in proposals.values()
    for text, proposed in proposals.items():
        if desk.organisation("POL") in text:
            assert proposed == ""


def test_nothing_is_proposed_while_the_youth_is_not_informed(desk: Desk) -> None:
    with transaction():
        db.session.get_one(Case, desk.made.case_id).informed_on = None
    page = desk.officer.read(prepared(desk))
    assert set(lines_of(page).values()) == {""}
    assert "not informed yet of the case" in page


def test_nothing_is_released_while_a_line_is_undecided(desk: Desk, path: str) -> None:
    page = desk.officer.read(path)
    form = ruled(page, line0="")
    answer = desk.officer.post(path, form | {"step": "release"})
    assert answer.status_code == 422
    assert "Decide on every line first." in answer.text
    assert db.session.scalar(select(CitizenExtract.released_at)) is None
    for kind in ("print", "pdf"):
        assert desk.officer.get(f"{path}/{kind}").status_code == 409


def test_what_was_decided_is_kept_until_the_release(desk: Desk, path: str) -> None:
    page = desk.officer.read(path)
    desk.officer.do(path, ruled(page, "others"))
    assert set(lines_of(desk.officer.read(path)).values()) == {"others"}
    assert db.session.scalar(select(CitizenExtract.released_at)) is None


def test_a_ground_of_the_wpg_is_refused_where_there_is_no_police_data(
    desk: Desk, path: str
) -> None:
    page = desk.officer.read(path)
    answer = desk.officer.post(path, ruled(page, "wpg_investigation"))
    assert answer.status_code == 422
    assert "This ground is for police data only (Wpg 27)." in answer.text
    assert set(db.session.scalars(select(ExtractLine.ruling))) == {""}
    assert desk.officer.post(path, ruled(page, "because")).status_code == 422


def test_where_all_is_given_the_paper_says_nothing_of_refusing(desk: Desk, path: str) -> None:
    released(desk, path)
    told = text_of(bytes(desk.officer.get(f"{path}/pdf").data))
    assert "Wie deed wat met jouw gegevens?" in told
    assert desk.organisation("POL") in told
    assert "bezwaar" not in told
    page = desk.officer.read(f"{path}/print")
    assert "bezwaar" not in page
    for name in (NAME, SECRET, desk.name("POL"), desk.name("GCR"), desk.name("GPR", "Officer")):
        assert name not in told
        assert name not in page.split("<main", 1)[1].split("</main", 1)[0]


def test_where_anything_is_refused_the_paper_says_how_to_object_and_not_what_it_was(
    desk: Desk, path: str
) -> None:
    page = desk.officer.read(path)
    police = [
        number
        for number, (text, _) in enumerate(lines_of(page).items())
        if desk.organisation("POL") in text
    ]
    assert police
    chosen = {f"line{number}": "wpg_investigation" for number in police}
    desk.officer.do(path, ruled(page, **chosen) | {"step": "release"})
    for told in (
        text_of(bytes(desk.officer.get(f"{path}/pdf").data)),
        " ".join(desk.officer.read(f"{path}/print").split()),
    ):
        assert "binnen zes weken" in told
        assert "artikel 34 UAVG" in told
        assert desk.organisation("GPR") in told
        assert desk.organisation("POL") not in told
        assert "politie" not in told.lower()


def test_the_words_of_a_refusal_are_the_same_whatever_was_refused(desk: Desk) -> None:
    """Nobody reads from the paper that there is an investigation (AVG 23(2)(h))."""
    papers = []
    for ground in ("others", "safety"):
        path = prepared(desk)
        released(desk, path, ground)
        papers.append(text_of(bytes(desk.officer.get(f"{path}/pdf").data)))
    assert papers[0] == papers[1]
    assert "Over deze dagen kunnen wij je niets geven." in papers[0]


def test_each_step_is_an_entry_of_its_own(desk: Desk, path: str) -> None:
    released(desk, path)
    desk.officer.get(f"{path}/print")
    desk.officer.get(f"{path}/pdf")
    assert steps(desk) == [
        ("prepared", None),
        ("read", None),
        ("checked", None),
        ("released", None),
        ("handed out", Kind.PRINTED),
        ("handed out", Kind.EXPORTED),
    ]
    for one in desk.entries(actions=[Action.RIGHTS_REQ]):
        assert one.case_id == desk.made.case_id.hex()
        assert [line.rule for line in one.lines] == ["OVERSIGHT"]


def test_a_released_extract_changes_no_more(desk: Desk, path: str) -> None:
    page = desk.officer.read(path)
    released(desk, path)
    assert desk.officer.post(path, ruled(page, "others")).status_code == 409
    assert set(db.session.scalars(select(ExtractLine.ruling))) == {"give"}
    assert "What was decided, line by line" in desk.officer.read(path)


def test_a_line_whose_entry_was_changed_is_never_given(desk: Desk, path: str) -> None:
    line = db.session.scalars(select(ExtractLine).order_by(ExtractLine.position)).first()
    assert line
    Owner(stores().audit).edit_leaf(line.entries[0], b'"k":', b'"K":')
    page = desk.officer.read(path)
    assert "This line does not match the log" in page
    answer = desk.officer.post(path, ruled(page) | {"step": "release"})
    assert answer.status_code == 409
    assert db.session.scalar(select(CitizenExtract.released_at)) is None


def test_an_entry_changed_after_the_release_is_not_handed_out(desk: Desk, path: str) -> None:
    released(desk, path)
    line = db.session.scalars(select(ExtractLine)).first()
    assert line
    Owner(stores().audit).edit_leaf(line.entries[0], b'"k":', b'"K":')
    assert desk.officer.get(f"{path}/pdf").status_code == 409


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"asked_by": ""}, "Fill this in."),
        ({"since": "2027-01-01"}, "Choose the same day or a later one."),
        ({"asked_by": "representative"}, "Somebody else must ask"),
    ],
)
def test_a_request_that_cannot_be_is_refused_with_what_was_typed(
    desk: Desk, changes: Mapping[str, str], said: str
) -> None:
    answer = desk.officer.post(f"{desk.path}/extract", asked(**changes))
    assert answer.status_code == 422
    assert said in answer.text
    assert 'name="until" value=' in answer.text
    assert list(db.session.scalars(select(CitizenExtract))) == []


def test_more_lines_than_anybody_checks_with_care_are_refused_with_the_day_up_to_which_they_fit(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "holds at most 200 lines" in desk.officer.read(f"{desk.path}/extract")
    first = len(LINE.findall(desk.officer.read(prepared(desk))))
    today = clock.today()
    wait(days=1)
    disclose_one(desk.scene.who("GCR").viewer, desk.made.case_id)
    officer = desk.played.visitor("GPR", "Officer")  # the session of yesterday has ended
    until = {"until": clock.today().isoformat()}
    monkeypatch.setattr("pga.oversight.service.extracting.MOST_LINES", first)
    answer = officer.post(f"{desk.path}/extract", asked(**until))
    assert answer.status_code == 422
    said = f"Up to and including {today.day} November {today.year} they fit."
    assert said in answer.text
    officer.do(f"{desk.path}/extract", asked(until=today.isoformat()))
    for setting in ("MOST_LINES", "MOST_ROWS"):
        monkeypatch.setattr(f"pga.oversight.service.extracting.{setting}", 1)
        answer = officer.post(f"{desk.path}/extract", asked(**until))
        assert "Choose fewer days, such as one month." in answer.text


def test_a_copy_and_a_look_for_oversight_are_told_as_what_they_are(desk: Desk) -> None:
    case_id = desk.made.case_id.hex()
    desk.officer.post(f"/oversight/cases/{case_id}/identity", {"reason": "request"})
    disclose_one(desk.scene.who("GCR").viewer, desk.made.case_id, Look(Kind.PRINTED))
    lines = " ".join(lines_of(desk.officer.read(prepared(desk))))
    assert "jouw naam opgezocht, om te controleren of iedereen zich aan de regels houdt." in lines
    assert "dit over jou afgedrukt: " in lines


def test_an_entry_that_was_changed_before_stands_alone_and_is_never_given(desk: Desk) -> None:
    (newest, *_) = queries.accesses(case_id=desk.made.case_id.hex(), kinds=[Kind.OPENED])
    Owner(stores().audit).edit_leaf(newest.seq, b'"k":', b'"K":')
    page = desk.officer.read(prepared(desk))
    assert "This line does not match the log" in page


def test_what_is_released_is_not_released_again(desk: Desk, path: str) -> None:
    released(desk, path)
    found = benches(desk.scene.who("GPR", "Officer").viewer)
    with pytest.raises(ConflictError):
        extracting.release(found, from_hex(path.rsplit("/", 1)[1]))


def test_days_without_accesses_are_an_answer_too(desk: Desk) -> None:
    days = {"since": "2025-01-01", "until": "2025-01-31"}
    answer = desk.officer.do(f"{desk.path}/extract", asked(**days))
    path = answer.headers["Location"]
    assert "Nothing found" in desk.officer.read(path)
    desk.officer.do(path, {"step": "release"})
    told = text_of(bytes(desk.officer.get(f"{path}/pdf").data))
    assert "heeft niemand jouw gegevens gezien" in told


def test_no_other_officer_reaches_an_extract(desk: Desk, path: str) -> None:
    police = desk.visitor("POL", "Officer")
    elsewhere = desk.made.elsewhere_id.hex()
    for place in (path, f"{path}/print", f"{path}/pdf"):
        assert police.get(place).status_code == 404
    assert police.get(f"{desk.path}/extract").status_code == 403
    assert police.post(f"{desk.path}/extract", asked()).status_code == 403
    assert "Extract for the young person" not in police.read(desk.path)
    assert desk.officer.get(f"/oversight/cases/{elsewhere}/extract").status_code == 404
    assert desk.officer.get(f"/oversight/extracts/{new_id().hex()}").status_code == 404


def test_the_data_protection_officer_reads_along_and_does_nothing(desk: Desk, path: str) -> None:
    fg = desk.visitor("GPR", "Fg")
    page = fg.read(path)
    assert "You can read along." in page
    assert "not decided yet" in page
    form = ruled(desk.officer.read(path)) | {"step": "release"}
    assert fg.post(path, form).status_code == 403
    assert "You can read along." in fg.read(f"{desk.path}/extract")
    assert fg.post(f"{desk.path}/extract", asked()).status_code == 403
    released(desk, path)
    assert fg.get(f"{path}/pdf").status_code == 403
    assert "What was decided, line by line" in fg.read(path)


def test_the_list_of_a_case_tells_which_extracts_there_are(desk: Desk, path: str) -> None:
    assert "not checked yet" in desk.officer.read(f"{desk.path}/extract")
    released(desk, path)
    assert "released on" in desk.officer.read(f"{desk.path}/extract")


def test_many_lines_cost_as_many_queries_as_few(desk: Desk, path: str) -> None:
    desk.officer.read(path)
    with counting() as many:
        desk.officer.read(path)
    with transaction():
        lines = db.session.scalars(select(ExtractLine).order_by(ExtractLine.position)).all()
        for line in lines[1:]:
            db.session.delete(line)
    with counting() as few:
        desk.officer.read(path)
    assert len(many) == len(few)
