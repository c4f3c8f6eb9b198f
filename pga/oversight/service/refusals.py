"""Refusals counted by rule, with what the agreement in force today asks and says there."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from audit.queries import Refusals
from config import clock
from pga.agreements.editions import catalogue_in_force
from pga.oversight import queries
from pga.oversight.rules import asked_by, flow_of
from pga.oversight.service.bench import Bench
from pga.policy.catalogue import Catalogue
from pga.policy.codes import Code, Condition
from pga.policy.terms import AgreementDocument, Clause


@dataclass(frozen=True, slots=True)
class Counted:
    """How many acts one rule refused; what it says is that of today, where it has any."""

    rule: str
    code: str
    entries: int
    asks: tuple[Condition, ...] = ()
    clause: Clause | None = None
    limits: Catalogue | None = None


def by_rule(bench: Bench, counts: Iterable[Refusals]) -> list[Counted]:
    """Say with each count what the agreements in force ask; two queries."""
    in_force = queries.documents_in_force(bench.place.municipality, clock.today())
    limits = catalogue_in_force()
    return [
        Counted(
            one.rule,
            one.code,
            one.entries,
            _asks(in_force, one.rule, limits) if one.code == Code.CONDITION_UNMET else (),
            _clause(in_force, one.rule),
            limits,
        )
        for one in counts
    ]


def _asks(
    documents: Sequence[AgreementDocument], rule: str, limits: Catalogue
) -> tuple[Condition, ...]:
    """Give what a rule asks in the agreement that has its category."""
    return next((asked for one in documents if (asked := asked_by(one, rule, limits))), ())


def _clause(documents: Sequence[AgreementDocument], rule: str) -> Clause | None:
    """Find the clause of the provider of a rule."""
    flow = flow_of(rule)
    if flow is None:
        return None
    return next(
        (
            clause
            for document in documents
            for clause in document.clauses
            if clause.partner is flow.provider and flow.category in clause.categories
        ),
        None,
    )
