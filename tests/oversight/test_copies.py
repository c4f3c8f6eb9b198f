"""Copies of the log for outside the program: entered first, of their own kind, never content."""

import csv
from io import StringIO

import pytest
from sqlalchemy import update

from audit.entries import Action, Kind
from audit.models import audit_index
from auth.models import Organisation
from config import clock
from config.database import db, stores, transaction
from pga.oversight import paper
from tests.audit.tamper import Owner
from tests.oversight.conftest import NAME, SECRET, Desk
from tests.oversight.test_who_saw import happened, newest

EXPORT = {"kind": "exported", "reason": "request"}
PRINT = {"kind": "printed", "reason": "complaint"}


def table_of(text: str) -> list[dict[str, str]]:
    """Read the file as a spreadsheet does."""
    assert text.startswith("\ufeff")
    return list(csv.DictReader(StringIO(text.removeprefix("\ufeff")), delimiter=";"))


def exported(desk: Desk, path: str, **fields: str) -> list[dict[str, str]]:
    """Export a table and read it."""
    answer = desk.officer.post(f"{path}/copy", {**EXPORT, **fields})
    assert answer.status_code == 200
    return table_of(answer.text)


def test_an_export_holds_every_row_of_the_page_with_its_reason_and_its_check(
    desk_on: Desk,
) -> None:
    answer = desk_on.officer.post(f"{desk_on.path}/copy", EXPORT)
    assert answer.mimetype == "text/csv"
    (look,) = desk_on.entries(actions=[Action.LOG_VIEW])
    name = f"accesses-{desk_on.number()}-entry-"
    assert f"attachment; filename={name}" in answer.headers["Content-Disposition"]
    rows = table_of(answer.text)
    assert {row["Case"] for row in rows} == {desk_on.number()}
    assert {row["Check of this row"] for row in rows} == {"matches the log"}
    outsider = next(row for row in rows if row["Organisation"] == desk_on.organisation("WOC"))
    assert (outsider["What"], outsider["Outcome"]) == ("Opened", "refused")
    assert outsider["Why"] == "Not named in this case, so nothing of it may be known."
    listed = [row for row in rows if row["What"] == "Seen in a list"]
    assert len(listed) == 3
    assert "The agreement asks: named as reader or action owner." in listed[0]["Why"]
    assert rows[0]["What"] == "Exported from the log"
    assert rows[0]["Reason of the officer"] == "Request of the young person or the parents"
    assert look.kind is Kind.EXPORTED


@pytest.mark.parametrize(
    ("fields", "kind", "reason"),
    [(EXPORT, Kind.EXPORTED, "request"), (PRINT, Kind.PRINTED, "complaint")],
)
def test_a_copy_is_an_entry_of_its_own_kind_with_its_reason(
    desk: Desk, fields: dict[str, str], kind: Kind, reason: str
) -> None:
    today = clock.today().isoformat()
    desk.officer.post(f"{desk.path}/copy", {**fields, "show": "opened", "since": today})
    person = desk.scene.who("GCR").person_id.hex()
    desk.officer.post(f"/oversight/people/{person}/copy", fields)
    of_person, of_case = desk.entries(actions=[Action.LOG_VIEW])
    assert (of_case.kind, of_case.reason) == (kind, reason)
    assert of_case.case_id == desk.made.case_id.hex()
    assert of_case.facts == {"show": "opened", "since": today}
    assert (of_person.kind, of_person.reason, of_person.object) == (kind, reason, person)
    assert of_person.case_id is None
    assert [line.rule for line in of_person.lines] == ["OVERSIGHT"]


def test_asking_for_a_copy_reads_nothing_and_enters_nothing(desk: Desk) -> None:
    person = desk.scene.who("GCR").person_id.hex()
    assert f"{desk.path}/copy" in desk.officer.read(desk.path)
    before = len(desk.entries())
    assert desk.number() in desk.officer.read(f"{desk.path}/copy?show=opened")
    assert desk.name("GCR") in desk.officer.read(f"/oversight/people/{person}/copy")
    stranger = desk.officer.read(f"/oversight/people/{'1' * 32}/copy")
    assert "What an employee of another organisation saw, without the name." in stranger
    assert desk.officer.get(f"{desk.path}/copy?since=soon").status_code == 422
    assert desk.officer.get(f"/oversight/people/{person}/copy?since=soon").status_code == 422
    assert len(desk.entries()) == before


