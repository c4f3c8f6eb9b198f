"""What can be changed in a case, and what a list of changes makes of its rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TypedDict

from config.errors import ConflictError
from config.ids import new_id
from pga.records.envelope import DataKey
from pga.records.errors import UnknownItemError
from pga.records.leaves import item_leaf, version_leaf
from pga.records.models import ItemVersion, SealedItem
from pga.records.rules import ItemStatus, Leaf, Place, write_content

ITEM_COLUMN = "sealed_item.blob"


@dataclass(frozen=True, slots=True, kw_only=True)
class Create:
    """Add an item (bijdrage toevoegen); `content` is what is sealed, as JSON can hold it.

    `recipients` are hex ids of the persons it is meant for by name; ids are 16 bytes.
    """

    category: str
    purpose: str
    kind: str
    owner_organisation_id: bytes
    owner_partner: str
    author_person_id: bytes
    content: Mapping[str, object]
    recipients: Sequence[str] = ()
    due_on: date | None = None
    done_at: datetime | None = None
    responsible_person_id: bytes | None = None
    id: bytes = field(default_factory=new_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Revise:
    """Correct an item (verbeteren): a new version, the earlier one is kept sealed.

    With `expected_version` the write raises ConflictError when somebody was first.
    """

    item_id: bytes
    content: Mapping[str, object]
    author_person_id: bytes
    expected_version: int | None = None


@dataclass(frozen=True, slots=True)
class SetStatus:
    """Withdraw an item, or put it down as of the wrong case; raises the epoch of the case."""

    item_id: bytes
    status: ItemStatus


class Facts(TypedDict, total=False):
    """The plain columns of an item that may change without a new version."""

    recipients: Sequence[str]
    due_on: date | None
    done_at: datetime | None
    responsible_person_id: bytes | None


@dataclass(frozen=True, slots=True)
class SetFacts:
    """Change plain columns of an item; other readers than before raise the epoch of the case."""

    item_id: bytes
    values: Facts


Change = Create | Revise | SetStatus | SetFacts


def categories_of(changes: Sequence[Change], items: Mapping[bytes, SealedItem]) -> frozenset[str]:
    """Tell for which categories these changes seal something."""
    found = {change.category for change in changes if isinstance(change, Create)}
    revised = {change.item_id for change in changes if isinstance(change, Revise)}
    return frozenset(found | {items[item_id].category for item_id in revised & items.keys()})


def touched_items(changes: Sequence[Change]) -> frozenset[bytes]:
    """Tell which stored items these changes are about."""
    created = {change.id for change in changes if isinstance(change, Create)}
    others = {change.item_id for change in changes if not isinstance(change, Create)}
    return frozenset(others - created)


@dataclass(slots=True)
class Sheet:
    """The rows of one case while changes are worked out; nothing is stored yet."""

    case_id: bytes
    tenant: str
    keys: Mapping[str, DataKey]
    items: dict[bytes, SealedItem]
    leaves: dict[tuple[bytes, int], Leaf]
    at: datetime
    created: list[bytes] = field(default_factory=list)
    changed: set[bytes] = field(default_factory=set)
    earlier: list[ItemVersion] = field(default_factory=list)
    moves_epoch: bool = False

    def apply(self, changes: Sequence[Change]) -> None:
        """Work out the changes in order; raises UnknownItemError and ConflictError."""
        for change in changes:
            if isinstance(change, Create):
                self._create(change)
            elif isinstance(change, Revise):
                self._revise(change)
            elif isinstance(change, SetStatus):
                self._item(change.item_id).status = change.status
                self.moves_epoch = True
            else:
                self._set_facts(change.item_id, change.values)
        for item_id in self.changed:
            item = self.items[item_id]
            self.leaves[item.id, item.row_version] = item_leaf(item, item.blob)

    @property
    def new_items(self) -> list[SealedItem]:
        """Give the rows to insert."""
        return [self.items[item_id] for item_id in self.created]

    @property
    def changed_items(self) -> list[SealedItem]:
        """Give the rows to update."""
        return [self.items[item_id] for item_id in sorted(self.changed - set(self.created))]

    def _item(self, item_id: bytes) -> SealedItem:
        """Give an item of this case that is about to change."""
        if item_id not in self.items:
            raise UnknownItemError
        self.changed.add(item_id)
        item = self.items[item_id]
        item.updated_at = self.at
        return item

    def _create(self, new: Create) -> None:
        item = SealedItem(
            id=new.id,
            case_id=self.case_id,
            owner_organisation_id=new.owner_organisation_id,
            owner_partner=new.owner_partner,
            author_person_id=new.author_person_id,
            category=new.category,
            purpose=new.purpose,
            kind=new.kind,
            status=ItemStatus.CURRENT,
            row_version=1,
            created_at=self.at,
            updated_at=self.at,
            recipients=list(new.recipients),
            due_on=new.due_on,
            done_at=new.done_at,
            responsible_person_id=new.responsible_person_id,
        )
        self._seal(item, new.content)
        self.items[item.id] = item
        self.created.append(item.id)
        self.changed.add(item.id)

    def _revise(self, change: Revise) -> None:
        item = self._item(change.item_id)
        if change.expected_version not in {None, item.row_version}:
            raise ConflictError
        before = ItemVersion(
            item_id=item.id,
            row_version=item.row_version,
            case_id=self.case_id,
            category=item.category,
            kid=item.kid,
            blob=item.blob,
            author_person_id=item.author_person_id,
            at=self.at,
        )
        self.earlier.append(before)
        self.leaves[before.item_id, before.row_version] = version_leaf(before)
        item.row_version += 1
        item.author_person_id = change.author_person_id
        self._seal(item, change.content)

    def _set_facts(self, item_id: bytes, values: Facts) -> None:
        item = self._item(item_id)
        named = (item.recipients, item.responsible_person_id)
        item.recipients = list(values.get("recipients", item.recipients))
        item.due_on = values.get("due_on", item.due_on)
        item.done_at = values.get("done_at", item.done_at)
        item.responsible_person_id = values.get("responsible_person_id", named[1])
        self.moves_epoch |= (item.recipients, item.responsible_person_id) != named

    def _seal(self, item: SealedItem, content: Mapping[str, object]) -> None:
        """Seal the content for this version of this row, under the key of its category."""
        key = self.keys[item.category]
        place = Place(self.tenant, self.case_id, item.category, ITEM_COLUMN)
        item.kid = key.kid
        item.blob = key.seal(place.prefix(), item.id, item.row_version, write_content(content))
