"""A decision over living cases: proposed, approved by a second person, and never silent."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from audit.entries import Action, Entry
from config import clock
from config.clock import FrozenClock
from config.database import db, transaction
from config.errors import ConflictError, ForbiddenError, InvalidInputError, NotFoundError
from config.ids import new_id
from pga.agreements import service as agreement_service
from pga.cases import queries as cases
from pga.cases.rules import CaseState
from pga.changeover import queries
from pga.changeover.models import CaseMove
from pga.changeover.rules import MoveState, StayReason
from pga.changeover.service import moves, moving, staying
from pga.changeover.service.moves import NewMove
from pga.dossier.rules import StepReason
from pga.dossier.service import steps
from pga.policy.codes import Code
from pga.records.service.checking import check_everything
from pga.sharing.service.changes import Act, write
from pga.sharing.service.disclose import disclose_one
from tests.changeover.conftest import Room, who
from tests.changeover.versions import crowd, drafted
from tests.factories.log import entries_of
from tests.factories.scene import INSTALLATION, Scene

WHY = "The new version says what we do since summer."


@pytest.fixture
def frozen(clock: FrozenClock) -> FrozenClock:
    """The clock of the test, under another name than the module's."""
    return clock


def proposal(room: Room, **more: object) -> CaseMove:
    """Let the process lead propose that the living cases go over."""
    fields: dict[str, object] = {"reason": WHY, "from_on": clock.today(), **more}
    viewer = who(room.scene, "lead").viewer
    return moves.propose(viewer, room.source, room.target, NewMove(**fields))  # type: ignore[arg-type]


def approval(room: Room, move_id: bytes, key: str = "second lead") -> MoveState:
    """Let a second person approve it."""
    return moves.approve(who(room.scene, key).viewer, move_id).state


def in_force(room: Room) -> None:
    """Bring the new version into force; the old one is superseded."""
    agreement_service.activate(room.target, INSTALLATION)


def version_of(case_id: bytes) -> bytes:
    """Tell under which version a case is."""
    return cases.cases_by_id([case_id])[case_id].agreement_id


def changes(room: Room, what: str) -> list[Entry]:
    """Read the entries that say this was changed."""
    return [one for one in entries_of(room.played.app) if one.facts.get("change") == what]


def test_cases_go_over_when_the_lead_proposed_and_a_second_person_approved(room_on: Room) -> None:
    scene = room_on.scene
    case_id = scene.case("JWK")
    item_id = scene.bring("LPR", case_id, "D04", "absent on Mondays")
    youth_work = scene.who("JWK").viewer
    assert item_id not in {i.id for i in disclose_one(youth_work, case_id).items}
    in_force(room_on)
    before = cases.cases_by_id([case_id])[case_id].epoch
    move_id = proposal(room_on).id
    assert version_of(case_id) == room_on.played.made.source
    assert approval(room_on, move_id) is MoveState.CARRIED_OUT
    row = cases.cases_by_id([case_id])[case_id]
    assert row.agreement_id == room_on.played.made.target
    assert (row.agreement_since, row.epoch > before) == (clock.today(), True)
    assert item_id in {i.id for i in disclose_one(youth_work, case_id).items}
    assert check_everything().problems == []


def test_each_case_that_goes_over_is_entered_before_and_after_with_who_decided(room: Room) -> None:
    case_id = room.scene.case()
    in_force(room)
    move_id = proposal(room).id
    approval(room, move_id)
    (moved,) = changes(room, "moved-to-version")
    assert (moved.action, moved.case_id, moved.reason) == (Action.UPDATE, case_id.hex(), WHY)
    assert moved.policy_hash == room.target.policy_hash
    assert moved.facts["from"] == room.source.policy_hash
    assert moved.facts["proposed_by"] == who(room.scene, "lead").person_id.hex()
    assert moved.facts["approved_by"] == who(room.scene, "second lead").person_id.hex()
    assert moved.actor.person == who(room.scene, "second lead").person_id.hex()
    applied = entries_of(room.played.app, Action.APPLIED)[-1]
    assert applied.names == moved.event_id
    assert applied.write == moved.write
    decided = [one.facts["change"] for one in entries_of(room.played.app, Action.AGREEMENT_CHANGE)]
    assert decided[-2:] == ["move-proposed", "move-approved"]


def test_until_it_is_decided_nothing_is_exchanged_under_a_version_that_was_replaced(
    room: Room,
) -> None:
    scene = room.scene
    case_id = scene.case()
    scene.bring("LPR", case_id, "D04")
    in_force(room)
    found = disclose_one(scene.who("GCR").viewer, case_id)
    assert {j.decision.code for j in found.judged if not j.is_own} == {Code.NOT_IN_FORCE}


