"""A party that leaves: one act closes its access, its own stays its own, and the rest is proven."""

from datetime import timedelta

import pytest

from audit.entries import Action
from auth.rules import Role
from config import clock
from config.database import db, transaction
from config.errors import InvalidInputError, NotFoundError
from config.ids import new_id
from pga.agreements import queries as agreements
from pga.agreements import service as agreement_service
from pga.agreements.models import Agreement, AgreementState, Party
from pga.cases import queries as cases
from pga.cases.rules import ParticipantTask, WorkKind
from pga.changeover import queries
from pga.changeover.models import Departure
from pga.changeover.rules import Remainder, Tell, Told
from pga.changeover.service import asking, departures
from pga.changeover.service.departures import Notice
from pga.changeover.service.statement import Statement, statement_of
from pga.dossier.service import people, repairs
from pga.policy.codes import Code
from pga.records.service.checking import check_everything
from pga.sharing.service.disclose import SharingDeniedError, disclose_one
from tests.changeover.conftest import Room, who
from tests.changeover.versions import crowd
from tests.factories.log import entries_of
from tests.factories.scene import INSTALLATION, Scene, Staff

LETTER = "2026-44"


def party_of(room: Room, partner: str, agreement: Agreement | None = None) -> Party:
    """Give a partner as party of a version."""
    version = agreement or room.source
    parties = agreements.parties_of([version.id])[version.id]
    return next(one for one in parties if one.partner == partner)


def leave(room: Room, partner: str, by: Staff | None = None, **more: object) -> Departure:
    """Let a partner leave, as the process lead records it."""
    fields: dict[str, object] = {"notice_on": clock.today(), "reference": LETTER, **more}
    viewer = (by or who(room.scene, "lead")).viewer
    return departures.leave(viewer, room.source.id, party_of(room, partner).id, Notice(**fields))  # type: ignore[arg-type]


def signatory(room: Room, partner: str) -> Staff:
    """Give somebody who signs for a partner."""
    return room.scene.who(partner, "Signatory", Role.SIGNATORY)


def test_from_that_moment_it_gets_nothing_and_nobody_consults_what_it_brought(
    room_on: Room,
) -> None:
    scene = room_on.scene
    case_id = scene.case("SCH")
    item_id = scene.bring("LPR", case_id, "D04", "absent on Mondays")
    assert item_id in {i.id for i in disclose_one(scene.who("GCR").viewer, case_id).items}
    leave(room_on, "LPR")
    found = disclose_one(scene.who("LPR").viewer, case_id)
    assert {j.decision.code for j in found.judged if not j.is_own} == {Code.NOT_A_PARTY}
    assert item_id not in {i.id for i in disclose_one(scene.who("GCR").viewer, case_id).items}
    with pytest.raises(SharingDeniedError):
        scene.bring("LPR", case_id, "D04")
    assert check_everything().problems == []


def test_what_it_brought_stays_its_own(room: Room) -> None:
    case_id = room.scene.case()
    item_id = room.scene.bring("LPR", case_id, "D04", "absent on Mondays")
    leave(room, "LPR")
    repairs.correct(room.scene.desk("LPR", case_id), item_id, {"title": "t", "text": "u"}, 1)
    found = disclose_one(room.scene.who("LPR").viewer, case_id)
    assert {i.id: i.content.get("text") for i in found.items}[item_id] == "u"
    repairs.withdraw_item(room.scene.desk("LPR", case_id), item_id)


def test_it_leaves_every_version_here(room: Room) -> None:
    assert party_of(room, "LPR", room.target).signed_on is not None
    leave(room, "LPR")
    for version in (room.source, room.target):
        assert party_of(room, "LPR", version).left_on == clock.today()
    assert party_of(room, "SCH").left_on is None


def test_a_version_that_is_over_is_left_as_it_ended(room: Room) -> None:
    agreement_service.end(room.target, AgreementState.TERMINATED, INSTALLATION)
    leave(room, "LPR")
    assert party_of(room, "LPR", room.target).left_on is None


def test_the_entry_says_who_left_on_which_notice_and_what_stays(room: Room) -> None:
    case_id = room.scene.case()
    room.scene.bring("LPR", case_id, "D04")
    departure = leave(room, "LPR")
    entry = next(
        one
        for one in entries_of(room.played.app, Action.AGREEMENT_CHANGE)
        if one.facts["change"] == "party-left"
    )
    assert (entry.reason, entry.facts["partner"]) == (LETTER, "LPR")
    assert {name: entry.facts[name] for name in departure.remains} == departure.remains
    assert (
        room.played.app.extensions["audit"]
        .reader.read([departure.log_seq])[departure.log_seq]
        .entry
        == entry
    )


