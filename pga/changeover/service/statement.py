"""The statement: what of a party that left stays behind, who can reach it, how long and why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pga.agreements.queries import table_of
from pga.changeover.rules import Remainder, Told, tell
from pga.changeover.service.departures import Left
from pga.policy.terms import RetentionObject, RetentionTerm

UNDER: Mapping[Remainder, RetentionObject] = {
    Remainder.ITEMS: RetentionObject.CASE_AFTER_CLOSING,
    Remainder.CRIMINAL_ITEMS: RetentionObject.CRIMINAL_ITEMS,
    Remainder.EARLIER_VERSIONS: RetentionObject.CASE_AFTER_CLOSING,
    Remainder.RECORDS: RetentionObject.RELEASE_RECORDS,
    Remainder.LOG: RetentionObject.AUDIT_LOG,
}
"""Under which retention term of the agreement each of them is kept."""


@dataclass(frozen=True, slots=True)
class Remains:
    """One kind of thing that stays; `count` is None where it is not counted."""

    what: Remainder
    count: int | Told | None
    term: RetentionTerm | None


@dataclass(frozen=True, slots=True)
class Statement:
    """What stays of a party at the moment it left, as one viewer may be told.

    Who works for the party is told exact numbers, anybody else only what no case can be worked out
    from: that a party takes part may itself be secret (R-29).
    """

    left: Left
    remains: Sequence[Remains]
    cases: int | Told
    cases_taking_part: int | Told


def statement_of(left: Left) -> Statement:
    """Make the statement of a departure; it reads nothing of any case."""
    counted = left.departure.remains
    terms = {term.object: term for term in table_of(left.agreement).retention}

    def told(name: str) -> int | Told:
        count = int(counted[name])
        return count if left.is_own else tell(count)

    return Statement(
        left=left,
        remains=[
            Remains(
                what,
                told(what) if what in counted else None,
                terms.get(UNDER[what]) if what in UNDER else None,
            )
            for what in Remainder
        ],
        cases=told("cases"),
        cases_taking_part=told("cases_taking_part"),
    )
