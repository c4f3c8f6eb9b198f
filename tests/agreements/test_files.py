"""The file of a version: taken away and read in again, with every fault said and nothing lost."""

import io
from html import unescape

import pytest

from auth.rules import Role
from config.database import db
from pga.agreements import queries
from pga.agreements.models import Agreement, AgreementState
from pga.agreements.reading import edits_of
from pga.agreements.service import drafting
from pga.agreements.service.examples import write_example
from pga.policy.codes import Category, Condition, Partner, Phase, PolicyAction, Track
from pga.policy.document import dump, parse
from pga.policy.terms import Example
from tests.agreements.drafts import LAWYER, LEAD, OFFICER, Drafted, desk, drafted, set_state
from tests.agreements.matrices import with_cells
from tests.factories.browserless import Visitor
from tests.factories.fixtures import Play
from tests.factories.snapshots import Played


@pytest.fixture
def town(play: Play) -> Played[Drafted]:
    return play(drafted)


def draft_of(town: Played[Drafted]) -> Agreement:
    return queries.agreements_by_id([town.made.draft])[town.made.draft]


def path(town: Played[Drafted], rest: str = "import") -> str:
    return f"/agreements/{town.made.draft.hex()}/{rest}"


def changed_text(town: Played[Drafted]) -> str:
    document = parse(draft_of(town).document)
    return dump(with_cells(document, {(Partner.JWK, Category.D04): "X/R2n"}))


def confirmed(town: Played[Drafted], text: str, **more: str) -> dict[str, str]:
    return {"text": text, "seen": draft_of(town).policy_hash, "confirm": "true", **more}


def test_a_file_that_is_taken_away_reads_back_as_the_same_agreement(
    town: Played[Drafted],
) -> None:
    answer = town.visitor("POL").get(f"/agreements/{town.made.running.hex()}/file")
    assert answer.status_code == 200
    running = queries.agreements_by_id([town.made.running])[town.made.running]
    assert parse(answer.text) == parse(running.document)
    assert "GM0361-youth-" in answer.headers["Content-Disposition"]


def test_a_file_first_shows_what_it_changes_and_saves_nothing(town: Played[Drafted]) -> None:
    visitor, before = town.visitor("GPR"), draft_of(town).document
    page = visitor.post(path(town), {"text": changed_text(town)})
    assert page.status_code == 200
    assert "Meer voor: Jongerenwerk." in page.text
    assert draft_of(town).document == before


def test_a_file_takes_the_place_of_the_draft_as_one_edit(town: Played[Drafted]) -> None:
    text = changed_text(town)
    before = draft_of(town).document
    town.visitor("GPR").do(path(town), confirmed(town, text, reason="Nieuw overleg."))
    now = draft_of(town)
    assert parse(now.document) == parse(text)
    (edit,) = edits_of(now.id, most=10)
    assert (edit.revision, edit.place, edit.reason) == (1, "document", "Nieuw overleg.")
    assert (parse(edit.before), parse(edit.after)) == (parse(before), parse(text))


def upload(town: Played[Drafted], visitor: Visitor, content: bytes) -> tuple[int, str]:
    answer = visitor.client.post(
        path(town),
        data={"csrf_token": visitor.token, "file": (io.BytesIO(content), "afspraken.yaml")},
        headers={"Sec-Fetch-Site": "same-origin"},
    )
    return answer.status_code, answer.text


def test_a_file_can_be_chosen_instead_of_pasted(town: Played[Drafted]) -> None:
    visitor = town.visitor("GPR")
    status, page = upload(town, visitor, changed_text(town).encode())
    assert status == 200
    assert "Meer voor: Jongerenwerk." in page


def test_a_broken_file_is_answered_with_every_line_and_nothing_is_lost(
    town: Played[Drafted],
) -> None:
    visitor, before = town.visitor("GPR"), draft_of(town).document
    broken = changed_text(town).replace("D04: X/R2n", "D04: 7/R2n").replace("evaluation:", "eval:")
    answer = visitor.post(path(town), {"text": broken})
    assert answer.status_code == 422
    assert "ontbreekt de sleutel “evaluation”" in answer.text
    assert "staat “7/R2n”" in answer.text
    assert "Regel 2: " in answer.text
    assert "eval:" in answer.text
    assert draft_of(town).document == before


def test_what_is_no_text_is_answered_too(town: Played[Drafted]) -> None:
    status, page = upload(town, town.visitor("GPR"), b"\xff\xfe\x00")
    assert status == 422
    assert "geen tekstbestand" in page