def test_its_own_signatory_may_record_it(room: Room) -> None:
    departure = leave(room, "POL", who(room.scene, "signatory of police"))
    assert departure.recorded_as == Role.SIGNATORY


@pytest.mark.parametrize("key", ["lawyer", "officer", "dpo", "lawyer of police", "professional"])
def test_nobody_else_records_that_a_party_leaves(room: Room, key: str) -> None:
    with pytest.raises(NotFoundError):
        leave(room, "POL", who(room.scene, key))
    with pytest.raises(NotFoundError):
        leave(room, "SCH", who(room.scene, "signatory of police"))


def test_the_lead_of_another_municipality_finds_no_party(room: Room) -> None:
    with pytest.raises(NotFoundError):
        leave(room, "POL", Scene("GM0392").who("GPR"))
    for agreement_id, party_id in ((new_id(), new_id()), (room.source.id, new_id())):
        with pytest.raises(NotFoundError):
            departures.leaver(who(room.scene, "lead").viewer, agreement_id, party_id)


@pytest.mark.parametrize("partner", ["GPR", "GCR"])
def test_the_municipality_does_not_leave_but_ends_the_agreement(room: Room, partner: str) -> None:
    with pytest.raises(NotFoundError):
        leave(room, partner)


def test_who_left_cannot_leave_again(room: Room) -> None:
    leave(room, "LPR")
    with pytest.raises(NotFoundError):
        leave(room, "LPR")


def test_a_party_that_was_put_out_while_nothing_was_recorded_can_still_be_recorded(
    room: Room,
) -> None:
    agreement_service.leave(party_of(room, "LPR"), room.source, clock.today(), INSTALLATION)
    assert leave(room, "LPR").partner == "LPR"


def test_a_notice_has_a_day_that_came_and_a_mark(room: Room) -> None:
    with pytest.raises(InvalidInputError) as refused:
        leave(room, "LPR", notice_on=clock.today() + timedelta(days=1), reference=" ")
    assert set(refused.value.fields) == {"notice_on", "reference"}
    assert party_of(room, "LPR").left_on is None


def tasks_of(case_id: bytes) -> dict[bytes | None, int]:
    """Count who is asked in a case to look for somebody else."""
    found: dict[bytes | None, int] = {}
    for task in cases.waiting_of_kind(case_id, WorkKind.REPLACE_PARTICIPANT):
        found[task.person_id] = found.get(task.person_id, 0) + 1
        assert (task.organisation_id, task.partner, task.category) == (None, None, None)
    return found


def test_who_named_its_people_is_asked_to_look_for_somebody_else(room_on: Room) -> None:
    case_id = room_on.scene.case("SCH")
    departure = leave(room_on, "SCH")
    assert tasks_of(case_id) == {room_on.scene.who("GPR").person_id: 1}
    assert departure.asked_at is not None
    asking.ask_everywhere()
    assert tasks_of(case_id) == {room_on.scene.who("GPR").person_id: 1}


def test_of_secret_help_only_who_named_it_is_asked(room: Room) -> None:
    scene = room.scene
    case_id = scene.case("GGZ")
    colleague = scene.who("GGZ", "Colleague")
    people.name_participant(
        scene.desk("GGZ", case_id),
        people.NewPerson(
            colleague.person_id,
            colleague.organisation_id,
            "GGZ",
            ParticipantTask.CONTRIBUTION,
            clock.today(),
        ),
    )
    leave(room, "GGZ")
    assert tasks_of(case_id) == {scene.who("GPR").person_id: 1}


def test_where_a_colleague_named_somebody_the_case_manager_is_asked(room: Room) -> None:
    scene = room.scene
    case_id = scene.case("SCH")
    colleague = scene.who("SCH", "Colleague")
    people.name_participant(
        scene.desk("SCH", case_id),
        people.NewPerson(
            colleague.person_id,
            colleague.organisation_id,
            "SCH",
            ParticipantTask.CONTRIBUTION,
            clock.today(),
        ),
    )
    leave(room, "SCH")
    assert tasks_of(case_id) == {
        scene.who("GPR").person_id: 1,
        scene.who("GCR").person_id: 1,
    }


