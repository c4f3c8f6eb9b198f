"""The payload: everything an entry says about persons, in canonical bytes, to be sealed.

Its form is part of the log for as long as the log lives; a new field comes with a new version.
"""

import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any, cast

from audit import canonical
from audit.entries import (
    UNEXPLAINED,
    Action,
    Actor,
    Entry,
    Explanation,
    Kind,
    Line,
    Outcome,
    Retention,
    WriteState,
)

PAYLOAD_VERSION = 1


@dataclass(frozen=True, slots=True)
class Parts:
    """The canonical bytes an entry commits to."""

    actor: bytes
    object: bytes
    payload: bytes


@dataclass(frozen=True, slots=True)
class Recorded:
    """What a payload holds: the entry, when it was made, and at which broker."""

    entry: Entry
    at: datetime
    broker: str


class PayloadError(ValueError):
    """The bytes are not a payload of this log."""


def milliseconds_of(at: datetime) -> datetime:
    """Cut an aware instant to the milliseconds a payload keeps."""
    return at.astimezone(UTC).replace(microsecond=at.microsecond // 1000 * 1000)


def encode(entry: Entry, at: datetime, broker: str) -> Parts:
    """Write an entry with its instant and the start id of its broker.

    Raises CanonicalError for a value that JSON does not keep exactly.
    """
    fields = _fields(entry)
    fields["at"] = f"{at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec='milliseconds')}Z"
    fields["broker"] = broker
    return Parts(
        canonical.encode(fields["actor"]),
        canonical.encode(fields["object"]),
        canonical.encode(fields),
    )


def is_same(one: Entry, other: Entry) -> bool:
    """Tell whether two entries say the same, whatever broker and instant recorded them."""
    return canonical.encode(_fields(one)) == canonical.encode(_fields(other))


def decode(data: bytes) -> tuple[Recorded, Parts]:
    """Read a payload back, and the parts it commits to; raises PayloadError for other bytes."""
    try:
        fields = cast("dict[str, Any]", json.loads(data))
        if fields["v"] != PAYLOAD_VERSION:
            message = "the payload has another version"
            raise PayloadError(message)
        recorded = Recorded(_entry(fields), datetime.fromisoformat(fields["at"]), fields["broker"])
        parts = Parts(canonical.encode(fields["actor"]), canonical.encode(fields["object"]), data)
    except (ValueError, TypeError, KeyError) as error:
        message = "the opened bytes are not a payload of this log"
        raise PayloadError(message) from error
    return recorded, parts


def _fields(entry: Entry) -> dict[str, Any]:
    """List the facts of an entry as a payload names them."""
    why = entry.explained_by or UNEXPLAINED
    return {
        "action": entry.action,
        "actor": {
            "auth_level": entry.actor.auth_level,
            "on_behalf_of": entry.actor.on_behalf_of,
            "organisation": entry.actor.organisation,
            "partner": entry.actor.partner,
            "person": entry.actor.person,
            "role": entry.actor.role,
            "session": entry.actor.session,
        },
        "agreement_version": entry.agreement_version,
        "case_id": entry.case_id,
        "epochs": {"agreement": entry.agreement_epoch, "case": entry.case_epoch},
        "event_id": entry.event_id,
        "explained_by": {"id": why.id, "kind": why.kind},
        "facts": dict(entry.facts),
        "kind": entry.kind,
        "lines": [
            {
                "category": line.category,
                "clause": line.clause,
                "code": line.code,
                "decision": line.decision,
                "items": line.items,
                "provider": line.provider,
                "rule": line.rule,
            }
            for line in entry.lines
        ],
        "names": entry.names,
        "object": entry.object,
        "outcome": entry.decided,
        "policy_hash": entry.policy_hash,
        "purpose": entry.purpose,
        "reason": entry.reason,
        "recipients": entry.recipients,
        "retention": entry.retention,
        "subjects": entry.subjects,
        "v": PAYLOAD_VERSION,
        "write": asdict(entry.write) if entry.write else None,
    }


def _entry(fields: dict[str, Any]) -> Entry:
    """Build the entry a payload describes."""
    why = Explanation(**fields["explained_by"])
    return Entry(
        action=Action(fields["action"]),
        actor=Actor(**fields["actor"]),
        object=fields["object"],
        kind=None if fields["kind"] is None else Kind(fields["kind"]),
        case_id=fields["case_id"],
        subjects=tuple(fields["subjects"]),
        lines=tuple(Line(**{**line, "items": tuple(line["items"])}) for line in fields["lines"]),
        outcome=Outcome(fields["outcome"]),
        purpose=fields["purpose"],
        agreement_version=fields["agreement_version"],
        policy_hash=fields["policy_hash"],
        case_epoch=fields["epochs"]["case"],
        agreement_epoch=fields["epochs"]["agreement"],
        explained_by=None if why == UNEXPLAINED else why,
        reason=fields["reason"],
        names=fields["names"],
        write=None if fields["write"] is None else WriteState(**fields["write"]),
        recipients=tuple(fields["recipients"]),
        facts=fields["facts"],
        retention=Retention(fields["retention"]),
        event_id=fields["event_id"],
    )
