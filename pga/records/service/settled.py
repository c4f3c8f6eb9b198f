"""The opening rule at work: only a case that matches the log is read or written.

The case and the log are two databases, read one after the other, so a write may pass in between.
A mismatch counts as a fault only when the case did not move while the log was read.
"""

import logging
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from hmac import compare_digest

from sqlalchemy import Connection

from audit import gate, history
from audit.entries import CLOSED_ITEMS, ID_HEX, Action, Actor, Entry, WriteState
from audit.history import CaseHistory
from config.database import fresh_connection
from config.errors import ApplicationError, NotFoundError
from config.ids import from_hex, to_hex
from pga.records import queries
from pga.records.envelope import CaseRoot
from pga.records.errors import CaseFaultError, ItemFaultError, StaleDecisionError
from pga.records.leaves import all_leaves
from pga.records.queries import CaseRow
from pga.records.rules import (
    Intent,
    Leaf,
    Match,
    State,
    compare_with_log,
    manifest_message,
    split_leaves,
)

SYSTEM = Actor(person="", organisation="", partner="", role="system", session="", auth_level="")
ATTEMPTS = 5
NO_ROW = State(0, "")

_log = logging.getLogger(__name__)


Read = Callable[[Connection, Collection[bytes]], Mapping[bytes, CaseRow]]


def settled(case_ids: Collection[bytes], read: Read | None = None) -> dict[bytes, CaseRow]:
    """Read cases that match the log, and confirm writes whose `applied` was lost.

    `read` gives the rows of cases, and may keep what else it reads with them: it is asked again
    for the cases that moved meanwhile. Two queries when all is well.

    Raises CaseFaultError for cases that do not match, StaleDecisionError when they keep moving,
    NotFoundError when one exists nowhere.
    """
    found: dict[bytes, CaseRow] = {}
    seen: dict[bytes, State] = {}
    waiting = set(case_ids)
    for _ in range(ATTEMPTS):
        with fresh_connection() as connection:
            rows = (read or queries.read_cases)(connection, waiting)
        states = {
            case_id: rows[case_id].state if case_id in rows else NO_ROW for case_id in waiting
        }
        histories = history.case_states_many([to_hex(case_id) for case_id in waiting])
        faulty, unconfirmed = set(), []
        for case_id, state in states.items():
            match, intent = _compare(state, histories[to_hex(case_id)])
            if match is Match.FAULT:
                faulty.add(case_id)
                continue
            found[case_id] = rows[case_id]
            if intent is not None:
                unconfirmed.append(_applied(case_id, intent))
        if unconfirmed:
            gate.record_many(unconfirmed)
        proven = {case_id for case_id in faulty if seen.get(case_id) == states[case_id]}
        if proven:
            raise _fault_or_nothing(proven, states, histories)
        if not faulty:
            return found
        waiting, seen = faulty, states
    raise StaleDecisionError(waiting)


def _compare(state: State, known: CaseHistory) -> tuple[Match, Intent | None]:
    """Compare a case with what the log says of it."""
    write = known.applied
    applied = State(write.new_version, write.manifest) if write else None
    intents = [
        Intent(event_id, write.old_version, State(write.new_version, write.manifest))
        for event_id, write in known.intents
    ]
    return compare_with_log(state, applied, intents)


def _fault_or_nothing(
    case_ids: Collection[bytes], states: dict[bytes, State], histories: dict[str, CaseHistory]
) -> CaseFaultError | NotFoundError:
    """Tell a case that was tampered with from one that never was."""
    real = [
        case_id
        for case_id in case_ids
        if states[case_id] != NO_ROW or histories[to_hex(case_id)].applied is not None
    ]
    return CaseFaultError(real, "log") if real else NotFoundError()


def _applied(case_id: bytes, intent: Intent) -> Entry:
    """Write the confirmation of a write that reached the rows, but whose `applied` was lost."""
    return Entry(
        action=Action.APPLIED,
        actor=SYSTEM,
        object=to_hex(case_id),
        case_id=to_hex(case_id),
        names=intent.event_id,
        write=WriteState(intent.old_version, intent.result.version, intent.result.manifest),
        reason="confirmed at opening",
    )


