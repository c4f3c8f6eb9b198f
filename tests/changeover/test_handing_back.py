"""What a party takes with it: its own contributions and nothing else, each case entered first."""

import io
import json
import re
import zipfile
from collections.abc import Iterable
from datetime import timedelta
from unittest.mock import patch

import pytest
from sqlalchemy import delete, insert, text
from werkzeug.test import TestResponse

from audit.entries import Action, Entry, Kind
from config import clock
from config.database import stores, transaction
from config.errors import ForbiddenError
from config.ids import new_id
from pga.cases import queries as cases
from pga.changeover.models import Departure
from pga.changeover.service import departures, handing_back
from pga.changeover.service.handing_back import Package, hand_back
from pga.dossier.service import contributions
from pga.records.errors import StaleDecisionError
from pga.records.models import case_key, data_key, erasure_ledger
from pga.records.service import Opened, Opening, open_items
from tests.changeover.conftest import Room, unknown, who
from tests.changeover.test_departures import LETTER, leave, party_of, signatory
from tests.changeover.test_preview import words
from tests.factories.log import entries_of, size_of

MINE, THEIRS = "absent on Mondays", "two reports of nuisance"


def played(room: Room) -> tuple[bytes, Departure]:
    """Let the attendance officer and police bring something, and the attendance officer leave."""
    scene = room.scene
    case_id = scene.case("POL")
    scene.bring("LPR", case_id, "D04", MINE)
    scene.decide(case_id, "POL", ["D05"], "GPR")
    scene.bring("POL", case_id, "D05", THEIRS)
    return case_id, leave(room, "LPR")


def take(room: Room, departure: Departure) -> Package:
    """Take the contributions as who signs for the party."""
    viewer = signatory(room, "LPR").viewer
    return hand_back(viewer, departures.left(viewer, departure.id))


def exports(room: Room) -> list[Entry]:
    """Read the entries of what was exported."""
    found = entries_of(room.played.app, Action.CONSULT)
    return [entry for entry in found if entry.kind is Kind.EXPORTED]


def test_a_party_takes_its_own_contributions_and_no_others(room_on: Room) -> None:
    case_id, departure = played(room_on)
    package = take(room_on, departure)
    (case,) = package.cases
    assert case.number == cases.cases_by_id([case_id])[case_id].number
    texts = [str(item.content) for item in case.items]
    assert any(MINE in text for text in texts)
    assert not any(THEIRS in text for text in texts)
    assert {item.row.owner_partner for item in case.items} == {"LPR"}


def test_each_case_is_entered_as_exported_with_every_item_before_it_is_opened(room: Room) -> None:
    _, departure = played(room)
    package = take(room, departure)
    (entry,) = exports(room)
    ids = {item.id.hex() for case in package.cases for item in case.items}
    assert entry.allowed_items == ids
    assert {line.rule for line in entry.lines} == {"OWNER"}
    assert entry.actor.person == signatory(room, "LPR").person_id.hex()
    assert entry.reason == "departure"
    take(room, departure)
    assert len(exports(room)) == 2


@pytest.mark.parametrize("key", ["lead", "officer", "lawyer"])
def test_nobody_but_who_signs_for_the_party_takes_them(room: Room, key: str) -> None:
    _, departure = played(room)
    viewer = who(room.scene, key).viewer
    with pytest.raises(ForbiddenError):
        hand_back(viewer, departures.left(viewer, departure.id))
    assert exports(room) == []


def test_a_case_that_does_not_match_the_log_is_named_and_left_out(room: Room) -> None:
    sound = room.scene.signal("LPR")
    faulty, departure = played(room)
    with transaction():
        cases.cases_by_id([faulty])[faulty].manifest = b"\0" * 32
    package = take(room, departure)
    assert package.left_out == [cases.cases_by_id([faulty])[faulty].number]
    assert [case.number for case in package.cases] == [cases.cases_by_id([sound])[sound].number]


def test_an_item_that_was_changed_is_left_out_and_counted(room: Room) -> None:
    faulty, departure = played(room)
    whole = len(take(room, departure).cases[0].items)
    with stores().app.begin() as connection:
        statement = "UPDATE sealed_item SET purpose = 'ORDER' WHERE case_id = :c"
        connection.execute(text(statement), {"c": faulty})
    (case,) = take(room, departure).cases
    assert (case.items, case.faulty) == ([], whole)


def test_when_no_case_matches_the_log_nothing_is_given(room: Room) -> None:
    faulty, departure = played(room)
    with transaction():
        cases.cases_by_id([faulty])[faulty].manifest = b"\0" * 32
    package = take(room, departure)
    assert (package.cases, len(package.left_out)) == ([], 1)


def test_a_case_whose_keys_are_gone_is_named_and_left_out(room: Room) -> None:
    sound = room.scene.signal("LPR")
    gone, departure = played(room)
    with stores().keys.begin() as connection:
        connection.execute(delete(data_key).where(data_key.c.case_id == gone))
        connection.execute(delete(case_key).where(case_key.c.case_id == gone))
        connection.execute(
            insert(erasure_ledger).values(
                id=new_id(), case_id=gone, record_id=new_id(), erased_at=clock.now()
            )
        )
    package = take(room, departure)
    assert package.left_out == [cases.cases_by_id([gone])[gone].number]
    assert [case.number for case in package.cases] == [cases.cases_by_id([sound])[sound].number]


def test_when_a_case_moves_meanwhile_it_is_decided_anew(room: Room) -> None:
    _, departure = played(room)
    calls: list[int] = []

    def stale_once(openings: Iterable[Opening]) -> Opened:
        calls.append(1)
        if len(calls) == 1:
            raise StaleDecisionError([])
        return open_items(openings)

    with patch("pga.changeover.service.handing_back.records.open_items", stale_once):
        assert len(take(room, departure).cases) == 1
    assert len(exports(room)) == 2


