"""From stored rows to leaves of the manifest: every column that matters counts."""

from collections.abc import Iterable
from datetime import datetime

from pga.records.models import ItemVersion, SealedItem
from pga.records.rules import TAG_BYTES, Leaf, digest_facts


def item_leaf(item: SealedItem, blob: bytes) -> Leaf:
    """Give the leaf of the current version of an item."""
    version = item.row_version  # also loads what a commit expired
    row = vars(item)  # a page has many items: plain reads cost a fifth of attributes of the mapper
    responsible, done_at, due_on = row["responsible_person_id"], row["done_at"], row["due_on"]
    facts = digest_facts(
        (
            "item",
            row["case_id"].hex(),
            row["owner_organisation_id"].hex(),
            row["owner_partner"],
            row["author_person_id"].hex(),
            row["category"],
            row["purpose"],
            row["kind"],
            row["status"],
            row["kid"].hex(),
            _instant(row["created_at"]),
            _instant(row["updated_at"]),
            row["recipients"],
            due_on and due_on.isoformat(),
            done_at and _instant(done_at),
            responsible and responsible.hex(),
        )
    )
    return Leaf(row["id"], version, blob[-TAG_BYTES:], facts)


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
