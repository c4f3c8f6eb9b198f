"""A small town for the tests of auth: its organisations, its people and their browsers."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from html import unescape
from itertools import count

import pyotp
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from auth import passwords, service
from auth.models import LoginSession, Membership, Person
from auth.rules import Domain, PersonStatus, Role, Seat
from auth.service import INSTALLATION, Appointment, Authority
from config import clock
from config.database import db, settings, transaction

PASSWORD = "vier losse woorden hier"
OTHER_PASSWORD = "paarse olifant fietst graag"
TOWN = "GM0001"
NEXT_TOWN = "GM0002"
ADDRESS = "192.0.2.7"
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


@dataclass(frozen=True)
class Known:
    """Somebody the tests know by id and sign-in name."""

    id: bytes
    sign_in_name: str


class Browser:
    """A browser without a window that fills in the token of forms as a page would."""

    def __init__(self, app: Flask) -> None:
        self.client: FlaskClient = app.test_client()
        self.headers = {"Sec-Fetch-Site": "same-origin", "Accept-Language": "en"}

    def get(self, path: str, **headers: str) -> TestResponse:
        return self.client.get(path, headers={**self.headers, **headers})

    def token(self) -> str:
        """Take the token of a form from any page."""
        for path in ("/account", "/sign-in"):
            found = TOKEN.search(self.client.get(path, headers=self.headers).text)
            if found:
                return unescape(found.group(1))
        raise AssertionError

    def post(
        self,
        path: str,
        data: Mapping[str, str] | None = None,
        *,
        token: str | None = None,
        **headers: str,
    ) -> TestResponse:
        sent = {**(data or {}), "csrf_token": self.token() if token is None else token}
        return self.client.post(path, data=sent, headers={**self.headers, **headers})

    def sign_in(self, name: str, password: str = PASSWORD, going: str = "/desk") -> TestResponse:
        return self.post("/sign-in", {"sign_in_name": name, "password": password, "next": going})

    @property
    def cookie(self) -> str | None:
        """Give the token of the login session."""
        found = self.client.get_cookie("pga_session")
        return found.value if found else None

    def carry(self, token: str) -> None:
        """Present another token, as a thief would."""
        self.client.set_cookie("pga_session", token)


class World:
    """What the tests put into the stores, through the real services."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self._numbers = count(1)
        with app.app_context():
            self.town = service.create_organisation(
                name="Gemeente Duinstede",
                partners=("GPR", "GCR", "BUR"),
                domain=Domain.ADMINISTRATION,
            )
            self.police = service.create_organisation(
                name="Politie Duinstede", partners=("POL",), domain=Domain.SECURITY
            )
            self.house = service.create_organisation(
                name="Veiligheidshuis Duinstede", partners=("ZVH",), domain=Domain.CARE
            )

    def browser(self) -> Browser:
        return Browser(self.app)

    def seat(self, role: Role, organisation: bytes | None = None, municipality: str = TOWN) -> Seat:
        home = self.house if role is Role.REGIONAL_ADVISER else self.town
        at = organisation or home
        partner = {self.town: "GPR", self.police: "POL", self.house: "ZVH"}[at]
        return Seat(at, municipality, partner, role)

    def pending(self, *seats: Seat) -> tuple[Known, str]:
        """Create an account that still has its temporary password; give it and the password."""
        number = next(self._numbers)
        name = f"persoon{number}@duinstede.example"
        first, *others = (Appointment(seat, clock.today()) for seat in seats)
        with self.app.app_context():
            created = service.create_person(
                INSTALLATION,
                name=f"Persoon {number}",
                sign_in_name=name,
                appointment=first,
                language="en",
            )
            for other in others:
                service.add_membership(INSTALLATION, created.person_id, other)
        return Known(created.person_id, name), created.temporary_password

    def person(self, *seats: Seat) -> Known:
        """Create an account with a password of its own."""
        known, _ = self.pending(*(seats or (self.seat(Role.PROFESSIONAL),)))
        with self.app.app_context(), transaction():
            person = db.session.get_one(Person, known.id)
            person.password_hash = passwords.hash_password(PASSWORD, known.id, settings().argon2)
            person.password_until = None
            person.status = PersonStatus.ACTIVE
        return known

    def signed_in(self, known: Known) -> Browser:
        """Open a browser in which somebody signed in with a password."""
        browser = self.browser()
        assert browser.sign_in(known.sign_in_name).status_code == 303
        return browser

    def authority(self, known: Known) -> Authority:
        """Give the authority somebody has with the memberships that hold today."""
        return Authority(known.id, tuple(self.memberships(known)), "5" * 32, "password")

    def memberships(self, known: Known) -> list[Membership]:
        wanted = select(Membership).where(
            Membership.person_id == known.id, Membership.ended_at.is_(None)
        )
        return list(db.session.scalars(wanted))

    def read(self, known: Known) -> Person:
        """Read an account as the database has it now."""
        return db.session.get_one(Person, known.id, populate_existing=True)

    def sessions(self, known: Known) -> list[LoginSession]:
        wanted = select(LoginSession).where(LoginSession.person_id == known.id)
        return list(db.session.scalars(wanted.order_by(LoginSession.created_at)))

    def enrol(self, known: Known) -> str:
        """Set up a second factor for somebody; give the secret of their app.

        The code of this moment is used up by it, as it is in life.
        """
        with self.app.app_context():
            opened = service.sign_in(known.sign_in_name, PASSWORD, access_point=ADDRESS)
            login = db.session.get_one(LoginSession, opened.login.id)
            secret = service.propose_second_factor(login)
            service.enrol(login, code_of(secret), access_point=ADDRESS)
        return secret


def code_of(secret: str) -> str:
    """Read the code an app shows at this moment of the house's clock."""
    return pyotp.TOTP(secret).at(clock.now())


def day(text: str) -> date:
    """Read a calendar day."""
    return date.fromisoformat(text)
