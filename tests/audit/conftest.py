"""What the tests of the log share: a gate on each database, and entries as rooms write them."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from audit.entries import Action, Actor, Entry, Explanation, Kind, Line, WriteState
from audit.gate import Gate
from config.clock import FrozenClock
from config.database import Stores
from config.keys import KekProvider, LocalKek
from tests.conftest import LayStores

OFFICER_OF_CASES = Actor("a1" * 16, "b1" * 16, "GPR", "case_manager", "c1" * 16, "password+totp")
POLICE = Actor("a2" * 16, "b2" * 16, "POL", "professional", "c2" * 16, "password+totp")
CASE = "d1" * 16
OTHER_CASE = "d2" * 16
YOUTH = "e1" * 16
ITEM, OTHER_ITEM = "f1" * 16, "f2" * 16
ALLOWED = Line("POL", "D15", "allowed", "GPR.POL.D15", "allowed", (ITEM,), "art. 8")
DENIED = Line("GGZ", "D07", "denied", "GPR.GGZ.D07", "condition_unmet", (OTHER_ITEM,), "art. 9")


def read_of(
    *lines: Line, actor: Actor = OFFICER_OF_CASES, case_id: str = CASE, subject: str = YOUTH
) -> Entry:
    """A case page that was opened."""
    return Entry(
        Action.CONSULT,
        actor,
        case_id,
        kind=Kind.OPENED,
        case_id=case_id,
        subjects=(subject,),
        lines=lines or (ALLOWED,),
        purpose="HELP",
        agreement_version="3",
        policy_hash="9" * 64,
        case_epoch=4,
        agreement_epoch=2,
        explained_by=Explanation("task", "77" * 16),
    )


def write_of(old: int, new: int, manifest: str = "ab", case_id: str = CASE) -> Entry:
    """The intent of a write."""
    return Entry(
        Action.UPDATE,
        OFFICER_OF_CASES,
        case_id,
        case_id=case_id,
        subjects=(YOUTH,),
        lines=(ALLOWED,),
        write=WriteState(old, new, manifest),
    )


def applied(intent: Entry) -> Entry:
    """The second entry of a write, once its rows are committed."""
    return Entry(
        Action.APPLIED,
        intent.actor,
        intent.object,
        case_id=intent.case_id,
        names=intent.event_id,
        write=intent.write,
    )


@pytest.fixture(scope="session")
def kek() -> KekProvider:
    return LocalKek([bytes(range(32))], "tests")


@pytest.fixture
def sqlite_stores(lay_stores: LayStores) -> Iterator[Stores]:
    """Stores on files: what PostgreSQL does with a failing disk is its own affair."""
    with lay_stores("sqlite").opened() as opened:
        yield opened


@pytest.fixture
def open_gate(stores: Stores, kek: KekProvider) -> Iterator[Callable[[], Gate]]:
    """Open gates on one log, as several processes would; closed after the test."""
    with ExitStack() as stack:

        def make() -> Gate:
            made = Gate(stores.audit, kek)
            stack.callback(made.close)
            return made

        yield make


@pytest.fixture
def gate(open_gate: Callable[[], Gate], clock: FrozenClock) -> Gate:
    """One gate, on a clock that stands still."""
    _ = clock
    return open_gate()