def leaves_of(case: CaseRow, root: CaseRoot) -> dict[tuple[bytes, int], Leaf]:
    """Check the manifest over the leaves of a case and give them by row id and version.

    Raises CaseFaultError when they are not what the log has.
    """
    if not any(
        compare_digest(root.manifest(message), case.manifest)
        for message in (
            manifest_message(case.id, case.version, case.leaves),
            manifest_message(case.id, case.version, case.leaves, has_skeleton=False),
        )
    ):
        raise CaseFaultError([case.id], "manifest")
    return {(leaf.row_id, leaf.row_version): leaf for leaf in split_leaves(case.leaves)}


def rests_on(entry: Entry) -> set[bytes]:
    """Give the ids of the membership and the login session that an entry names, if any."""
    named = (str(entry.facts.get("membership", "")), entry.actor.session)
    return {from_hex(text) for text in named if len(text) == ID_HEX}


def mismatch(
    case: CaseRow, leaves: Mapping[tuple[bytes, int], Leaf]
) -> CaseFaultError | StaleDecisionError:
    """Tell tampered rows from rows that another write changed while we read."""
    with fresh_connection() as connection:
        rows = queries.read_rows(connection, [case.id])
        now = queries.read_cases(connection, [case.id])
    has_moved = case.id not in now or now[case.id].state != case.state
    found = set(all_leaves(rows))
    if has_moved or found == set(leaves.values()):
        return StaleDecisionError([case.id])
    if {(leaf.row_id, leaf.row_version) for leaf in found} == leaves.keys():
        return ItemFaultError([case.id])
    return CaseFaultError([case.id], "rows")


def has_moved(case: CaseRow) -> bool:
    """Tell whether another write changed a case since it was read."""
    with fresh_connection() as connection:
        now = queries.read_cases(connection, [case.id])
    return case.id not in now or now[case.id].state != case.state


def tampered(
    case: CaseRow, leaves: Mapping[tuple[bytes, int], Leaf], odd: Collection[tuple[bytes, int]]
) -> set[tuple[bytes, int]]:
    """Pick those of some odd rows, by id and version, that are in their place and not as written.

    Raises StaleDecisionError when another write changed the case while we read, or when what is
    stored is whole and something older was seen; CaseFaultError when a row was added, taken away or
    put in the place of another: then nobody can say what the case holds.
    """
    with fresh_connection() as connection:
        stored = queries.read_rows(connection, [case.id])
        now = queries.read_cases(connection, [case.id])
    if case.id not in now or now[case.id].state != case.state:
        raise StaleDecisionError([case.id])
    found = {(leaf.row_id, leaf.row_version): leaf for leaf in all_leaves(stored)}
    if found.keys() != leaves.keys():
        raise CaseFaultError([case.id], "rows")
    faulty = {row for row in odd if row in found and found[row] != leaves[row]}
    if faulty != set(odd):
        raise StaleDecisionError([case.id])
    return faulty


def enter_failure(
    error: ApplicationError, failed: Iterable[tuple[str, Entry]], items: Sequence[str] = ()
) -> None:
    """Append an outcome to each entry (event id, entry) whose release failed; alarm for a fault.

    An outcome never hides its entry; it says that the broker stopped before anything was shown.
    With `items` (hex ids) only these stayed closed, and the others were shown.
    """
    reason = f"{error.code}: {error.reason}" if isinstance(error, CaseFaultError) else error.code
    if isinstance(error, CaseFaultError):
        _log.critical("integrity fault: %s", error, extra={"event": "integrity-fault"})
    gate.record_many(
        [
            Entry(
                action=Action.OUTCOME,
                actor=entry.actor,
                object=entry.object,
                case_id=entry.case_id,
                subjects=entry.subjects,
                names=event_id,
                reason=reason,
                facts={CLOSED_ITEMS: " ".join(items)} if items else {},
            )
            for event_id, entry in failed
        ]
    )
