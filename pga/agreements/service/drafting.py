"""Changes of the text of a draft: each one edit with its place, its reason and its author.

Several people may draft at once. A change carries what its author saw at its place: where that
moved meanwhile nothing is written and both are told both; what was changed at other places comes
together by itself.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final, cast

from sqlalchemy import CursorResult, update

from audit import gate
from audit.entries import Action, Actor, Entry
from auth import queries as people
from config import clock
from config.database import db, transaction
from config.errors import (
    ApplicationError,
    ConflictError,
    ForbiddenError,
    InvalidInputError,
    NotFoundError,
)
from config.ids import new_id
from pga.agreements import queries
from pga.agreements.models import Agreement, AgreementEdit, AgreementState
from pga.agreements.reading import edit_at, last_edit_of
from pga.agreements.service.desk import Desk
from pga.agreements.texts import table_of_text
from pga.policy.comparing import deviations
from pga.policy.document import dump, parse
from pga.policy.editing import (
    Change,
    DocumentChange,
    apply,
    change_at,
    mark_at,
    place_of,
    value_at,
)
from pga.policy.places import OF_EXAMPLES, HeaderPart, Place, PlaceKind, read_place
from pga.policy.terms import AgreementDocument
from pga.policy.writing import hash_of

WHOLE: Final = str(Place(PlaceKind.DOCUMENT))
FOLLOWS: Final = str(Place(PlaceKind.HEADER, name=HeaderPart.DERIVED_FROM))
TRIES: Final = 3
OPEN_AGAIN: Final = frozenset({AgreementState.LEGAL_CHECK, AgreementState.DPIA_DONE})
REASON_NEEDED: Final = "This is otherwise than in the model. Say why."


class NotADraftError(ApplicationError):
    """The text of this version is fixed: somebody signed it, or it holds."""

    status = 409
    code = "not-a-draft"
    message = "This text is fixed, because the version is past its draft. Make a new version."


class InCheckError(NotADraftError):
    """The text is being checked; it goes back to draft before it can be changed."""

    code = "in-check"
    message = "This version is being checked. Bring it back to draft before you change it."


class EditConflictError(ConflictError):
    """Somebody else changed the same place; `now` is what stands there, `mark` its hash."""

    code = "edit-conflict"
    message = "Somebody else changed this place in the meantime. Nothing you typed is lost."

    def __init__(self, now: str, mark: str, name: str, edit: AgreementEdit | None) -> None:
        """Keep what stands there now, and who wrote it when."""
        super().__init__()
        self.now = now
        self.mark = mark
        self.name = name
        self.at = None if edit is None else edit.made_at


class NotTheLastError(ConflictError):
    """A change cannot be taken back, because its place was changed again after it."""

    code = "not-the-last"
    message = "This place was changed again after that. Take the later change back first."


@dataclass(frozen=True, slots=True)
class Proposed:
    """What a change makes of a document: the new one, and what changed at which place.

    `mark` tells what stood at the place, as a form carries it: the text itself, or its hash. Where
    a form shows another place than the one that changes, `seen_at` names it.
    """

    document: AgreementDocument
    place: str
    before: str
    after: str
    mark: str
    seen_at: str = ""
    undoes: int | None = None
    revision: int = 0
    model_id: bytes | None = None


Propose = Callable[[AgreementDocument], Proposed]


class _MovedError(Exception):
    """Another edit was written between reading and writing."""


def edit(
    desk: Desk, change: Change, *, seen: str, seen_at: str = "", reason: str = ""
) -> Agreement:
    """Write a change of one place; `seen` is the mark of what its author saw there, or `seen_at`.

    Who drafts changes the text, who tests the examples; a clause is confirmed elsewhere, by its
    lawyer. Raises EditError for what cannot stand in an agreement, InvalidInputError where a
    deviation from the model has no reason, and what `write` raises.
    """
    actor = author_of(desk, change.place.kind)
    model = model_of(desk.agreement)

    def propose(document: AgreementDocument) -> Proposed:
        found = proposed(document, change)
        if model is not None and lacks_reason(model, found.document, change):
            raise InvalidInputError({"reason": [REASON_NEEDED]})
        if not seen_at:
            return found
        return replace(found, seen_at=seen_at, mark=mark_at(document, seen_at))

    return write(desk, actor, propose, seen=seen, reason=reason or getattr(change, "reason", ""))


def undo(desk: Desk, revision: int) -> Agreement:
    """Take the change of a revision back, as a change of its own; undoing that does it again.

    Raises NotFoundError without such a revision, and NotTheLastError when its place was changed
    again since.
    """
    made = edit_at(desk.agreement.id, revision)
    if made is None or not can_be_undone(made.place):
        raise NotFoundError
    actor = author_of(desk, read_place(made.place).kind)

    def propose(document: AgreementDocument) -> Proposed:
        if value_at(document, made.place) != made.after:
            raise NotTheLastError
        back = change_at(document, made.place, made.before)
        return replace(proposed(document, back), undoes=revision)

    return write(desk, actor, propose)


def model_of(agreement: Agreement) -> AgreementDocument | None:
    """Give what the model says that a version follows, if it follows one."""
    if agreement.model_id is None:
        return None
    found = queries.agreements_by_id([agreement.model_id]).get(agreement.model_id)
    return None if found is None else table_of_text(found.document).document


def lacks_reason(model: AgreementDocument, document: AgreementDocument, change: Change) -> bool:
    """Tell whether a place is otherwise than in the model, and nobody says why."""
    return any(one.place == change.place and not one.reason for one in deviations(model, document))


def author_of(desk: Desk, kind: PlaceKind) -> Actor:
    """Say who changes such a place; raises ForbiddenError when this person may not."""
    if kind is PlaceKind.VERIFIED:
        raise ForbiddenError
    return desk.tester() if kind in OF_EXAMPLES else desk.drafter()


def can_be_undone(place: str) -> bool:
    """Tell whether a change of such a place can be taken back: which model one follows cannot."""
    return place != FOLLOWS


def may_change(desk: Desk, place: str) -> bool:
    """Tell whether this person may change such a place, while the version is a draft."""
    kind = read_place(place).kind
    if kind is PlaceKind.VERIFIED:
        return False
    return desk.may_test if kind in OF_EXAMPLES else desk.may_draft


def proposed(document: AgreementDocument, change: Change) -> Proposed:
    """Tell what a change makes of a document. Raises EditError for one that cannot be."""
    place, after = place_of(change), apply(document, change)
    was, now = value_at(document, place), value_at(after, place)
    return Proposed(after, place, was, now, mark=mark_at(document, place))


def write(
    desk: Desk, actor: Actor, propose: Propose, *, seen: str | None = None, reason: str = ""
) -> Agreement:
    """Write one change of a draft and give the version as it is then.

    `propose` is asked anew when another place was changed between reading and writing; without
    `seen` it judges itself whether the place has moved. Raises NotADraftError, EditConflictError
    when the place itself moved, and whatever `propose` raises.
    """
    for _attempt in range(TRIES):
        agreement = _fresh(desk.agreement.id)
        read_at = agreement.revision
        found = propose(table_of_text(agreement.document).document)
        if found.after == found.before:
            return agreement
        if seen not in {None, found.mark}:
            raise _conflict(agreement, found)
        try:
            _store(agreement, actor, replace(found, revision=read_at + 1), reason)
        except _MovedError:
            continue
        return _fresh(agreement.id)
    raise ConflictError


def replace_text(desk: Desk, text: str, *, seen: str, reason: str) -> Agreement:
    """Put a whole text in the place of the draft, as one edit; `seen` is the hash it replaces.

    Examples stay as they are, for who tests changes them; a clause that changes is to be checked
    anew. Raises DocumentError for a text that is none, and InvalidInputError for one of another
    place or track.
    """
    incoming = parse(text)

    def propose(document: AgreementDocument) -> Proposed:
        change = DocumentChange(_fitted(document, incoming))
        return replace(proposed(document, change), mark=hash_of(document))

    return write(desk, desk.drafter(), propose, seen=seen, reason=reason)


def fitting(desk: Desk, text: str) -> AgreementDocument:
    """Give what a whole text would make of the draft, without writing it.

    Raises what `replace_text` raises for a text that does not fit.
    """
    document = table_of_text(desk.agreement.document).document
    return apply(document, DocumentChange(_fitted(document, parse(text))))


def _fitted(document: AgreementDocument, incoming: AgreementDocument) -> AgreementDocument:
    """Take over a text into a draft: what it may not change stays as it was."""
    old, new = document.agreement, incoming.agreement
    if (new.municipality, incoming.tracks) != (old.municipality, document.tracks):
        raise InvalidInputError({"text": ["This file is of another municipality or track."]})
    return replace(incoming, examples=document.examples)


def _fresh(agreement_id: bytes) -> Agreement:
    """Read a version as it is committed now; raises NotADraftError when its text is fixed."""
    agreement = queries.agreements_by_id([agreement_id])[agreement_id]
    if agreement.state in OPEN_AGAIN:
        raise InCheckError
    if agreement.state != AgreementState.DRAFT:
        raise NotADraftError
    return agreement


def _conflict(agreement: Agreement, found: Proposed) -> EditConflictError:
    """Tell who changed the same place, and what stands there now."""
    last = last_edit_of(agreement.id, found.place, found.seen_at, WHOLE)
    name = "" if last is None else people.names_of([last.person_id]).get(last.person_id, "")
    return EditConflictError(found.before, found.mark, name, last)


def _store(agreement: Agreement, actor: Actor, found: Proposed, reason: str) -> None:
    """Write the new text where nobody wrote since it was read, with its edit; raises _MovedError.

    The entry in the log is durable before the change is committed.
    """
    document = found.document
    changed = (
        update(Agreement)
        .where(
            Agreement.id == agreement.id,
            Agreement.revision == found.revision - 1,
            Agreement.state == AgreementState.DRAFT,
        )
        .values(
            document=dump(document),
            policy_hash=hash_of(document),
            name=document.agreement.name,
            version=document.agreement.version,
            valid_from=document.agreement.valid_from,
            valid_until=document.agreement.valid_until,
            revision=found.revision,
            model_id=found.model_id or agreement.model_id,
        )
        .execution_options(synchronize_session=False)
    )
    made = AgreementEdit(
        id=new_id(),
        agreement_id=agreement.id,
        revision=found.revision,
        place=found.place,
        before=found.before,
        after=found.after,
        reason=reason,
        undoes=found.undoes,
        person_id=bytes.fromhex(actor.person),
        made_at=clock.now(),
    )
    entry = Entry(
        action=Action.AGREEMENT_CHANGE,
        actor=actor,
        object=agreement.id.hex(),
        agreement_version=document.agreement.version,
        policy_hash=hash_of(document),
        facts={
            "change": "edited",
            "municipality": agreement.municipality,
            "place": found.place,
            "revision": found.revision,
        },
    )
    with transaction():
        if cast("CursorResult[object]", db.session.execute(changed)).rowcount == 0:
            raise _MovedError
        db.session.add(made)
        db.session.flush()
        gate.record(entry)
