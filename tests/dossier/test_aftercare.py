"""The step to aftercare names the one partner who keeps contact, and until when (AFTERCARE)."""

from datetime import timedelta
from importlib import import_module

import pytest

from audit.entries import Action
from config import clock as house_clock
from config.clock import FrozenClock
from config.database import db, transaction
from config.errors import NotFoundError
from pga.cases.models import Case
from pga.cases.rules import CaseState, ParticipantTask
from pga.cases.service import StepNotAllowedError
from pga.dossier.rules import StepReason
from pga.dossier.service import steps
from pga.dossier.service.aftercare import close_what_is_over
from pga.policy.codes import Condition
from pga.sharing.rules import Exchange
from pga.sharing.service.disclose import disclose_one
from pga.sharing.service.judge import grounds_of
from tests.dossier.conftest import Table
from tests.factories.fixtures import Play
from tests.factories.log import entries_of
from tests.factories.scene import Scene

THREE = {"D01", "D15", "D16"}


def scaled_down(scene: Scene) -> bytes:
    """Play a case that was scaled down, with three subjects that nobody was named for."""
    case_id = scene.case("SCH", "JHA", "HLT", state=CaseState.SCALED_DOWN)
    for category in ("D01", "D15", "D16"):
        scene.bring("GCR", case_id, category)
    scene.bring("LPR", case_id, "D04")
    scene.who("GGZ")
    return case_id


@pytest.fixture
def down(play: Play) -> Table:
    return Table(play(scaled_down))


def form(table: Table, partner: str, days: int = 90) -> dict[str, str]:
    """What a browser posts to start aftercare."""
    return {
        "target": "aftercare",
        "person": table.scene.who(partner).membership_id.hex(),
        "until_on": (house_clock.today() + timedelta(days=days)).isoformat(),
    }


def reads(table: Table, partner: str) -> set[str]:
    """List the subjects somebody reads of what others brought."""
    found = disclose_one(table.scene.who(partner).viewer, table.case_id)
    return {item.category for item in found.items if not item.is_own}


@pytest.mark.parametrize("partner", ["SCH", "JHA", "GGZ"])
def test_the_partner_named_for_aftercare_reads_three_subjects_and_others_no_more(
    down: Table, partner: str
) -> None:
    lead = down.visitor("GPR")
    assert "Who keeps contact?" in lead.read(f"{down.path}/steps")
    lead.do(f"{down.path}/steps", form(down, partner))
    assert down.state == CaseState.AFTERCARE
    assert reads(down, partner) == THREE
    assert reads(down, "HLT") == set()
    assert "D04" in reads(down, "GCR")


def test_the_one_who_keeps_contact_has_the_task_of_aftercare_until_that_day(
    down: Table, clock: FrozenClock
) -> None:
    down.visitor("GPR").do(f"{down.path}/steps", form(down, "SCH", days=30))
    seat = down.scene.desk("SCH", down.case_id).seat
    assert seat.task == ParticipantTask.AFTERCARE
    assert seat.until_on == house_clock.today() + timedelta(days=30)
    clock.advance(timedelta(days=20))
    down.visitors.clear()
    page = down.visitor("GPR").read("/")
    assert "The aftercare" in page.split("Ends soon")[1]
    close_what_is_over()
    assert down.state == CaseState.AFTERCARE
    clock.advance(timedelta(days=11))
    with pytest.raises(NotFoundError):
        down.scene.desk("SCH", down.case_id)
    assert reads(down, "HLT") == set()


def test_an_earlier_seat_opens_nothing_more_when_aftercare_is_over(
    down: Table, clock: FrozenClock
) -> None:
    keeps = down.scene.aftercare("JHA", days=10)
    steps.take(down.scene.desk("GPR", down.case_id), CaseState.AFTERCARE, None, keeps)
    down.scene.join(down.case_id, "GGZ")
    clock.advance(timedelta(days=11))
    with pytest.raises(NotFoundError):
        down.scene.desk("JHA", down.case_id)
    assert reads(down, "GGZ") == set()


def test_the_case_closes_itself_the_day_after_its_aftercare_and_once(
    down: Table, clock: FrozenClock
) -> None:
    keeps = down.scene.aftercare("JHA", days=10)
    steps.take(down.scene.desk("GPR", down.case_id), CaseState.AFTERCARE, None, keeps)
    clock.advance(timedelta(days=10))
    close_what_is_over()
    assert down.state == CaseState.AFTERCARE
    clock.advance(timedelta(days=1))
    close_what_is_over()
    assert down.state == CaseState.CLOSED
    closed = entries_of(down.played.app, Action.TRANSITION)[-1]
    assert (closed.actor.role, closed.reason) == ("worker", StepReason.AFTERCARE_ENDED)
    assert dict(closed.facts) == {"from": "aftercare", "to": "closed", "phase": "F5"}
    case = down.scene.desk("GPR", down.case_id).facts.case
    assert case.closed_on == house_clock.today()
    number = len(entries_of(down.played.app))
    close_what_is_over()
    assert len(entries_of(down.played.app)) == number
    assert close_what_is_over in [job.run for job in import_module("wsgi").JOBS]


