"""Opening sealed items: no receipt, no key.

The order is the promise. Receipts are redeemed against the committed entries, the cases must match
the log, the wrapped keys are at hand, and only then the epochs are read on a fresh connection. When
they are what the decision saw, keys are unwrapped; a withdrawal that committed before that read
closes the item. The plain rows that were decided on must be those that the last write sealed. Any
number of cases takes the same number of queries.

What is not as it was written closes itself, and nothing beside it: an item that is another than its
leaf says, or a case of which nobody can say what it holds. Each such closing is an outcome in the
log before anything is given.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import NamedTuple

from sqlalchemy import Connection

from audit import gate
from audit.entries import Entry
from audit.gate import Claim, Receipt, Redeemed
from config import clock
from config.database import fresh_connection, reading, stores
from config.errors import ApplicationError
from config.ids import to_hex
from config.keys import kek
from pga.records import queries
from pga.records.envelope import CaseRoot, DataKey, SealError, WrappedDataKey
from pga.records.errors import (
    CaseFaultError,
    ErasedError,
    ItemFaultError,
    StaleDecisionError,
)
from pga.records.keyring import Only, WrappedKeys, missing_keys, open_root, read_keys
from pga.records.leaves import item_leaf, version_leaf
from pga.records.models import SealedItem
from pga.records.queries import CaseRow, Stored, Totals
from pga.records.rules import Leaf, Place, read_content
from pga.records.service.changes import ITEM_COLUMN
from pga.records.service.settled import (
    Read,
    enter_failure,
    leaves_of,
    mismatch,
    rests_on,
    settled,
    tampered,
)
from pga.records.skeleton import Seen, holds

Content = dict[str, object]
Row = tuple[bytes, int]
Failure = CaseFaultError | ErasedError


class Opening(NamedTuple):
    """What one receipt opens: items of one case, as the decision saw their rows.

    `seen` is what the decision saw of the plain rows of the case, which must be as its last write
    left them; None for who needs none of them, for they open what is their own.
    """

    receipt: Receipt
    entry: Entry
    case_id: bytes
    items: Sequence[SealedItem]
    seen: Seen | None = None


@dataclass(frozen=True, slots=True)
class Opened:
    """What was opened, by item id, and what stayed closed.

    `faulty` are items that are not as they were written, each with its case; `failed` are the cases
    that gave nothing at all, each with the error that says why. The log has all of it.
    """

    contents: Mapping[bytes, Content] = field(default_factory=dict)
    faulty: Mapping[bytes, bytes] = field(default_factory=dict)
    failed: Mapping[bytes, Failure] = field(default_factory=dict)

    def whole(self) -> Mapping[bytes, Content]:
        """Give the contents; raises the error of whatever stayed closed, if anything did."""
        for error in self.failed.values():
            raise error
        if self.faulty:
            raise ItemFaultError(self.faulty.values())
        return self.contents


@dataclass(slots=True)
class _Found:
    """What a release gave so far, by item id and version, and what stayed closed."""

    contents: dict[Row, Content] = field(default_factory=dict)
    faulty: dict[bytes, set[Row]] = field(default_factory=dict)
    failed: dict[bytes, Failure] = field(default_factory=dict)


class _Value(NamedTuple):
    """A sealed value to open: its place among the rows, and the leaf it must have."""

    category: str
    kid: bytes
    blob: bytes
    leaf: Leaf

    @property
    def row(self) -> Row:
        return self.leaf.row_id, self.leaf.row_version


class _Stored(NamedTuple):
    """What is stored of a case: its row, its values to open, and how many rows it has."""

    case: CaseRow
    values: Sequence[_Value]
    totals: Totals


_Reader = Callable[[Connection, Collection[bytes]], Mapping[bytes, _Stored]]


def open_items(openings: Iterable[Opening]) -> Opened:
    """Open items by id.

    An opening without items opens nothing, and its receipt is not used; what its decision saw of
    the plain rows must still be as the last write left them, and without that it is left out.

    An item or case that is not as it was written stays closed and is named; so does a case whose
    keys were shredded. Raises StaleDecisionError when something moved since the decision (decide
    anew, with a new entry), NotFoundError for a case that never was, and ReceiptError for a receipt
    that does not cover what is asked; then nothing of any case is given. Every failure but the last
    is entered as an outcome that names its entry.
    """
    asked = [opening for opening in openings if opening.items or opening.seen]
    if not asked:
        return Opened()

    def read(connection: Connection, case_ids: Collection[bytes]) -> dict[bytes, _Stored]:
        waiting = [opening for opening in asked if opening.case_id in case_ids]
        items = [item.id for opening in waiting for item in opening.items]
        found = queries.read_stored(connection, case_ids, items)
        values: dict[bytes, list[_Value]] = defaultdict(list)
        for opening in waiting:
            for item in opening.items:
                blob = found.blobs.get(item.id, b"")
                leaf = item_leaf(item, blob)
                values[opening.case_id].append(_Value(item.category, item.kid, blob, leaf))
        return _by_case(found, values)

    found = _open(asked, read)
    return Opened(
        {item_id: content for (item_id, _), content in found.contents.items()},
        {item_id: case_id for case_id, rows in found.faulty.items() for item_id, _ in rows},
        found.failed,
    )


def open_earlier(opening: Opening) -> dict[Row, Content]:
    """Open the earlier versions of items of one case, by item id and version.

    The receipt names the items. Raises as open_items does, and for anything that is not as it was
    written.
    """

    def read(connection: Connection, case_ids: Collection[bytes]) -> dict[bytes, _Stored]:
        found = queries.read_stored(connection, case_ids, ())
        earlier = queries.read_earlier(connection, [item.id for item in opening.items])
        values = [_Value(row.category, row.kid, row.blob, version_leaf(row)) for row in earlier]
        return _by_case(found, {opening.case_id: values})

    found = _open([opening], read)
    for error in found.failed.values():
        raise error
    if found.faulty:
        raise ItemFaultError(found.faulty)
    return found.contents


def _by_case(found: Stored, values: Mapping[bytes, Sequence[_Value]]) -> dict[bytes, _Stored]:
    """Put together what is stored of each case."""
    nothing = Totals(0, 0)
    return {
        case_id: _Stored(case, values.get(case_id, ()), found.totals.get(case_id, nothing))
        for case_id, case in found.cases.items()
    }


def _open(openings: Sequence[Opening], read: _Reader) -> _Found:
    """Redeem the receipts and release; what stayed closed is entered before it is told."""
    redeemed = _redeemed(openings)
    try:
        found = _release(list(zip(openings, redeemed, strict=True)), read)
    except ApplicationError as error:
        enter_failure(error, [(opening.receipt.event_id, opening.entry) for opening in openings])
        raise
    for opening in openings:
        _enter(found, opening)
    return found


def _redeemed(openings: Sequence[Opening]) -> list[Redeemed]:
    """Use up the receipts of what opens something; without that the entry only says what was."""
    claims = [
        Claim(
            opening.receipt,
            opening.entry.actor,
            to_hex(opening.case_id),
            [to_hex(item.id) for item in opening.items],
        )
        for opening in openings
        if opening.items
    ]
    committed = iter(gate.gate().redeem_many(claims))
    return [
        next(committed) if opening.items else Redeemed(opening.receipt.seq, opening.entry)
        for opening in openings
    ]


def _enter(found: _Found, opening: Opening) -> None:
    """Enter that a case, or items of it, stayed closed for one entry."""
    whose = [(opening.receipt.event_id, opening.entry)]
    failure, rows = found.failed.get(opening.case_id), found.faulty.get(opening.case_id)
    if failure is not None:
        enter_failure(failure, whose)
    elif rows:
        items = sorted({to_hex(item_id) for item_id, _ in rows})
        enter_failure(ItemFaultError([opening.case_id]), whose, items)


def _release(claimed: Sequence[tuple[Opening, Redeemed]], read: _Reader) -> _Found:
    """Read everything that is needed, the epochs last, and open."""
    stored: dict[bytes, _Stored] = {}

    def read_cases(connection: Connection, asked: Collection[bytes]) -> dict[bytes, CaseRow]:
        found = read(connection, asked)
        stored.update(found)
        return {case_id: one.case for case_id, one in found.items()}

    found = _Found()
    whole = _whole([opening.case_id for opening, _ in claimed], read_cases, found)
    if not whole:
        return found
    kids = {value.kid for case_id in whole for value in stored[case_id].values}
    with reading(stores().keys) as connection:
        keys = read_keys(connection, whole, Only.KIDS, kids)
    _refuse_moved([one for one in claimed if one[0].case_id in whole])
    seen = {opening.case_id: opening.seen for opening, _ in claimed}
    for case_id in whole:
        try:
            _open_case(stored[case_id], keys.get(case_id), seen[case_id], found)
        except (CaseFaultError, ErasedError) as error:
            found.failed[case_id] = error
    return found


def _whole(case_ids: Collection[bytes], read: Read, found: _Found) -> list[bytes]:
    """Give the cases that match the log; the others are noted as failed."""
    waiting = list(case_ids)
    while waiting:
        try:
            settled(waiting, read)
        except CaseFaultError as error:
            found.failed |= {one: CaseFaultError([one], error.reason) for one in error.case_ids}
            waiting = [case_id for case_id in waiting if case_id not in error.case_ids]
        else:
            break
    return waiting


def _refuse_moved(claimed: Sequence[tuple[Opening, Redeemed]]) -> None:
    """Refuse decisions that no longer stand; raises StaleDecisionError.

    The epochs moved, the role or login session they were made for has ended, or the legal day is
    another one. Nothing may stand between this read and the first unwrapping.
    """
    case_ids = [opening.case_id for opening, _ in claimed]
    named = [rests_on(fact.entry) for _, fact in claimed]
    today = clock.today()
    with fresh_connection() as connection:
        now = queries.read_standing(connection, case_ids, set().union(*named), today)
    moved = [
        opening.case_id
        for (opening, fact), ids in zip(claimed, named, strict=True)
        if now.epochs.get(opening.case_id) != (fact.case_epoch, fact.agreement_epoch)
        or not ids.isdisjoint(now.ended)
        or clock.local_day(opening.receipt.issued_at) != today
    ]
    if moved:
        raise StaleDecisionError(moved)


def _open_case(stored: _Stored, keys: WrappedKeys | None, seen: Seen | None, found: _Found) -> None:
    """Unwrap the keys of one case, hold its rows against its leaves, and open its values.

    The manifest stands for the whole: without it, or with another number of rows, nobody can say
    what the case holds, and all of it stays closed; so does what was decided on plain rows that no
    write left so. A row in its place that is another than its leaf, or does not open, closes
    itself. Raises CaseFaultError, ErasedError, StaleDecisionError.
    """
    case, values, totals = stored
    if keys is None:
        raise missing_keys(case.id, {value.category for value in values})
    try:
        root = open_root(kek(), keys.root, case.tenant)
    except SealError as error:
        raise CaseFaultError([case.id], "seal") from error
    with root:
        leaves = leaves_of(case, root)
        if seen is not None and not holds(root, case, seen.digest):
            raise _not_as_left(case, seen)
        if totals != Totals(len(leaves), sum(version for _, version in leaves)):
            raise mismatch(case, leaves)
        odd = {value.row for value in values if leaves.get(value.row) != value.leaf}
        faulty = tampered(case, leaves, odd) if odd else set()
        data_keys = _data_keys(root, keys.data)
        whole = [value for value in values if value.row not in faulty]
        _refuse_erased(case.id, {v.category for v in whole if v.kid not in data_keys})
        faulty |= _contents(case, data_keys, whole, found)
    if faulty:
        found.faulty[case.id] = faulty


def _not_as_left(case: CaseRow, seen: Seen) -> CaseFaultError | StaleDecisionError:
    """Tell plain rows that no write left so from rows that a write changed since they were seen."""
    if seen.version != case.version:
        return StaleDecisionError([case.id])
    return CaseFaultError([case.id], "skeleton")


def _data_keys(root: CaseRoot, wrapped: Iterable[WrappedDataKey]) -> dict[bytes, DataKey]:
    """Unwrap data keys; one that was doctored is left out and closes what it sealed."""
    keys = {}
    for key in wrapped:
        with suppress(SealError):
            keys[key.kid] = root.unwrap(key)
    return keys


def _refuse_erased(case_id: bytes, categories: Collection[str]) -> None:
    """Refuse a case of which a category was shredded since the decision; raises ErasedError."""
    if categories:
        error = missing_keys(case_id, categories)
        if isinstance(error, ErasedError):
            raise error


def _contents(
    case: CaseRow, data_keys: Mapping[bytes, DataKey], values: Iterable[_Value], found: _Found
) -> set[Row]:
    """Decrypt the values of one case; gives the rows that do not open."""
    prefixes: dict[str, bytes] = {}
    closed = set()
    for value in values:
        if value.category not in prefixes:
            place = Place(case.tenant, case.id, value.category, ITEM_COLUMN)
            prefixes[value.category] = place.prefix()
        try:
            key = data_keys[value.kid]
            plain = key.open(prefixes[value.category], *value.row, value.blob)
        except (KeyError, SealError):
            closed.add(value.row)
        else:
            found.contents[value.row] = read_content(plain)
    return closed
