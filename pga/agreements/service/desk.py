"""From which seat somebody works on a version of an agreement, and what that seat may do.

A draft is for those who make it: the municipality's process lead and lawyer, its officers and
signatories, and the regional adviser. From signing on everybody who works in the municipality may
read it. For anybody else there is no such version.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from audit.entries import Actor
from auth.models import Membership
from auth.rules import Role
from config.errors import ForbiddenError, NotFoundError
from pga.agreements import queries
from pga.agreements.models import Agreement, AgreementState

MUNICIPAL: Final = frozenset({"GPR", "GCR", "BUR"})
DRAFTERS: Final = (Role.PROCESS_LEAD, Role.LAWYER)
TESTERS: Final = (Role.PRIVACY_OFFICER, Role.DPO)
MAKERS: Final = (*DRAFTERS, *TESTERS, Role.SIGNATORY)
MADE_IN_THE_OPEN: Final = frozenset(AgreementState) - {
    AgreementState.DRAFT,
    AgreementState.LEGAL_CHECK,
    AgreementState.DPIA_DONE,
}


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody signed in who works on agreements, with everything they are today."""

    person_id: bytes
    session: str
    auth_level: str
    memberships: tuple[Membership, ...]

    def seats(self, municipality: str, roles: Collection[Role]) -> Sequence[Membership]:
        """List the memberships in which somebody works on the agreements of a place.

        An empty municipality stands for the models, which the regional adviser keeps.
        """
        if not municipality:
            return [one for one in self.memberships if one.role is Role.REGIONAL_ADVISER]
        return [
            one
            for one in self.memberships
            if one.municipality == municipality and one.partner in MUNICIPAL and one.role in roles
        ]

    def actor(self, seat: Membership) -> Actor:
        """Say who acts from a seat, for the log."""
        return Actor(
            person=self.person_id.hex(),
            organisation=seat.organisation_id.hex(),
            partner=seat.partner,
            role=seat.role,
            session=self.session,
            auth_level=self.auth_level,
        )


@dataclass(frozen=True, slots=True)
class Desk:
    """A version on the desk of somebody who may see it."""

    colleague: Colleague
    agreement: Agreement

    @property
    def is_model(self) -> bool:
        """Tell whether this is a regional model."""
        return not self.agreement.municipality

    @property
    def may_draft(self) -> bool:
        """Tell whether this person may change the text, while it is a draft."""
        return bool(self._seats(DRAFTERS))

    @property
    def may_test(self) -> bool:
        """Tell whether this person may change the examples: who drafts never does.

        Of a model, the adviser writes them; whoever derives from it reads them along.
        """
        return bool(self._seats(TESTERS))

    @property
    def is_draft(self) -> bool:
        """Tell whether the text can still be changed."""
        return self.agreement.state == AgreementState.DRAFT

    def drafter(self) -> Actor:
        """Say who drafts, for the log; raises ForbiddenError when this person may not."""
        return self._actor(DRAFTERS)

    def tester(self) -> Actor:
        """Say who tests, for the log; raises ForbiddenError when this person may not."""
        return self._actor(TESTERS)

    def _seats(self, roles: Collection[Role]) -> Sequence[Membership]:
        """List the seats from which this person does something here."""
        return self.colleague.seats(self.agreement.municipality, roles)

    def _actor(self, roles: Collection[Role]) -> Actor:
        """Say who acts in one of these roles."""
        seats = self._seats(roles)
        if not seats:
            raise ForbiddenError
        return self.colleague.actor(seats[0])


def sit_down(colleague: Colleague, agreement_id: bytes) -> Desk:
    """Put a version on somebody's desk; raises NotFoundError when there is none for them."""
    agreement = queries.agreements_by_id([agreement_id]).get(agreement_id)
    if agreement is None or not may_see(colleague, agreement):
        raise NotFoundError
    return Desk(colleague, agreement)


def line_of_versions(desk: Desk) -> list[Agreement]:
    """List the versions of the same place and track that this person may see, without texts."""
    return [one for one in queries.line_of(desk.agreement) if may_see(desk.colleague, one)]


def may_see(colleague: Colleague, agreement: Agreement) -> bool:
    """Tell whether a version exists for somebody."""
    if any(one.role is Role.REGIONAL_ADVISER for one in colleague.memberships):
        return True
    if not agreement.municipality:
        return agreement.state in MADE_IN_THE_OPEN and any(
            one.partner in MUNICIPAL and one.role in MAKERS for one in colleague.memberships
        )
    if colleague.seats(agreement.municipality, MAKERS):
        return True
    return agreement.state in MADE_IN_THE_OPEN and any(
        one.municipality == agreement.municipality for one in colleague.memberships
    )
