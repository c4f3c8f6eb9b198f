"""The cast: organisations, people and model agreements, set up through their own services."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from audit import gate
from audit.entries import Actor
from auth import queries as accounts
from auth import service as auth
from auth.models import AuthLevel, Domain, Role
from auth.rules import Seat, only_one
from auth.service import entries
from auth.service.sessions import prepare
from config import clock
from pga.agreements import service as agreement_service
from pga.demo.accounts import ACCOUNTS, PASSWORD, sign_in_name
from pga.demo.source import Region
from pga.policy.codes import Track
from pga.policy.terms import AgreementDocument
from pga.sharing.service.seats import Place, Viewer

HOST = "demo"
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
    """Enter the organisations and people of a region and publish the models; all is fictional."""
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
