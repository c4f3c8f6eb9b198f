"""A proposed version over past decisions: entered as use of the log, and told in totals alone."""

import re
from collections.abc import Mapping
from contextlib import suppress
from datetime import timedelta
from unittest.mock import patch

import pytest
from sqlalchemy import text

from audit.entries import Action, Kind
from auth.rules import Role
from config import clock
from config.database import stores, transaction
from config.errors import ForbiddenError
from pga.agreements.models import Agreement
from pga.cases.rules import CaseState
from pga.changeover.rules import Tell, Told
from pga.changeover.service.previews import NotSoundError
from pga.dossier.rules import StepReason
from pga.dossier.service import steps
from pga.oversight.service import past
from pga.oversight.service.bench import Bench, benches
from pga.oversight.service.past import Row, Run, Totals, run_over_past
from pga.policy.codes import Category, Partner
from pga.records.errors import StaleDecisionError
from pga.sharing.service.disclose import SharingDeniedError, disclose_one
from tests.changeover.conftest import Room, who
from tests.changeover.test_preview import words
from tests.changeover.versions import Cells, drafted
from tests.factories.log import entries_of, size_of

FEW, ABOUT = Told(Tell.FEW), Tell.ABOUT


def case_with_education(room: Room) -> bytes:
    """Play a case in which the attendance officer brought education, and youth work takes part."""
    case_id = room.scene.case("JWK", "SCH")
    room.scene.bring("LPR", case_id, "D04", "absent on Mondays")
    return case_id


def read(room: Room, case_id: bytes, partner: str, times: int) -> None:
    """Let somebody open a case so many times."""
    for _ in range(times):
        with suppress(SharingDeniedError):
            disclose_one(room.scene.who(partner).viewer, case_id)


def bench_of(room: Room, key: str = "officer") -> Bench:
    """Give an officer's bench."""
    return benches(who(room.scene, key).viewer)[0]


def totals(room: Room, cells: Cells, **more: object) -> Totals:
    """Run a draft with some cells otherwise over all that was consulted."""
    return over(room, drafted(room.scene, cells, version="7.7"), **more)


def over(room: Room, target: Agreement, **more: object) -> Totals:
    """Run a version over all that was consulted."""
    fields: dict[str, object] = {
        "since": clock.today() - timedelta(days=30),
        "until": clock.today(),
        "reason": "the DPIA of version 2",
        **more,
    }
    return run_over_past(bench_of(room), Run(target, **fields))  # type: ignore[arg-type]


def rows(found: Totals) -> Mapping[tuple[Partner, Category], Row]:
    """Give the rows by who reads and what."""
    return {(row.consumer, row.category): row for row in found.rows}


def test_what_was_refused_and_would_be_open_is_counted_by_partner_and_category(
    room_on: Room,
) -> None:
    case_id = case_with_education(room_on)
    read(room_on, case_id, "JWK", 12)
    found = rows(totals(room_on, {("JWK", "D04"): "X/R2"}))
    row = found[Partner.JWK, Category.D04]
    assert (row.opened, row.closed, row.hangs) == (Told(ABOUT, 10), None, None)
    assert set(found) == {(Partner.JWK, Category.D04)}


def test_what_was_open_and_would_be_refused_is_counted_too(room: Room) -> None:
    case_id = case_with_education(room)
    read(room, case_id, "GCR", 17)
    row = rows(totals(room, {("GCR", "D04"): "X/X"}))[Partner.GCR, Category.D04]
    assert (row.opened, row.closed, row.hangs) == (None, Told(ABOUT, 15), None)


def test_what_hangs_on_a_condition_is_counted_apart(room: Room) -> None:
    case_id = case_with_education(room)
    read(room, case_id, "JWK", 12)
    read(room, case_id, "GCR", 3)
    found = rows(totals(room, {("JWK", "D04"): "X/R2n", ("GCR", "D04"): "X/R1n"}))
    assert found[Partner.JWK, Category.D04].hangs == Told(ABOUT, 10)
    assert found[Partner.GCR, Category.D04].hangs == FEW


def test_below_ten_only_that_is_told(room: Room) -> None:
    case_id = case_with_education(room)
    read(room, case_id, "JWK", 3)
    found = totals(room, {("JWK", "D04"): "X/R2"})
    assert rows(found)[Partner.JWK, Category.D04].opened == FEW


