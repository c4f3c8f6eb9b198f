"""Repairs of own items (herstellen): wrong case, correct, withdraw, undo; always possible (R-01).

The owner alone repairs (R-28). Nothing is removed: the log and the earlier version stay. A reader
of secret help is told like anybody, and neither shown nor counted to an owner who may not know of
that help (R-29).
"""

from collections.abc import Collection, Mapping, Sequence

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
from pga.sharing.service.judge import judge
from pga.sharing.service.notices import tell_readers
from pga.sharing.service.veil import Veil


class TooLateError(ConflictError):
    """An item can no longer be undone: ten minutes passed or somebody opened it."""

    code = "too-late-to-undo"
    message = "It is too late to undo this. You can still correct or withdraw it."


def correct(
    desk: Desk, item_id: bytes, content: Mapping[str, object], expected_version: int
) -> list[WorkTask]:
    """Replace what an own item says; who read the old text is told (AVG 16, 19).

    Gives the tasks of the readers whom the owner may know. Raises ConflictError when a colleague
    changed it meanwhile, and InvalidInputError when a provider bound by secrecy says more in plan
    or actions than a fixed wording (G3, R-29).
    """
    item = _current(desk, item_id)
    texts = (str(content.get("title", "")), str(content.get("text", "")))
    if must_be_neutral(item.owner_partner, item.category, BOUND) and not is_neutral(*texts):
        raise InvalidInputError({"title": [NOT_NEUTRAL]})
    told: list[WorkTask] = []
    known = {reading.person for reading in readers_of(desk, item)}

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
    return _known(told, known)


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
    """Take back an own item within ten minutes if nobody the owner may know of opened it.

    The log keeps it. Secret help that opened it is told not to use it: a refusal would tell the
    owner of that help (R-29). Raises ConflictError when it is too late or somebody read it: then
    withdraw or correct it.
    """
    item = _current(desk, item_id)
    known = readers_of(desk, item)
    if not can_undo(item.created_at, clock.now(), was_opened=bool(known)):
        raise TooLateError
    hidden = {bytes.fromhex(reading.organisation) for reading in _all_readers(desk, item)}

    def then() -> None:
        tell_readers(desk, WorkKind.STOP_USING, {item.id: item.category}, only=hidden)

    change = records.SetStatus(item_id, ItemStatus.WITHDRAWN)
    write(desk, Act(Action.UPDATE, (owner_line(item),), facts={"change": "undone"}), [change], then)


def readers_of(desk: Desk, item: SealedItem) -> Sequence[Reading]:
    """Tell who opened an own item, from the log, as far as its owner may know of them (R-29).

    Secret help is known to who may know that it takes part, and to who named that reader, from
    the day of that naming on.
    """
    veil = Veil.of(desk.facts, desk.seat, judge(desk.facts, desk.seat, desk.today), desk.today)
    named = veil.participants(desk.facts.participants, desk.viewer.person_id)
    return [
        reading
        for reading in _all_readers(desk, item)
        if veil.shows(bytes.fromhex(reading.organisation), reading.partner)
        or any(
            p.person_id.hex() == reading.person and p.from_on <= clock.local_day(reading.at)
            for p in named
        )
    ]


def _all_readers(desk: Desk, item: SealedItem) -> Sequence[Reading]:
    """Tell who opened an own item, from the log; the owner's own people are left out."""
    own = (desk.seat.organisation_id.hex(), desk.seat.partner)
    return [
        reading
        for reading in log.readers_of(desk.facts.case.id.hex(), [item.id.hex()])
        if (reading.organisation, reading.partner) != own and reading.kind != Kind.LISTED
    ]


def _known(told: Sequence[WorkTask], known: Collection[str]) -> list[WorkTask]:
    """Keep the tasks of readers whom the owner may know (hex ids)."""
    return [task for task in told if task.person_id and task.person_id.hex() in known]


def _close(desk: Desk, item_id: bytes, status: ItemStatus, what: str) -> list[WorkTask]:
    """Close an own item to everybody else and tell who read it."""
    item = _current(desk, item_id)
    told: list[WorkTask] = []
    known = {reading.person for reading in readers_of(desk, item)}

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
    return _known(told, known)


def _current(desk: Desk, item_id: bytes) -> SealedItem:
    """Find an own item that still stands; raises ConflictError for one already closed."""
    item = own_item(desk, item_id)
    if item.status != ItemStatus.CURRENT:
        raise ConflictError
    return item
