"""Tables of auth, all in the app store: organisations, people, roles and login sessions."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import Enum, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from auth.rules import AuthLevel, Domain, PersonStatus, Role, Seat
from config.database import IdColumn, Model, UtcDateTime
from config.ids import new_id, to_hex

__all__ = [
    "AuthLevel",
    "Domain",
    "FailedAttempts",
    "HeldPost",
    "LoginSession",
    "Membership",
    "Organisation",
    "Person",
    "PersonStatus",
    "Role",
]

FINGERPRINT_BYTES = 32
SEALED_BYTES = 100


def _words(kind: type[StrEnum]) -> Enum:
    """Give a text column that holds the values of an enumeration, the same on both databases."""
    return Enum(
        kind,
        native_enum=False,
        length=20,
        values_callable=lambda members: [member.value for member in members],
    )


class Organisation(Model):
    """An organisation whose people take part (organisatie).

    `partner_codes` are the codes it may act as, sorted and separated by a space: a municipality
    acts as GPR, GCR and BUR.
    """

    __tablename__ = "organisation"

    id: Mapped[bytes] = mapped_column(IdColumn, primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(String(120), unique=True)
    partner_codes: Mapped[str] = mapped_column(String(120))
    domain: Mapped[Domain] = mapped_column(_words(Domain))
    is_fictional: Mapped[bool] = mapped_column(default=False)

    @property
    def partners(self) -> tuple[str, ...]:
        """Give the partner codes it may act as."""
        return tuple(self.partner_codes.split())


class Person(Model):
    """Somebody with an account (persoon, medewerker); never a young person.

    `totp_sealed` is a seed wrapped by the KEK and bound to this row. `password_until` ends a
    temporary password; without one the password is the person's own.
    """

    __tablename__ = "person"

    id: Mapped[bytes] = mapped_column(IdColumn, primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(String(120))
    sign_in_name: Mapped[str] = mapped_column(String(254), unique=True)
    password_hash: Mapped[str] = mapped_column(String(200))
    password_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    totp_sealed: Mapped[bytes | None] = mapped_column(LargeBinary(SEALED_BYTES))
    totp_last_step: Mapped[int | None]
    language: Mapped[str] = mapped_column(String(2), default="nl")
    status: Mapped[PersonStatus] = mapped_column(_words(PersonStatus))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    @property
    def is_enrolled(self) -> bool:
        """Tell whether a second factor is set up."""
        return self.totp_sealed is not None

    @property
    def is_authenticated(self) -> bool:
        """Tell Flask-Login that this is somebody."""
        return True

    @property
    def is_active(self) -> bool:
        """Tell Flask-Login whether the account may be used."""
        return self.status is not PersonStatus.BLOCKED

    @property
    def is_anonymous(self) -> bool:
        """Tell Flask-Login that this is not nobody."""
        return False

    def get_id(self) -> str:
        """Give Flask-Login the id in hex; it is kept nowhere, our own session table decides."""
        return to_hex(self.id)


class Membership(Model):
    """A role of a person in one organisation and municipality (lidmaatschap, rol), R-04.

    `until_on` includes its day; `ended_at` ends it at once, for good.
    """

    __tablename__ = "membership"
    __table_args__ = (
        Index("ix_membership_person", "person_id"),
        Index("ix_membership_organisation", "organisation_id"),
        Index("ix_membership_municipality", "municipality"),
    )

    id: Mapped[bytes] = mapped_column(IdColumn, primary_key=True, default=new_id)
    person_id: Mapped[bytes] = mapped_column(IdColumn, ForeignKey("person.id"))
    organisation_id: Mapped[bytes] = mapped_column(IdColumn, ForeignKey("organisation.id"))
    municipality: Mapped[str] = mapped_column(String(6))
    partner: Mapped[str] = mapped_column(String(4))
    role: Mapped[Role] = mapped_column(_words(Role))
    from_on: Mapped[date]
    until_on: Mapped[date | None]
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    organisation: Mapped[Organisation] = relationship(lazy="raise", viewonly=True)
    person: Mapped[Person] = relationship(lazy="raise", viewonly=True)

    @property
    def seat(self) -> Seat:
        """Give the place this membership lets somebody work from."""
        return Seat(self.organisation_id, self.municipality, self.partner, self.role)


class LoginSession(Model):
    """A signed-in browser of one person (aanmeldsessie); the token itself is only in its cookie.

    A row never gets another token or level: each further step of sign-in ends it and opens a new
    one (ASVS 7.2.4). `seal` authenticates what never changes; one without it is of before the seal,
    and counts no more. `proposed_seed` waits, sealed, for the code that confirms an enrolment.
    """

    __tablename__ = "login_session"
    __table_args__ = (Index("ix_login_session_person", "person_id"),)

    id: Mapped[bytes] = mapped_column(IdColumn, primary_key=True, default=new_id)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(FINGERPRINT_BYTES), unique=True)
    seal: Mapped[bytes | None] = mapped_column(LargeBinary(FINGERPRINT_BYTES))
    person_id: Mapped[bytes] = mapped_column(IdColumn, ForeignKey("person.id"))
    auth_level: Mapped[AuthLevel] = mapped_column(_words(AuthLevel))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    absolute_end_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    proposed_seed: Mapped[bytes | None] = mapped_column(LargeBinary(SEALED_BYTES))

    person: Mapped[Person] = relationship(lazy="raise", viewonly=True)


class FailedAttempts(Model):
    """Failed sign-ins in a row (mislukte pogingen) of a name, an address or a second factor.

    `counted` is a keyed hash of what is counted, so a typing error in the name field, which may
    be a password, is kept nowhere.
    """

    __tablename__ = "failed_attempts"

    counted: Mapped[bytes] = mapped_column(LargeBinary(FINGERPRINT_BYTES), primary_key=True)
    failures: Mapped[int]
    last_at: Mapped[datetime] = mapped_column(UtcDateTime)
    wait_until: Mapped[datetime] = mapped_column(UtcDateTime)
    is_wait_logged: Mapped[bool] = mapped_column(default=False)


class HeldPost(Model):
    """What somebody had typed when their session ended (bewaarde tekst), sealed, for one hour.

    The key is random, wrapped by the KEK and bound to this row and person.
    """

    __tablename__ = "held_post"
    __table_args__ = (Index("ix_held_post_person", "person_id"),)

    id: Mapped[bytes] = mapped_column(IdColumn, primary_key=True, default=new_id)
    person_id: Mapped[bytes] = mapped_column(IdColumn, ForeignKey("person.id"))
    wrapped_key: Mapped[bytes] = mapped_column(LargeBinary(SEALED_BYTES))
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
