"""No receipt, no key: what a receipt opens, once, and what it never opens."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from audit.entries import Action, Entry, EntryError, Outcome
from audit.gate import Claim, Gate, Receipt, ReceiptError
from audit.models import audit_index, audit_payload
from audit.verify import verify
from config.clock import FrozenClock
from config.errors import StoreUnavailableError
from tests.audit.conftest import (
    ALLOWED,
    CASE,
    DENIED,
    ITEM,
    OFFICER_OF_CASES,
    OTHER_CASE,
    OTHER_ITEM,
    POLICE,
    read_of,
)
from tests.audit.tamper import Owner

OpenGate = Callable[[], Gate]


def redeem(gate: Gate, receipt: Receipt, *items: str) -> Entry:
    return gate.redeem(receipt, actor=OFFICER_OF_CASES, case_id=CASE, items=items or (ITEM,)).entry


def refused(gate: Gate, claim: Claim) -> str:
    with pytest.raises(ReceiptError) as caught:
        gate.redeem_many([claim])
    return caught.value.reason


def claim(receipt: Receipt) -> Claim:
    return Claim(receipt, OFFICER_OF_CASES, CASE, (ITEM,))


def test_a_receipt_opens_what_its_entry_allows(gate: Gate) -> None:
    entry = read_of(ALLOWED, DENIED)
    found = gate.redeem(gate.record(entry), actor=OFFICER_OF_CASES, case_id=CASE, items={ITEM})
    assert found.entry == replace(entry, outcome=Outcome.MIXED)
    assert (found.case_epoch, found.agreement_epoch) == (4, 2)


def test_receipts_number_the_entries_from_zero_without_gaps(gate: Gate) -> None:
    receipts = [gate.record(read_of()), *gate.record_many([read_of(), read_of()])]
    assert [receipt.seq for receipt in receipts] == [0, 1, 2]
    assert gate.record_many([]) == []
    assert gate.redeem_many([]) == []


def test_a_receipt_opens_once(gate: Gate) -> None:
    receipt = gate.record(read_of())
    redeem(gate, receipt)
    assert refused(gate, claim(receipt)) == "redeemed"


def test_a_receipt_opens_nothing_at_another_broker(gate: Gate, open_gate: OpenGate) -> None:
    assert refused(open_gate(), claim(gate.record(read_of()))) == "other-broker"


def test_a_receipt_does_not_outlive_a_restart(gate: Gate, open_gate: OpenGate) -> None:
    receipt = gate.record(read_of())
    gate.close()
    restarted = open_gate()
    assert refused(restarted, claim(receipt)) == "other-broker"
    assert refused(restarted, claim(replace(receipt, broker=restarted.broker))) == "unknown"


def test_a_receipt_lives_for_thirty_seconds(gate: Gate, clock: FrozenClock) -> None:
    young, old = gate.record_many([read_of(), read_of()])
    clock.advance(timedelta(seconds=30))
    redeem(gate, young)
    clock.advance(timedelta(milliseconds=1))
    assert refused(gate, claim(old)) == "expired"


def test_a_receipt_dies_by_the_steady_clock_too(
    gate: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("audit.memory.LIFETIME", -1.0)
    assert refused(gate, claim(gate.record(read_of()))) == "expired"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"actor": POLICE}, "other-actor"),
        ({"actor": replace(OFFICER_OF_CASES, session="c9" * 16)}, "other-actor"),
        ({"actor": replace(OFFICER_OF_CASES, on_behalf_of="a9" * 16)}, "other-actor"),
        ({"case_id": OTHER_CASE}, "other-case"),
        ({"items": (ITEM, "f9" * 16)}, "other-item"),
        ({"items": (OTHER_ITEM,)}, "other-item"),
    ],
)
def test_a_receipt_opens_nothing_else(gate: Gate, change: dict[str, object], reason: str) -> None:
    receipt = gate.record(read_of(ALLOWED, DENIED))
    assert refused(gate, replace(claim(receipt), **change)) == reason  # type: ignore[arg-type]
    assert refused(gate, claim(receipt)) == "redeemed"


def test_a_refusal_opens_nothing_not_even_nothing(gate: Gate) -> None:
    receipt = gate.record(read_of(DENIED))
    assert refused(gate, replace(claim(receipt), items=())) == "denied"


def test_a_receipt_with_another_event_is_refused(gate: Gate) -> None:
    receipt = replace(gate.record(read_of()), event_id="00" * 16)
    assert refused(gate, claim(receipt)) == "other-event"


def test_a_number_that_was_never_committed_opens_nothing(gate: Gate) -> None:
    receipt = replace(gate.record(read_of()), seq=7)
    assert refused(gate, claim(receipt)) == "unknown"
    gate._issued.issue([7])
    assert refused(gate, claim(receipt)) == "not-committed"


@pytest.mark.parametrize("seen", [{"d": b'"mixed"'}, {"nonce": bytes(12)}, {"salts": bytes(96)}])
def test_a_receipt_whose_entry_was_doctored_is_refused(gate: Gate, seen: dict[str, bytes]) -> None:
    receipt = gate.record(read_of(ALLOWED, DENIED))
    owner = Owner(gate.engine)
    for name, value in seen.items():
        if name == "d":
            owner.edit_leaf(0, value, b'"permit"')
        else:
            owner.change(audit_payload, 0, **{name: value})
    assert refused(gate, claim(receipt)) == "doctored"


def test_a_receipt_whose_payload_is_gone_is_refused(gate: Gate) -> None:
    receipt = gate.record(read_of())
    Owner(gate.engine).remove(0, audit_payload)
    assert refused(gate, claim(receipt)) == "doctored"


def test_a_doctored_index_changes_no_answer(gate: Gate) -> None:
    receipts = gate.record_many([read_of(), read_of(DENIED)])
    owner = Owner(gate.engine)
    owner.change(audit_index, 0, decision="denied", outcome="deny", actor="x", case_id="x")
    owner.change(audit_index, 1, decision="allowed", outcome="permit")
    assert redeem(gate, receipts[0]).decided is Outcome.PERMIT
    assert refused(gate, replace(claim(receipts[1]), items=(OTHER_ITEM,))) == "denied"
    assert verify(gate.engine, gate._provider).first_bad == 0


def test_a_list_is_redeemed_with_one_query_and_refused_as_a_whole(gate: Gate) -> None:
    receipts = gate.record_many([read_of(), read_of(case_id=OTHER_CASE)])
    claims = [claim(receipts[0]), replace(claim(receipts[1]), case_id=OTHER_CASE)]
    assert [found.entry.case_id for found in gate.redeem_many(claims)] == [CASE, OTHER_CASE]
    fresh = gate.record(read_of())
    with pytest.raises(ReceiptError):
        gate.redeem_many([claim(fresh), claims[0]])
    assert refused(gate, claim(fresh)) == "redeemed"


def test_an_entry_recorded_again_gives_the_same_receipt_which_opens_once(gate: Gate) -> None:
    entry = read_of()
    receipt = gate.record(entry)
    assert gate.record(entry) == receipt
    redeem(gate, receipt)
    assert gate.record(entry) == receipt
    assert refused(gate, claim(receipt)) == "redeemed"
    assert gate.health().size == 1


def test_an_entry_twice_in_one_list_is_one_entry(gate: Gate) -> None:
    entry = read_of()
    first, other, second = gate.record_many([entry, read_of(), entry])
    assert first == second
    assert (first.seq, other.seq) == (0, 1)


def test_an_entry_recorded_again_elsewhere_opens_only_where_it_was_first(
    gate: Gate, open_gate: OpenGate
) -> None:
    entry = read_of()
    receipt = gate.record(entry)
    other = open_gate()
    assert other.record(entry) == receipt
    assert refused(other, claim(receipt)) == "other-broker"
    redeem(gate, receipt)


def test_an_event_is_never_used_for_another_entry(gate: Gate) -> None:
    entry = read_of()
    gate.record(entry)
    with pytest.raises(EntryError):
        gate.record(replace(entry, purpose="ORDER"))


def test_the_clock_set_back_makes_no_time_fall_and_opens_no_receipt(
    gate: Gate, clock: FrozenClock
) -> None:
    receipt = gate.record(read_of())
    clock._at -= timedelta(hours=1)
    assert refused(gate, claim(receipt)) == "expired"
    later = gate.record(read_of())
    redeem(gate, later)
    health = gate.health()
    assert health.is_ok
    assert health.ahead == 3600
    stored = gate.reader.read([receipt.seq, later.seq])
    assert stored[later.seq].leaf.second == stored[receipt.seq].leaf.second
    assert stored[later.seq].at == clock.now()


def test_a_closed_gate_takes_nothing(gate: Gate) -> None:
    gate.record(read_of())
    gate.close()
    with pytest.raises(StoreUnavailableError):
        gate.record(read_of())
    assert not gate.health().is_ok


def test_an_empty_log_is_healthy(gate: Gate) -> None:
    assert gate.health().is_ok
    assert gate.health().size == 0


def test_a_value_that_json_does_not_keep_is_no_entry(gate: Gate) -> None:
    half = {"weight": 0.5}
    with pytest.raises(EntryError):
        gate.record(replace(read_of(), facts=half))  # type: ignore[arg-type]
    with pytest.raises(EntryError):
        gate.record(replace(read_of(), purpose="NUL\x00"))
    with pytest.raises(EntryError):
        gate.record(read_of(*(replace(ALLOWED, rule=f"{n:05}" * 20) for n in range(1000))))
    assert gate.health().size == 0


def test_a_note_of_the_log_itself_opens_nothing(gate: Gate) -> None:
    sign_in = Entry(Action.LOGIN, OFFICER_OF_CASES, CASE, case_id=CASE, lines=(ALLOWED,))
    assert refused(gate, claim(gate.record(sign_in))) == "denied"
