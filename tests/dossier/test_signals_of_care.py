"""A provider bound by secrecy starts a case only under a release it asked first (INTAKE, G3)."""

from dataclasses import dataclass

import pytest

from audit.entries import Action, Outcome
from pga.sharing import queries
from pga.sharing.service import releases
from pga.sharing.service.changes import sit_down
from pga.sharing.service.disclose import SharingDeniedError, disclose_one
from tests.factories.browserless import Visitor
from tests.factories.fixtures import Play
from tests.factories.log import entries_of
from tests.factories.scene import TOWN, Scene
from tests.factories.snapshots import Played


def with_staff(scene: Scene) -> None:
    """Let care, school attendance and the process lead work in the town."""
    for partner in ("GPR", "GGZ", "LPR", "POL", "GI"):
        scene.who(partner)


@dataclass(frozen=True, slots=True)
class Care:
    """Somebody of mental health care with a browser, and what they would send."""

    played: Played[None]
    visitor: Visitor

    def signal(self, **more: str | list[str]) -> dict[str, str | list[str]]:
        """What a browser posts of a youth of 16 who agrees."""
        return {
            "place": self.played.scene.who("GGZ").membership_id.hex(),
            "municipality": TOWN,
            "track": "youth",
            "first_name": "Noor",
            "surname": "Vis",
            "born_on": "2010-02-03",
            "reason": "Often away from home.",
            "goal": "A safe place.",
            "tried": "Two talks.",
            "is_informed": "true",
            "release_kind": "consent",
            "youth_answer": "agrees",
            "way": "spoken",
            "release_until": "2027-02-01",
            **more,
        }

    def send(self, **more: str | list[str]) -> bytes:
        """Send the signal; give the id of the case."""
        location = self.visitor.do("/cases/new", self.signal(**more)).location
        return bytes.fromhex(location.rsplit("/", maxsplit=1)[1])

    def reads(self, partner: str, case_id: bytes) -> bool:
        """Tell whether somebody reads the signal."""
        found = disclose_one(self.played.scene.who(partner).viewer, case_id)
        return "Often away from home." in {item.content.get("reason") for item in found.items}


@pytest.fixture
def care(play: Play) -> Care:
    played = play(with_staff)
    return Care(played, played.visitor("GGZ"))


YOUNG = {"born_on": "2013-02-03"}
MOTHER = {
    "holders.0.name": "Anna Vis",
    "holders.0.kind": "parental_authority",
    "holders.0.source": "brp",
    "holders.0.checked_on": "2026-11-01",
    "holders.0.answer": "agrees",
}
DUTIES = ["serious_harm", "no_other_way", "consent_tried", "minimum", "right_recipient"]


def test_care_starts_a_case_under_a_release_for_the_signal_alone(care: Care) -> None:
    assert "beroepsgeheim" in care.visitor.read("/cases/new")
    case_id = care.send()
    assert care.reads("GPR", case_id)
    assert care.reads("GGZ", case_id)
    (release,) = queries.releases_of(case_id)
    assert (release.categories, release.confirmed_by) == (
        ["SIGNAL"],
        care.played.scene.who("GGZ").person_id,
    )
    assert entries_of(care.played.app, Action.CREATE)[-1].facts["release"] == release.id.hex()
    with pytest.raises(SharingDeniedError):
        care.played.scene.bring("GGZ", case_id, "D07")


def test_withdrawing_that_release_closes_the_signal_to_the_process_lead(care: Care) -> None:
    case_id = care.send()
    releases.withdraw_all(sit_down(care.played.scene.who("GGZ").viewer, case_id))
    assert not care.reads("GPR", case_id)
    assert care.reads("GGZ", case_id)


@pytest.mark.parametrize(
    "more",
    [
        {"release_kind": ""},
        {"youth_answer": "disagrees"},
        YOUNG,
        {**MOTHER, "youth_answer": ""},
        {**YOUNG, **MOTHER, "holders.0.answer": "disagrees"},
        {**YOUNG, **MOTHER, "youth_answer": "disagrees"},
    ],
    ids=["none", "no", "no parent asked", "youth not asked", "parent says no", "child says no"],
)
def test_without_everybody_who_must_answer_nothing_is_sent_or_kept(
    care: Care, more: dict[str, str]
) -> None:
    answer = care.visitor.post("/cases/new", care.signal(**more))
    assert answer.status_code == 422
    assert "Often away from home." in answer.text
    assert "geheimhoudingsplicht" in answer.text
    refused = entries_of(care.played.app, Action.CREATE)[-1]
    assert refused.decided is Outcome.DENY
    assert refused.case_id is None
    assert "Casussen" in care.visitor.read("/cases")
    assert "/cases/" not in care.visitor.read("/cases").replace("/cases/new", "")