@pytest.mark.parametrize("key", ["lawyer", "officer", "dpo", "lawyer of police", "professional"])
def test_nobody_but_the_process_lead_proposes(room: Room, key: str) -> None:
    room.scene.case()
    viewer = who(room.scene, key).viewer
    with pytest.raises(ForbiddenError):
        moves.propose(viewer, room.source, room.target, NewMove(WHY, clock.today()))


def test_who_proposed_it_does_not_approve_it(room: Room) -> None:
    crowd(room.scene, 1)
    move_id = proposal(room).id
    with pytest.raises(moves.SecondPersonError):
        moves.approve(who(room.scene, "lead").viewer, move_id)


@pytest.mark.parametrize("key", ["officer", "dpo"])
def test_who_oversees_does_not_decide(room: Room, key: str) -> None:
    crowd(room.scene, 1)
    move_id = proposal(room).id
    with pytest.raises(ForbiddenError):
        approval(room, move_id, key)
    with pytest.raises(ForbiddenError):
        moves.withdraw(who(room.scene, key).viewer, move_id)


def test_a_lawyer_of_the_municipality_may_be_the_second_person(room: Room) -> None:
    crowd(room.scene, 1)
    assert approval(room, proposal(room).id, "lawyer") is MoveState.APPROVED


def test_of_another_municipality_a_decision_is_not_there(room: Room) -> None:
    crowd(room.scene, 1)
    move_id = proposal(room).id
    elsewhere = Scene("GM0392").who("GPR").viewer
    for wanted in (move_id, new_id()):
        with pytest.raises(NotFoundError):
            moves.decided(elsewhere, wanted)


@pytest.mark.parametrize("days", [-1, 9000])
def test_a_decision_starts_within_the_term_of_the_new_version(room: Room, days: int) -> None:
    crowd(room.scene, 1)
    with pytest.raises(InvalidInputError) as refused:
        proposal(room, from_on=clock.today() + timedelta(days=days))
    assert list(refused.value.fields) == ["from_on"]


def test_a_decision_needs_a_reason(room: Room) -> None:
    crowd(room.scene, 1)
    with pytest.raises(InvalidInputError) as refused:
        proposal(room, reason="  ")
    assert list(refused.value.fields) == ["reason"]


def test_without_living_cases_there_is_nothing_to_decide(room: Room) -> None:
    with pytest.raises(InvalidInputError):
        proposal(room)


def test_nothing_is_decided_over_cases_for_a_draft(room: Room) -> None:
    crowd(room.scene, 1)
    draft = drafted(room.scene, version="9.0")
    with pytest.raises(InvalidInputError):
        moves.propose(
            who(room.scene, "lead").viewer, room.source, draft, NewMove(WHY, clock.today())
        )


def test_one_decision_at_a_time_over_the_same_cases(room: Room) -> None:
    crowd(room.scene, 1)
    first = proposal(room).id
    with pytest.raises(InvalidInputError):
        proposal(room)
    moves.withdraw(who(room.scene, "second lead").viewer, first)
    proposal(room)


def test_a_decision_made_while_signing_is_carried_out_once_the_version_is_in_force(
    room: Room,
) -> None:
    case_id = room.scene.case()
    assert approval(room, proposal(room).id) is MoveState.APPROVED
    moves.carry_out_due()
    assert version_of(case_id) == room.played.made.source
    in_force(room)
    moves.carry_out_due()
    assert version_of(case_id) == room.played.made.target
    (moved,) = changes(room, "moved-to-version")
    assert (moved.actor.role, moved.actor.person) == ("worker", "")


def test_a_decision_for_a_later_day_waits_for_it(room: Room, frozen: FrozenClock) -> None:
    case_id = room.scene.case()
    in_force(room)
    later = clock.today() + timedelta(days=3)
    assert approval(room, proposal(room, from_on=later).id) is MoveState.APPROVED
    moves.carry_out_due()
    assert version_of(case_id) == room.played.made.source
    frozen.advance(timedelta(days=3))
    moves.carry_out_due()
    assert version_of(case_id) == room.played.made.target


def test_a_version_whose_text_changed_is_not_what_was_decided_on(room: Room) -> None:
    case_id = room.scene.case()
    move_id = proposal(room).id
    with transaction():
        room.target.policy_hash = "f" * 64
    with pytest.raises(moves.AnotherTextError):
        approval(room, move_id)
    with transaction():
        queries_move(move_id).approved_by = who(room.scene, "second lead").person_id
        queries_move(move_id).approved_at = clock.now()
    in_force(room)
    moves.carry_out_due()
    assert version_of(case_id) == room.played.made.source