def test_the_state_of_then_decides_and_not_that_of_now(room: Room) -> None:
    case_id = case_with_education(room)
    read(room, case_id, "JWK", 12)
    for target in (CaseState.SCALED_DOWN, CaseState.AFTERCARE):
        keeps = room.scene.aftercare("LPR") if target is CaseState.AFTERCARE else None
        steps.take(room.scene.desk("GPR", case_id), target, StepReason.GOALS_REACHED, keeps)
    assert rows(totals(room, {("JWK", "D04"): "X/R2"}))[Partner.JWK, Category.D04].opened == Told(
        ABOUT, 10
    )
    read(room, case_id, "JWK", 12)
    found = rows(totals(room, {("JWK", "D04"): "X/R2"}))
    assert found[Partner.JWK, Category.D04].opened == Told(ABOUT, 10)


def test_the_signal_phase_and_an_ended_case_change_by_no_text(room: Room) -> None:
    signal = room.scene.signal()
    read(room, signal, "GPR", 12)
    case_id = case_with_education(room)
    steps.take(room.scene.desk("GPR", case_id), CaseState.SCALED_DOWN, StepReason.GOALS_REACHED)
    steps.take(room.scene.desk("GPR", case_id), CaseState.CLOSED, StepReason.GOALS_REACHED)
    read(room, case_id, "GPR", 12)
    assert totals(room, {("GPR", "D04"): "X/X"}).rows == []


def test_own_items_and_lists_do_not_count(room: Room) -> None:
    case_id = case_with_education(room)
    read(room, case_id, "LPR", 12)
    for _ in range(12):
        room.visitor("lead").read("/")
    found = totals(room, {("LPR", "D04"): "X/X", ("GPR", "D04"): "X/X"})
    assert found.rows == []


def test_the_same_text_changes_nothing(room: Room) -> None:
    case_id = case_with_education(room)
    read(room, case_id, "GCR", 12)
    found = totals(room, {})
    assert found.rows == []
    assert found.looked_at.how is ABOUT
    assert (found.from_day, found.has_faults) == (None, False)


def test_days_outside_those_asked_for_do_not_count(room: Room) -> None:
    case_id = case_with_education(room)
    read(room, case_id, "JWK", 12)
    day = clock.today() - timedelta(days=1)
    assert totals(room, {("JWK", "D04"): "X/R2"}, until=day).rows == []


def test_a_run_is_use_of_the_log_and_entered_with_its_reason_first(room: Room) -> None:
    case_with_education(room)
    before = size_of(room.played.app)
    target = drafted(room.scene, {("JWK", "D04"): "X/R2"}, version="7.7")
    over(room, target)
    (entry,) = entries_of(room.played.app, since=before)
    assert (entry.action, entry.kind) == (Action.LOG_VIEW, Kind.SEARCHED)
    assert (entry.reason, entry.object) == ("the DPIA of version 2", target.id.hex())
    assert entry.facts["run"] == "past-decisions"
    assert entry.actor.person == who(room.scene, "officer").person_id.hex()


@pytest.mark.parametrize("key", ["lead", "lawyer", "professional", "lawyer of police"])
def test_only_who_oversees_runs_it(room: Room, key: str) -> None:
    assert room.visitor(key).get("/oversight/past").status_code == 403
    assert room.visitor(key).post("/oversight/past").status_code == 403


def test_an_officer_of_a_partner_has_nothing_to_run(room: Room) -> None:
    staff = room.scene.who("POL", "Officer", Role.PRIVACY_OFFICER)
    target = drafted(room.scene, {}, version="7.7")
    page = words(room.browser(staff).read("/oversight/past"))
    assert "No version is proposed" in page
    with pytest.raises(ForbiddenError):
        run_over_past(benches(staff.viewer)[0], Run(target, clock.today(), clock.today(), "reason"))


def test_a_version_of_another_municipality_is_not_run(room: Room) -> None:
    target = drafted(room.scene, {}, version="7.7")
    with transaction():
        target.municipality = "GM0392"
    with pytest.raises(ForbiddenError):
        over(room, target)


def test_a_draft_over_a_limit_of_the_law_is_not_run_nor_entered(room: Room) -> None:
    before = size_of(room.played.app)
    with pytest.raises(NotSoundError):
        totals(room, {("WOC", "D05"): "X/R1"})
    assert size_of(room.played.app) == before


