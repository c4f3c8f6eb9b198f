"""The name of one youth: with a reason, an entry and a receipt of its own, and nothing else."""

from collections.abc import Sequence

import pytest

from audit.entries import Action, Kind, Outcome
from config.errors import ForbiddenError
from pga.oversight.rules import LookReason
from pga.oversight.service.bench import Bench, benches
from pga.oversight.service.identity import reveal
from pga.oversight.service.looking import may_oversee
from pga.policy.codes import Category
from pga.records import service as records
from pga.records.errors import StaleDecisionError
from pga.records.service import Opening
from tests.oversight.conftest import NAME, SECRET, Desk


def test_the_name_is_shown_alone_after_an_entry_with_its_reason(desk_on: Desk) -> None:
    answer = desk_on.officer.post(f"{desk_on.path}/identity", {"reason": "request"})
    assert answer.status_code == 200
    assert NAME in answer.text
    assert "1 May 2009" in answer.text
    assert "Dorpsstraat" not in answer.text
    assert SECRET not in answer.text
    title = answer.text.split("<title>")[1].split("</title>")[0]
    assert "Bruin" not in title
    (entry,) = desk_on.entries(actions=[Action.OVERSEE])
    assert (entry.kind, entry.reason) == (Kind.OPENED, "request")
    assert entry.case_id == desk_on.made.case_id.hex()
    ((category, rule, items),) = [(li.category, li.rule, li.items) for li in entry.lines]
    assert (category, rule, len(items)) == ("D01", "OVERSIGHT", 1)


def test_that_an_officer_saw_the_name_is_seen_by_the_next_officer(desk: Desk) -> None:
    desk.officer.post(f"{desk.path}/identity", {"reason": "request"})
    page = desk.visitor("GPR", "Fg").read(desk.path)
    assert "Looked up the name, for oversight" in page
    assert "Request of the young person or the parents" in page


def test_no_reason_no_name(desk: Desk) -> None:
    answer = desk.officer.post(f"{desk.path}/identity", {"reason": "curiosity"})
    assert answer.status_code == 303
    assert desk.entries(actions=[Action.OVERSEE]) == []


def test_before_admission_there_is_no_name_to_show(desk: Desk) -> None:
    path = f"/oversight/cases/{desk.made.other_id.hex()}/identity"
    answer = desk.officer.post(path, {"reason": "request"})
    assert "No name was recorded yet" in answer.text
    assert "Bruin" not in answer.text
    (entry,) = desk.entries(actions=[Action.OVERSEE])
    assert entry.allowed_items == frozenset()


def test_a_text_filed_as_identity_is_never_opened(desk: Desk) -> None:
    desk.scene.bring("GPR", desk.made.case_id, "D01", "moved house")
    answer = desk.officer.post(f"{desk.path}/identity", {"reason": "request"})
    assert NAME in answer.text
    assert "moved house" not in answer.text


def test_facts_that_move_meanwhile_are_decided_anew_once(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    times = []
    really = records.open_items

    def moved(openings: Sequence[Opening]) -> object:
        times.append(1)
        if len(times) == 1:
            raise StaleDecisionError([desk.made.case_id])
        return really(openings)

    monkeypatch.setattr(records, "open_items", moved)
    found = benches(desk.scene.who("GPR", "Officer").viewer)
    assert reveal(found, desk.made.case_id, LookReason.REQUEST).name == NAME
    assert len(desk.entries(actions=[Action.OVERSEE])) == 2


def test_oversight_never_opens_another_category(desk: Desk) -> None:
    (bench,) = benches(desk.scene.who("GPR", "Officer").viewer)
    with pytest.raises(ForbiddenError):
        may_oversee(bench, Category.D05)
    refused = desk.entries(actions=[Action.LOG_VIEW])[0]
    assert (refused.decided, refused.lines[0].category) == (Outcome.DENY, "D05")


def test_a_bench_of_another_role_may_not_look(desk: Desk) -> None:
    (bench,) = benches(desk.scene.who("GPR", "Officer").viewer)
    lead = Bench(bench.viewer, desk.scene.who("GPR").place, bench.cases, bench.tried, bench.staff)
    with pytest.raises(ForbiddenError):
        may_oversee(lead, Category.LOG)
    with pytest.raises(ForbiddenError):
        benches(desk.scene.who("GPR").viewer)