def queries_move(move_id: bytes) -> CaseMove:
    found = queries.move_by_id(move_id)
    assert found is not None
    return found


def test_a_decision_that_was_withdrawn_moves_nothing_and_is_not_approved_again(room: Room) -> None:
    case_id = room.scene.case()
    in_force(room)
    move_id = proposal(room).id
    moves.withdraw(who(room.scene, "lead").viewer, move_id)
    with pytest.raises(ConflictError):
        approval(room, move_id)
    with pytest.raises(ConflictError):
        moves.withdraw(who(room.scene, "lead").viewer, move_id)
    moves.carry_out_due()
    assert version_of(case_id) == room.played.made.source


def test_cases_that_ended_stay_where_they_were(room: Room) -> None:
    case_id = room.scene.case()
    steps.take(room.scene.desk("GPR", case_id), CaseState.SCALED_DOWN, StepReason.GOALS_REACHED)
    steps.take(room.scene.desk("GPR", case_id), CaseState.CLOSED, StepReason.GOALS_REACHED)
    other = room.scene.case()
    in_force(room)
    approval(room, proposal(room).id)
    assert version_of(case_id) == room.played.made.source
    assert version_of(other) == room.played.made.target


def test_a_case_keeps_its_version_when_nobody_decides(room: Room) -> None:
    case_id = room.scene.case()
    in_force(room)
    moves.carry_out_due()
    assert version_of(case_id) == room.played.made.source


def test_a_case_that_does_not_match_the_log_waits_and_the_others_go(room: Room) -> None:
    faulty, sound = room.scene.case(), room.scene.case()
    in_force(room)
    with transaction():
        cases.cases_by_id([faulty])[faulty].manifest = b"\0" * 32
    assert approval(room, proposal(room).id) is MoveState.APPROVED
    assert version_of(faulty) == room.played.made.source
    assert version_of(sound) == room.played.made.target


def test_a_case_the_log_does_not_know_waits_and_the_others_go(room: Room) -> None:
    (stray,) = crowd(room.scene, 1)
    sound = room.scene.case()
    in_force(room)
    assert approval(room, proposal(room).id) is MoveState.APPROVED
    assert version_of(stray) == room.played.made.source
    assert version_of(sound) == room.played.made.target


def test_more_cases_than_fit_in_one_go_are_moved_by_the_worker(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = [room.scene.signal() for _ in range(3)]
    in_force(room)
    monkeypatch.setattr(moves, "AT_ONCE", 2)
    assert approval(room, proposal(room).id) is MoveState.APPROVED
    assert [version_of(one) for one in ids].count(room.played.made.target) == 2
    moves.carry_out_due()
    assert {version_of(one) for one in ids} == {room.played.made.target}
    assert db.session.scalar(select(func.count()).select_from(CaseMove)) == 1


def test_a_decision_read_before_the_move_opens_nothing_after_it(room: Room) -> None:
    scene = room.scene
    case_id = scene.case()
    desk = scene.desk("LPR", case_id)
    in_force(room)
    approval(room, proposal(room).id)
    assert scene.desk("LPR", case_id).facts.case_epoch > desk.facts.case_epoch


def test_a_case_that_ended_or_is_kept_by_the_time_it_is_moved_stays(room: Room) -> None:
    scene = room.scene
    ended, kept = scene.case(), scene.case()
    move_id = proposal(room).id
    in_force(room)
    with transaction():
        queries_move(move_id).approved_by = who(scene, "second lead").person_id
        queries_move(move_id).approved_at = clock.now()
    found = moves.with_versions(queries_move(move_id))
    going = found.going
    desk = scene.desk("GPR", ended)
    write(desk, Act(Action.UPDATE), (), lambda: setattr(desk.facts.case, "state", CaseState.CLOSED))
    staying.keep(scene.desk("GCR", kept), move_id, StayReason.WEIGH_FIRST)
    moving.move_cases(going, [ended, kept], moving.Mover())
    assert {version_of(ended), version_of(kept)} == {room.played.made.source}
    assert check_everything().problems == []


def test_of_a_decision_that_nobody_approved_nothing_can_be_carried_out(room: Room) -> None:
    crowd(room.scene, 1)
    found = moves.with_versions(queries_move(proposal(room).id))
    with pytest.raises(ConflictError):
        _ = found.going
