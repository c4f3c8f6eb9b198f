"""The step to aftercare names the one partner who keeps contact, and until when (AFTERCARE)."""

from datetime import timedelta

import pytest

from config import clock as house_clock
from config.clock import FrozenClock
from config.errors import NotFoundError
from pga.cases.rules import CaseState, ParticipantTask
from pga.cases.service import StepNotAllowedError
from pga.dossier.rules import StepReason
from pga.dossier.service import steps
from pga.sharing.service.disclose import disclose_one
from tests.dossier.conftest import Table
from tests.factories.fixtures import Play
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
