"""Where a version stands: everything that its next step is decided on, from rows and text."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from config import clock
from config.database import settings
from config.settings import Mode
from pga.agreements import queries
from pga.agreements.clauses import ClauseStanding, standings
from pga.agreements.editions import catalogue_of
from pga.agreements.models import Agreement, AgreementState, AgreementStep, Party
from pga.agreements.rules import Standing, Step, minimum_parties
from pga.agreements.texts import TEXTS_KEPT, broken_by, table_of_text, violations_in
from pga.policy.catalogue import Catalogue
from pga.policy.codes import Partner
from pga.policy.comparing import deviations
from pga.policy.completeness import gaps
from pga.policy.examples import broken
from pga.policy.terms import AgreementDocument
from pga.policy.violations import Violation


@dataclass(frozen=True, slots=True)
class Seen:
    """A version with all that belongs to it, read once for a page or a step."""

    agreement: Agreement
    document: AgreementDocument
    parties: Sequence[Party]
    steps: Sequence[AgreementStep]
    clauses: Sequence[ClauseStanding]
    standing: Standing

    def last(self, step: str) -> AgreementStep | None:
        """Give the newest step of a kind."""
        return next((one for one in reversed(self.steps) if one.what == step), None)


def see(agreement: Agreement) -> Seen:
    """Read everything about a version, in a fixed number of queries."""
    document = table_of_text(agreement.document).document
    parties = queries.parties_of([agreement.id])[agreement.id]
    steps = queries.steps_of([agreement.id])
    line = {agreement.id, agreement.previous_id, agreement.model_id} - {None}
    checks = queries.clause_checks({one for one in line if one is not None})
    clauses = standings(document, checks, agreement.id)
    return Seen(
        agreement,
        document,
        parties,
        steps,
        clauses,
        _standing(agreement, parties, steps, clauses),
    )


def _model_text(agreement: Agreement) -> str:
    """Read the text of the model that a version follows; empty when it follows none."""
    if agreement.model_id is None:
        return ""
    found = queries.agreements_by_id([agreement.model_id]).get(agreement.model_id)
    return "" if found is None else found.document


def _standing(
    agreement: Agreement,
    parties: Sequence[Party],
    steps: Sequence[AgreementStep],
    clauses: Sequence[ClauseStanding],
) -> Standing:
    """Put together what the rules ask of a version."""
    today = clock.today()
    text = _of_text(agreement.document, catalogue_of(agreement))
    named = {party.partner for party in parties if party.left_on is None}
    signed = {party.partner for party in parties if queries.has_signed(party, today)}
    return Standing(
        state=AgreementState(agreement.state),
        is_model=not agreement.municipality,
        needs_all_clauses=settings().mode is Mode.PRODUCTION,
        unwritten=text.unwritten,
        violations=len(text.violations),
        broken_examples=text.broken_examples,
        unexplained=_unexplained(_model_text(agreement), agreement.document),
        open_clauses=sum(not one.is_confirmed for one in clauses),
        objections=sum(one.is_objected for one in clauses),
        missing=tuple(code for code in text.minimum if code not in named),
        unsigned=tuple(code for code in text.minimum if code not in signed),
        signatures=sum(party.signed_on is not None for party in parties),
        has_dpia=_has_dpia(steps),
        is_over=agreement.valid_until < today,
        before=_opened_by(steps),
    )


def _has_dpia(steps: Sequence[AgreementStep]) -> bool:
    """Tell whether the DPIA was recorded of this text: going back to draft asks it anew."""
    telling = [one for one in steps if one.what in {Step.RECORD_DPIA, Step.BACK_TO_DRAFT}]
    return bool(telling) and telling[-1].what == Step.RECORD_DPIA


def _opened_by(steps: Sequence[AgreementStep]) -> bytes | None:
    """Tell who opened the signing, or proposed the model."""
    opened = [one for one in steps if one.what in {Step.OPEN_SIGNING, Step.PROPOSE_MODEL}]
    return opened[-1].person_id if opened else None


@dataclass(frozen=True, slots=True)
class _Text:
    """What follows from the text alone."""

    unwritten: int
    violations: tuple[Violation, ...]
    broken_examples: int
    minimum: tuple[Partner, ...]


@lru_cache(maxsize=TEXTS_KEPT)
def _of_text(text: str, catalogue: Catalogue) -> _Text:
    """Prove a text whole, over its cells and over all that they compile to."""
    table = table_of_text(text, catalogue)
    document = table.document
    return _Text(
        unwritten=sum(gap.is_open for gap in gaps(document)),
        violations=violations_in(text, catalogue),
        broken_examples=len(broken(table)),
        minimum=minimum_parties(document),
    )


@lru_cache(maxsize=TEXTS_KEPT)
def _unexplained(model: str, local: str) -> int:
    """Count where a text departs from its model without a reason; without a model nowhere."""
    if not model:
        return 0
    found = deviations(table_of_text(model).document, table_of_text(local).document)
    return sum(not one.reason for one in found)


def violations_of(agreement: Agreement) -> tuple[Violation, ...]:
    """Give every limit that a version breaks, in its text or in what it compiles to."""
    return broken_by(agreement)
