"""Disclosure decisions and weighing notes: what they must say, whose they are."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from config.errors import ForbiddenError, InvalidInputError, NotFoundError
from pga.cases.rules import CaseState
from pga.sharing import queries, words
from pga.sharing.service import decisions
from pga.sharing.service.changes import sit_down
from pga.sharing.service.decisions import QUESTIONS, NewDecision, NewNote
from tests.factories.fixtures import Play
from tests.factories.scene import Scene
from tests.factories.snapshots import Played


def with_police(scene: Scene) -> bytes:
    """Play a case with police, custody and youth care."""
    scene.who("GPR", "Third")
    return scene.case("POL", "DJI", "JHA", state=CaseState.TRIAGE)


@pytest.fixture
def played(play: Play) -> Played[bytes]:
    return play(with_police)


def complete(played: Played[bytes]) -> NewDecision:
    """What a complete decision says."""
    desk = played.scene.desk("POL", played.made)
    return NewDecision(
        article="WPG_19",
        number=" 2026-7 ",
        purposes=["HELP"],
        categories=["D01"],
        recipients=[played.scene.organisation("GPR")],
        authority="chief",
        valid_until=desk.today,
    )


@pytest.mark.parametrize(
    ("field", "spoil"),
    [
        ("article", lambda new, _: replace(new, article="WJSG_39F")),
        ("number", lambda new, _: replace(new, number=" ")),
        ("authority", lambda new, _: replace(new, authority="")),
        ("purposes", lambda new, _: replace(new, purposes=[])),
        ("categories", lambda new, _: replace(new, categories=[])),
        ("recipients", lambda new, _: replace(new, recipients=[])),
        ("purposes", lambda new, _: replace(new, purposes=["HELP", "FUN"])),
        ("categories", lambda new, _: replace(new, categories=["D01", "D99"])),
        ("recipients", lambda new, _: replace(new, recipients=[*new.recipients, bytes(16)])),
        ("valid_until", lambda new, day: replace(new, valid_until=day - timedelta(days=1))),
    ],
)
def test_a_decision_that_lacks_a_part_or_names_what_the_agreement_does_not_is_refused(
    played: Played[bytes], field: str, spoil: Callable[..., NewDecision]
) -> None:
    desk = played.scene.desk("POL", played.made)
    with pytest.raises(InvalidInputError) as refused:
        decisions.record_decision(desk, spoil(complete(played), desk.today))
    assert set(refused.value.fields) == {field}
    assert decisions.decisions_at(desk) == []


def test_who_has_no_such_law_records_no_decision(played: Played[bytes]) -> None:
    with pytest.raises(ForbiddenError):
        decisions.record_decision(played.scene.desk("JHA", played.made), complete(played))


def test_a_decision_is_withdrawn_by_its_own_organisation_once(played: Played[bytes]) -> None:
    scene, case_id = played.scene, played.made
    row_id = decisions.record_decision(scene.desk("POL", case_id), complete(played)).id
    assert [row.id for row in decisions.decisions_at(scene.desk("POL", case_id))] == [row_id]
    assert decisions.decisions_at(scene.desk("DJI", case_id)) == []
    for partner, decision_id in (("DJI", row_id), ("POL", bytes(16))):
        with pytest.raises(NotFoundError):
            decisions.withdraw_decision(scene.desk(partner, case_id), decision_id)
    decisions.withdraw_decision(scene.desk("POL", case_id), row_id)
    with pytest.raises(NotFoundError):
        decisions.withdraw_decision(scene.desk("POL", case_id), row_id)


def test_the_line_for_the_register_names_case_article_and_subjects_and_nobody(
    played: Played[bytes],
) -> None:
    desk = played.scene.desk("POL", played.made)
    row = decisions.record_decision(desk, complete(played))
    row.categories = ["D01", "G01", "D05"]
    line = words.register_line(decisions.register_line(row, "2026-00001"))
    article = "Wpg 19 (incidenteel), 2026-7"
    what = "Naam en adres, Politiegegevens"
    assert line == f"{desk.today.isoformat()}; 2026-00001; {article}; {what}; chief"


def note(played: Played[bytes]) -> NewNote:
    """What a complete weighing note says."""
    desk = played.scene.desk("GPR", played.made)
    recipients = [played.scene.organisation("JHA")]
    return NewNote("D14", recipients, dict.fromkeys(QUESTIONS, "because"), desk.today)


@pytest.mark.parametrize(
    ("field", "spoil"),
    [
        (QUESTIONS[0], lambda new, _: replace(new, answers={**new.answers, QUESTIONS[0]: " "})),
        (QUESTIONS[3], lambda new, _: replace(new, answers=dict.fromkeys(QUESTIONS[:3], "x"))),
        ("recipients", lambda new, _: replace(new, recipients=[])),
        ("category", lambda new, _: replace(new, category="G05")),
        ("recipients", lambda new, _: replace(new, recipients=[bytes(16)])),
        ("review_on", lambda new, day: replace(new, review_on=day - timedelta(days=1))),
        ("review_on", lambda new, day: replace(new, review_on=day + timedelta(days=367))),
    ],
)
def test_a_note_with_an_open_question_or_beyond_the_agreement_is_refused(
    played: Played[bytes], field: str, spoil: Callable[..., NewNote]
) -> None:
    desk = played.scene.desk("GPR", played.made)
    with pytest.raises(InvalidInputError) as refused:
        decisions.record_note(desk, spoil(note(played), desk.today))
    assert set(refused.value.fields) == {field}


def test_a_note_over_the_whole_case_is_for_the_process_lead(played: Played[bytes]) -> None:
    scene, case_id = played.scene, played.made
    whole = replace(note(played), category="CASE")
    decisions.record_note(scene.desk("GPR", case_id), whole)
    with pytest.raises(InvalidInputError):
        decisions.record_note(scene.desk("POL", case_id), whole)


def test_a_note_is_approved_once_by_who_can_read_it_and_did_not_write_it(
    played: Played[bytes],
) -> None:
    scene, case_id = played.scene, played.made
    row_id = decisions.record_note(scene.desk("GPR", case_id), note(played)).id
    with pytest.raises(ForbiddenError):
        decisions.approve_note(scene.desk("GPR", case_id), row_id)
    scene.join(case_id, "GCR")
    for partner, note_id in (("JHA", row_id), ("GCR", row_id), ("GPR", bytes(16))):
        with pytest.raises(NotFoundError):
            decisions.approve_note(scene.desk(partner, case_id), note_id)
    scene.seat(case_id, "GPR", "Third")
    decisions.approve_note(scene.desk("GPR", case_id, "Third"), row_id)
    (row,) = queries.notes_of(case_id, scene.organisation("GPR"))
    assert row.approved_by == scene.who("GPR", "Third").person_id
    with pytest.raises(NotFoundError):
        decisions.approve_note(sit_down(scene.who("GPR", "Third").viewer, case_id), row_id)
