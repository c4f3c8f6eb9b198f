"""What a case is opened against: its newest settled state, or a write meant to follow it."""

from dataclasses import replace

import pytest
from sqlalchemy import event, select, update

from audit.entries import Action, Entry, WriteState
from audit.gate import Gate
from audit.history import CaseHistory, case_states, case_states_many
from audit.models import audit_index, audit_payload
from audit.reading import TamperedError
from config.ids import new_id
from tests.audit.conftest import CASE, OFFICER_OF_CASES, OTHER_CASE, applied, read_of, write_of
from tests.audit.tamper import Owner


def states(gate: Gate, case_id: str = CASE) -> CaseHistory:
    return case_states(case_id, gate.reader)


def settle(gate: Gate, old: int, new: int, manifest: str = "ab", case_id: str = CASE) -> Entry:
    intent = write_of(old, new, manifest, case_id)
    gate.record(intent)
    gate.record(applied(intent))
    return intent


def restored(version: int) -> Entry:
    return Entry(
        Action.RESTORED,
        OFFICER_OF_CASES,
        CASE,
        case_id=CASE,
        write=WriteState(9, version, "old"),
    )


def test_a_case_without_writes_has_no_history(gate: Gate) -> None:
    gate.record(read_of())
    assert states(gate) == CaseHistory()


def test_a_case_is_at_its_newest_applied(gate: Gate) -> None:
    settle(gate, 0, 1)
    settle(gate, 1, 2, "cd")
    assert states(gate) == CaseHistory(WriteState(1, 2, "cd"))


def test_an_intent_that_nothing_settled_yet_is_named(gate: Gate) -> None:
    settle(gate, 0, 1)
    intent = write_of(1, 2, "cd")
    gate.record(intent)
    assert states(gate).intents == ((intent.event_id, WriteState(1, 2, "cd")),)


def test_the_first_write_of_a_case_is_an_intent_before_anything_is_settled(gate: Gate) -> None:
    intent = write_of(0, 1)
    gate.record(intent)
    assert states(gate) == CaseHistory(None, ((intent.event_id, WriteState(0, 1, "ab")),))


def test_an_intent_that_lost_against_another_is_no_longer_named(gate: Gate) -> None:
    settle(gate, 0, 1)
    gate.record(write_of(1, 2, "lost"))
    settle(gate, 1, 2, "won")
    assert states(gate) == CaseHistory(WriteState(1, 2, "won"))


def test_an_intent_older_in_the_log_than_the_applied_before_it_is_still_named(gate: Gate) -> None:
    first, second = write_of(0, 1), write_of(1, 2)
    gate.record_many([first, second])
    gate.record(applied(first))
    assert [event_id for event_id, _ in states(gate).intents] == [second.event_id]


def test_two_applied_in_the_wrong_order_leave_the_later_version(gate: Gate) -> None:
    first, second = write_of(0, 1), write_of(1, 2)
    gate.record_many([first, second, applied(second), applied(first)])
    assert states(gate) == CaseHistory(WriteState(1, 2, "ab"))


def test_a_restored_case_goes_on_from_the_version_it_went_back_to(gate: Gate) -> None:
    for version in range(5):
        settle(gate, version, version + 1)
    gate.record(write_of(5, 6))
    gate.record(restored(2))
    assert states(gate) == CaseHistory(WriteState(9, 2, "old"))
    intent = write_of(2, 3, "anew")
    gate.record(intent)
    assert [event_id for event_id, _ in states(gate).intents] == [intent.event_id]
    gate.record(applied(intent))
    assert states(gate) == CaseHistory(WriteState(2, 3, "anew"))


def test_many_cases_cost_the_queries_of_one(gate: Gate) -> None:
    cases = [new_id().hex() for _ in range(40)]
    for case_id in cases:
        settle(gate, 0, 1, case_id[:8], case_id)
    queries: list[str] = []
    event.listen(gate.engine, "before_cursor_execute", lambda *args: queries.append(args[2]))
    case_states(cases[0], gate.reader)
    for_one = len(queries)
    found = case_states_many([*cases, CASE], gate.reader)
    assert len(queries) == 2 * for_one
    assert for_one == 1
    assert {case: found[case].applied for case in cases} == {
        case: WriteState(0, 1, case[:8]) for case in cases
    }
    assert found[CASE] == CaseHistory()


@pytest.mark.parametrize(
    "doctored", [{"case_id": OTHER_CASE}, {"action": "CONSULT"}, {"version": 9}]
)
def test_a_doctored_index_never_makes_another_state_settled(
    gate: Gate, doctored: dict[str, object]
) -> None:
    settle(gate, 0, 1, "cd")
    with gate.engine.begin() as connection:
        connection.execute(update(audit_index).where(audit_index.c.seq == 1).values(doctored))
    found = states(gate)
    assert found.applied in {None, WriteState(0, 1, "cd")}
    assert {write for _, write in found.intents} <= {WriteState(0, 1, "cd")}


def test_an_index_that_names_a_write_of_another_case_is_noticed(gate: Gate) -> None:
    settle(gate, 0, 1)
    with gate.engine.begin() as connection:
        connection.execute(update(audit_index).values(case_id=OTHER_CASE))
    with pytest.raises(TamperedError) as caught:
        states(gate, OTHER_CASE)
    assert caught.value.seq == 1
    assert "another case" in str(caught.value)


def test_an_index_that_names_a_read_as_a_write_is_noticed(gate: Gate) -> None:
    gate.record(read_of())
    with gate.engine.begin() as connection:
        connection.execute(update(audit_index).values(version=7))
    with pytest.raises(TamperedError):
        states(gate)


def test_the_history_is_read_from_the_log_of_the_current_app(gate: Gate) -> None:
    replaced = replace(write_of(0, 1), event_id="12" * 16)
    gate.record(replaced)
    assert states(gate).intents[0][0] == "12" * 16


def test_a_write_that_was_proven_is_proven_anew_once_a_byte_of_it_changed(gate: Gate) -> None:
    settle(gate, 0, 1)
    assert states(gate) == states(gate) == CaseHistory(WriteState(0, 1, "ab"))
    owner = Owner(gate.engine)
    (sealed,) = owner.read(select(audit_payload.c.ct).where(audit_payload.c.seq == 1))[0]
    owner.change(audit_payload, 1, ct=bytes([sealed[0] ^ 1]) + sealed[1:])
    with pytest.raises(TamperedError):
        states(gate)
