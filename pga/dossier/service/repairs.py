"""Repairs of own items (herstellen): wrong case, correct, withdraw, undo; always possible (R-01).

The owner alone repairs (R-28). Nothing is removed: the log and the earlier version stay.
"""

from collections.abc import Mapping, Sequence

from audit import readers as log
from audit.entries import Action, Kind
from audit.readers import Reading
from config import clock
from config.errors import ConflictError, InvalidInputError
from pga.cases import service as cases
from pga.cases.models import WorkTask
from pga.cases.rules import WorkKind
from pga.dossier.rules import breach_due, can_undo, is_neutral, must_be_neutral
from pga.dossier.service.contributions import BOUND, NOT_NEUTRAL
from pga.records import service as records
from pga.records.models import SealedItem
from pga.records.rules import ItemStatus
from pga.sharing.service.changes import Act, Desk, own_item, owner_line, write
from pga.sharing.service.notices import tell_readers


class TooLateError(ConflictError):
    """An item can no longer be undone: ten minutes passed or somebody opened it."""

    code = "too-late-to-undo"
    message = "It is too late to undo this. You can still correct or withdraw it."


def correct(
    desk: Desk, item_id: bytes, content: Mapping[str, object], expected_version: int
) -> list[WorkTask]:
    """Replace what an own item says; who read the old text is told (AVG 16, 19).

    Raises ConflictError when a colleague changed it meanwhile, and InvalidInputError when a
    provider bound by secrecy says more in plan or actions than a fixed wording (G3, R-29).
    """
    item = _current(desk, item_id)
    texts = (str(content.get("title", "")), str(content.get("text", "")))
    if must_be_neutral(item.owner_partner, item.category, BOUND) and not is_neutral(*texts):
        raise InvalidInputError({"title": [NOT_NEUTRAL]})
    told: list[WorkTask] = []

    def then() -> None:
        told[:] = tell_readers(desk, WorkKind.READ_CORRECTION, {item.id: item.category})

    change = records.Revise(
        item_id=item_id,
        content=content,
        author_person_id=desk.viewer.person_id,
        expected_version=expected_version,
    )
    write(
        desk, Act(Action.UPDATE, (owner_line(item),), facts={"change": "corrected"}), [change], then
    )
    return told


def withdraw_item(desk: Desk, item_id: bytes) -> list[WorkTask]:
    """Withdraw an own item; it closes for everybody else at the next request (AVG 17, 19)."""
    return _close(desk, item_id, ItemStatus.WITHDRAWN, "withdrawn")


def wrong_case(desk: Desk, item_id: bytes) -> list[WorkTask]:
    """Put an own item down as of the wrong case: closed to all at once.

    A task opens with the 72 hours of a possible breach (AVG 33(1)); it names the moment of
    discovery, which is now, and waits for the organisation of the owner.
    """
    return _close(desk, item_id, ItemStatus.WRONG_CASE, "wrong-case")


def undo(desk: Desk, item_id: bytes) -> None:
    """Take back an own item within ten minutes if nobody opened it; the log keeps it.

    Raises ConflictError when it is too late or somebody read it: then withdraw or correct it.
    """
    item = _current(desk, item_id)
    was_opened = bool(readers_of(desk, item))
    if not can_undo(item.created_at, clock.now(), was_opened=was_opened):
        raise TooLateError
    change = records.SetStatus(item_id, ItemStatus.WITHDRAWN)
    write(desk, Act(Action.UPDATE, (owner_line(item),), facts={"change": "undone"}), [change])


def readers_of(desk: Desk, item: SealedItem) -> Sequence[Reading]:
    """Tell who opened an own item, from the log; the owner's own people are left out."""
    own = (desk.seat.organisation_id.hex(), desk.seat.partner)
    return [
        reading
        for reading in log.readers_of(desk.facts.case.id.hex(), [item.id.hex()])
        if (reading.organisation, reading.partner) != own and reading.kind != Kind.LISTED
    ]


def _close(desk: Desk, item_id: bytes, status: ItemStatus, what: str) -> list[WorkTask]:
    """Close an own item to everybody else and tell who read it."""
    item = _current(desk, item_id)
    told: list[WorkTask] = []

    def then() -> None:
        told[:] = tell_readers(desk, WorkKind.STOP_USING, {item.id: item.category})
        if status is ItemStatus.WRONG_CASE:
            cases.add_work(
                desk.facts.case.id,
                cases.NewWork(
                    WorkKind.POSSIBLE_BREACH,
                    person_id=desk.viewer.person_id,
                    organisation_id=desk.seat.organisation_id,
                    partner=desk.seat.partner,
                    about_id=item.id,
                    category=item.category,
                    due_at=breach_due(clock.now()),
                ),
            )

    change = records.SetStatus(item_id, status)
    write(desk, Act(Action.UPDATE, (owner_line(item),), facts={"change": what}), [change], then)
    return told


def _current(desk: Desk, item_id: bytes) -> SealedItem:
    """Find an own item that still stands; raises ConflictError for one already closed."""
    item = own_item(desk, item_id)
    if item.status != ItemStatus.CURRENT:
        raise ConflictError
    return item
