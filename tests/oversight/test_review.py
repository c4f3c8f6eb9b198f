"""Explained access: found by the worker, judged by an officer, never one's own, with consent."""

from collections.abc import Iterator

import pytest
from sqlalchemy import event, select

from audit.entries import Action
from config import clock
from config.database import db, stores, transaction
from config.errors import ConflictError, ForbiddenError, NotFoundError
from config.ids import new_id
from pga.oversight.models import ReviewItem, ReviewLimit
from pga.oversight.patterns import LIMITS, Limit, Pattern
from pga.oversight.rules import ReviewOutcome
from pga.oversight.service import review
from pga.oversight.service.bench import Bench, benches
from pga.oversight.service.report import month_report
from pga.sharing.service.disclose import disclose_one
from tests.factories.browserless import Visitor
from tests.oversight.conftest import Desk, wait


def bench_of(desk: Desk, partner: str = "GPR", name: str = "Officer") -> Bench:
    return benches(desk.scene.who(partner, name).viewer)[0]


def consent(desk: Desk, *partners: str) -> None:
    for partner in partners or ("GPR", "POL", "WOC"):
        review.record_consent(bench_of(desk, partner), clock.today(), "OR 2026-3")


def opened(desk: Desk) -> None:
    """Let police open the case, which no task asks of them."""
    wait(minutes=1)
    disclose_one(desk.scene.who("POL").viewer, desk.made.case_id)


def items() -> list[ReviewItem]:
    return list(db.session.scalars(select(ReviewItem).order_by(ReviewItem.seq)))


def test_without_consent_of_a_works_council_no_check_runs(desk: Desk) -> None:
    assert review.scan() == 0
    page = desk.officer.read("/oversight/review")
    assert "The checks do not run on your staff yet" in page


def test_with_consent_the_checks_run_on_that_staff_alone(desk_on: Desk) -> None:
    consent(desk_on, "POL")
    review.scan()
    police = desk_on.scene.organisation("POL").hex()
    assert {one.organisation for one in items()} <= {police}


def test_scanning_twice_finds_nothing_twice(desk_on: Desk) -> None:
    consent(desk_on)
    first = review.scan()
    assert first == len(items())
    assert review.scan() == 0


def test_the_oldest_come_first_and_each_is_closed_with_a_reason(desk: Desk) -> None:
    consent(desk)
    review.scan()
    waiting = items()
    assert waiting
    page = desk.officer.read("/oversight/review")
    assert page.count("/oversight/review/") >= len(waiting)
    path = f"/oversight/review/{waiting[0].id.hex()}"
    refused = desk.officer.post(path, {"outcome": "", "remark": "x"})
    assert refused.status_code == 422
    assert "Say in a sentence why." in refused.text
    desk.officer.do(path, {"outcome": "work", "remark": "The task was agreed by phone."})
    (look, *_) = desk.entries(actions=[Action.LOG_VIEW])
    assert look.reason in {"The task was agreed by phone.", "routine"}
    db.session.expire_all()
    closed = db.session.get_one(ReviewItem, waiting[0].id)
    assert (closed.outcome, closed.closed_by) == (
        ReviewOutcome.WORK,
        desk.scene.who("GPR", "Officer").person_id,
    )
    assert path not in desk.officer.read("/oversight/review")
    assert "The task was agreed by phone." in desk.officer.read(path)


def test_the_list_narrows_to_one_check_and_the_sample_stands_last(desk: Desk) -> None:
    consent(desk)
    review.scan()
    (row,) = items()
    with transaction():
        for pattern, seq in ((Pattern.SAMPLE, 1), (Pattern.VOLUME, row.seq + 1)):
            facts = '{"people": 30, "usual": 20}'
            known = (row.happened_at, row.person, row.organisation, row.case_id)
            happened_at, person, organisation, case_id = known
            db.session.add(
                ReviewItem(
                    pattern=pattern,
                    seq=seq,
                    happened_at=happened_at,
                    person=person,
                    organisation=organisation,
                    case_id=case_id,
                    facts=facts,
                    found_at=clock.now(),
                )
            )
    found = review.work_list(bench_of(desk))
    order = [one.item.pattern for one in found.items]
    assert order == [Pattern.UNEXPLAINED, Pattern.VOLUME, Pattern.SAMPLE]
    page = desk.officer.read("/oversight/review")
    assert "Access without explanation (1)" in page
    page = desk.officer.read("/oversight/review?check=volume")
    assert page.count("/oversight/review/") == 1
    assert "Opened cases of 30 young people on one day." in page
    assert desk.officer.get("/oversight/review?check=guess").status_code == 422


def test_a_possible_breach_says_what_comes_next(desk: Desk) -> None:
    consent(desk)
    review.scan()
    path = f"/oversight/review/{items()[0].id.hex()}"
    desk.officer.do(path, {"outcome": "breach", "remark": "Nobody asked for this."})
    assert "within 72 hours" in desk.officer.read("/oversight/review")


def test_what_is_closed_is_not_closed_again(desk: Desk) -> None:
    consent(desk)
    review.scan()
    row, bench = items()[0], bench_of(desk)
    review.close(bench, row, ReviewOutcome.WORK, "Agreed by phone.")
    with pytest.raises(ConflictError):
        review.close(bench, row, ReviewOutcome.BREACH, "Changed my mind.")