def test_a_case_that_cannot_be_closed_waits_and_the_others_close(
    down: Table, clock: FrozenClock, caplog: pytest.LogCaptureFixture
) -> None:
    other = down.scene.case(state=CaseState.AFTERCARE)
    keeps = down.scene.aftercare("JHA", days=10)
    steps.take(down.scene.desk("GPR", down.case_id), CaseState.AFTERCARE, None, keeps)
    clock.advance(timedelta(days=100))
    with transaction():
        db.session.get_one(Case, other).manifest = b"0" * 32
    close_what_is_over()
    assert down.state == CaseState.CLOSED
    assert "aftercare-waits" in {getattr(one, "event", "") for one in caplog.records}


def test_a_case_that_left_aftercare_meanwhile_is_not_closed(
    down: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    subject = down.scene.desk("GPR", down.case_id).facts.case.subject_id
    found = [(down.case_id, subject)]
    monkeypatch.setattr("pga.cases.queries.with_aftercare_over", lambda _: found)
    close_what_is_over()
    assert down.state == CaseState.SCALED_DOWN


def test_nobody_chooses_that_aftercare_ended(down: Table) -> None:
    lead = down.visitor("GPR")
    assert "aftercare_ended" not in lead.read(f"{down.path}/steps")
    answer = lead.post(f"{down.path}/steps", {"target": "closed", "reason": "aftercare_ended"})
    assert answer.status_code == 422


def test_another_table_of_the_organisation_that_keeps_contact_gets_nothing_by_it(
    down: Table,
) -> None:
    keeps = down.scene.aftercare("JHA")
    steps.take(down.scene.desk("GPR", down.case_id), CaseState.AFTERCARE, None, keeps)
    facts = down.scene.desk("GPR", down.case_id).facts
    town = down.scene.organisation("GPR")
    for recipient, partner, gets in (
        (keeps.organisation_id, "JHA", True),
        (keeps.organisation_id, "MEE", False),
        (keeps.organisation_id, "", False),
        (town, "JHA", False),
    ):
        flow = Exchange(town, "D15", recipient, "HELP", partner)
        met = grounds_of(facts, "GCR", flow, house_clock.today()).met
        assert (Condition.AFTERCARE_PARTNER in met) is gets


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"person": ""}, "Choose who keeps contact"),
        ({"person": "0" * 32}, "Choose who keeps contact"),
        ({"until_on": ""}, "Choose who keeps contact"),
        ({"until_on": "2026-11-02"}, "within six months"),
        ({"until_on": "2027-11-02"}, "within six months"),
    ],
)
def test_aftercare_without_one_partner_and_an_end_is_refused(
    down: Table, wrong: dict[str, str], message: str
) -> None:
    answer = down.visitor("GPR").post(f"{down.path}/steps", {**form(down, "SCH"), **wrong})
    assert answer.status_code == 422
    assert message in answer.text
    assert down.state == CaseState.SCALED_DOWN


@pytest.mark.parametrize("partner", ["GCR", "VT"])
def test_a_table_of_the_municipality_or_an_organisation_that_is_no_party_keeps_no_contact(
    play: Play, partner: str
) -> None:
    table = Table(play(without_safe_home))
    answer = table.visitor("GPR").post(f"{table.path}/steps", form(table, partner))
    assert answer.status_code == 422
    member = table.scene.who(partner).membership_id.hex()
    assert member not in table.visitor("GPR").read(f"{table.path}/steps")


def without_safe_home(scene: Scene) -> bytes:
    """Play a case in a town where somebody works for an organisation that has not signed."""
    scene.organisations["VT"] = scene.organisation("VT", "Unsigned")
    case_id = scene.case("SCH", state=CaseState.SCALED_DOWN)
    scene.who("VT")
    return case_id


def test_the_money_mule_track_has_no_aftercare(play: Play) -> None:
    table = Table(play(money_mules_scaled_down))
    assert CaseState.AFTERCARE not in table.possible()
    with pytest.raises(StepNotAllowedError):
        steps.take(
            table.scene.desk("GPR", table.case_id),
            CaseState.AFTERCARE,
            StepReason.GOALS_REACHED,
            table.scene.aftercare("LPR"),
        )


def money_mules_scaled_down(scene: Scene) -> bytes:
    """Play a case of the money-mule track to its end but one."""
    scene.sign("money_mule", ("GPR", "GCR", "POL", "OM", "HLT", "LPR"))
    return scene.case(track="money_mule", state=CaseState.SCALED_DOWN)


def test_naming_secret_help_for_aftercare_shows_it_to_nobody_else(down: Table) -> None:
    before = {partner: members(down, partner) for partner in ("SCH", "HLT", "GCR")}
    down.visitor("GPR").do(f"{down.path}/steps", form(down, "GGZ"))
    assert {partner: members(down, partner) for partner in before} == before
    assert "GGZ" in members(down, "GPR")


def members(table: Table, partner: str) -> list[str]:
    """List whom somebody sees taking part."""
    found = disclose_one(table.scene.who(partner).viewer, table.case_id)
    person_id = table.scene.who(partner).person_id
    return sorted({p.partner for p in found.veil.participants(found.facts.participants, person_id)})
