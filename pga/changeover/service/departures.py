"""A party leaves: one act that closes its access at once, and says what stays behind.

Its contributions stay its own: it reads, corrects, withdraws and exports them as before (R-01,
R-28). Nobody else consults them any more, and it gets nothing of others.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from audit import gate
from audit.entries import Action, Entry
from auth.rules import Role
from config import clock
from config.database import db, transaction
from config.errors import InvalidInputError, NotFoundError
from config.ids import new_id
from pga.agreements import queries as agreements
from pga.agreements import service as agreement_service
from pga.agreements.models import Agreement, AgreementState, Party
from pga.changeover import queries
from pga.changeover.models import Departure
from pga.changeover.queries import Whose
from pga.changeover.rules import LOOKERS, MUNICIPAL, PROPOSERS
from pga.changeover.service.asking import ask_for_others
from pga.changeover.service.places import actor_at, municipal_places, place_for
from pga.policy.codes import Partner
from pga.sharing.service.seats import Place, Viewer

OVER = frozenset({AgreementState.EXPIRED, AgreementState.TERMINATED})
OWN_READERS = frozenset({Role.SIGNATORY, Role.PRIVACY_OFFICER, Role.DPO})
CANNOT_DO_WITHOUT = frozenset({Partner.POL})
"""Without whom an agreement cannot go on, apart from the municipality that ends it itself."""


@dataclass(frozen=True, slots=True)
class Notice:
    """On which written notice a party leaves."""

    notice_on: date
    reference: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Leaver:
    """A party that may leave, and from which place somebody records it."""

    party: Party
    agreement: Agreement
    place: Place

    @property
    def whose(self) -> Whose:
        """Tell whose data this is about."""
        return Whose(
            self.agreement.municipality,
            self.agreement.track,
            self.party.organisation_id,
            self.party.partner,
        )


@dataclass(frozen=True, slots=True)
class Left:
    """A party that left, as one viewer may know of it.

    `is_own` tells that the viewer works for it and may be told exact numbers. `place` is from where
    the viewer signs for it, and so may take its contributions with it.
    """

    departure: Departure
    agreement: Agreement
    is_own: bool
    place: Place | None

    @property
    def whose(self) -> Whose:
        """Tell whose data this is about."""
        return whose_of(self.departure)


def whose_of(departure: Departure) -> Whose:
    """Tell whose data a departure is about."""
    return Whose(
        departure.municipality, departure.track, departure.organisation_id, departure.partner
    )


def leavers(viewer: Viewer, agreement: Agreement) -> list[Leaver]:
    """List the parties of a version whose leaving this person may record.

    The process lead for every party, a signatory for the own one. The municipality does not
    leave: it ends the agreement.
    """
    return _leavers(viewer, [agreement], place_for(viewer, agreement.municipality, PROPOSERS))


def signed_for(viewer: Viewer) -> list[Leaver]:
    """List the parties in force for which this person signs, in a fixed number of queries."""
    towns = {p.municipality for p in viewer.places if p.role == Role.SIGNATORY}
    today = clock.today()
    versions = [one for one in queries.versions_of(towns) if agreements.is_in_force(one, today)]
    return _leavers(viewer, versions, None)


def _leavers(viewer: Viewer, versions: Sequence[Agreement], lead: Place | None) -> list[Leaver]:
    """List the parties of these versions that can leave, and from where it is recorded.

    A party that was put out while its leaving could not be recorded to the end can still be.
    """
    parties = agreements.parties_of([version.id for version in versions])
    recorded = {
        whose_of(one) for one in queries.departures_of({one.municipality for one in versions})
    }
    found = []
    for version in versions:
        for party in parties[version.id]:
            place = lead or _own_place(viewer, version.municipality, party, {Role.SIGNATORY})
            if place is None or party.partner in MUNICIPAL or party.signed_on is None:
                continue
            one = Leaver(party, version, place)
            if party.left_on is None or one.whose not in recorded:
                found.append(one)
    return found


def _own_place(
    viewer: Viewer, municipality: str, whose: Party | Departure, roles: frozenset[Role] | set[Role]
) -> Place | None:
    """Give the place in which somebody works for a party in one of these roles."""
    return next(
        (
            place
            for place in viewer.places
            if (place.organisation_id, place.partner) == (whose.organisation_id, whose.partner)
            and place.municipality == municipality
            and place.role in roles
        ),
        None,
    )


def leaver(viewer: Viewer, agreement_id: bytes, party_id: bytes) -> Leaver:
    """Find a party whose leaving this person may record; any other is not found, real or not."""
    version = agreements.agreements_by_id([agreement_id]).get(agreement_id)
    if version is not None:
        for one in leavers(viewer, version):
            if one.party.id == party_id:
                return one
    raise NotFoundError


def leave(viewer: Viewer, agreement_id: bytes, party_id: bytes, notice: Notice) -> Departure:
    """Record that a party leaves: from this moment it gets nothing and gives nothing.

    It leaves every version of this municipality and track. Raises NotFoundError for who may not
    record it, and InvalidInputError for a notice of a day to come or without a mark.
    """
    one = leaver(viewer, agreement_id, party_id)
    _refuse(_objections(notice))
    whose, actor = one.whose, actor_at(viewer, one.place)
    agreement, place = one.agreement, one.place
    for party, version in _memberships(whose):
        agreement_service.leave(party, version, clock.today(), actor)
    remains = queries.count_remains(whose, clock.today())
    receipt = gate.record(
        Entry(
            action=Action.AGREEMENT_CHANGE,
            actor=actor,
            object=agreement_id.hex(),
            agreement_version=agreement.version,
            policy_hash=agreement.policy_hash,
            reason=notice.reference.strip(),
            facts={
                "change": "party-left",
                "municipality": whose.municipality,
                "organisation": whose.organisation_id.hex(),
                "partner": whose.partner,
                **remains,
            },
        )
    )
    departure = Departure(
        id=new_id(),
        municipality=whose.municipality,
        track=whose.track,
        agreement_id=agreement_id,
        organisation_id=whose.organisation_id,
        partner=whose.partner,
        notice_on=notice.notice_on,
        notice_reference=notice.reference.strip(),
        reason=notice.reason.strip(),
        recorded_by=viewer.person_id,
        recorded_as=place.role,
        left_at=clock.now(),
        remains=remains,
        log_seq=receipt.seq,
    )
    with transaction():
        db.session.add(departure)
    ask_for_others(departure.id)
    return departure


def _objections(notice: Notice) -> Mapping[str, list[str]]:
    """Tell what stands in the way of a notice, by field."""
    found: dict[str, list[str]] = {}
    if notice.notice_on > clock.today():
        found["notice_on"] = ["Choose today or a day before."]
    if not notice.reference.strip():
        found["reference"] = ["Fill this in."]
    return found


def _refuse(found: Mapping[str, list[str]]) -> None:
    """Raise InvalidInputError when anything was found."""
    if found:
        raise InvalidInputError(found)


def _memberships(whose: Whose) -> list[tuple[Party, Agreement]]:
    """List as what a party takes part here: in the version in force first, then in the others."""
    versions = {
        version.id: version
        for version in queries.versions_of([whose.municipality])
        if version.track == whose.track and version.state not in OVER
    }
    found = [
        (party, versions[version_id])
        for version_id, parties in agreements.parties_of(list(versions)).items()
        for party in parties
        if (party.organisation_id, party.partner) == (whose.organisation_id, whose.partner)
        and party.left_on is None
    ]
    return sorted(found, key=lambda pair: pair[1].state != AgreementState.ACTIVE)


def left(viewer: Viewer, departure_id: bytes) -> Left:
    """Read that a party left, for who may know of it; any other is not found, real or not."""
    departure = queries.departure(departure_id)
    if departure is None:
        raise NotFoundError
    town = departure.municipality
    own = _own_place(viewer, town, departure, OWN_READERS)
    if own is None and place_for(viewer, town, LOOKERS) is None:
        raise NotFoundError
    signs = _own_place(viewer, town, departure, {Role.SIGNATORY})
    version = agreements.agreements_by_id([departure.agreement_id])[departure.agreement_id]
    return Left(departure, version, own is not None, signs)


def known_departures(viewer: Viewer) -> Sequence[Departure]:
    """List the parties that left as far as this person may know: own ones, and of own towns."""
    towns = {place.municipality for place in municipal_places(viewer)}
    own = {
        (place.organisation_id, place.partner, place.municipality)
        for place in viewer.places
        if place.role in OWN_READERS
    }
    return [
        one
        for one in queries.departures_of(towns, {organisation_id for organisation_id, *_ in own})
        if one.municipality in towns or (one.organisation_id, one.partner, one.municipality) in own
    ]
