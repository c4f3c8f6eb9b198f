"""What ends soon, and what still waits when a case has ended."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from config import clock as house_clock
from config.clock import FrozenClock
from pga.cases import queries as cases
from pga.cases.models import InformDelay
from pga.cases.rules import CaseState, WorkKind
from pga.dossier.rules import StepReason, is_gone_before_informing
from pga.dossier.service import contributions, steps
from tests.dossier.conftest import Table
from tests.factories.fixtures import Play
from tests.factories.scene import Scene

SOON = "Ends soon"
GOALS = StepReason.GOALS_REACHED


def ending(table: Table, partner: str) -> str:
    """Read the block of what ends soon; empty when it is hidden."""
    page = table.visitor(partner).read("/")
    return page.split(f'id="ending">{SOON}')[1].split("</table>")[0] if SOON in page else ""


def test_what_ends_soon_says_the_case_and_the_subject(table: Table) -> None:
    table.scene.release(table.case_id, "GGZ", ["D14"], "GPR", days=10)
    table.scene.decide(table.case_id, "POL", ["D05"], "GPR", days=10)
    number = table.scene.desk("GPR", table.case_id).facts.case.number
    for partner in ("GPR", "GGZ"):
        block = ending(table, partner)
        assert "A release" in block
        assert "Risks and strengths" in block
        assert number in block
        assert "overdue" not in block
    assert "Police records" in ending(table, "POL")
    assert ending(table, "SCH") == ending(table, "LPR") == ""


def test_what_should_have_been_done_before_is_too_late(table: Table, clock: FrozenClock) -> None:
    clock.advance(timedelta(days=95))
    block = ending(table, "GPR")
    assert "The time to look again" in block
    assert "overdue" in block


def test_a_release_of_another_table_of_the_same_municipality_is_not_told(table: Table) -> None:
    table.scene.release(table.case_id, "GCR", ["D08"], "JHA", by="GCR", days=10)
    assert "A release" in ending(table, "GCR")
    assert "A release" not in ending(table, "GPR")


def test_nothing_ends_soon_in_a_case_that_has_ended(table: Table) -> None:
    table.scene.release(table.case_id, "GGZ", ["D14"], "GPR", days=10)
    for target in (CaseState.SCALED_DOWN, CaseState.CLOSED):
        steps.take(table.scene.desk("GPR", table.case_id), target, GOALS)
    for partner in ("GPR", "GGZ"):
        assert ending(table, partner) == ""


def two_cases(scene: Scene) -> bytes:
    """Play two cases under one agreement."""
    scene.signal()
    return scene.signal()


def test_an_agreement_that_ends_is_said_once_for_all_its_cases(
    play: Play, clock: FrozenClock
) -> None:
    table = Table(play(two_cases))
    clock.advance(timedelta(days=355))
    block = ending(table, "GPR")
    assert block.count("The agreement") == 1
    assert "and 1 other case" in block


def test_informing_that_was_put_off_ends_with_its_delay(
    at_start: Table, clock: FrozenClock
) -> None:
    clock.advance(timedelta(days=25))
    delay(at_start, 28)
    clock.advance(timedelta(days=15))
    block = ending(at_start, "GPR")
    assert "The time to inform the young person" in block
    assert "25 December 2026" in block
    clock.advance(timedelta(days=20))
    at_start.visitors.clear()
    assert "overdue" in ending(at_start, "GPR")


def delay(table: Table, days: int) -> None:
    """Put informing off with the privacy officer."""
    officer = table.scene.who("GPR", "Officer").person_id
    until = house_clock.today() + timedelta(days=days)
    desk = table.scene.desk("GPR", table.case_id)
    steps.record_delay(desk, InformDelay.SAFETY, until, officer)


def waits(table: Table) -> list[str]:
    """Tell until when the youth must be informed, if that still waits."""
    found = cases.waiting_of_kind(table.case_id, WorkKind.INFORM_YOUTH)
    return [str(house_clock.local_day(task.due_at)) for task in found if task.due_at]


def step(table: Table, target: CaseState) -> None:
    reason = StepReason.OUTSIDE_TARGET_GROUP
    steps.take(table.scene.desk("GPR", table.case_id), target, reason)


def test_informing_waits_until_a_month_after_the_signal(at_start: Table) -> None:
    assert waits(at_start) == ["2026-12-02"]
    delay(at_start, 28)
    assert waits(at_start) == ["2026-12-02"]


def test_a_signal_turned_away_at_once_leaves_nothing_to_inform_about(at_start: Table) -> None:
    step(at_start, CaseState.REJECTED)
    assert waits(at_start) == []


def test_of_a_signal_that_is_kept_beyond_the_month_the_youth_is_still_informed(
    at_start: Table, clock: FrozenClock
) -> None:
    clock.advance(timedelta(days=3))
    step(at_start, CaseState.REJECTED)
    assert waits(at_start) == ["2026-12-02"]
    lead = at_start.visitor("GPR")
    assert "Inform the young person" in lead.read("/")
    lead.do(f"{at_start.path}/informed", {"informed_on": "2026-11-05"})
    assert waits(at_start) == []


@pytest.mark.parametrize(("days", "is_gone"), [(0, True), (2, True), (3, False), (30, False)])
def test_four_weeks_of_keeping_pass_the_month_from_the_third_day_on(
    days: int, *, is_gone: bool
) -> None:
    day = house_clock.today()
    assert is_gone_before_informing(day, day + timedelta(days=days), 28) == is_gone


def test_a_signal_told_to_another_table_is_told_to_the_youth_at_once(at_start: Table) -> None:
    step(at_start, CaseState.REDIRECTED)
    assert waits(at_start) == ["2026-11-02"]


def test_a_delay_of_informing_outlives_a_signal_that_is_redirected(
    at_start: Table, clock: FrozenClock
) -> None:
    clock.advance(timedelta(days=10))
    delay(at_start, 28)
    step(at_start, CaseState.REDIRECTED)
    assert waits(at_start) == ["2026-12-10"]


def test_whom_partners_were_asked_about_is_informed_also_after_a_rejection(
    at_start: Table,
) -> None:
    for target in (CaseState.ADMISSIBLE, CaseState.TRIAGE, CaseState.REJECTED):
        step(at_start, target)
    assert waits(at_start) == ["2026-12-02"]


Ask = Callable[[Table], object]


def question(table: Table) -> None:
    contributions.ask_case_manager(table.scene.desk("LPR", table.case_id), "D07")


def unconfirmed(table: Table) -> None:
    table.scene.bring("LPR", table.case_id, "D04")
    table.scene.release(table.case_id, "LPR", ["D14"], "GPR", confirmed=False)


@pytest.mark.parametrize(("ask", "partner"), [(question, "GCR"), (unconfirmed, "LPR")])
def test_what_was_for_a_running_case_waits_no_longer_when_it_ends(
    table: Table, ask: Ask, partner: str
) -> None:
    ask(table)
    assert "Waits for you" in table.visitor(partner).read("/")
    for target in (CaseState.SCALED_DOWN, CaseState.CLOSED):
        steps.take(table.scene.desk("GPR", table.case_id), target, GOALS)
    assert "Waits for you" not in table.visitor(partner).read("/")
