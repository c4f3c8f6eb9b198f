"""Changes of a draft: by whom, with which reason, two at once, and taken back."""

import threading
from collections.abc import Callable
from dataclasses import replace

import pytest

from audit.entries import Action
from config.database import db
from config.errors import ConflictError, ForbiddenError, InvalidInputError, NotFoundError
from pga.agreements import queries
from pga.agreements.models import Agreement, AgreementState
from pga.agreements.reading import edits_of
from pga.agreements.service import drafting
from pga.agreements.texts import table_of_text
from pga.policy.codes import Category, Partner, Phase, PolicyAction, Track
from pga.policy.document import parse
from pga.policy.editing import (
    CellChange,
    Change,
    EditError,
    ExampleChange,
    HeaderChange,
    VerifiedChange,
    WordingChange,
    example_change,
    mark_at,
    place_of,
)
from pga.policy.places import HeaderPart, read_place
from pga.policy.terms import AgreementDocument, Example
from pga.policy.writing import hash_of
from tests.agreements.drafts import (
    ADVISER,
    LAWYER,
    LEAD,
    OFFICER,
    POLICE,
    Drafted,
    Who,
    desk,
    drafted,
    set_state,
)
from tests.factories.fixtures import Play
from tests.factories.log import entries_of
from tests.factories.snapshots import Played

CELL = (Track.YOUTH, Partner.LPR, Category.D04)
REASON = "In deze gemeente weegt leerplicht zelf."


@pytest.fixture
def town(play: Play, database: str) -> Played[Drafted]:
    return play(drafted, database)


def document(town: Played[Drafted]) -> AgreementDocument:
    found = queries.agreements_by_id([town.made.draft])[town.made.draft]
    return parse(found.document)


def edit(town: Played[Drafted], who: Who, change: Change, seen: str | None = None) -> Agreement:
    mark = mark_at(document(town), place_of(change)) if seen is None else seen
    return drafting.edit(desk(town.scene, who, town.made.draft), change, seen=mark)


def cell(text: str, reason: str = REASON, comment: str = "") -> CellChange:
    return CellChange(*CELL, text, reason, comment)


EXAMPLE = Example(
    "Reclassering ziet in de triage niets over gezondheid van de ggz.",
    Track.YOUTH,
    Phase.F1,
    Partner.GGZ,
    Partner.REC,
    Category.D07,
    PolicyAction.CONSULT,
    may=False,
)


@pytest.mark.parametrize("who", [LEAD, LAWYER])
def test_who_drafts_changes_a_cell_and_the_change_is_kept_with_its_reason(
    town: Played[Drafted], who: Who
) -> None:
    found = edit(town, who, cell("1n/R2", comment="Zie het overleg."))
    assert document(town).cell(*CELL).text == "1n/R2"
    assert document(town).remark(*CELL).reason == REASON
    assert (found.revision, found.policy_hash) == (1, hash_of(document(town)))
    (made,) = edits_of(found.id, most=5)
    assert (made.revision, made.place, made.reason) == (1, "cell youth LPR D04", REASON)
    assert made.person_id == town.scene.who(*who).person_id
    assert ("1/R2" in made.before, "1n/R2" in made.after) == (True, True)


def test_the_log_has_the_entry_of_every_change(town: Played[Drafted]) -> None:
    edit(town, LEAD, cell("1n/R2"))
    entry = entries_of(town.app, Action.AGREEMENT_CHANGE)[-1]
    assert entry.object == town.made.draft.hex()
    assert entry.policy_hash == hash_of(document(town))
    facts = {"change": "edited", "place": "cell youth LPR D04", "revision": 1}
    assert facts.items() <= dict(entry.facts).items()
    assert entry.actor.role == "process_lead"


def test_what_stands_in_the_header_is_the_head_of_the_row(town: Played[Drafted]) -> None:
    found = edit(town, LEAD, HeaderChange(HeaderPart.VERSION, "2027.2"))
    assert found.version == "2027.2"


def test_a_deviation_from_the_model_needs_a_reason(town: Played[Drafted]) -> None:
    with pytest.raises(InvalidInputError) as refused:
        edit(town, LEAD, cell("1n/R2", reason=""))
    assert refused.value.fields == {"reason": [drafting.REASON_NEEDED]}
    phase = WordingChange(read_place("phase F2"), "Anders dan in het model.")
    with pytest.raises(InvalidInputError):
        edit(town, LEAD, phase)
    edit(town, LEAD, replace(phase, reason=REASON))
    assert document(town).cell(*CELL).text == "1/R2"
    assert edits_of(town.made.draft, most=5)[0].place == "phase F2"


def test_going_back_to_the_model_needs_no_reason(town: Played[Drafted]) -> None:
    edit(town, LEAD, cell("1n/R2"))
    edit(town, LEAD, cell("1/R2", reason=""))
    assert document(town).remarks == {}