def test_many_cases_are_opened_some_at_a_time(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(3):
        room.scene.signal("LPR")
    departure = leave(room, "LPR")
    monkeypatch.setattr(handing_back, "AT_ONCE", 2)
    assert len(take(room, departure).cases) == 3


def where(departure: Departure) -> str:
    """Give the address of a statement."""
    return f"/changeover/departures/{departure.id.hex()}"


def unzipped(answer: TestResponse) -> dict[str, str]:
    """Read the files of a download."""
    assert answer.status_code == 200
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name).decode() for name in archive.namelist()}


def test_the_download_holds_a_page_and_the_same_as_data(room: Room) -> None:
    scene = room.scene
    case_id = scene.case()
    scene.bring("LPR", case_id, "D04", MINE)
    contributions.plan_action(
        scene.desk("LPR", case_id),
        "Call the school",
        "",
        clock.today() + timedelta(days=3),
        scene.who("LPR").person_id,
    )
    departure = leave(room, "LPR")
    visitor = room.browser(signatory(room, "LPR"))
    assert "Download own contributions" in words(visitor.read(where(departure)))
    answer = visitor.post(f"{where(departure)}/export")
    assert re.search(r'filename="own-contributions-2026-\d\d-\d\d.zip"', str(answer.headers))
    assert answer.headers["Cache-Control"] == "no-store"
    files = unzipped(answer)
    assert set(files) == {"contributions.html", "contributions.json"}
    assert MINE in files["contributions.html"]
    data = json.loads(files["contributions.json"])
    items = data["cases"][0]["items"]
    assert MINE in {item["content"].get("text") for item in items}
    assert {item["due_on"] for item in items if item["kind"] == "action"} != {None}


def test_without_own_contributions_the_file_says_so(room: Room) -> None:
    departure = leave(room, "SCH")
    visitor = room.browser(signatory(room, "SCH"))
    files = unzipped(visitor.post(f"{where(departure)}/export"))
    assert "There are no own contributions" in files["contributions.html"]


def test_looking_at_the_statement_opens_nothing(room: Room) -> None:
    _, departure = played(room)
    visitor = room.browser(signatory(room, "LPR"))
    before = size_of(room.played.app)
    visitor.read(where(departure))
    assert visitor.get(f"{where(departure)}/export").status_code == 405
    assert size_of(room.played.app) == before


def test_the_lead_lets_a_party_leave_on_the_pages(room: Room) -> None:
    lead = room.visitor("lead")
    assert "An organisation leaves the agreement" in words(lead.read("/changeover"))
    found = f"/changeover/{room.source.id.hex()}/parties"
    assert "Record that it leaves" in words(lead.read(found))
    form = f"{found}/{party_of(room, 'POL').id.hex()}/leave"
    page = words(lead.read(form))
    assert "The agreement cannot go on without this organisation" in page
    answer = lead.post(form, {"notice_on": "2030-01-01", "reference": LETTER, "reason": "moved"})
    assert answer.status_code == 422
    assert "moved" in answer.text
    assert lead.post(form, {"reference": LETTER}).status_code == 422
    there = lead.do(form, {"notice_on": "2026-11-01", "reference": LETTER}).headers["Location"]
    page = words(lead.read(there))
    assert "Statement of what stays behind" in page
    assert "From that moment its access is closed" in page
    assert "Numbers below 10 are not told" in page
    assert "Download own contributions" not in page
    assert "Organisations that left" in words(lead.read("/changeover"))
    assert "POL" not in words(lead.read(found)).split("Parties")[-1]
    assert lead.get(form).status_code == 404


def test_a_signatory_leaves_for_the_own_organisation_and_reads_its_statement(room: Room) -> None:
    visitor = room.visitor("signatory of police")
    page = visitor.read("/changeover")
    assert "Organisations you sign for" in words(page)
    form = re.search(r'href="(/changeover/[^"]+/leave)"', page)
    assert form
    there = visitor.do(form[1], {"notice_on": "2026-11-01", "reference": LETTER})
    page = words(visitor.read(there.headers["Location"]))
    assert "Cases with own contributions 0" in page
    assert "Organisations you sign for" not in words(visitor.read("/changeover"))


def test_while_leads_are_still_being_asked_the_statement_says_so(room: Room) -> None:
    departure = leave(room, "SCH")
    with transaction():
        departure.asked_at = None
    page = words(room.visitor("lead").read(where(departure)))
    assert "That is being done now" in page


@pytest.mark.parametrize("key", ["lawyer", "officer", "lawyer of police"])
def test_who_may_not_record_it_finds_no_form(room: Room, key: str) -> None:
    visitor = room.visitor(key)
    form = f"/changeover/{room.source.id.hex()}/parties/{party_of(room, 'SCH').id.hex()}/leave"
    assert visitor.get(form).status_code == 404
    assert visitor.post(form, {"notice_on": "2026-11-01", "reference": "1"}).status_code == 404
    assert visitor.get(f"/changeover/departures/{unknown()}").status_code == 404
    assert visitor.post(f"/changeover/departures/{unknown()}/export").status_code == 404


def test_a_version_whose_parties_all_left_says_so(room: Room) -> None:
    for one in departures.leavers(who(room.scene, "lead").viewer, room.source):
        leave(room, one.party.partner)
    page = words(room.visitor("lead").read(f"/changeover/{room.source.id.hex()}/parties"))
    assert "Nobody can leave here" in page