def test_more_than_one_run_can_hold_is_said(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    case_id = case_with_education(room)
    read(room, case_id, "JWK", 4)
    monkeypatch.setattr(past, "MOST", 3)
    assert totals(room, {("JWK", "D04"): "X/R2"}).from_day == clock.today()


def test_a_run_reads_page_by_page(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    case_id = case_with_education(room)
    read(room, case_id, "JWK", 12)
    monkeypatch.setattr(past, "LARGEST_PAGE", 5)
    found = totals(room, {("JWK", "D04"): "X/R2"})
    assert rows(found)[Partner.JWK, Category.D04].opened == Told(ABOUT, 10)


def test_what_was_doctored_is_left_out_and_said(room: Room) -> None:
    case_id = case_with_education(room)
    read(room, case_id, "JWK", 12)
    with stores().audit.begin() as connection:
        connection.execute(
            text("UPDATE audit_index SET purpose = 'ORDER' WHERE kind = 'opened' AND seq % 2 = 0")
        )
    found = totals(room, {("JWK", "D04"): "X/R2"})
    assert found.has_faults
    assert rows(found)[Partner.JWK, Category.D04].opened == FEW


def test_a_consultation_that_failed_is_not_counted(room: Room) -> None:
    case_id = case_with_education(room)
    with patch(
        "pga.records.service.opening._refuse_moved", side_effect=StaleDecisionError([case_id])
    ):
        for _ in range(12):
            with suppress(StaleDecisionError):
                disclose_one(room.scene.who("GCR").viewer, case_id)
    assert totals(room, {("GCR", "D04"): "X/X"}).rows == []


def test_a_decision_under_a_text_that_is_gone_is_told_as_far_as_it_can(room: Room) -> None:
    case_id = case_with_education(room)
    read(room, case_id, "JWK", 12)
    target = drafted(room.scene, {("JWK", "D04"): "X/R2"}, version="7.7")
    with transaction():
        room.source.policy_hash = "e" * 64
    assert rows(over(room, target))[Partner.JWK, Category.D04].opened == Told(ABOUT, 10)


def test_the_officer_runs_it_on_the_page_and_reads_totals_without_a_case(room: Room) -> None:
    case_id = case_with_education(room)
    read(room, case_id, "JWK", 12)
    read(room, case_id, "GCR", 12)
    target = drafted(room.scene, {("JWK", "D04"): "X/R2", ("GCR", "D04"): "X/R1n"}, version="7.7")
    officer = room.visitor("officer")
    assert "/oversight/past" in officer.read("/oversight")
    page = officer.read(f"/oversight/past?version={target.id.hex()}")
    assert re.search(rf'value="{target.id.hex()}" selected', page)
    sent = {
        "version": target.id.hex(),
        "since": "2026-10-01",
        "until": clock.today().isoformat(),
        "reason": "the DPIA of version 7.7",
    }
    answer = officer.post("/oversight/past", sent)
    assert answer.status_code == 200
    shown = words(answer.text)
    assert "Under version 7.7" in shown
    assert re.search(r"Youth work\s+Education\s+none\s+about 10\s+none", shown)
    assert re.search(
        r"Case manager of the municipality\s+Education\s+none\s+none\s+about 10", shown
    )
    assert "/cases/" not in answer.text
    assert "The log does not hold which conditions were met" in shown


@pytest.mark.parametrize(
    ("sent", "says"),
    [
        ({"reason": ""}, "Fill this in"),
        ({"version": "0" * 32}, "Choose from the list"),
        ({"since": "2026-11-05", "until": "2026-11-01"}, "Choose the same day or a later one"),
    ],
)
def test_what_was_typed_stays_when_it_cannot_be_run(
    room: Room, sent: dict[str, str], says: str
) -> None:
    target = drafted(room.scene, {}, version="7.7")
    day = clock.today().isoformat()
    given = {"version": target.id.hex(), "since": day, "until": day, "reason": "for the DPIA"}
    answer = room.visitor("officer").post("/oversight/past", given | sent)
    assert answer.status_code == 422
    assert says in words(answer.text)
    assert (given | sent)["since"] in answer.text


def test_a_version_over_a_limit_is_refused_beside_its_field(room: Room) -> None:
    target = drafted(room.scene, {("WOC", "D05"): "X/R1"}, version="7.7")
    day = clock.today().isoformat()
    given = {"version": target.id.hex(), "since": day, "until": day, "reason": "for the DPIA"}
    answer = room.visitor("officer").post("/oversight/past", given)
    assert answer.status_code == 422
    assert "goes over a limit of the law" in words(answer.text)


def test_nothing_otherwise_is_said_as_that(room: Room) -> None:
    target = drafted(room.scene, {}, version="7.7")
    day = clock.today().isoformat()
    given = {"version": target.id.hex(), "since": day, "until": day, "reason": "for the DPIA"}
    page = words(room.visitor("officer").post("/oversight/past", given).text)
    assert "Nothing would be otherwise" in page
