"""Opening sealed items: no receipt, no key.

The order is the promise. Receipts are redeemed against the committed entries, the cases must match
the log, the wrapped keys are at hand, and only then the epochs are read on a fresh connection. When
they are what the decision saw, keys are unwrapped; a withdrawal that committed before that read
closes the item. Any number of cases takes the same number of queries.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
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
from pga.records.envelope import DataKey, SealError
from pga.records.errors import CaseFaultError, StaleDecisionError
from pga.records.keyring import Only, WrappedKeys, missing_keys, open_root, read_keys
from pga.records.leaves import item_leaf, version_leaf
from pga.records.models import SealedItem
from pga.records.queries import CaseRow, Stored, Totals
from pga.records.rules import Leaf, Place, read_content
from pga.records.service.changes import ITEM_COLUMN
from pga.records.service.settled import enter_failure, leaves_of, mismatch, rests_on, settled

Content = dict[str, object]
Row = tuple[bytes, int]


class Opening(NamedTuple):
    """What one receipt opens: items of one case, as the decision saw their rows."""

    receipt: Receipt
    entry: Entry
    case_id: bytes
    items: Sequence[SealedItem]


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


def open_items(openings: Iterable[Opening]) -> dict[bytes, Content]:
    """Open items by id; an opening without items is left out and its receipt not used.

    Raises StaleDecisionError when something moved since the decision (decide anew, with a new
    entry), CaseFaultError with the cases that do not match the log, ErasedError, and ReceiptError
    for a receipt that does not cover what is asked. Every failure but the last is entered as an
    outcome that names its entry; then nothing of any case is given.
    """
    asked = [opening for opening in openings if opening.items]
    if not asked:
        return {}

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

    return {item_id: content for (item_id, _), content in _open(asked, read).items()}


def open_earlier(opening: Opening) -> dict[Row, Content]:
    """Open the earlier versions of items of one case, by item id and version.

    The receipt names the items; raises as open_items does.
    """

    def read(connection: Connection, case_ids: Collection[bytes]) -> dict[bytes, _Stored]:
        found = queries.read_stored(connection, case_ids, ())
        earlier = queries.read_earlier(connection, [item.id for item in opening.items])
        values = [_Value(row.category, row.kid, row.blob, version_leaf(row)) for row in earlier]
        return _by_case(found, {opening.case_id: values})

    return _open([opening], read)


def _by_case(found: Stored, values: Mapping[bytes, Sequence[_Value]]) -> dict[bytes, _Stored]:
    """Put together what is stored of each case."""
    nothing = Totals(0, 0)
    return {
        case_id: _Stored(case, values.get(case_id, ()), found.totals.get(case_id, nothing))
        for case_id, case in found.cases.items()
    }


def _open(openings: Sequence[Opening], read: _Reader) -> dict[Row, Content]:
    """Redeem the receipts and release; a failed release is entered before it is raised."""
    redeemed = gate.gate().redeem_many(
        [
            Claim(
                opening.receipt,
                opening.entry.actor,
                to_hex(opening.case_id),
                [to_hex(item.id) for item in opening.items],
            )
            for opening in openings
        ]
    )
    try:
        return _release(openings, redeemed, read)
    except ApplicationError as error:
        enter_failure(error, [(opening.receipt.event_id, opening.entry) for opening in openings])
        raise


def _release(
    openings: Sequence[Opening], redeemed: Sequence[Redeemed], read: _Reader
) -> dict[Row, Content]:
    """Read everything that is needed, the epochs last, and open."""
    case_ids = [opening.case_id for opening in openings]
    stored: dict[bytes, _Stored] = {}

    def read_cases(connection: Connection, asked: Collection[bytes]) -> dict[bytes, CaseRow]:
        found = read(connection, asked)
        stored.update(found)
        return {case_id: one.case for case_id, one in found.items()}

    settled(case_ids, read_cases)
    kids = {value.kid for found in stored.values() for value in found.values}
    with reading(stores().keys) as connection:
        keys = read_keys(connection, case_ids, Only.KIDS, kids)
    _refuse_moved(openings, redeemed)
    opened: dict[Row, Content] = {}
    for case_id, found in stored.items():
        opened |= _open_case(found, keys.get(case_id))
    return opened


def _refuse_moved(openings: Sequence[Opening], redeemed: Sequence[Redeemed]) -> None:
    """Refuse decisions that no longer stand; raises StaleDecisionError.

    The epochs moved, the role or login session they were made for has ended, or the legal day is
    another one. Nothing may stand between this read and the first unwrapping.
    """
    case_ids = [opening.case_id for opening in openings]
    named = [rests_on(fact.entry) for fact in redeemed]
    today = clock.today()
    with fresh_connection() as connection:
        now = queries.read_standing(connection, case_ids, set().union(*named), today)
    moved = [
        opening.case_id
        for opening, fact, ids in zip(openings, redeemed, named, strict=True)
        if now.epochs.get(opening.case_id) != (fact.case_epoch, fact.agreement_epoch)
        or not ids.isdisjoint(now.ended)
        or clock.local_day(opening.receipt.issued_at) != today
    ]
    if moved:
        raise StaleDecisionError(moved)


def _open_case(stored: _Stored, keys: WrappedKeys | None) -> dict[Row, Content]:
    """Unwrap the keys of one case, check its rows against its leaves, and open its values."""
    case, values, totals = stored
    wanted = {value.kid for value in values}
    if keys is None or not wanted <= {key.kid for key in keys.data}:
        raise missing_keys(case.id, {value.category for value in values})
    try:
        with open_root(kek(), keys.root, case.tenant) as root:
            leaves = leaves_of(case, root)
            if not _match(leaves, values, totals):
                raise mismatch(case, leaves)
            data_keys = {key.kid: root.unwrap(key) for key in keys.data}
            return dict(_contents(case, data_keys, values))
    except SealError as error:
        raise CaseFaultError([case.id], "seal") from error


def _match(leaves: Mapping[Row, Leaf], values: Sequence[_Value], totals: Totals) -> bool:
    """Tell whether these rows are what their leaves say, and none was added or taken away."""
    expected = Totals(len(leaves), sum(version for _, version in leaves))
    return totals == expected and all(leaves.get(value.row) == value.leaf for value in values)


def _contents(
    case: CaseRow, data_keys: Mapping[bytes, DataKey], values: Iterable[_Value]
) -> Iterator[tuple[Row, Content]]:
    """Decrypt the values of one case."""
    prefixes: dict[str, bytes] = {}
    for value in values:
        if value.category not in prefixes:
            place = Place(case.tenant, case.id, value.category, ITEM_COLUMN)
            prefixes[value.category] = place.prefix()
        prefix = prefixes[value.category]
        yield value.row, read_content(data_keys[value.kid].open(prefix, *value.row, value.blob))