def test_a_file_of_another_municipality_is_refused(town: Played[Drafted]) -> None:
    elsewhere = changed_text(town).replace("GM0361", "GM0400")
    answer = town.visitor("GPR").post(path(town), confirmed(town, elsewhere))
    assert answer.status_code == 422
    assert "andere gemeente" in answer.text


def test_a_file_over_a_limit_says_which_and_may_stay_a_draft(town: Played[Drafted]) -> None:
    document = parse(draft_of(town).document)
    over = dump(with_cells(document, {(Partner.WOC, Category.D05): "X/R2"}))
    visitor = town.visitor("GPR")
    page = visitor.post(path(town), {"text": over}).text
    assert "G1 (AVG 10)" in page
    visitor.do(path(town), confirmed(town, over))
    assert parse(draft_of(town).document) == parse(over)


def test_a_clause_that_comes_in_confirmed_is_to_be_checked_anew(town: Played[Drafted]) -> None:
    text = changed_text(town).replace("verified: false", "verified: true")
    town.visitor("GPR").do(path(town), confirmed(town, text))
    assert not any(clause.verified for clause in parse(draft_of(town).document).clauses)


def test_who_sees_an_older_draft_does_not_overwrite_a_newer_one(town: Played[Drafted]) -> None:
    seen = draft_of(town).policy_hash
    document = parse(draft_of(town).document)
    theirs = dump(with_cells(document, {(Partner.LPR, Category.D04): "1n/R2"}))
    drafting.replace_text(desk(town.scene, LAWYER, town.made.draft), theirs, seen=seen, reason="")
    mine = changed_text(town)
    answer = town.visitor("GPR").post(path(town), {"text": mine, "seen": seen, "confirm": "true"})
    assert answer.status_code == 409
    assert "Iemand anders heeft dit intussen gewijzigd" in answer.text
    assert draft_of(town).policy_hash in answer.text
    assert parse(draft_of(town).document) == parse(theirs)


def test_the_same_file_changes_nothing_and_is_no_edit(town: Played[Drafted]) -> None:
    same = draft_of(town).document
    drafting.replace_text(desk(town.scene, LEAD, town.made.draft), same, seen="", reason="")
    assert edits_of(town.made.draft, most=10) == []


@pytest.mark.parametrize(
    ("state", "says"),
    [
        (AgreementState.LEGAL_CHECK, "Zet haar terug naar concept"),
        (AgreementState.SIGNING, "Maak een nieuwe versie"),
        (AgreementState.ACTIVE, "Maak een nieuwe versie"),
    ],
)
def test_a_text_that_is_past_its_draft_is_not_replaced(
    town: Played[Drafted], state: AgreementState, says: str
) -> None:
    text = changed_text(town)
    set_state(town.made.draft, state)
    answer = town.visitor("GPR").post(path(town), confirmed(town, text))
    assert answer.status_code == 409
    assert says in answer.text
    assert text.splitlines()[3] in unescape(answer.text)
    assert edits_of(town.made.draft, most=10) == []


@pytest.mark.parametrize("who", [("POL", "", 404), ("GPR", "Officer", 403)])
def test_who_does_not_draft_reads_no_file_in(
    town: Played[Drafted], who: tuple[str, str, int]
) -> None:
    partner, name, status = who
    visitor = town.visitor(partner, name)
    assert visitor.get(path(town)).status_code == status
    assert visitor.post(path(town), confirmed(town, "x")).status_code == status
    assert db.session.get_one(Agreement, town.made.draft).revision == 0


def test_a_lawyer_may_read_a_file_in(town: Played[Drafted]) -> None:
    assert town.scene.who(*LAWYER).role == Role.LAWYER
    assert town.visitor("GPR", "Lawyer").get(path(town)).status_code == 200


def test_a_file_leaves_the_examples_as_they_are_and_says_which_it_breaks(
    town: Played[Drafted],
) -> None:
    example = Example(
        "Jongerenwerk ziet geen onderwijs van leerplicht.",
        *(Track.YOUTH, Phase.F2, Partner.LPR, Partner.JWK, Category.D04, PolicyAction.CONSULT),
        may=False,
        conditions=(Condition.NAMED_RECIPIENT,),
    )
    without = changed_text(town)
    write_example(desk(town.scene, OFFICER, town.made.draft), example)
    visitor = town.visitor("GPR")
    page = visitor.post(path(town), {"text": without}).text
    assert "Dit voorbeeld komt niet meer uit" in page
    assert "1 cel, 0 andere teksten" in page
    visitor.do(path(town), confirmed(town, without))
    assert parse(draft_of(town).document).examples == (example,)
    assert "Hierdoor komt 1 voorbeeld niet meer uit" in visitor.read(path(town, "history"))
