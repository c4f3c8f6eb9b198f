"""The keys store: root keys of cases and data keys of their categories, read and made."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import Any

from sqlalchemy import BindParameter, Connection, Select, and_, bindparam, insert, or_, select
from sqlalchemy.exc import IntegrityError

from config import clock
from config.database import stores
from config.keys import KekProvider, KeyUnavailableError
from pga.records.envelope import (
    CaseRoot,
    DataKey,
    SealError,
    WrappedDataKey,
    fresh_key,
    root_binding,
)
from pga.records.errors import CaseFaultError, ErasedError
from pga.records.models import case_key, data_key, erasure_ledger, identity_index


@dataclass(frozen=True, slots=True)
class WrappedRoot:
    """A root key as the keys store holds it."""

    case_id: bytes
    tenant: str
    wrapped: bytes


@dataclass(frozen=True, slots=True)
class WrappedKeys:
    """The wrapped keys of one case: its root, and some of its data keys."""

    root: WrappedRoot
    data: list[WrappedDataKey] = field(default_factory=list)


class Only(StrEnum):
    """The column by which data keys are chosen: key id, category, or case for all of them."""

    KIDS = "kid"
    CATEGORIES = "category"
    ALL = "case_id"


CASES: BindParameter[Any] = bindparam("cases", expanding=True)
CHOSEN: BindParameter[Any] = bindparam("chosen", expanding=True)


@cache
def _keys_query(only: Only) -> Select[Any]:
    """Make the query once: building it takes longer than running it."""
    chosen = and_(data_key.c.case_id == case_key.c.case_id, data_key.c[only].in_(CHOSEN))
    return (
        select(
            case_key.c.case_id,
            case_key.c.tenant,
            case_key.c.wrapped,
            data_key.c.kid,
            data_key.c.category,
            data_key.c.generation,
            data_key.c.wrapped,
            data_key.c.commitment,
        )
        .outerjoin_from(case_key, data_key, chosen)
        .where(case_key.c.case_id.in_(CASES))
        .order_by(data_key.c.generation)
    )


def read_keys(
    connection: Connection,
    case_ids: Collection[bytes],
    only: Only = Only.ALL,
    chosen: Collection[bytes] | Collection[str] | None = None,
) -> dict[bytes, WrappedKeys]:
    """Read the root keys of these cases, with all data keys or only the chosen; one query."""
    values = case_ids if chosen is None else chosen
    bound = {CASES.key: list(case_ids), CHOSEN.key: list(values)}
    rows = connection.execute(_keys_query(only), bound)
    found: dict[bytes, WrappedKeys] = {}
    for case_id, tenant, wrapped, kid, category, generation, wrapped_data, commitment in rows:
        keys = found.setdefault(case_id, WrappedKeys(WrappedRoot(case_id, tenant, wrapped)))
        if kid is not None:
            keys.data.append(
                WrappedDataKey(kid, case_id, category, generation, wrapped_data, commitment)
            )
    return found


def open_root(provider: KekProvider, root: WrappedRoot, tenant: str) -> CaseRoot:
    """Unwrap the root key of a case of this tenant; raises SealError when it does not open."""
    try:
        key = provider.unwrap(root.wrapped, root_binding(tenant, root.case_id))
    except KeyUnavailableError as error:
        message = "the root key of a case does not open"
        raise SealError(message) from error
    return CaseRoot(root.case_id, key)


@dataclass(frozen=True, slots=True)
class NewSeals:
    """What a write is about to seal: which categories of which case, and whom it will index."""

    case_id: bytes
    tenant: str
    categories: frozenset[str]
    is_new_case: bool = False
    index_rows: Sequence[Mapping[str, object]] = ()


@dataclass(frozen=True, slots=True)
class WritingKeys:
    """The open keys with which one write seals: the root and one data key per category."""

    root: CaseRoot
    by_category: Mapping[str, DataKey]


@contextmanager
def writing_keys(provider: KekProvider, seals: NewSeals) -> Iterator[WritingKeys]:
    """Open the keys of a write, having made and committed those that were missing.

    Rows for the identity index commit with them, so before the rows of the case. A data key that
    another writer made at the same moment is used, not doubled. Raises SealError for a key that
    does not open, CaseFaultError or ErasedError for a case whose root key is gone.
    """
    try:
        keys = _commit_keys(provider, seals)
    except IntegrityError:
        keys = _commit_keys(provider, seals)
    with keys.root:
        yield keys


def _commit_keys(provider: KekProvider, seals: NewSeals) -> WritingKeys:
    """Read the newest data key per category, make what is missing, in one commit."""
    at = clock.now()
    with stores().keys.begin() as connection:
        stored = read_keys(connection, [seals.case_id], Only.CATEGORIES, seals.categories).get(
            seals.case_id
        )
        root = _root_of(connection, provider, stored, seals, at)
        try:
            by_category = {key.category: root.unwrap(key) for key in stored.data} if stored else {}
            for category in sorted(seals.categories - by_category.keys()):
                by_category[category], wrapped = root.new_data_key(category, 1)
                connection.execute(insert(data_key).values(created_at=at, **asdict(wrapped)))
            if seals.index_rows:
                connection.execute(insert(identity_index), list(seals.index_rows))
        except BaseException:
            root.close()
            raise
    return WritingKeys(root, by_category)


def _root_of(
    connection: Connection,
    provider: KekProvider,
    stored: WrappedKeys | None,
    seals: NewSeals,
    at: datetime,
) -> CaseRoot:
    """Open the root key of the case; only a new case is given one."""
    if stored is not None:
        return open_root(provider, stored.root, seals.tenant)
    if not seals.is_new_case:
        raise missing_keys(seals.case_id)
    key = fresh_key()
    connection.execute(
        insert(case_key).values(
            case_id=seals.case_id,
            tenant=seals.tenant,
            kek_version=provider.version,
            wrapped=provider.wrap(key, root_binding(seals.tenant, seals.case_id)),
            created_at=at,
        )
    )
    return CaseRoot(seals.case_id, key)


def missing_keys(case_id: bytes, categories: Collection[str] = ()) -> CaseFaultError | ErasedError:
    """Tell keys that were shredded on a destruction record from keys that just are not there."""
    with stores().keys.connect() as connection:
        erased = connection.scalar(
            select(erasure_ledger.c.id)
            .where(
                erasure_ledger.c.case_id == case_id,
                or_(erasure_ledger.c.category.is_(None), erasure_ledger.c.category.in_(categories)),
            )
            .limit(1)
        )
    return CaseFaultError([case_id], "keys") if erased is None else ErasedError()
