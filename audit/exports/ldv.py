"""Logboek Dataverwerkingen 1.0.0: one rule per act, one for each person whose data it touched.

No employee or user stands in a rule (LDV-11): who acted is in our own log, found by `trace_id`.
A refusal in which nothing of a person was processed makes no rule.
"""

from typing import Any

from audit.entries import Action, Entry, Outcome
from audit.exports.source import Producer, milliseconds, span_of
from audit.reading import Opened

SUBJECT_TYPE = "pseudoniem"
OVERTAKEN = "stale-decision"
"""Why nothing was shown on a decision that another act overtook: no fault, it is decided anew."""
NAMES = {
    Action.CONSULT: "Gegevens van een jongere raadplegen",
    Action.OVERSEE: "Toezien op het gebruik van gegevens",
    Action.CREATE: "Gegevens van een jongere vastleggen",
    Action.UPDATE: "Gegevens van een jongere wijzigen",
    Action.PROVIDE: "Gegevens van een jongere verstrekken",
    Action.HIT_NOHIT: "Vragen of een jongere bekend is",
    Action.CONSENT_SET: "Toestemming vastleggen",
    Action.CONSENT_WITHDRAW: "Toestemming intrekken",
    Action.RELEASE: "Een vrijgave bevestigen",
    Action.TRANSITION: "Een stap in de aanpak zetten",
    Action.BREAK_GLASS: "Noodtoegang gebruiken",
    Action.RIGHTS_REQ: "Een verzoek van een betrokkene behandelen",
    Action.RETENTION_BLOCK: "Gegevens bewaren vanwege een procedure",
    Action.DESTROY: "Gegevens vernietigen",
}
Rule = dict[str, Any]


def rules_of(opened: Opened, producer: Producer, failure: Entry | None = None) -> list[Rule]:
    """Write the rules of an entry; none when no data of a person was processed in it.

    A release that failed afterwards is an error, unless it only was overtaken.
    """
    entry = opened.entry
    activity = producer.activity(entry.action)
    if activity is None or entry.decided is Outcome.DENY:
        return []
    at = milliseconds(opened.at)
    first: Rule = {
        "trace_id": entry.event_id,
        "span_id": span_of(entry.event_id, "ldv"),
        "status": "Unset",
        "name": NAMES[entry.action],
        "start_time": at,
        "end_time": at,
        "resource": {"attributes": {"service.name": "pga", "pga.log.origin": producer.origin}},
        "attributes": {"dpl.core.processing_activity_id": activity},
    }
    if failure is not None and failure.reason != OVERTAKEN and not failure.closed_items:
        first["status"] = "Error"
        first["attributes"]["exception.type"] = failure.reason
    if len(entry.subjects) == 1:
        return [_about(first, entry.subjects[0])]
    children = [
        _about(
            {
                **first,
                "span_id": span_of(entry.event_id, f"ldv {number}"),
                "parent_span_id": first["span_id"],
            },
            subject,
        )
        for number, subject in enumerate(entry.subjects)
    ]
    return [first, *children]


def _about(rule: Rule, subject: str) -> Rule:
    """Name the person a rule is about, by pseudonym (LDV-3)."""
    about = {
        "dpl.core.data_subject_id": subject,
        "dpl.core.data_subject_id_type": SUBJECT_TYPE,
    }
    return {**rule, "attributes": {**rule["attributes"], **about}}