def test_a_printed_page_says_who_why_and_which_entry_tells_of_it(desk: Desk) -> None:
    page = desk.officer.post(f"{desk.path}/copy", PRINT).text
    (look,) = desk.entries(actions=[Action.LOG_VIEW])
    assert "Complaint" in page
    assert desk.organisation("POL") in page
    assert "In the log as entry" in page
    assert look.kind is Kind.PRINTED
    person = desk.scene.who("GCR").person_id.hex()
    page = desk.officer.post(f"/oversight/people/{person}/copy", PRINT).text
    assert desk.name("GCR") in page
    nobody = desk.officer.post(f"/oversight/people/{'1' * 32}/copy", PRINT).text
    assert "Nothing found" in nobody


def test_no_copy_holds_content_or_the_name_of_the_youth_or_of_partners_staff(desk: Desk) -> None:
    paths = [desk.path]
    paths += [f"/oversight/people/{desk.scene.who(one).person_id.hex()}" for one in ("GCR", "POL")]
    for path in paths:
        for fields in (EXPORT, PRINT):
            text = desk.officer.post(f"{path}/copy", fields).text
            assert desk.number() in text
            for secret in (SECRET, "Bruin", NAME, desk.name("POL"), desk.name("LPR")):
                assert secret not in text


def test_a_copy_is_narrowed_like_the_page(desk: Desk) -> None:
    police = desk.scene.organisation("POL").hex()
    rows = exported(desk, desk.path, organisation=police, show="listed")
    assert {row["Organisation"] for row in rows} == {desk.organisation("POL")}
    assert {row["What"] for row in rows} == {"Seen in a list"}
    assert exported(desk, desk.path, until="2020-01-01") == []


def test_a_copy_without_a_reason_or_form_is_refused_with_what_was_chosen(desk: Desk) -> None:
    person = f"/oversight/people/{desk.scene.who('GCR').person_id.hex()}"
    for path in (desk.path, person):
        answer = desk.officer.post(f"{path}/copy", {"kind": "exported", "since": "2026-11-02"})
        assert answer.status_code == 422
        assert 'value="2026-11-02"' in answer.text
    assert desk.entries(actions=[Action.LOG_VIEW]) == []


def test_too_many_rows_are_refused_rather_than_cut_off(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("audit.queries.LARGEST_PAGE", 10)
    monkeypatch.setattr("pga.oversight.service.copying.MOST_ROWS", 40)
    whole = exported(desk, desk.path)
    assert 10 < len(whole) <= 40
    assert len({row["Number of the entry"] for row in whole}) == len(whole)
    happened(desk, 60)
    person = f"/oversight/people/{desk.scene.who('POL').person_id.hex()}"
    monkeypatch.setattr("pga.oversight.service.copying.MOST_ROWS", 25)
    for path in (desk.path, person):
        answer = desk.officer.post(f"{path}/copy", EXPORT)
        assert answer.status_code == 422
        assert "There are too many rows for one copy" in answer.text


def test_a_case_outside_the_bench_is_not_copied(desk: Desk) -> None:
    path = f"/oversight/cases/{desk.made.elsewhere_id.hex()}/copy"
    assert desk.officer.get(path).status_code == 404
    assert desk.officer.post(path, EXPORT).status_code == 404


def test_nothing_is_copied_when_the_copy_cannot_be_entered(desk: Desk) -> None:
    Owner(stores().audit)
    with stores().audit.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE audit_payload RENAME TO hidden")
    answer = desk.officer.post(f"{desk.path}/copy", EXPORT)
    assert answer.status_code == 503
    assert desk.organisation("POL") not in answer.text


def test_a_doctored_row_says_so_in_the_copy(desk: Desk) -> None:
    seq = newest(desk)
    Owner(stores().audit).run(
        update(audit_index).where(audit_index.c.seq == seq).values(role="dpo")
    )
    Owner(stores().audit).edit_leaf(seq - 1, b'"k":', b'"K":')
    rows = {row["Number of the entry"]: row for row in exported(desk, desk.path)}
    assert rows[str(seq)]["Check of this row"] == "does not match the log"
    assert "does not match the log" in desk.officer.post(f"{desk.path}/copy", PRINT).text


def test_a_name_that_a_spreadsheet_would_run_is_marked_as_text(desk: Desk) -> None:
    with transaction():
        organisation = db.session.get_one(Organisation, desk.scene.organisation("POL"))
        organisation.name = '=HYPERLINK("http://evil.example")'
    names = {row["Organisation"] for row in exported(desk, desk.path)}
    assert '\'=HYPERLINK("http://evil.example")' in names
    assert not any(name.startswith(paper.FORMULA) for name in names)
