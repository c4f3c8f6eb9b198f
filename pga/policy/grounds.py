"""On which grounds an exchange rests: bases of both sides, exception, way out of secrecy (R-05)."""

from dataclasses import dataclass
from typing import NamedTuple

from pga.policy.codes import (
    BOUND_BY_SECRECY,
    CARE_AND_SOCIAL,
    PLAN_AND_ACTIONS,
    SECURITY_SOURCES,
    Category,
    Partner,
    Purpose,
    Track,
)
from pga.policy.laws import Obligation, TwoSided, WayOut
from pga.policy.limits import DECISION, RELEASE
from pga.policy.terms import AgreementDocument, Clause

# A recipient may hold criminal data of these only because the decision names it [to verify].
HELD_BY_DECISION = "UAVG_33_1_a"
_HIT_ONLY = "0"


class Flow(NamedTuple):
    """From whom to whom which category goes, for which purpose."""

    track: Track
    purpose: Purpose
    provider: Partner
    consumer: Partner
    category: Category


@dataclass(frozen=True, slots=True)
class Grounds:
    """What a flow rests on and what it obliges to; `clause` is that of the provider."""

    clause: Clause | None
    legal_basis: TwoSided
    exception: TwoSided
    secrecy: str
    obligations: tuple[Obligation, ...]
    verified: bool


class Clauses:
    """The clauses of an agreement by track, partner and category."""

    def __init__(self, document: AgreementDocument) -> None:
        """Index the clauses once."""
        self._document = document
        self._found = {
            (clause.track, clause.partner, category): clause
            for clause in document.clauses
            for category in clause.categories
        }

    def of(self, track: Track, partner: Partner, category: Category) -> Clause | None:
        """Give the clause on a category of a partner, if there is one."""
        return self._found.get((track, partner, category))

    def basis(self, track: Track, purpose: Purpose, partner: Partner, category: Category) -> str:
        """Give the basis on which a partner provides a category; empty where it has none.

        The purpose picks it from the partner's row; a clause may put another in its place, as for
        what police and prosecution bring under the plan.
        """
        clause = self.of(track, partner, category)
        if clause is not None and clause.basis is not None:
            return str(clause.basis)
        row = self._document.legal_bases.get(track, {}).get(partner)
        basis = None if row is None else row.provide.get(purpose)
        return "" if basis is None else str(basis)

    def basis_of_recipient(self, track: Track, purpose: Purpose, partner: Partner) -> str:
        """Give the basis on which a partner receives, that of its own row; empty for none."""
        row = self._document.legal_bases.get(track, {}).get(partner)
        basis = None if row is None else row.receive.get(purpose)
        return "" if basis is None else str(basis)

    def secrecy(self, track: Track, partner: Partner, category: Category, need: int) -> str:
        """Give the provider's way out of secrecy: what its cell asks goes before its clause."""
        if need & RELEASE:
            return WayOut.RELEASE
        if need & DECISION:
            return WayOut.DISCLOSURE_DECISION
        clause = self.of(track, partner, category)
        return "" if clause is None else str(clause.secrecy)

    def obligations(
        self, track: Track, partner: Partner, category: Category, need: int
    ) -> tuple[Obligation, ...]:
        """Give what an item of a provider obliges to, the general ones first (R-08, R-14, R-28)."""
        clause = self.of(track, partner, category)
        own = () if clause is None else clause.obligations
        is_shut_in = need & DECISION or Obligation.NO_ONWARD in own
        found = [
            Obligation.NO_ONWARD if is_shut_in else Obligation.NO_ONWARD_WITHOUT_OWNER,
            Obligation.NOT_FOR_BENEFITS_SANCTIONS,
        ]
        if partner in CARE_AND_SOCIAL:
            found.append(Obligation.NOT_FOR_INVESTIGATION)
        if self._document.cell(track, partner, category).provide.sign == _HIT_ONLY:
            found.append(Obligation.HIT_NO_HIT_ONLY)
        if partner in BOUND_BY_SECRECY and category in PLAN_AND_ACTIONS:
            found.append(Obligation.NEUTRAL_WORDING)
        return tuple(dict.fromkeys((*found, *own)))

    def grounds(self, flow: Flow, need: int) -> Grounds:
        """Give all grounds of a flow whose provider's cell asks `need`."""
        track, purpose, provider, consumer, category = flow
        clause = self.of(track, provider, category)
        other = self.of(track, consumer, category)
        by_decision = need & DECISION and provider in SECURITY_SOURCES | {Partner.DJI}
        held = "" if other is None else other.exception
        return Grounds(
            clause=clause,
            legal_basis=TwoSided(
                self.basis(track, purpose, provider, category),
                self.basis_of_recipient(track, purpose, consumer),
            ),
            exception=TwoSided(
                "" if clause is None else clause.exception,
                HELD_BY_DECISION if by_decision else held,
            ),
            secrecy=self.secrecy(track, provider, category, need),
            obligations=self.obligations(track, provider, category, need),
            verified=all(found is not None and found.verified for found in (clause, other)),
        )
