"""What a case in the signal phase, in aftercare and after its end gives to whom (R-03, R-06)."""

from datetime import date

import pytest

from audit.entries import Action, Outcome
from config.clock import today
from config.errors import InvalidInputError, NotFoundError
from pga.cases import queries as cases
from pga.cases.rules import CaseState
from pga.cases.service import StepNotAllowedError
from pga.dossier.casefile import CaseFile
from pga.dossier.rules import StepReason
from pga.dossier.service import steps
from pga.dossier.service.signals import start
from pga.policy.codes import Code
from pga.sharing.service import decisions
from pga.sharing.service.disclose import Look, SharingDeniedError, disclose, disclose_one
from tests.factories.fixtures import Play
from tests.factories.log import entries_of
from tests.factories.paper import new_signal
from tests.factories.scene import TOWN, Scene

SIXTEEN = date(2010, 5, 1)


def closed(scene: Scene) -> bytes:
    """Close a case in which a school brought something and a housing corporation did not."""
    case_id = scene.case("WOC", "POL", "GGZ")
    scene.note(case_id, "LPR", "D14", "GPR", "GCR")
    scene.bring("LPR", case_id, "D14")
    scene.bring("LPR", case_id, "D04", "absent on Mondays")
    scene.decide(case_id, "POL", ["D01"], "GPR")
    scene.bring("POL", case_id, "D01")
    for target in (CaseState.SCALED_DOWN, CaseState.CLOSED):
        steps.take(scene.desk("GPR", case_id), target, StepReason.GOALS_REACHED)
    return case_id


def test_a_closed_case_is_invisible_to_partners_but_for_their_own_items(play: Play) -> None:
    played = play(closed)
    scene, case_id = played.scene, played.made
    found = disclose_one(scene.who("POL").viewer, case_id)
    assert {item.row.owner_partner for item in found.items} == {"POL"}
    assert {j.decision.code for j in found.judged if not j.is_own} == {Code.NO_RULE}
    file = CaseFile(found)
    assert [p.partner for p in file.known] == ["POL"]
    with pytest.raises(NotFoundError):
        disclose_one(scene.who("WOC").viewer, case_id)
    assert case_id.hex() not in played.visitor("WOC").read("/cases")
    assert played.visitor("WOC").get(f"/cases/{case_id.hex()}").status_code == 404
    assert case_id.hex() in played.visitor("POL").read("/cases")


def test_the_process_lead_still_finds_a_closed_case(play: Play) -> None:
    played = play(closed)
    found = disclose_one(played.scene.who("GPR").viewer, played.made)
    assert all(item.is_own for item in found.items)
    assert {"POL", "WOC"} <= {p.partner for p in CaseFile(found).known}


def in_triage(scene: Scene) -> bytes:
    """Bring a case to triage."""
    return scene.case("POL", state=CaseState.TRIAGE)


def test_triage_to_meeting_is_impossible_for_anybody(play: Play) -> None:
    played = play(in_triage)
    with pytest.raises(StepNotAllowedError):
        steps.take(played.scene.desk("GPR", played.made), CaseState.MEETING)
    page = played.visitor("GPR").post(f"/cases/{played.made.hex()}/steps", {"target": "meeting"})
    assert page.status_code == 422
    assert played.scene.desk("GPR", played.made).facts.case.state == CaseState.TRIAGE


def in_signal_phase(scene: Scene) -> bytes:
    """Send a signal."""
    case_id = scene.signal()
    for partner in ("GCR", "POL", "WOC", "GGZ"):
        scene.who(partner)
    return case_id


def test_in_the_signal_phase_only_submitter_and_process_lead_read_the_signal(play: Play) -> None:
    played = play(in_signal_phase)
    scene, case_id = played.scene, played.made
    for partner in ("LPR", "GPR"):
        found = disclose_one(scene.who(partner).viewer, case_id)
        assert [item.category for item in found.items] == ["SIGNAL"]
    scene.join(case_id, "GCR")
    found = disclose_one(scene.who("GCR").viewer, case_id)
    assert found.items == []
    assert {j.decision.code for j in found.judged} == {Code.NO_RULE}