def test_a_lead_finds_the_task_among_what_waits(room: Room) -> None:
    case_id = room.scene.case("SCH")
    leave(room, "SCH")
    page = room.visitor("lead").read("/")
    assert "Look for somebody else: an organisation left" in page
    assert case_id.hex() in page


def test_more_cases_than_fit_in_one_go_are_asked_about_by_the_worker(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = [room.scene.case("SCH") for _ in range(2)]
    monkeypatch.setattr(asking.ask_for_others, "__defaults__", (1,))
    departure_id = leave(room, "SCH").id
    assert sorted(len(tasks_of(one)) for one in ids) == [0, 1]
    row = queries.departure(departure_id)
    assert row is not None
    assert row.asked_at is None
    asking.ask_everywhere()
    assert [len(tasks_of(one)) for one in ids] == [1, 1]


def test_a_faulty_case_does_not_keep_others_from_being_asked(room: Room) -> None:
    faulty, sound = room.scene.case("SCH"), room.scene.case("SCH")
    with transaction():
        cases.cases_by_id([faulty])[faulty].manifest = b"\0" * 32
    leave(room, "SCH")
    assert (len(tasks_of(faulty)), len(tasks_of(sound))) == (0, 1)


def test_a_case_the_log_does_not_know_does_not_keep_others_from_being_asked(room: Room) -> None:
    (stray,) = crowd(room.scene, 1, ["SCH"])
    sound = room.scene.case("SCH")
    leave(room, "SCH")
    assert (len(tasks_of(stray)), len(tasks_of(sound))) == (0, 1)


def test_asking_after_a_departure_that_is_not_there_does_nothing(room: Room) -> None:
    asking.ask_for_others(new_id())
    assert db.session.query(Departure).count() == 0
    assert room.source is not None


def seen_by(room: Room, departure: Departure, staff: Staff) -> Statement:
    """Give the statement as somebody may read it."""
    return statement_of(departures.left(staff.viewer, departure.id))


def test_the_statement_counts_what_stays_under_the_terms_of_the_agreement(room: Room) -> None:
    scene = room.scene
    case_id = scene.case("POL")
    scene.decide(case_id, "POL", ["D05"], "GPR")
    item_id = scene.bring("POL", case_id, "D05")
    repairs.correct(scene.desk("POL", case_id), item_id, {"title": "t", "text": "u"}, 1)
    departure = leave(room, "POL")
    shown = seen_by(room, departure, signatory(room, "POL"))
    counts = {one.what: one.count for one in shown.remains}
    assert counts[Remainder.CRIMINAL_ITEMS] == 1
    assert counts[Remainder.EARLIER_VERSIONS] == 1
    assert counts[Remainder.RECORDS] == 1
    assert counts[Remainder.ITEMS] == 1
    assert counts[Remainder.LOG] is None
    assert (shown.cases, shown.cases_taking_part) == (1, 1)
    terms = {one.what: one.term for one in shown.remains}
    assert terms[Remainder.SIGNATURE] is None
    assert all(terms[what] for what in Remainder if what is not Remainder.SIGNATURE)


@pytest.mark.parametrize("key", ["lead", "lawyer", "officer"])
def test_others_are_told_no_small_number(room: Room, key: str) -> None:
    case_id = room.scene.case("GGZ")
    room.scene.release(case_id, "GGZ", ["D09"], "GPR")
    room.scene.bring("GGZ", case_id, "D09")
    departure = leave(room, "GGZ")
    shown = seen_by(room, departure, who(room.scene, key))
    assert {one.count for one in shown.remains} == {Told(Tell.FEW), None}
    assert shown.cases == Told(Tell.FEW)


@pytest.mark.parametrize("role", [Role.SIGNATORY, Role.PRIVACY_OFFICER, Role.DPO])
def test_who_signs_or_oversees_for_the_party_is_told_exactly(room: Room, role: Role) -> None:
    departure = leave(room, "SCH")
    shown = seen_by(room, departure, room.scene.who("SCH", role, role))
    assert shown.cases == 0


@pytest.mark.parametrize("key", ["signatory of police", "lawyer of police", "professional"])
def test_another_party_finds_no_statement(room: Room, key: str) -> None:
    departure = leave(room, "SCH")
    viewer = who(room.scene, key).viewer
    for wanted in (departure.id, new_id()):
        with pytest.raises(NotFoundError):
            departures.left(viewer, wanted)
    assert departures.known_departures(viewer) == []
    assert [one.id for one in departures.known_departures(who(room.scene, "lead").viewer)] == [
        departure.id
    ]
