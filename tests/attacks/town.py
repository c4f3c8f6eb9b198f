"""The town that is attacked: a case with one of everything, another one, people of all kinds."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from auth.rules import Role
from config.ids import new_id
from pga.cases import queries as cases
from pga.dossier.service import contributions, people
from pga.sharing.service import voluntary
from tests.factories.events import role_ended
from tests.factories.scene import Scene

NEXT_TOWN = "GM0400"
Ids = Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class Town:
    """Ids by the name they have in addresses: of the case, of another one, and hidden ones.

    `hidden` are things of secret help in the case itself, `outsiders` people by what they are.
    """

    case: Ids
    other: Ids
    hidden: Ids
    outsiders: Mapping[str, bytes]


MEMBERS = ("POL", "SCH", "WOC", "GPR", "GCR", "LPR", "GGZ")
OUTSIDERS = ("somebody", "colleague", "admin", "officer", "dpo", "lead of next town", "nobody")


def founded(scene: Scene) -> Town:
    """Play two cases with one of everything, and give their ids."""
    case = _full(scene, "SCH", "WOC")
    hidden = _secret(scene, case["case_id"])
    other = _full(scene, "JWK", "HLT")
    elsewhere = Scene(NEXT_TOWN)
    gone = scene.who("VT")
    outsiders = {
        "somebody": scene.who("REC").person_id,
        "colleague": scene.who("SCH", "Colleague").person_id,
        "admin": scene.who("SCH", "Admin", Role.ORG_ADMIN).person_id,
        "officer": scene.who("GPR", "Officer", Role.PRIVACY_OFFICER).person_id,
        "dpo": scene.who("GPR", "Protection", Role.DPO).person_id,
        "lead of next town": elsewhere.who("GPR").person_id,
        "nobody": gone.person_id,
    }
    role_ended(scene, case["case_id"], "VT")
    scene.case("REC")
    return Town(case, other, hidden, outsiders)


def unknown() -> Ids:
    """Give ids of nothing."""
    return {name: new_id() for name in ID_NAMES}


ID_NAMES = (
    *("case_id", "item_id", "release_id", "consent_id", "note_id", "decision_id"),
    *("participant_id", "replacement_id", "task_id"),
)


def _full(scene: Scene, *partners: str) -> Ids:
    """Play a case with one of everything, brought by the police and the attendance officer."""
    case_id = scene.case("POL", *partners)
    scene.decide(case_id, "POL", ["D01"], "GPR")
    scene.note(case_id, "LPR", "D14", "GPR")
    item_id = scene.bring("LPR", case_id, "D04", "absent on Mondays")
    consent = voluntary.record_consent(
        scene.desk("LPR", case_id), scene.organisation("LPR"), "LPR", "spoken", _in(scene, case_id)
    )
    consent_id = consent.id
    desk = scene.desk("LPR", case_id)
    mine = next(p for p in desk.facts.participants if p.partner == "LPR")
    stand_in = scene.who("LPR", "Colleague")
    people.stand_in(desk, mine.id, stand_in.person_id, _in(scene, case_id))
    contributions.ask_case_manager(scene.desk("LPR", case_id), "D07")
    desk = scene.desk("GCR", case_id)
    task = cases.open_work(scene.who("GCR").person_id, [], [case_id])[0]
    return {
        "case_id": case_id,
        "item_id": item_id,
        "release_id": scene.release(case_id, "LPR", ["D04"], "GPR", by="LPR"),
        "consent_id": consent_id,
        "note_id": next(n.id for n in desk.facts.notes if n.category == "D14"),
        "decision_id": desk.facts.decisions[0].id,
        "participant_id": mine.id,
        "replacement_id": desk.facts.replacements[0].id,
        "task_id": task.id,
    }


def _secret(scene: Scene, case_id: bytes) -> Ids:
    """Let mental health care take part, named by the case manager, with one of everything."""
    scene.join(case_id, "GGZ")
    release_id = scene.release(case_id, "GGZ", ["D07", "D09"], "GI")
    item_id = scene.bring("GGZ", case_id, "D07", "secret")
    scene.note(case_id, "GGZ", "D09", "GI")
    consent = voluntary.record_consent(
        scene.desk("GGZ", case_id), scene.organisation("GGZ"), "GGZ", "spoken", _in(scene, case_id)
    )
    consent_id = consent.id
    desk = scene.desk("GGZ", case_id)
    mine = next(p for p in desk.facts.participants if p.partner == "GGZ")
    colleague = scene.who("GGZ", "Colleague")
    people.stand_in(desk, mine.id, colleague.person_id, _in(scene, case_id))
    waiting = scene.release(case_id, "GGZ", ["D14"], "GI", confirmed=False)
    desk = scene.desk("GGZ", case_id)
    return {
        "case_id": case_id,
        "item_id": item_id,
        "release_id": release_id,
        "consent_id": consent_id,
        "note_id": next(n.id for n in desk.facts.notes if n.category == "D09"),
        "decision_id": desk.facts.decisions[0].id,
        "participant_id": mine.id,
        "replacement_id": next(
            r.id for r in desk.facts.replacements if r.participant_id == mine.id
        ),
        "task_id": cases.waiting_about(waiting)[0].id,
    }


def _in(scene: Scene, case_id: bytes) -> date:
    """Give a day in a month."""
    return scene.desk("GPR", case_id).today + timedelta(days=30)
