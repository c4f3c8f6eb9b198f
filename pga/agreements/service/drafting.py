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
from config.errors import ApplicationError, ConflictError, InvalidInputError
from config.ids import new_id
from pga.agreements import queries
from pga.agreements.models import Agreement, AgreementEdit, AgreementState
from pga.agreements.reading import last_edit_of
from pga.agreements.service.desk import Desk
from pga.agreements.texts import table_of_text
from pga.policy.document import dump, parse
from pga.policy.terms import AgreementDocument
from pga.policy.writing import hash_of

WHOLE: Final = "document"
TRIES: Final = 3
OPEN_AGAIN: Final = frozenset({AgreementState.LEGAL_CHECK, AgreementState.DPIA_DONE})


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
    """Somebody else changed the same place meanwhile; `now` is what stands there."""

    code = "edit-conflict"
    message = "Somebody else changed this place in the meantime. Nothing you typed is lost."

    def __init__(self, now: str, name: str, edit: AgreementEdit | None) -> None:
        """Keep what stands there now, and who wrote it when."""
        super().__init__()
        self.now = now
        self.name = name
        self.at = None if edit is None else edit.made_at


@dataclass(frozen=True, slots=True)
class Proposed:
    """What a change makes of a document: the new one, and what changed at which place.

    `mark` tells what stood at the place, as a form carries it: the text itself, or its hash.
    """

    document: AgreementDocument
    place: str
    before: str
    after: str
    mark: str
    undoes: int | None = None


Propose = Callable[[AgreementDocument], Proposed]


class _MovedError(Exception):
    """Another edit was written between reading and writing."""


def write(desk: Desk, actor: Actor, propose: Propose, *, seen: str, reason: str = "") -> Agreement:
    """Write one change of a draft and give the version as it is then.

    `propose` is asked anew when another place was changed between reading and writing. Raises
    NotADraftError, EditConflictError when the place itself moved, and whatever `propose` raises.
    """
    for _attempt in range(TRIES):
        agreement = _fresh(desk.agreement.id)
        proposed = propose(table_of_text(agreement.document).document)
        if proposed.after == proposed.before:
            return agreement
        if proposed.mark != seen:
            raise _conflict(agreement, proposed)
        try:
            _store(agreement, actor, proposed, reason)
        except _MovedError:
            continue
        return _fresh(agreement.id)
    raise ConflictError


def replace_text(desk: Desk, text: str, *, seen: str, reason: str) -> Agreement:
    """Put a whole text in the place of the draft, as one edit; `seen` is the hash it replaces.

    Examples stay for who tests to change, and a clause that changes is to be checked anew. Raises
    DocumentError for a text that is none, and InvalidInputError for one of another place or track.
    """
    incoming = parse(text)

    def propose(document: AgreementDocument) -> Proposed:
        after = _fitted(document, incoming)
        return Proposed(after, WHOLE, dump(document), dump(after), mark=hash_of(document))

    return write(desk, desk.drafter(), propose, seen=seen, reason=reason)


def fitting(desk: Desk, text: str) -> AgreementDocument:
    """Give what a whole text would make of the draft, without writing it.

    Raises what `replace_text` raises for a text that does not fit.
    """
    return _fitted(table_of_text(desk.agreement.document).document, parse(text))


def _fitted(document: AgreementDocument, incoming: AgreementDocument) -> AgreementDocument:
    """Take over a text into a draft: what it may not change stays as it was."""
    old, new = document.agreement, incoming.agreement
    if (new.municipality, incoming.tracks) != (old.municipality, document.tracks):
        raise InvalidInputError({"text": ["This file is of another municipality or track."]})
    confirmed = {clause for clause in document.clauses if clause.verified}
    clauses = tuple(
        replace(clause, verified=clause in confirmed) if clause.verified else clause
        for clause in incoming.clauses
    )
    return replace(incoming, clauses=clauses)


def _fresh(agreement_id: bytes) -> Agreement:
    """Read a version as it is committed now; raises NotADraftError when its text is fixed."""
    agreement = queries.agreements_by_id([agreement_id])[agreement_id]
    if agreement.state in OPEN_AGAIN:
        raise InCheckError
    if agreement.state != AgreementState.DRAFT:
        raise NotADraftError
    return agreement


def _conflict(agreement: Agreement, proposed: Proposed) -> EditConflictError:
    """Tell who changed the same place, and what stands there now."""
    edit = last_edit_of(agreement.id, proposed.place) or last_edit_of(agreement.id, WHOLE)
    name = "" if edit is None else people.names_of([edit.person_id]).get(edit.person_id, "")
    return EditConflictError(proposed.before, name, edit)


def _store(agreement: Agreement, actor: Actor, proposed: Proposed, reason: str) -> None:
    """Write the new text where nobody wrote since it was read, with its edit; raises _MovedError.

    The entry in the log is durable before the change is committed.
    """
    document = proposed.document
    revision = agreement.revision + 1
    changed = (
        update(Agreement)
        .where(
            Agreement.id == agreement.id,
            Agreement.revision == agreement.revision,
            Agreement.state == AgreementState.DRAFT,
        )
        .values(
            document=dump(document),
            policy_hash=hash_of(document),
            name=document.agreement.name,
            version=document.agreement.version,
            valid_from=document.agreement.valid_from,
            valid_until=document.agreement.valid_until,
            revision=revision,
        )
        .execution_options(synchronize_session=False)
    )
    edit = AgreementEdit(
        id=new_id(),
        agreement_id=agreement.id,
        revision=revision,
        place=proposed.place,
        before=proposed.before,
        after=proposed.after,
        reason=reason,
        undoes=proposed.undoes,
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
            "place": proposed.place,
            "revision": revision,
        },
    )
    with transaction():
        if cast("CursorResult[object]", db.session.execute(changed)).rowcount == 0:
            raise _MovedError
        db.session.add(edit)
        db.session.flush()
        gate.record(entry)
