"""The check of everything: each key opens, each case matches the log, each row its leaf.

Nothing is decrypted but keys, so it needs no receipt; what it finds is said without content.
"""

import os
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import NamedTuple

from sqlalchemy import select

from config.database import fresh_connection, stores
from config.ids import to_hex
from config.keys import KEY_BYTES, KeyUnavailableError, kek
from pga.cases.models import Case
from pga.records import queries
from pga.records.envelope import SealError, check_commitment, draft_binding
from pga.records.errors import CaseFaultError
from pga.records.identity import rows_of_cases
from pga.records.keyring import WrappedKeys, missing_keys, open_root, read_keys
from pga.records.leaves import item_leaf, version_leaf
from pga.records.models import case_key, draft_key
from pga.records.queries import CaseRow
from pga.records.rules import Leaf
from pga.records.service.settled import has_moved, leaves_of, mismatch, settled
from pga.records.service.upkeep import in_batches, never_came_to_be
from pga.records.skeleton import holds, read_digests


@dataclass(slots=True)
class Checked:
    """What was checked, and every problem found, each as "what: id"."""

    cases: int = 0
    keys: int = 0
    problems: list[str] = field(default_factory=list)

    def problem(self, what: str, owner: bytes) -> None:
        """Note a problem."""
        self.problems.append(f"{what}: {to_hex(owner)}")


def check_everything() -> Checked:
    """Check the KEK, every wrapped key with its commitment, and every case against the log."""
    checked = Checked()
    canary = os.urandom(KEY_BYTES)
    opened = kek().unwrap(kek().wrap(canary, b"canary"), b"canary")
    checked.problems.extend(["kek"] * (bytes(opened) != canary))
    with fresh_connection() as connection:
        stored = set(connection.scalars(select(Case.id)))
    with stores().keys.connect() as connection:
        keyed = set(connection.scalars(select(case_key.c.case_id)))
    orphans = never_came_to_be(keyed - stored)
    for batch in in_batches(sorted((stored | keyed) - orphans)):
        _check_cases(batch, checked)
    _check_drafts(checked)
    with stores().keys.connect() as connection:
        for row_id, _, case_id in rows_of_cases(connection, kek()):
            if case_id is None:
                checked.problem("index", row_id)
    return checked


def _check_cases(case_ids: Collection[bytes], checked: Checked) -> None:
    """Check cases together; those that do not match the log are noted and left out."""
    waiting = set(case_ids)
    try:
        cases = settled(waiting)
    except CaseFaultError as error:
        for case_id in error.case_ids:
            checked.problem(error.reason, case_id)
        _check_cases(waiting - error.case_ids, checked)
        return
    with stores().keys.connect() as connection:
        keys = read_keys(connection, waiting)
    with fresh_connection() as connection:
        items, versions = queries.read_rows(connection, waiting)
        digests = read_digests(connection, waiting)
    found: dict[bytes, set[Leaf]] = defaultdict(set)
    for item in items:
        found[item.case_id].add(item_leaf(item, item.blob))
    for version in versions:
        found[version.case_id].add(version_leaf(version))
    for case_id, case in cases.items():
        try:
            rows = _Rows(found[case_id], digests[case_id])
            checked.keys += _check_case(case, keys.get(case_id), rows)
            checked.cases += 1
        except CaseFaultError as error:
            checked.problem(error.reason, case_id)


class _Rows(NamedTuple):
    """What is stored of a case: the leaves of its sealed rows, and the digest of the plain ones."""

    leaves: set[Leaf]
    digest: bytes


def _check_case(case: CaseRow, keys: WrappedKeys | None, rows: _Rows) -> int:
    """Check the keys, the manifest and all rows of one case; gives how many keys it has.

    Raises CaseFaultError for the first check that fails. A case that moved meanwhile passes if
    its rows are whole now.
    """
    if keys is None:
        error = missing_keys(case.id)
        if isinstance(error, CaseFaultError) or rows.leaves:
            raise CaseFaultError([case.id], "keys")
        return 0
    try:
        with open_root(kek(), keys.root, case.tenant) as root:
            leaves = leaves_of(case, root)
            for key in keys.data:
                root.unwrap(key)
            is_sound = holds(root, case, rows.digest)
    except SealError as error:
        raise CaseFaultError([case.id], "seal") from error
    if rows.leaves != set(leaves.values()):
        moved = mismatch(case, leaves)
        if isinstance(moved, CaseFaultError):
            raise moved
    if not is_sound and not has_moved(case):
        raise CaseFaultError([case.id], "skeleton")
    return 1 + len(keys.data)


def _check_drafts(checked: Checked) -> None:
    """Unwrap the key of every draft and check its commitment."""
    columns = draft_key.c
    with stores().keys.connect() as connection:
        for row in connection.execute(
            select(columns.kid, columns.draft_id, columns.wrapped, columns.commitment)
        ):
            checked.keys += 1
            try:
                key = kek().unwrap(row.wrapped, draft_binding(row.draft_id))
                check_commitment(key, row.kid, row.commitment)
            except (SealError, KeyUnavailableError):
                checked.problem("draft key", row.draft_id)
