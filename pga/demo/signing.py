"""How the agreements of the region came into force: every step by who takes it, over two months.

Each is taken in from its file, goes to the legal check, gets its impact assessment, is opened for
signing and signed by every party: by who has an account with that right, else on paper, which the
process lead records with the scan. Another person than who opened the signing brings it into force.
No clause is confirmed: no lawyer has read these made-up agreements.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import product
from typing import Final

from auth import queries as accounts
from config import clock
from config.clock import FrozenClock
from pga.agreements import queries as agreements
from pga.agreements.library import local_file
from pga.agreements.models import Agreement, Party
from pga.agreements.rules import Capacity, Step, is_same_body
from pga.agreements.service import life, parties, signing, take_in
from pga.agreements.service.desk import Colleague, Desk, sit_down
from pga.agreements.service.papers import read_scan
from pga.agreements.service.recording import NOTHING, Given
from pga.agreements.service.signing import OnPaper, Statement
from pga.demo.cast import INSTALLATION, Cast
from pga.demo.sheet import sheet
from pga.demo.source import Organisation, Town
from pga.policy.codes import Partner, Track
from pga.policy.document import parse

MADE, ASSESSED, OPENED, ON_PAPER, IN_FORCE = (timedelta(weeks=one) for one in (9, 7, 6, 3, 1))
"""How long before the first case each step was taken."""
EVALUATED_BEFORE: Final = timedelta(days=60)
COLLEGE: Final = frozenset({Partner.GPR, Partner.GCR})
ADVICE: Final = "De functionaris gegevensbescherming adviseert door te gaan (fictief)."
OUTCOMES: Final = {Track.YOUTH: "accepted", Track.MONEY_MULE: "low"}


@dataclass(frozen=True, slots=True)
class Version:
    """An agreement on its way, and the town whose people bring it there."""

    agreement_id: bytes
    town: str
    track: Track


def bring_into_force(cast: Cast, first: datetime, frozen: FrozenClock) -> None:
    """Bring every agreement of the region into force, a week before the first case.

    The clock stands where the accounts were made, and is moved on from step to step.
    """
    towns = cast.region.towns
    leads = [town.lead for town in towns.values()]
    cast.sign_in(leads)
    versions = [
        _take_in(cast, town, track, clock.local_day(first - IN_FORCE))
        for town, track in product(towns, cast.region.tracks)
    ]
    frozen.move_to(first - MADE + timedelta(hours=2))
    for one in versions:
        life.take(_lead(cast, one), Step.TO_LEGAL_CHECK)
    frozen.move_to(first - ASSESSED)
    cast.sign_in(leads)
    for one in versions:
        life.take(_lead(cast, one), Step.RECORD_DPIA, _assessment(towns[one.town], one.track))
    frozen.move_to(first - OPENED)
    cast.sign_in([*leads, *_signers(cast)])
    for one in versions:
        _name_parties(cast, one)
        life.take(_lead(cast, one), Step.OPEN_SIGNING)
        _sign_here(cast, one)
    frozen.move_to(first - ON_PAPER)
    cast.sign_in(leads)
    for one in versions:
        _record_paper(cast, one)
    frozen.move_to(first - IN_FORCE)
    cast.sign_in([town.second for town in towns.values()])
    for one in versions:
        life.take(_desk(cast, towns[one.town].second, one), Step.ACTIVATE, NOTHING)


def _take_in(cast: Cast, town: str, track: Track, starts_on: date) -> Version:
    """Take in the file of a town, with the term that fits today."""
    place = cast.region.towns[town]
    ends_on = cast.day(place.ends_in[track])
    text = local_file(place.code, track).read_text("utf-8")
    for name, day in (
        ("valid_from", starts_on),
        ("valid_until", ends_on),
        ("evaluation", ends_on - EVALUATED_BEFORE),
    ):
        text = re.sub(rf"^(  {name}:).*$", rf"\1 '{day}'", text, count=1, flags=re.MULTILINE)
    cast.documents[place.code, track] = parse(text)
    return Version(take_in(text, INSTALLATION).id, town, track)


def _assessment(town: Town, track: Track) -> Given:
    """Give what is recorded of the impact assessment (AVG 35)."""
    name = "jeugd" if track is Track.YOUTH else "geldezels"
    return Given(
        reference=f"DPIA {name} {town.city} (fictief)",
        decided_on=clock.today(),
        outcome=OUTCOMES[track],
        remark=ADVICE,
    )


def _name_parties(cast: Cast, version: Version) -> None:
    """Name the organisation that signs for each party of the text."""
    document = cast.documents[cast.region.towns[version.town].code, version.track]
    partners = {party.partner for party in document.parties}
    for key, partner in _signatories(cast, version.town, partners):
        parties.name_party(_lead(cast, version), partner, cast.organisations[key])


def _signatories(cast: Cast, town: str, partners: set[Partner]) -> Sequence[tuple[str, Partner]]:
    """List which organisations sign in a town, and as which kind of partner."""
    return [
        (key, Partner(partner))
        for key, organisation in cast.region.organisations.items()
        if town in organisation.signs
        for partner in organisation.partners
        if Partner(partner) in partners
    ]


def _sign_here(cast: Cast, version: Version) -> None:
    """Let everybody sign who has an account with that right."""
    for party in _parties(version):
        signer = _signer(cast, version.town, party)
        if signer is not None:
            desk = _desk(cast, signer, version)
            said = _statement(desk.agreement, party, _organisation(cast, party))
            signing.sign(desk, party.id, said, _by_password)


def _record_paper(cast: Cast, version: Version) -> None:
    """Let the process lead record who signed on paper, with the scan."""
    for party in _parties(version):
        if party.signed_on is None:
            organisation, desk = _organisation(cast, party), _lead(cast, version)
            signed_on = clock.today() - timedelta(days=4)
            scan = read_scan(
                sheet(
                    "Handtekeningblad (fictief)",
                    desk.agreement.name,
                    f"Namens {organisation.name}",
                    f"{organisation.signed_by}, {organisation.signed_as}",
                    f"{signed_on:%d-%m-%Y}",
                )
            )
            signing.record_paper(
                desk,
                party.id,
                _statement(desk.agreement, party, organisation),
                OnPaper(organisation.signed_by, signed_on, scan),
                _by_password,
            )


def _statement(agreement: Agreement, party: Party, organisation: Organisation) -> Statement:
    """Give what somebody states who signs as the body itself, having read the text."""
    capacity = Capacity.MAYOR if Partner(party.partner) in COLLEGE else Capacity.BODY
    return Statement(signing.hash_of_text(agreement), capacity, organisation.signed_as)


def _by_password() -> str:
    """Tell what somebody proved who signs: the password, for the demo asks no second factor."""
    return "password"


def _parties(version: Version) -> Sequence[Party]:
    """Read the parties of a version."""
    return agreements.parties_of([version.agreement_id])[version.agreement_id]


def _organisation(cast: Cast, party: Party) -> Organisation:
    """Give the organisation of a party, as its file describes it."""
    key = next(key for key, one in cast.organisations.items() if one == party.organisation_id)
    return cast.region.organisations[key]


def _signers(cast: Cast) -> Iterable[str]:
    """List who has an account to sign with."""
    return [
        key
        for key, person in cast.region.people.items()
        if any(role == "signatory" for *_, role in person.places)
    ]


def _signer(cast: Cast, town: str, party: Party) -> str | None:
    """Find who signs for a party with an account; None when it signs on paper."""
    return next(
        (
            key
            for key, organisation, partner in _seats(cast, town)
            if cast.organisations[organisation] == party.organisation_id
            and is_same_body(partner, party.partner)
        ),
        None,
    )


def _seats(cast: Cast, town: str) -> Iterator[tuple[str, str, str]]:
    """Give who signs in a town, for which organisation and as which partner."""
    for key in _signers(cast):
        for organisation, towns, partner, role in cast.region.people[key].places:
            if role == "signatory" and town in towns:
                yield key, organisation, partner


def _lead(cast: Cast, version: Version) -> Desk:
    """Let the process lead of a town sit down at its agreement."""
    return _desk(cast, cast.region.towns[version.town].lead, version)


def _desk(cast: Cast, person: str, version: Version) -> Desk:
    """Let somebody who signed in today sit down at an agreement."""
    viewer = cast.viewer(person)
    held = accounts.live_memberships(viewer.person_id, clock.today())
    here = Colleague(viewer.person_id, viewer.session, viewer.auth_level, tuple(held))
    return sit_down(here, version.agreement_id)
