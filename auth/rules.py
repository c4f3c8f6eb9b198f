"""Pure rules of people and roles: who may give, end or block what, and how sign-in behaves."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from ipaddress import ip_address, ip_network
from urllib.parse import urlsplit

LONGEST_ADDRESS = 2000
IPV4 = 4


class Role(StrEnum):
    """What a person is in one organisation and municipality (rol)."""

    PROFESSIONAL = "professional"
    CASE_MANAGER = "case_manager"
    PROCESS_LEAD = "process_lead"
    PRIVACY_OFFICER = "privacy_officer"
    DPO = "dpo"
    ORG_ADMIN = "org_admin"
    LAWYER = "lawyer"
    SIGNATORY = "signatory"
    REGIONAL_ADVISER = "regional_adviser"


class PersonStatus(StrEnum):
    """The state of an account (accountstatus); pending: the temporary password still stands."""

    ACTIVE = "active"
    BLOCKED = "blocked"
    PENDING = "pending"


class Domain(StrEnum):
    """The field an organisation works in (domein): care, security, administration or social."""

    CARE = "care"
    SECURITY = "security"
    ADMINISTRATION = "administration"
    SOCIAL = "social"


class AuthLevel(StrEnum):
    """How strongly a person proved who they are (authenticatieniveau)."""

    PASSWORD = "password"  # noqa: S105 - the name of a level, no password
    TOTP = "totp"


class SignInStep(StrEnum):
    """What a person who gave a right password must still do (aanmeldstap)."""

    CODE = "code"
    NEW_PASSWORD = "new_password"  # noqa: S105 - the name of a step, no password
    ENROLMENT = "enrolment"


@dataclass(frozen=True, slots=True)
class Seat:
    """A place to work from (plek): one role for one partner, organisation and municipality."""

    organisation_id: bytes
    municipality: str
    partner: str
    role: Role


# Nobody hands out more than they hold: an administrator stays inside one organisation in one
# municipality, a process lead inside one municipality. Oversight is appointed by the organisation
# it works for, never by the process lead it watches (AVG 38(3)). The same holds for the lawyer who
# tests what a process lead drafts, for who signs on behalf of an organisation (Awb 10:3) and for
# the adviser who keeps the models of the whole region.
NOT_FROM_A_LEAD = frozenset(
    {
        *(Role.PRIVACY_OFFICER, Role.DPO),
        *(Role.LAWYER, Role.SIGNATORY, Role.REGIONAL_ADVISER),
    }
)
MAY_GIVE = {
    Role.ORG_ADMIN: frozenset(Role) - {Role.PROCESS_LEAD},
    Role.PROCESS_LEAD: frozenset(Role) - NOT_FROM_A_LEAD,
}
ADMINISTRATORS = frozenset(MAY_GIVE)
# A role that one kind of partner alone can hold: the municipality leads the process, and the house
# for care and safety keeps the models of its region.
PARTNER_OF_ROLE = {Role.PROCESS_LEAD: "GPR", Role.REGIONAL_ADVISER: "ZVH"}


def reaches(holder: Seat, seat: Seat) -> bool:
    """Tell whether a seat lies where an administrator's own seat works."""
    if holder.role not in ADMINISTRATORS or holder.municipality != seat.municipality:
        return False
    return holder.role is Role.PROCESS_LEAD or holder.organisation_id == seat.organisation_id


def can_give(holder: Seat, seat: Seat) -> bool:
    """Tell whether an administrator may give this seat to somebody else."""
    return reaches(holder, seat) and seat.role in MAY_GIVE[holder.role]


def can_end(holder: Seat, seat: Seat) -> bool:
    """Tell whether an administrator may end this seat: an employer any of its own people's.

    A process lead ends what a process lead gives, so never the seat of those who watch it.
    """
    return reaches(holder, seat) and (
        holder.role is Role.ORG_ADMIN or seat.role in MAY_GIVE[holder.role]
    )


