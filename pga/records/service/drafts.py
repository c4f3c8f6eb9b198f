"""Drafts: unfinished text, sealed under a fresh key with every save, for its author alone.

Saving makes no entry in the log; opening does, and needs its receipt like any other content.
"""

import os
from collections.abc import Mapping, Sequence
from datetime import timedelta

from sqlalchemy import ColumnElement, delete, insert, select

from audit import gate
from audit.entries import Action, Actor, Entry, Kind, Line
from audit.gate import Claim
from config import clock
from config.database import db, stores, transaction
from config.errors import IntegrityFaultError, NotFoundError
from config.ids import from_hex, new_id, to_hex
from config.keys import KeyUnavailableError, kek
from pga.records.envelope import SealError, check_commitment, commit_to, draft_binding, fresh_key
from pga.records.models import Draft, draft_key
from pga.records.rules import KID_BYTES, Place, read_content, write_content
from pga.records.service.opening import Content
from pga.records.service.settled import enter_failure

DRAFT_COLUMN = "draft.blob"
DRAFT_LIFE = timedelta(days=14)
OWN_DRAFT = "own-draft"


def save_draft(
    person_id: bytes,
    form: str,
    content: Mapping[str, object],
    *,
    case_id: bytes | None = None,
    draft_id: bytes | None = None,
) -> bytes:
    """Keep what a person typed in a form, new or over an earlier save; gives the id of the draft.

    Raises NotFoundError for the draft of somebody else.
    """
    draft_id = draft_id or new_id()
    kid, key = os.urandom(KID_BYTES), fresh_key()
    wrapped = kek().wrap(key, draft_binding(draft_id))
    data_key, commitment = commit_to(key, kid)
    with stores().keys.begin() as connection:
        connection.execute(
            insert(draft_key).values(
                kid=kid,
                draft_id=draft_id,
                kek_version=kek().version,
                wrapped=wrapped,
                commitment=commitment,
                created_at=clock.now(),
            )
        )
    prefix = _prefix(person_id, case_id, form)
    draft = Draft(
        id=draft_id,
        person_id=person_id,
        case_id=case_id,
        form=form,
        kid=kid,
        blob=data_key.seal(prefix, draft_id, 1, write_content(content)),
        updated_at=clock.now(),
    )
    with transaction():
        replaced = _store(draft)
    _delete_keys(replaced)
    return draft_id


def drafts_of(person_id: bytes, case_id: bytes | None = None) -> Sequence[Draft]:
    """List the drafts of a person, of one case if given, newest first; nothing is opened."""
    query = select(Draft).where(Draft.person_id == person_id)
    if case_id is not None:
        query = query.where(Draft.case_id == case_id)
    return db.session.scalars(query.order_by(Draft.updated_at.desc(), Draft.id)).all()


def open_draft(actor: Actor, draft_id: bytes) -> Content:
    """Open a draft of the acting person: one entry in the log, its receipt, then the key.

    Raises NotFoundError for the draft of somebody else, IntegrityFaultError for a changed one.
    """
    person_id = from_hex(actor.person)
    draft = db.session.get(Draft, draft_id, populate_existing=True)
    if draft is None or draft.person_id != person_id:
        raise NotFoundError
    case_id = None if draft.case_id is None else to_hex(draft.case_id)
    line = Line(actor.partner, "", "allowed", OWN_DRAFT, "allowed", (to_hex(draft_id),))
    entry = Entry(
        action=Action.CONSULT,
        actor=actor,
        object=to_hex(draft_id),
        kind=Kind.OPENED,
        case_id=case_id,
        lines=(line,),
    )
    receipt = gate.record(entry)
    gate.gate().redeem_many([Claim(receipt, actor, case_id, line.items)])
    try:
        return _open(draft)
    except IntegrityFaultError as error:
        enter_failure(error, [(receipt.event_id, entry)])
        raise


def delete_draft(person_id: bytes, draft_id: bytes) -> None:
    """Delete a draft after its form was submitted; that of somebody else stays."""
    _delete(Draft.person_id == person_id, Draft.id == draft_id)


def delete_drafts(person_id: bytes, case_id: bytes | None = None) -> int:
    """Delete every draft of a person, in one case if given, when the role is lost."""
    if case_id is None:
        return _delete(Draft.person_id == person_id)
    return _delete(Draft.person_id == person_id, Draft.case_id == case_id)


def delete_drafts_of_case(case_id: bytes) -> int:
    """Delete every draft about a case that is destroyed."""
    return _delete(Draft.case_id == case_id)


def purge_drafts() -> int:
    """Delete the drafts nobody touched for 14 days; a job, harmless to repeat."""
    return _delete(Draft.updated_at < clock.now() - DRAFT_LIFE)


def _prefix(person_id: bytes, case_id: bytes | None, form: str) -> bytes:
    """Bind a draft to its author, case and form."""
    return Place(to_hex(person_id), case_id or b"", form, DRAFT_COLUMN).prefix()


def _store(new: Draft) -> list[bytes]:
    """Store a draft inside the open transaction; gives the keys it no longer needs.

    Only the key of the save that was replaced may go: another tab may just have made its own.
    """
    old = db.session.get(Draft, new.id, populate_existing=True, with_for_update=True)
    if old is None:
        db.session.add(new)
        return []
    if old.person_id != new.person_id:
        raise NotFoundError
    replaced = [old.kid]
    old.case_id, old.form = new.case_id, new.form
    old.kid, old.blob, old.updated_at = new.kid, new.blob, new.updated_at
    return replaced


def _open(draft: Draft) -> Content:
    """Unwrap the key of a draft and decrypt it."""
    with stores().keys.connect() as connection:
        stored = connection.execute(
            select(draft_key.c.wrapped, draft_key.c.commitment).where(draft_key.c.kid == draft.kid)
        ).one_or_none()
    if stored is None:
        raise IntegrityFaultError
    prefix = _prefix(draft.person_id, draft.case_id, draft.form)
    try:
        key = kek().unwrap(stored.wrapped, draft_binding(draft.id))
        data_key = check_commitment(key, draft.kid, stored.commitment)
        return read_content(data_key.open(prefix, draft.id, 1, draft.blob))
    except (SealError, KeyUnavailableError) as error:
        raise IntegrityFaultError from error


def _delete(*which: ColumnElement[bool]) -> int:
    """Delete drafts, their keys first; gives how many."""
    kids = list(db.session.scalars(select(Draft.kid).where(*which)))
    if kids:
        _delete_keys(kids)
        with transaction():
            db.session.execute(delete(Draft).where(Draft.kid.in_(kids)))
    return len(kids)


def _delete_keys(kids: Sequence[bytes]) -> None:
    """Delete keys of drafts, which makes every copy of their text unreadable."""
    if kids:
        with stores().keys.begin() as connection:
            connection.execute(delete(draft_key).where(draft_key.c.kid.in_(kids)))