def test_nobody_judges_their_own_access(desk: Desk) -> None:
    consent(desk)
    review.scan()
    row, bench = items()[0], bench_of(desk)
    row.person = bench.actor.person
    db.session.flush()
    with pytest.raises(ForbiddenError):
        review.close(bench, row, ReviewOutcome.WORK, "It was fine.")


def test_a_partners_officer_sees_its_own_staff_and_no_others(desk: Desk) -> None:
    consent(desk)
    review.scan()
    police, housing, own = bench_of(desk, "POL"), bench_of(desk, "WOC"), bench_of(desk)
    (row,) = items()
    assert row.organisation == police.organisation
    assert [one.item for one in review.work_list(police).items] == [row]
    assert review.work_list(housing).number == 0
    with pytest.raises(NotFoundError):
        review.item([housing], row.id)
    assert review.item([housing, own], row.id)[0] == own
    with pytest.raises(NotFoundError):
        review.item([own], new_id())


def test_the_municipality_reads_no_name_of_a_partners_staff(desk: Desk) -> None:
    consent(desk)
    review.scan()
    page = desk.officer.read("/oversight/review")
    assert desk.name("POL") not in page


def test_two_people_change_a_limit_and_it_counts_from_then_on(desk: Desk) -> None:
    form = {"name": "volume_per_day", "value": "35", "reason": "A busy team."}
    desk.officer.do("/oversight/checks/limit", form)
    assert review.limits_in_use() == dict(LIMITS)
    (proposal,) = db.session.scalars(select(ReviewLimit))
    path = f"/oversight/checks/limit/{proposal.id.hex()}"
    assert desk.officer.post(path, {}).status_code == 409
    dpo = desk.visitor("GPR", "Fg")
    dpo.do(path)
    assert review.limits_in_use()[Limit.VOLUME_PER_DAY] == 35
    assert dpo.post(path, {}).status_code == 409
    assert dpo.post(f"/oversight/checks/limit/{new_id().hex()}", {}).status_code == 404
    assert "35" in desk.officer.read("/oversight/checks")


@pytest.mark.parametrize(
    ("path", "form", "said"),
    [
        ("/oversight/checks/limit", {"name": "volume_per_day", "value": "0"}, "Say in a sentence"),
        ("/oversight/checks/consent", {"reference": "x"}, "Name the decision."),
    ],
)
def test_what_is_not_filled_in_is_said_and_nothing_is_lost(
    desk: Desk, path: str, form: dict[str, str], said: str
) -> None:
    answer = desk.officer.post(path, {**form, "reason": "x"})
    assert answer.status_code == 422
    assert said in answer.text


def test_consent_is_recorded_on_the_page_of_the_checks(desk: Desk) -> None:
    form = {"consented_on": clock.today().isoformat(), "reference": "OR 2026-3"}
    desk.officer.do("/oversight/checks/consent", form)
    assert "OR 2026-3" in desk.officer.read("/oversight/checks")


def test_the_report_of_a_month_holds_counts_and_nobody(desk_on: Desk) -> None:
    consent(desk_on)
    review.scan()
    month = clock.today().strftime("%Y-%m")
    page = desk_on.officer.read(f"/oversight/report?month={month}")
    for secret in (desk_on.name("POL"), desk_on.name("GCR"), desk_on.number()):
        assert secret not in page
    made = month_report(bench_of(desk_on), clock.today())
    assert made.opened > 0
    assert made.refused > 0
    assert sum(count for _, count in made.by_organisation) == made.opened
    assert sum(count for _, count in made.found) == len(items())
    assert made.waiting == len(items())
    assert 0 <= made.share_explained <= 100


def test_a_month_without_acts_is_a_report_too(desk: Desk) -> None:
    page = desk.officer.read("/oversight/report")
    assert "In this month no access asked for an explanation." in page
    assert desk.officer.get("/oversight/report?month=nonsense").status_code == 422


def test_the_report_counts_what_was_judged(desk: Desk) -> None:
    consent(desk)
    review.scan()
    review.close(bench_of(desk), items()[0], ReviewOutcome.MISTAKE, "Wrong case, closed at once.")
    made = month_report(bench_of(desk), clock.today())
    assert made.judged == ((ReviewOutcome.MISTAKE, 1),)
    assert "A mistake, talked over" in desk.officer.read(
        f"/oversight/report?month={clock.today():%Y-%m}"
    )


@pytest.fixture
def counted(desk: Desk) -> Iterator[list[str]]:
    seen: list[str] = []

    def note(*arguments: object) -> None:
        seen.append(str(arguments[2]))

    engines = (stores().app, stores().audit)
    for engine in engines:
        event.listen(engine, "before_cursor_execute", note)
    yield seen
    for engine in engines:
        event.remove(engine, "before_cursor_execute", note)


def queries_of(visitor: Visitor, counted: list[str]) -> int:
    visitor.read("/oversight/review")
    counted.clear()
    visitor.read("/oversight/review")
    return len(counted)


def test_the_list_asks_as_many_queries_for_many_as_for_few(desk: Desk, counted: list[str]) -> None:
    consent(desk)
    review.scan()
    few = queries_of(desk.officer, counted)
    for _ in range(6):
        opened(desk)
    before = len(items())
    review.scan()
    assert len(items()) > before
    assert queries_of(desk.officer, counted) == few