def test_a_model_itself_deviates_from_nothing(town: Played[Drafted]) -> None:
    set_state(town.made.model, AgreementState.DRAFT)
    at = desk(town.scene, ADVISER, town.made.model)
    change = cell("1n/R2", reason="")
    seen = mark_at(parse(at.agreement.document), place_of(change))
    assert drafting.edit(at, change, seen=seen).revision == 1


@pytest.mark.parametrize("who", [OFFICER, ADVISER])
def test_who_does_not_draft_changes_no_cell(town: Played[Drafted], who: Who) -> None:
    with pytest.raises(ForbiddenError):
        edit(town, who, cell("1n/R2"))
    with pytest.raises(NotFoundError):
        edit(town, POLICE, cell("1n/R2"))
    assert document(town).cell(*CELL).text == "1/R2"


def test_only_who_tests_writes_examples(town: Played[Drafted]) -> None:
    with pytest.raises(ForbiddenError):
        edit(town, LEAD, example_change(EXAMPLE))
    edit(town, OFFICER, example_change(EXAMPLE))
    assert document(town).examples == (EXAMPLE,)
    with pytest.raises(ForbiddenError):
        edit(town, LAWYER, ExampleChange(Track.YOUTH, EXAMPLE.question, None))


def test_no_edit_confirms_a_clause(town: Played[Drafted]) -> None:
    clause = document(town).clauses[0]
    for who in (LEAD, LAWYER, OFFICER):
        with pytest.raises(ForbiddenError):
            edit(town, who, VerifiedChange(clause.track, clause.partner, clause.id, verified=True))


def test_what_cannot_stand_in_an_agreement_is_refused_and_changes_nothing(
    town: Played[Drafted],
) -> None:
    with pytest.raises(EditError):
        edit(town, LEAD, cell("7/R9"))
    assert edits_of(town.made.draft, most=5) == []


def test_two_drafters_on_one_cell_are_both_told_what_the_other_wrote(
    town: Played[Drafted],
) -> None:
    seen = mark_at(document(town), place_of(cell("")))
    edit(town, LAWYER, cell("2n/R2"), seen)
    with pytest.raises(drafting.EditConflictError) as conflict:
        edit(town, LEAD, cell("1n/R2"), seen)
    assert "2n/R2" in conflict.value.now
    assert conflict.value.name == "Lawyer GPR"
    assert conflict.value.at is not None
    assert document(town).cell(*CELL).text == "2n/R2"
    edit(town, LEAD, cell("1n/R2"), conflict.value.mark)
    assert document(town).cell(*CELL).text == "1n/R2"


def test_two_drafters_who_write_the_same_do_not_hinder_each_other(
    town: Played[Drafted],
) -> None:
    seen = mark_at(document(town), place_of(cell("")))
    edit(town, LAWYER, cell("2n/R2"), seen)
    edit(town, LEAD, cell("2n/R2"), seen)
    assert len(edits_of(town.made.draft, most=5)) == 1


def test_changes_of_other_places_come_together(town: Played[Drafted]) -> None:
    other = CellChange(Track.YOUTH, Partner.SCH, Category.D04, "1t/o", REASON)
    seen = {place_of(one): mark_at(document(town), place_of(one)) for one in (cell(""), other)}
    edit(town, LAWYER, other, seen[place_of(other)])
    edit(town, LEAD, cell("1n/R2"), seen[place_of(cell(""))])
    now = document(town)
    assert now.cell(*CELL).text == "1n/R2"
    assert now.cell(Track.YOUTH, Partner.SCH, Category.D04).text == "1t/o"