def can_block(holders: Collection[Seat], seats: Collection[Seat]) -> bool:
    """Tell whether administrators' seats cover every seat of a person, so that none is hit blindly.

    `seats` are the live ones, or all earlier ones when none is live; a person without any seat is
    covered by nobody.
    """
    return bool(seats) and all(any(can_end(holder, seat) for holder in holders) for seat in seats)


def can_reset(holders: Collection[Seat], seats: Collection[Seat]) -> bool:
    """Tell whether they may hand out a new temporary password: only for what they could give.

    Whoever resets an account could use it, so this reaches no further than giving does.
    """
    return bool(seats) and all(any(can_give(holder, seat) for holder in holders) for seat in seats)


def partner_fits_role(partner: str, role: Role) -> bool:
    """Tell whether a partner code can hold a role: some belong to one kind of partner alone."""
    return partner == PARTNER_OF_ROLE.get(role, partner)


def is_live(from_on: date, until_on: date | None, *, is_ended: bool, on: date) -> bool:
    """Tell whether a membership holds on a day; its last day is included."""
    return not is_ended and from_on <= on and (until_on is None or on <= until_on)


def step_after_password(
    status: PersonStatus, level: AuthLevel, *, is_enrolled: bool, needs_second_factor: bool
) -> SignInStep | None:
    """Tell what still stands between a right password and the first page, or nothing."""
    if is_enrolled and level is not AuthLevel.TOTP:
        return SignInStep.CODE
    if status is PersonStatus.PENDING:
        return SignInStep.NEW_PASSWORD
    if needs_second_factor and not is_enrolled:
        return SignInStep.ENROLMENT
    return None


class Counted(StrEnum):
    """What failed attempts are counted by (teller): a name, an address or a second factor."""

    NAME = "name"
    ADDRESS = "address"
    CODE = "code"


@dataclass(frozen=True, slots=True)
class Patience:
    """How many failures are free, and after how long without any they are forgotten."""

    free: int
    forgotten_after: timedelta


PATIENCE = {
    Counted.NAME: Patience(5, timedelta(hours=24)),
    Counted.ADDRESS: Patience(50, timedelta(hours=1)),
    Counted.CODE: Patience(5, timedelta(hours=24)),
}
FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(minutes=15)


def wait_after(failures: int, patience: Patience) -> timedelta:
    """Tell how long to wait after failures in a row: none at first, then doubling to 15 minutes.

    At the longest wait fewer than 100 guesses a day are possible (NIST SP 800-63B 5.2.2), and
    nobody is shut out for good by somebody else's guessing.
    """
    beyond = failures - patience.free
    if beyond < 0:
        return timedelta(0)
    return min(FIRST_WAIT * (1 << min(beyond, 10)), LONGEST_WAIT)


def network_of(access_point: str) -> str | None:
    """Give the network that attempts from an address are counted by; nothing for our own machine.

    Somebody at home has a whole /64 of IPv6. A loopback address is a proxy beside us: counting by
    it would let one guesser keep everybody out.
    """
    try:
        address = ip_address(access_point)
    except ValueError:
        return None
    if address.is_loopback:
        return None
    prefix = 32 if address.version == IPV4 else 64
    return str(ip_network((address.packed, prefix), strict=False))


def safe_next(target: str | None) -> str | None:
    """Give the address to go on to, if it is a path of this site; else nothing.

    A browser reads a backslash as a slash and drops control characters, so both are refused.
    """
    if not target or len(target) > LONGEST_ADDRESS or not target.startswith("/"):
        return None
    if target.startswith("//") or "\\" in target or not target.isprintable() or " " in target:
        return None
    parts = urlsplit(target)
    return None if parts.scheme or parts.netloc else target


def only_one(values: Iterable[str]) -> str:
    """Give the value that all share, or an empty text when they differ or there are none."""
    found = set(values)
    return found.pop() if len(found) == 1 else ""