def test_in_the_signal_phase_nothing_but_the_signal_is_brought(play: Play) -> None:
    played = play(in_signal_phase)
    for partner, category in (("LPR", "D04"), ("GPR", "D01"), ("LPR", "D16")):
        with pytest.raises(SharingDeniedError):
            played.scene.bring(partner, played.made, category)


def test_after_admission_the_signal_is_the_submitters_own_again(play: Play) -> None:
    played = play(in_triage)
    categories = {
        partner: {
            i.category for i in disclose_one(played.scene.who(partner).viewer, played.made).items
        }
        for partner in ("LPR", "GPR", "POL")
    }
    assert categories == {"LPR": {"SIGNAL"}, "GPR": set(), "POL": set()}


def test_a_police_signal_without_a_decision_is_refused_with_one_entry(play: Play) -> None:
    played = play(in_triage)
    scene = played.scene
    police = scene.who("POL")
    before = len(entries_of(played.app))
    with pytest.raises(SharingDeniedError) as refused:
        start(police.viewer, police.place, new_signal(TOWN, "youth", SIXTEEN))
    assert refused.value.decision is not None
    assert refused.value.decision.missing == ("disclosure_decision",)
    added = entries_of(played.app, since=before)
    assert [(e.action, e.decided) for e in added] == [(Action.CREATE, Outcome.DENY)]
    desk = scene.desk("POL", played.made)
    decisions.record_decision(
        desk,
        decisions.NewDecision(
            article="WPG_20",
            number="1",
            purposes=["HELP"],
            categories=["SIGNAL"],
            recipients=[scene.organisation("GPR")],
            authority="chief",
            valid_until=today(),
            is_structural=True,
        ),
    )
    case_id = start(police.viewer, police.place, new_signal(TOWN, "youth", SIXTEEN))
    found = disclose_one(scene.who("GPR").viewer, case_id)
    assert [item.category for item in found.items] == ["SIGNAL"]


def test_a_care_signal_without_a_release_is_refused(play: Play) -> None:
    played = play(in_signal_phase)
    care = played.scene.who("GGZ")
    with pytest.raises(SharingDeniedError) as refused:
        start(care.viewer, care.place, new_signal(TOWN, "youth", SIXTEEN))
    assert refused.value.decision is not None
    assert refused.value.decision.missing == ("secrecy_release",)


def test_radicalisation_is_refused_and_nothing_of_it_is_kept(play: Play) -> None:
    played = play(in_signal_phase)
    officer = played.scene.who("LPR")
    before = len(entries_of(played.app))
    signal = new_signal(TOWN, "youth", SIXTEEN, theme="radicalisation", reason="very secret")
    with pytest.raises(InvalidInputError) as refused:
        start(officer.viewer, officer.place, signal)
    assert set(refused.value.fields) == {"theme"}
    added = entries_of(played.app, since=before)
    assert [(e.decided, e.reason, e.case_id) for e in added] == [(Outcome.DENY, "R-06", None)]
    assert "secret" not in repr(added)
    assert len(cases.cases_of_person(officer.person_id, today())) == 1


def in_aftercare(scene: Scene) -> bytes:
    """Bring a case to aftercare, with youth care named as its partner."""
    case_id = scene.case("JHA", "HLT")
    scene.bring("GPR", case_id, "D01", recipients=[scene.who("JHA").person_id])
    scene.bring("LPR", case_id, "D04")
    for category in ("D15", "D16"):
        readers = [scene.who(partner).person_id for partner in ("JHA", "HLT")]
        scene.bring("LPR", case_id, category, recipients=readers)
    steps.take(scene.desk("GPR", case_id), CaseState.SCALED_DOWN, StepReason.GOALS_REACHED)
    keeps = scene.aftercare("JHA")
    steps.take(scene.desk("GPR", case_id), CaseState.AFTERCARE, keeps_contact=keeps)
    return case_id


def test_in_aftercare_the_named_partner_reads_three_subjects_and_others_only_their_own(
    play: Play,
) -> None:
    played = play(in_aftercare)
    found = disclose(played.scene.who("JHA").viewer, [played.made], Look())[played.made]
    assert {item.category for item in found.items} == {"D01", "D15", "D16"}
    other = disclose_one(played.scene.who("HLT").viewer, played.made)
    assert all(item.is_own for item in other.items)
    lead = disclose_one(played.scene.who("GCR").viewer, played.made)
    assert "D04" in {item.category for item in lead.items}
