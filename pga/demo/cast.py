"""The cast: organisations, people and signed agreements, set up through their own services."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import product

from audit import gate
from audit.entries import Actor
from auth import queries as accounts
from auth import service as auth
from auth.models import AuthLevel, Domain, Role
from auth.rules import Seat, only_one
from auth.service import entries
from auth.service.sessions import prepare
from config import clock
from pga.agreements import queries as agreements
from pga.agreements import service as agreement_service
from pga.agreements.library import local_file
from pga.demo.accounts import ACCOUNTS, PASSWORD, sign_in_name
from pga.demo.source import Region
from pga.policy.codes import Partner, Track
from pga.policy.terms import AgreementDocument
from pga.sharing.service.seats import Place, Viewer

HOST = "demo"
EVALUATED_BEFORE = timedelta(days=60)
INSTALLATION: Actor = auth.INSTALLATION.actor(())


@dataclass(slots=True)
class Cast:
    """Who and what exists, by the keys of the data files."""

    region: Region
    today: date
    organisations: dict[str, bytes] = field(default_factory=dict)
    people: dict[str, bytes] = field(default_factory=dict)
    documents: dict[tuple[str, Track], AgreementDocument] = field(default_factory=dict)
    _places: dict[str, tuple[Place, ...]] = field(default_factory=dict)
    _viewers: dict[str, Viewer] = field(default_factory=dict)

    def day(self, days: int) -> date:
        """Give the day that lies so many days from today, back when negative."""
        return self.today + timedelta(days=days)

    def sign_in(self, people: Iterable[str]) -> None:
        """Let people sign in for a day: a login session each, their entries in one commit.

        The rows of these sessions are not kept: the sweep deletes them a day after their end.
        """
        signed = []
        for person in people:
            login = prepare(self.people[person], AuthLevel.PASSWORD).login
            places = self.places_of(person)
            self._viewers[person] = Viewer(
                self.people[person], login.id.hex(), login.auth_level, places
            )
            actor = Actor(
                person=self.people[person].hex(),
                organisation=only_one(place.organisation_id.hex() for place in places),
                partner=only_one(place.partner for place in places),
                role=only_one(place.role for place in places),
                session=login.id.hex(),
                auth_level=login.auth_level,
            )
            signed.append(entries.sign_in_entry(actor, access_point=HOST))
        gate.record_many(signed)

    def viewer(self, person: str) -> Viewer:
        """Give somebody who signed in today."""
        return self._viewers[person]

    def places_of(self, person: str) -> tuple[Place, ...]:
        """Read once where somebody works."""
        if person not in self._places:
            self._places[person] = tuple(
                Place(m.id, m.organisation_id, m.municipality, m.partner, m.role)
                for m in accounts.live_memberships(self.people[person], clock.today())
            )
        return self._places[person]

    def place(self, person: str, town: str) -> Place:
        """Give the place from which somebody works in a town."""
        code = self.region.towns[town].code
        return next(p for p in self.places_of(person) if p.municipality == code)

    def organisation_of(self, person: str, town: str) -> bytes:
        """Give the organisation for which somebody works in a town."""
        return self.organisations[self.region.people[person].place_in(town)[0]]


def assemble(region: Region, today: date) -> Cast:
    """Enter the organisations and people of a region and sign its agreements; all is fictional."""
    cast = Cast(region, today)
    for key, organisation in region.organisations.items():
        cast.organisations[key] = auth.create_organisation(
            name=organisation.name,
            partners=organisation.partners,
            domain=Domain(organisation.domain),
            is_fictional=True,
        )
    for key in region.people:
        cast.people[key] = _hire(cast, key)
    agreement_service.publish_library(INSTALLATION)
    for town, track in product(region.towns, region.tracks):
        _sign(cast, town, track)
    return cast


def _hire(cast: Cast, key: str) -> bytes:
    """Open the account of a professional with every place; whoever shows the demo signs in."""
    first, *others = _seats(cast, key)
    created = auth.create_person(
        auth.INSTALLATION,
        name=cast.region.people[key].name,
        sign_in_name=sign_in_name(key),
        appointment=auth.Appointment(first, clock.today()),
    )
    for seat in others:
        auth.add_membership(
            auth.INSTALLATION, created.person_id, auth.Appointment(seat, clock.today())
        )
    if key in ACCOUNTS:
        opened = auth.sign_in(sign_in_name(key), created.temporary_password, access_point=HOST)
        auth.choose_password(opened.login, PASSWORD)
    return created.person_id


def _seats(cast: Cast, key: str) -> Iterator[Seat]:
    """Give the seats of a professional."""
    for organisation, towns, partner, role in cast.region.people[key].places:
        for town in towns:
            code = cast.region.towns[town].code
            yield Seat(cast.organisations[organisation], code, partner, Role(role))


def _sign(cast: Cast, town: str, track: Track) -> None:
    """Adopt the local agreement of a town, let every party sign, and bring it into force."""
    code = cast.region.towns[town].code
    ends_on = cast.day(cast.region.towns[town].ends_in[track])
    text = local_file(code, track).read_text("utf-8")
    for name, day in (
        ("valid_from", clock.today()),
        ("valid_until", ends_on),
        ("evaluation", ends_on - EVALUATED_BEFORE),
    ):
        text = re.sub(rf"^(  {name}:).*$", rf"\1 '{day}'", text, count=1, flags=re.MULTILINE)
    document = cast.documents[code, track] = agreements.compiled(text).document
    signatories = _signatories(cast, town, {party.partner for party in document.parties})
    parties = [
        agreement_service.PartyToSign(cast.organisations[key], partner)
        for key, partner in signatories
    ]
    agreement = agreement_service.adopt(text, parties, INSTALLATION)
    names = {cast.organisations[key]: key for key in cast.organisations}
    for party in agreements.parties_of([agreement.id])[agreement.id]:
        signatory = cast.region.organisations[names[party.organisation_id]]
        agreement_service.sign(
            party, agreement, signatory.signed_by, signatory.signed_as, INSTALLATION
        )
    agreement_service.activate(agreement, INSTALLATION)


def _signatories(cast: Cast, town: str, partners: set[Partner]) -> Sequence[tuple[str, Partner]]:
    """List which organisations sign in a town, and as which kind of partner."""
    return [
        (key, Partner(partner))
        for key, organisation in cast.region.organisations.items()
        if town in organisation.signs
        for partner in organisation.partners
        if Partner(partner) in partners
    ]
