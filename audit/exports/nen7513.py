"""NEN 7513: the elements of an event as the 2018 text groups them; the 2024 text is to verify.

Event, user with access point, involved objects, source; and what its guideline for display asks:
authorisation protocol, consent profile, and whether the emergency procedure was used.
"""

from typing import Any

from audit.entries import Action, Entry, Kind, Outcome
from audit.exports.source import Producer
from audit.reading import Opened

CODES = {
    Action.CREATE: "C",
    Action.CONSULT: "R",
    Action.OVERSEE: "R",
    Action.LOG_VIEW: "R",
    Action.UPDATE: "U",
    Action.DESTROY: "D",
}
EXECUTE = "E"
DONE, REFUSED, FAILED = 0, 4, 8
Event = dict[str, Any]


def event_of(opened: Opened, producer: Producer, failure: Entry | None = None) -> Event:
    """Write the event of an entry; when its release failed afterwards, the event says so."""
    entry = opened.entry
    actor = entry.actor
    is_refused = entry.decided is Outcome.DENY
    is_failed = failure is not None and not failure.closed_items
    return {
        "EventID": entry.event_id,
        "EventActionCode": CODES.get(entry.action, EXECUTE),
        "EventDateTime": f"{opened.at.isoformat(timespec='milliseconds')}",
        "EventOutcomeIndicator": REFUSED if is_refused else FAILED if is_failed else DONE,
        "eventTypeCode": (entry.kind or entry.action).value,
        "users": [
            {
                "userID": actor.person,
                "alternateUserID": actor.on_behalf_of or "",
                "userIsRequestor": True,
                "roleIDCode": actor.role,
                "purposeOfUse": entry.purpose,
                "networkAccessPointTypeCode": "session",
                "networkAccessPointID": actor.session,
                "responsibleOrganisation": actor.organisation,
            }
        ],
        "participants": [
            *(
                {"participantObjectTypeCode": "person", "participantObjectID": one}
                for one in entry.subjects
            ),
            {
                "participantObjectTypeCode": "case",
                "participantObjectID": entry.case_id or entry.object,
                "participantObjectDetail": [
                    {
                        "category": line.category,
                        "provider": line.provider,
                        "decision": line.decision,
                        "items": list(line.items),
                    }
                    for line in entry.lines
                ],
                "participantObjectDataLifeCycle": _life_cycle(entry.action, entry.kind),
            },
        ],
        "AuditSourceId": producer.origin,
        "AuditSourceTypeCode": "pga",
        "autorisatieProtocol": {
            "agreement_version": entry.agreement_version,
            "policy_hash": entry.policy_hash,
            "rules": entry.rules,
        },
        "toestemmingsProfiel": [line.clause for line in entry.lines if line.clause],
        "noodprocedure": entry.action is Action.BREAK_GLASS,
    }


def _life_cycle(action: Action, kind: Kind | None) -> str:
    """Say what happened to the data."""
    if kind in {Kind.PRINTED, Kind.EXPORTED}:
        return "copy"
    return {"C": "origination", "R": "access", "U": "amendment", "D": "destruction"}.get(
        CODES.get(action, EXECUTE), "use"
    )