def test_many_drafters_at_the_same_moment_lose_no_edit(town: Played[Drafted]) -> None:
    codes = (Category.D04, Category.D12, Category.D14)
    changes = [CellChange(Track.YOUTH, Partner.LPR, code, "2n/R2n", REASON) for code in codes]
    marks = [mark_at(document(town), place_of(change)) for change in changes]
    lost: list[CellChange] = []

    def draft(change: CellChange, seen: str) -> None:
        with town.app.app_context():
            at = desk(town.scene, LEAD, town.made.draft)
            try:
                drafting.edit(at, change, seen=seen)
            except ConflictError:
                lost.append(change)

    threads = [
        threading.Thread(target=draft, args=pair) for pair in zip(changes, marks, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    db.session.rollback()
    now = document(town)
    kept = [change for change in changes if change not in lost]
    assert [now.cell(Track.YOUTH, Partner.LPR, one.category).text for one in kept] == [
        "2n/R2n"
    ] * len(kept)
    edits = edits_of(town.made.draft, most=10)
    assert [one.revision for one in edits] == list(range(len(kept), 0, -1))
    assert len(kept) + len(lost) == len(changes)


def moving(town: Played[Drafted], others: int) -> Callable[[AgreementDocument], drafting.Proposed]:
    """Propose a cell, while somebody else writes another one just before, so many times."""
    left = iter(range(others))
    at = desk(town.scene, LEAD, town.made.draft)

    def propose(now: AgreementDocument) -> drafting.Proposed:
        number = next(left, None)
        if number is not None:
            code = (Category.D13, Category.D14, Category.D15)[number]
            edit(town, LAWYER, CellChange(Track.YOUTH, Partner.JWK, code, "2n/X", REASON))
        return drafting.proposed(now, cell("1n/R2"))

    assert at.may_draft
    return propose


def test_a_change_that_crosses_another_is_tried_again(town: Played[Drafted]) -> None:
    at = desk(town.scene, LEAD, town.made.draft)
    drafting.write(at, at.drafter(), moving(town, 2))
    assert document(town).cell(*CELL).text == "1n/R2"
    assert len(edits_of(town.made.draft, most=10)) == 3


def test_a_change_that_is_crossed_again_and_again_asks_to_be_repeated(
    town: Played[Drafted],
) -> None:
    at = desk(town.scene, LEAD, town.made.draft)
    with pytest.raises(ConflictError):
        drafting.write(at, at.drafter(), moving(town, 3))
    assert document(town).cell(*CELL).text == "1/R2"


@pytest.mark.parametrize(
    ("state", "error"),
    [
        (AgreementState.LEGAL_CHECK, drafting.InCheckError),
        (AgreementState.DPIA_DONE, drafting.InCheckError),
        (AgreementState.SIGNING, drafting.NotADraftError),
        (AgreementState.ACTIVE, drafting.NotADraftError),
        (AgreementState.TERMINATED, drafting.NotADraftError),
    ],
)
def test_a_text_past_its_draft_is_fixed(
    town: Played[Drafted], state: AgreementState, error: type[drafting.NotADraftError]
) -> None:
    set_state(town.made.draft, state)
    with pytest.raises(error):
        edit(town, LEAD, cell("1n/R2"))
    assert edits_of(town.made.draft, most=5) == []


def test_a_change_is_taken_back_and_done_again(town: Played[Drafted]) -> None:
    before = document(town)
    edit(town, LEAD, cell("1n/R2"))
    at = desk(town.scene, LAWYER, town.made.draft)
    drafting.undo(at, 1)
    assert document(town) == before
    drafting.undo(at, 2)
    assert document(town).cell(*CELL).text == "1n/R2"
    assert [one.undoes for one in edits_of(town.made.draft, most=5)] == [2, 1, None]


def test_a_whole_file_is_taken_back_too(town: Played[Drafted]) -> None:
    before = document(town)
    at = desk(town.scene, LEAD, town.made.draft)
    text = at.agreement.document.replace("D04: 1/R2,", "D04: 2/R2,", 1)
    drafting.replace_text(at, text, seen=at.agreement.policy_hash, reason="")
    assert document(town) != before
    drafting.undo(at, 1)
    assert document(town) == before


def test_a_change_under_a_later_one_of_the_same_place_is_not_taken_back(
    town: Played[Drafted],
) -> None:
    edit(town, LEAD, cell("1n/R2"))
    edit(town, LEAD, cell("2n/R2"))
    at = desk(town.scene, LEAD, town.made.draft)
    with pytest.raises(drafting.NotTheLastError):
        drafting.undo(at, 1)
    drafting.undo(at, 2)
    drafting.undo(at, 1)
    assert document(town).cell(*CELL).text == "1/R2"


def test_what_was_never_changed_cannot_be_taken_back(town: Played[Drafted]) -> None:
    with pytest.raises(NotFoundError):
        drafting.undo(desk(town.scene, LEAD, town.made.draft), 7)


def test_who_tests_takes_back_examples_and_who_drafts_the_text(town: Played[Drafted]) -> None:
    edit(town, OFFICER, example_change(EXAMPLE))
    edit(town, LEAD, cell("1n/R2"))
    lead, officer = (desk(town.scene, who, town.made.draft) for who in (LEAD, OFFICER))
    for at, revision in ((lead, 1), (officer, 2)):
        with pytest.raises(ForbiddenError):
            drafting.undo(at, revision)
    drafting.undo(officer, 1)
    drafting.undo(lead, 2)
    assert document(town).examples == ()


def test_a_file_leaves_the_examples_as_they_are(town: Played[Drafted]) -> None:
    before = document(town)
    edit(town, OFFICER, example_change(EXAMPLE))
    at = desk(town.scene, LEAD, town.made.draft)
    fitted = drafting.fitting(at, at.agreement.document.partition("examples:")[0])
    assert fitted.examples == (EXAMPLE,)
    assert replace(fitted, examples=()) == before
    assert table_of_text(at.agreement.document).document == fitted
