"""VNG Verwerkingenlogging (write API 0.9.0): the fields of a processing action.

The log holds no citizen number, so a person is named by pseudonym: `soortObjectId` says so.
"""

from typing import Any
from uuid import UUID

from audit.entries import Outcome
from audit.exports.ldv import NAMES
from audit.exports.source import Producer
from audit.reading import Opened
from audit.sealing import YEARS

LONGEST_USER = 40
CONFIDENTIAL = "vertrouwelijk"
Action_ = dict[str, Any]


def action_of(opened: Opened, producer: Producer) -> Action_ | None:
    """Write the processing action of an entry; None when no data of a person was processed."""
    entry = opened.entry
    activity = producer.activity(entry.action)
    if activity is None or entry.decided is Outcome.DENY or not entry.subjects:
        return None
    at = f"{opened.at.isoformat(timespec='milliseconds')}"
    return {
        "actieId": str(UUID(entry.event_id)),
        "actieNaam": NAMES[entry.action],
        "handelingNaam": entry.kind.value if entry.kind else entry.action.value,
        "verwerkingNaam": "Persoonsgerichte aanpak jeugd",
        "verwerkingsactiviteitUrl": activity,
        "vertrouwelijkheid": CONFIDENTIAL,
        "bewaartermijn": f"P{YEARS[entry.retention]}Y",
        "systeem": producer.origin,
        "gebruiker": entry.actor.person[:LONGEST_USER],
        "gegevensbron": entry.case_id or "",
        "tijdstip": at,
        "tijdstipRegistratie": at,
        "verwerkteObjecten": [
            {
                "objecttype": "persoon",
                "soortObjectId": "pseudoniem",
                "objectId": subject[:LONGEST_USER],
                "betrokkenheid": "jongere",
                "verwerkteSoortenGegevens": [
                    {"soortGegeven": category} for category in _categories(opened)
                ],
            }
            for subject in entry.subjects
        ],
    }


def _categories(opened: Opened) -> list[str]:
    """List the categories of data that were processed, each once."""
    return sorted({line.category for line in opened.entry.lines if line.is_allowed})
