"""What lies within an officer's reach is shown, and no doctored row shows anything else."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import delete, update

from audit import proofs, queries
from audit.entries import Action, Actor, Entry, Kind, Line, Outcome
from audit.gate import Gate
from audit.models import audit_head, audit_index, audit_tile
from audit.queries import Refusals
from audit.reach import Reach
from audit.reading import TamperedError
from config.clock import FrozenClock
from tests.audit.conftest import (
    ALLOWED,
    CASE,
    DENIED,
    OFFICER_OF_CASES,
    OTHER_CASE,
    POLICE,
    read_of,
    write_of,
)
from tests.audit.tamper import Owner

TRIED = "ab" * 32
NOBODY_KNOWN = Actor(POLICE.person, "", "", "", "c2" * 16, "password")


def attempt(actor: Actor = NOBODY_KNOWN) -> Entry:
    """Somebody without a seat tried an address."""
    return Entry(
        Action.CONSULT,
        actor,
        TRIED,
        kind=Kind.OPENED,
        subjects=(TRIED,),
        outcome=Outcome.DENY,
    )


def searched(actor: Actor = POLICE) -> Entry:
    return Entry(Action.CONSULT, actor, "", kind=Kind.SEARCHED)


@pytest.fixture
def busy(gate: Gate, clock: FrozenClock) -> Gate:
    for entry in (
        read_of(),  # 0
        read_of(actor=POLICE),  # 1
        read_of(actor=POLICE, case_id=OTHER_CASE),  # 2
        attempt(),  # 3
        attempt(replace(OFFICER_OF_CASES, organisation="")),  # 4
        searched(),  # 5
        write_of(1, 2),  # 6
        read_of(ALLOWED, DENIED, actor=POLICE),  # 7
    ):
        gate.record(entry)
        clock.advance(timedelta(minutes=1))
    return gate


def within(gate: Gate, reach: Reach) -> list[int]:
    """Give what is found, and see that index and entries agree about it."""
    found = queries.accesses(gate.reader, within=reach)
    assert [access.fault for access in found] == [None] * len(found)
    held = [
        access.seq
        for access in queries.accesses(gate.reader)
        if access.entry is not None and reach.holds(access.entry)
    ]
    numbers = [access.seq for access in found]
    assert numbers == held
    return numbers


def test_nothing_lies_within_an_empty_reach(busy: Gate) -> None:
    assert within(busy, Reach()) == []


def test_who_oversees_cases_sees_everything_on_them_and_every_attempt(busy: Gate) -> None:
    assert within(busy, Reach(frozenset({CASE}))) == [7, 6, 1, 0]
    assert within(busy, Reach(frozenset({CASE}), frozenset({TRIED}))) == [7, 6, 4, 3, 1, 0]
    assert within(busy, Reach(tried=frozenset({TRIED}))) == [4, 3]


def test_who_oversees_an_organisation_sees_what_was_done_for_it(busy: Gate) -> None:
    both = frozenset({CASE, OTHER_CASE})
    police = Reach(both, frozenset({TRIED}), POLICE.organisation)
    assert within(busy, police) == [7, 2, 1]
    its_people = replace(police, people=frozenset({POLICE.person}), employer=POLICE.organisation)
    assert within(busy, its_people) == [7, 3, 2, 1]
    assert within(busy, replace(its_people, without_case=True)) == [7, 5, 3, 2, 1]


def test_what_people_did_for_another_employer_stays_out_of_reach(busy: Gate) -> None:
    other = Reach(
        people=frozenset({POLICE.person}),
        employer=OFFICER_OF_CASES.organisation,
        without_case=True,
    )
    assert within(busy, other) == [3]


def test_acts_that_are_no_read_are_found_by_no_kind(busy: Gate) -> None:
    found = queries.accesses(busy.reader, kinds=[None, Kind.SEARCHED])
    assert [access.seq for access in found] == [6, 5]


def test_refusals_are_found_and_counted_by_their_rule(busy: Gate, clock: FrozenClock) -> None:
    reader, everything = busy.reader, Reach(frozenset({CASE}), frozenset({TRIED}))
    found = queries.accesses(reader, rule=DENIED.rule)
    assert [access.seq for access in found] == [7]
    assert [access.seq for access in queries.accesses(reader, rule="", decision="denied")] == [4, 3]
    assert queries.accesses(reader, rule=ALLOWED.rule) == []
    whole, mixed = Refusals("", "", 2), Refusals(DENIED.rule, DENIED.code, 1)
    both = [Outcome.DENY, Outcome.MIXED]
    assert queries.refusals_by_rule(everything, [Outcome.DENY], reader=reader) == [whole]
    assert queries.refusals_by_rule(everything, both, reader=reader) == [whole, mixed]
    since, until = clock.now() - timedelta(minutes=2), clock.now() - timedelta(minutes=1)
    newer = queries.refusals_by_rule(everything, both, since=since, reader=reader)
    assert newer == [mixed]
    older = queries.refusals_by_rule(everything, both, until=until, reader=reader)
    assert older == [whole]


def test_an_entry_counts_once_per_rule(gate: Gate) -> None:
    again = Line("GGZ", "D09", "denied", DENIED.rule, DENIED.code)
    gate.record(read_of(DENIED, again))
    found = queries.refusals_by_rule(Reach(frozenset({CASE})), [Outcome.DENY], reader=gate.reader)
    assert found == [Refusals(DENIED.rule, DENIED.code, 1)]


def test_a_row_doctored_to_lead_elsewhere_shows_and_opens_nothing(busy: Gate) -> None:
    Owner(busy.engine).run(update(audit_index).where(audit_index.c.seq == 2).values(case_id=CASE))
    found = queries.accesses(busy.reader, within=Reach(frozenset({CASE})))
    doctored = [access for access in found if access.fault]
    assert [(access.seq, access.opened) for access in doctored] == [(2, None)]


def test_a_doctored_entry_shows_within_reach(busy: Gate) -> None:
    Owner(busy.engine).edit_leaf(1, b'"d":"permit"', b'"d":"deny"')
    found = queries.accesses(busy.reader, within=Reach(frozenset({CASE})))
    assert [(access.seq, access.opened) for access in found if access.fault] == [(1, None)]


def test_the_root_of_an_earlier_size_is_found_again(gate: Gate) -> None:
    roots = [proofs.root_at(0, gate.reader)]
    for _ in range(5):
        gate.record(read_of())
        with gate.engine.connect() as connection:
            roots.append(bytes(connection.execute(audit_head.select()).one().root))
    assert [proofs.root_at(size, gate.reader) for size in range(6)] == roots
    assert proofs.root_at(6, gate.reader) is None


def test_the_root_of_an_earlier_size_needs_its_tiles(gate: Gate) -> None:
    gate.record_many([read_of() for _ in range(300)])
    assert proofs.root_at(256, gate.reader) is not None
    Owner(gate.engine).run(delete(audit_tile))
    with pytest.raises(TamperedError):
        proofs.root_at(256, gate.reader)