def test_of_a_child_of_13_both_answers_are_kept_and_the_name_is_sealed(care: Care) -> None:
    case_id = care.send(**YOUNG, **MOTHER)
    (guardian,) = queries.guardians_of(case_id)
    (release,) = queries.releases_of(case_id)
    given = {(a.guardian_id, a.answer) for a in queries.answers_of([release.id])[release.id]}
    assert given == {(None, "agrees"), (guardian.id, "agrees")}
    assert release.rests_on_representative
    assert care.reads("GPR", case_id)
    lead = disclose_one(care.played.scene.who("GPR").viewer, case_id)
    assert "Anna Vis" not in repr([item.content for item in lead.items])
    own = disclose_one(care.played.scene.who("GGZ").viewer, case_id)
    assert "Anna Vis" in {item.content.get("name") for item in own.items}


def test_why_a_parent_was_not_asked_is_sealed_for_the_professional(care: Care) -> None:
    unsafe = {"holders.1.answer": "unsafe_to_ask_parent", "holders.1.reason": "he hit her"}
    father = {name.replace("0", "1"): text for name, text in MOTHER.items()}
    case_id = care.send(**YOUNG, **MOTHER, **{**father, "holders.1.name": "Ben Vis", **unsafe})
    assert care.reads("GPR", case_id)
    for partner, knows in (("GPR", False), ("GGZ", True)):
        found = disclose_one(care.played.scene.who(partner).viewer, case_id)
        assert ("he hit her" in repr([item.content for item in found.items])) == knows


def test_an_institution_that_is_guardian_is_known_as_such(care: Care) -> None:
    institution = care.played.scene.organisation("GI")
    more = {"holders.0.kind": "guardian", "holders.0.organisation": institution.hex()}
    case_id = care.send(**YOUNG, **{**MOTHER, **more})
    (guardian,) = queries.guardians_of(case_id)
    assert guardian.organisation_id == institution


def test_a_conflict_of_duties_needs_each_condition_and_own_words(care: Care) -> None:
    duty = {"release_kind": "conflict_of_duties", "youth_answer": ""}
    for words, conditions in (("in danger", DUTIES[:4]), ("", DUTIES)):
        sent = care.signal(**duty, conflict=words, conditions=conditions)
        assert care.visitor.post("/cases/new", sent).status_code == 422
    duty["conflict"] = "in danger"
    case_id = care.send(**duty, conditions=DUTIES)
    assert care.reads("GPR", case_id)
    lead = disclose_one(care.played.scene.who("GPR").viewer, case_id)
    assert "in danger" not in repr([item.content for item in lead.items])


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"release_until": "2020-01-01"}, "Kies een dag die nog niet voorbij is"),
        ({"release_until": "2206-11-09"}, "Kies een dag binnen een jaar"),
        ({"youth_answer": ""}, "Vul in wat er is geantwoord"),
        ({"release_kind": "legal_duty"}, "welke plicht"),
        ({"holders.0.name": "Anna Vis"}, "Vul dit in"),
    ],
)
def test_a_release_with_a_gap_says_which_and_keeps_the_signal(
    care: Care, more: dict[str, str], message: str
) -> None:
    answer = care.visitor.post("/cases/new", care.signal(**more))
    assert answer.status_code == 422
    assert message in answer.text
    assert "Two talks." in answer.text


def test_others_are_not_asked_for_a_release_and_have_none(care: Care) -> None:
    officer = care.played.visitor("LPR")
    assert "beroepsgeheim" not in officer.read("/cases/new")
    place = care.played.scene.who("LPR").membership_id.hex()
    location = officer.do("/cases/new", care.signal(place=place)).location
    case_id = bytes.fromhex(location.rsplit("/", maxsplit=1)[1])
    assert queries.releases_of(case_id) == []
