"""From stored rows to leaves of the manifest: every column that matters counts."""

from collections.abc import Iterable
from datetime import datetime

from pga.records.models import ItemVersion, SealedItem
from pga.records.rules import TAG_BYTES, Leaf, digest_facts


def item_leaf(item: SealedItem, blob: bytes) -> Leaf:
    """Give the leaf of the current version of an item."""
    responsible, done_at, due_on = item.responsible_person_id, item.done_at, item.due_on
    facts = digest_facts(
        (
            "item",
            item.case_id.hex(),
            item.owner_organisation_id.hex(),
            item.owner_partner,
            item.author_person_id.hex(),
            item.category,
            item.purpose,
            item.kind,
            item.status,
            item.kid.hex(),
            _instant(item.created_at),
            _instant(item.updated_at),
            item.recipients,
            None if due_on is None else due_on.isoformat(),
            None if done_at is None else _instant(done_at),
            None if responsible is None else responsible.hex(),
        )
    )
    return Leaf(item.id, item.row_version, blob[-TAG_BYTES:], facts)


def version_leaf(version: ItemVersion) -> Leaf:
    """Give the leaf of an earlier version of an item."""
    facts = digest_facts(
        (
            "version",
            version.case_id.hex(),
            version.category,
            version.kid.hex(),
            version.author_person_id.hex(),
            _instant(version.at),
        )
    )
    return Leaf(version.item_id, version.row_version, version.blob[-TAG_BYTES:], facts)


def all_leaves(rows: tuple[Iterable[SealedItem], Iterable[ItemVersion]]) -> list[Leaf]:
    """Give the leaves of whole rows: items and earlier versions."""
    items, versions = rows
    return [item_leaf(item, item.blob) for item in items] + [version_leaf(v) for v in versions]


def _instant(at: datetime) -> str:
    return at.isoformat(timespec="microseconds")
