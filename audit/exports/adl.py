"""NLgov Authorization Decision Log 1.0.0: one record per decision that was asked in one call.

A decision over several providers and categories is one call with several evaluations (ADL-4). A
refusal is no error (status stays Unset). Raw request and response stand in the body; agreement,
epochs and program are references (ADL-1, ADL-2).
"""

from typing import Any

from audit.entries import Line, Outcome
from audit.exports.source import Producer, milliseconds, span_of
from audit.reading import Opened

ONE = "adl.access_evaluation"
MANY = "adl.access_evaluations"
Record = dict[str, Any]


def record_of(opened: Opened, producer: Producer) -> Record | None:
    """Write the record of an entry; None when nothing was decided in it (ADL-3)."""
    entry = opened.entry
    if entry.decided is Outcome.NA or not entry.lines:
        return None
    attributes: Record = {
        "adl.core.policies": {
            "agreement": {"version": entry.agreement_version, "sha256": entry.policy_hash}
        },
        "adl.core.information": {
            "case": {"id": entry.case_id, "epoch": entry.case_epoch},
            "agreement": {"epoch": entry.agreement_epoch},
        },
        "pga.log.seq": opened.seq,
        "pga.log.origin": producer.origin,
    }
    if len(entry.subjects) == 1:
        attributes["dpl.core.data_subject_id"] = entry.subjects[0]
    request, response = _single(opened) if len(entry.lines) == 1 else _batch(opened)
    return {
        "trace_id": entry.event_id,
        "span_id": span_of(entry.event_id, "adl"),
        "event_name": ONE if len(entry.lines) == 1 else MANY,
        "timestamp": milliseconds(opened.at),
        "status": "Unset",
        "resource": {"service.name": "pga", "pga.log.origin": producer.origin},
        "attributes": attributes,
        "body": {"adl.core.request": request, "adl.core.response": response},
    }


def _single(opened: Opened) -> tuple[Record, Record]:
    """Write a decision on one provider and category."""
    (line,) = opened.entry.lines
    return {**_shared(opened), "resource": _resource(opened, line)}, _decision(line)


def _batch(opened: Opened) -> tuple[Record, Record]:
    """Write the decisions of one call, in its order (AZ-12)."""
    lines = opened.entry.lines
    request = {
        **_shared(opened),
        "evaluations": [{"resource": _resource(opened, line)} for line in lines],
    }
    return request, {"evaluations": [_decision(line) for line in lines]}


def _shared(opened: Opened) -> Record:
    """Write who asked what, when and for which purpose."""
    entry = opened.entry
    actor = entry.actor
    properties = {
        "organisation": actor.organisation,
        "partner": actor.partner,
        "role": actor.role,
        "auth_level": actor.auth_level,
    }
    if actor.on_behalf_of:
        properties["on_behalf_of"] = actor.on_behalf_of
    return {
        "subject": {"type": "person", "id": actor.person, "properties": properties},
        "action": {"name": entry.action.value, "properties": {"purpose": entry.purpose}},
        "context": {"time": f"{opened.at.isoformat(timespec='milliseconds')}"},
    }


def _resource(opened: Opened, line: Line) -> Record:
    """Write what was asked for."""
    properties: Record = {"provider": line.provider, "category": line.category}
    if line.items:
        properties["items"] = list(line.items)
    return {"type": "case", "id": opened.entry.object, "properties": properties}


def _decision(line: Line) -> Record:
    """Write a decision with its rule; `code` says why."""
    context: Record = {"rule_ids": [line.rule] if line.rule else [], "code": line.code}
    if line.clause:
        context["clause"] = line.clause
    return {"decision": line.is_allowed, "context": context}
