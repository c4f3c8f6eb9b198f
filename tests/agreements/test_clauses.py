"""The clauses of a draft on the web: written, split, taken out, and checked anew after that."""

from dataclasses import replace

import pytest

from config.database import db, transaction
from pga.agreements import choices, queries
from pga.agreements.models import Agreement, AgreementState
from pga.agreements.reading import edits_of
from pga.agreements.service import drafting
from pga.policy.codes import Category, Partner, Track
from pga.policy.document import dump, parse
from pga.policy.editing import ClauseChange, mark_at
from pga.policy.terms import AgreementDocument, Clause
from tests.agreements.drafts import LAWYER, Drafted, desk, drafted, set_state
from tests.factories.fixtures import Play
from tests.factories.snapshots import Played
from tests.factories.work import counted

ID = "jeugd.LPR.onderwijs"
PLACE = f"clause youth LPR {ID}"
WHOLE = "clauses youth LPR"
REASON = "Onze jurist leest dit anders."
Typed = dict[str, str | list[str]]


@pytest.fixture
def town(play: Play) -> Played[Drafted]:
    return play(drafted)


def document(town: Played[Drafted]) -> AgreementDocument:
    return parse(queries.agreements_by_id([town.made.draft])[town.made.draft].document)


def clause(town: Played[Drafted], clause_id: str = ID) -> Clause:
    return next(one for one in document(town).clauses if one.id == clause_id)


def path(town: Played[Drafted], rest: str = "") -> str:
    return f"/agreements/{town.made.draft.hex()}/clauses{rest}"


def typed(town: Played[Drafted], **more: str | list[str]) -> Typed:
    now = clause(town)
    said: Typed = {
        "clause": ID,
        "categories": [str(code) for code in now.categories],
        "text": "De leerplichtambtenaar brengt verzuim in.",
        "articles": "AVG 6(1)(e)\n\nLeerplichtwet 21a",
        "secrecy": "none_needed",
        "obligations": ["facts_only"],
        "reason": REASON,
        "seen": mark_at(document(town), PLACE),
    }
    return {**said, **more}


def test_all_clauses_of_a_track_are_shown_by_partner(town: Played[Drafted]) -> None:
    page = town.visitor("GPR").read(path(town))
    assert page.count('<details class="clause"') == len(document(town).clauses)
    assert f"/youth/LPR?clause={ID}" in page


def test_a_clause_is_written_and_a_lawyer_is_to_check_it_anew(town: Played[Drafted]) -> None:
    with transaction():
        row = db.session.get_one(Agreement, town.made.draft)
        clauses = tuple(replace(one, verified=True) for one in document(town).clauses)
        row.document = dump(replace(document(town), clauses=clauses))
    visitor = town.visitor("GPR")
    visitor.do(path(town, "/youth/LPR"), typed(town))
    now = clause(town)
    assert now.text == "De leerplichtambtenaar brengt verzuim in."
    assert now.articles == ("AVG 6(1)(e)", "Leerplichtwet 21a")
    assert not now.verified
    assert sum(one.verified for one in document(town).clauses) == len(clauses) - 1
    page = visitor.read(path(town, f"/youth/LPR?clause={ID}"))
    assert "nog juridisch te toetsen" in page
    assert REASON in page


def test_a_clause_otherwise_than_in_the_model_needs_a_reason(town: Played[Drafted]) -> None:
    answer = town.visitor("GPR").post(path(town, "/youth/LPR"), typed(town, reason=""))
    assert answer.status_code == 422
    assert "Zeg waarom." in answer.text
    assert "De leerplichtambtenaar brengt verzuim in." in answer.text
    assert edits_of(town.made.draft, most=2) == []


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"text": ""}, "Vul dit in."),
        ({"categories": []}, "Maak een keuze."),
        ({"basis": "TOEVAL"}, "Kies uit de lijst."),
        ({"exception": "TOEVAL"}, "Kies uit de lijst."),
        ({"secrecy": "zwijgen"}, "Kies uit de lijst."),
    ],
)
def test_what_is_not_filled_in_as_needed_is_said_and_the_rest_is_kept(
    town: Played[Drafted], wrong: Typed, says: str
) -> None:
    answer = town.visitor("GPR").post(path(town, "/youth/LPR"), typed(town, **wrong))
    assert answer.status_code == 422
    assert says in answer.text
    assert "Leerplichtwet 21a" in answer.text


def test_basis_and_exception_are_chosen_in_words(town: Played[Drafted]) -> None:
    visitor = town.visitor("GPR")
    page = visitor.read(path(town, f"/youth/LPR?clause={ID}"))
    assert "Politiewet" in page
    chosen = typed(town, basis="AVG_6_1_e + POLITIEWET_3", exception="UAVG_33")
    visitor.do(path(town, "/youth/LPR"), chosen)
    assert (str(clause(town).basis), clause(town).exception) == (
        "AVG_6_1_e + POLITIEWET_3",
        "UAVG_33",
    )


def test_a_new_clause_speaks_on_what_no_other_speaks_on(town: Played[Drafted]) -> None:
    visitor = town.visitor("GPR")
    free = choices.free_categories(document(town), Track.YOUTH, Partner.LPR, "")
    assert Category.D04 not in free
    shrunk = typed(town, categories=["D04"])
    taken_over = typed(town, clause="", new_id="jeugd.LPR.nieuw", categories=["D04"], seen="")
    taken_over["seen"] = mark_at(document(town), "clause youth LPR jeugd.LPR.nieuw")
    answer = visitor.post(path(town, "/youth/LPR"), taken_over)
    assert answer.status_code == 422
    assert "gaat al over" in answer.text
    removed = {"clause": ID, "reason": REASON, "seen": mark_at(document(town), PLACE)}
    visitor.do(path(town, "/youth/LPR/remove"), removed)
    visitor.do(path(town, "/youth/LPR"), {**taken_over, "articles": "AVG 6"})
    assert clause(town, "jeugd.LPR.nieuw").categories == (Category.D04,)
    assert "jeugd.LPR.nieuw" in visitor.read(path(town))
    assert shrunk["categories"] == ["D04"]


@pytest.mark.parametrize(
    ("name", "says"), [("", "Vul dit in."), (ID, "Een andere bepaling heeft deze naam al.")]
)
def test_a_new_clause_needs_a_name_of_its_own(town: Played[Drafted], name: str, says: str) -> None:
    visitor = town.visitor("GPR")
    assert "Naam van de bepaling" in visitor.read(path(town, "/youth/LPR"))
    answer = visitor.post(path(town, "/youth/LPR"), typed(town, clause="", new_id=name))
    assert answer.status_code == 422
    assert says in answer.text


def splitting(town: Played[Drafted], **more: str | list[str]) -> Typed:
    parts: Typed = {
        "clause": "jeugd.LPR.gesloten",
        "new_id": "jeugd.LPR.schulden",
        "categories": ["D11"],
        "seen": mark_at(document(town), WHOLE),
    }
    return {**parts, **more}


def test_a_clause_is_split_and_both_parts_say_the_same(town: Played[Drafted]) -> None:
    before = clause(town, "jeugd.LPR.gesloten")
    assert Category.D11 in before.categories
    town.visitor("GPR").do(path(town, "/youth/LPR/split"), splitting(town))
    rest, part = clause(town, before.id), clause(town, "jeugd.LPR.schulden")
    assert part.categories == (Category.D11,)
    assert rest.categories == tuple(c for c in before.categories if c is not Category.D11)
    assert rest.text == part.text == before.text


def test_a_clause_is_not_split_into_nothing(town: Played[Drafted]) -> None:
    visitor = town.visitor("GPR")
    every = [str(code) for code in clause(town, "jeugd.LPR.gesloten").categories]
    wrongs: list[Typed] = [{"categories": every}, {"categories": []}, {"new_id": ID}]
    for wrong in wrongs:
        answer = visitor.post(path(town, "/youth/LPR/split"), splitting(town, **wrong))
        assert answer.status_code == 422, wrong
    assert (
        visitor.post(path(town, "/youth/LPR/split"), splitting(town, clause="none")).status_code
        == 404
    )
    assert edits_of(town.made.draft, most=2) == []


def test_a_clause_is_taken_out_with_a_reason(town: Played[Drafted]) -> None:
    visitor = town.visitor("GPR")
    posted = {"clause": ID, "reason": "", "seen": mark_at(document(town), PLACE)}
    answer = visitor.post(path(town, "/youth/LPR/remove"), posted)
    assert answer.status_code == 422
    assert "Zeg waarom." in answer.text
    visitor.do(path(town, "/youth/LPR/remove"), {**posted, "reason": REASON})
    assert ID not in {one.id for one in document(town).clauses}
    gone = visitor.post(path(town, "/youth/LPR/remove"), {**posted, "reason": REASON})
    assert gone.status_code == 404


def test_two_drafters_on_one_clause_lose_nothing(town: Played[Drafted]) -> None:
    mine = typed(town)
    theirs = replace(clause(town), text="De jurist was eerder.")
    at = desk(town.scene, LAWYER, town.made.draft)
    change = ClauseChange(Track.YOUTH, Partner.LPR, ID, theirs, REASON)
    drafting.edit(at, change, seen=mark_at(document(town), PLACE))
    visitor = town.visitor("GPR")
    answer = visitor.post(path(town, "/youth/LPR"), mine)
    assert answer.status_code == 409
    assert "Iemand anders heeft dit intussen gewijzigd" in answer.text
    assert "De leerplichtambtenaar brengt verzuim in." in answer.text
    assert clause(town).text == "De jurist was eerder."
    assert f'name="seen" value="{mark_at(document(town), PLACE)}"' in answer.text
    visitor.do(path(town, "/youth/LPR"), typed(town))
    assert clause(town).text == "De leerplichtambtenaar brengt verzuim in."


def test_past_its_draft_a_clause_is_read_and_not_written(town: Played[Drafted]) -> None:
    posted = typed(town)
    set_state(town.made.draft, AgreementState.ACTIVE)
    visitor = town.visitor("GPR")
    page = visitor.read(path(town, f"/youth/LPR?clause={ID}"))
    assert 'name="text"' not in page
    assert clause(town).text in page
    answer = visitor.post(path(town, "/youth/LPR"), posted)
    assert answer.status_code == 409
    assert "Maak een nieuwe versie." in answer.text
    assert "Leerplichtwet 21a" in answer.text


def test_who_does_not_draft_reads_clauses_and_writes_none(town: Played[Drafted]) -> None:
    officer = town.visitor("GPR", "Officer")
    assert clause(town).text in officer.read(path(town, f"/youth/LPR?clause={ID}"))
    assert officer.get(path(town, "/youth/LPR")).status_code == 403
    for rest in ("", "/split", "/remove"):
        answer = officer.post(path(town, f"/youth/LPR{rest}"), typed(town))
        assert answer.status_code == 403


@pytest.mark.parametrize(
    "rest", ["/youth/XXX", "/youth/BANK", "/money_mule/LPR", "/youth/LPR?clause=none"]
)
def test_what_is_no_clause_of_the_agreement_is_not_there(town: Played[Drafted], rest: str) -> None:
    assert town.visitor("GPR").get(path(town, rest)).status_code == 404


def test_clauses_cost_the_same_whatever_their_number(town: Played[Drafted]) -> None:
    visitor = town.visitor("GPR")
    pages = (path(town), path(town, f"/youth/LPR?clause={ID}"))

    def cost() -> list[int]:
        found = []
        for page in pages:
            visitor.read(page)
            with counted(town.app) as statements:
                visitor.read(page)
            found.append(sum(statements.values()))
        return found

    before = cost()
    visitor.do(path(town, "/youth/LPR/split"), splitting(town))
    assert cost() == before
    assert max(before) <= 8


def test_two_drafters_on_one_clause_see_what_the_other_wrote(town: Played[Drafted]) -> None:
    mine = typed(town, text="Mijn woorden.")
    town.visitor("GPR", "Lawyer").do(path(town, "/youth/LPR"), typed(town, text="Haar woorden."))
    visitor = town.visitor("GPR")
    answer = visitor.post(path(town, "/youth/LPR"), mine)
    assert answer.status_code == 409
    assert "Lawyer GPR wijzigde dit op" in answer.text
    assert "Haar woorden." in answer.text
    assert "Mijn woorden." in answer.text


def test_a_clause_that_somebody_took_out_can_be_written_again(town: Played[Drafted]) -> None:
    mine = typed(town, text="Mijn woorden.")
    gone = ClauseChange(Track.YOUTH, Partner.LPR, ID, None, REASON)
    seen = mark_at(document(town), PLACE)
    drafting.edit(desk(town.scene, LAWYER, town.made.draft), gone, seen=seen)
    visitor = town.visitor("GPR")
    answer = visitor.post(path(town, "/youth/LPR"), mine)
    assert answer.status_code == 409
    assert "<em>niets</em>" in answer.text
    assert f'name="new_id" value="{ID}"' in answer.text
    again = {**mine, "clause": "", "new_id": ID, "seen": mark_at(document(town), PLACE)}
    visitor.do(path(town, "/youth/LPR"), again)
    assert clause(town).text == "Mijn woorden."


def test_who_splits_or_takes_out_a_clause_that_moved_reads_what_it_says_now(
    town: Played[Drafted],
) -> None:
    shut = clause(town, "jeugd.LPR.gesloten")
    place = f"clause youth LPR {shut.id}"
    gone = {"clause": shut.id, "reason": "Niet meer nodig.", "seen": mark_at(document(town), place)}
    split = splitting(town)
    said = ClauseChange(*(Track.YOUTH, Partner.LPR), shut.id, replace(shut, text="Anders."), REASON)
    drafting.edit(desk(town.scene, LAWYER, town.made.draft), said, seen=gone["seen"])
    visitor = town.visitor("GPR")
    for rest, posted, kept in (
        ("/split", split, "jeugd.LPR.schulden"),
        ("/remove", gone, "Niet meer nodig."),
    ):
        answer = visitor.post(path(town, f"/youth/LPR{rest}"), posted)
        assert answer.status_code == 409, rest
        assert "Er staat nu:" in answer.text
        assert "<p>Anders.</p>" in answer.text
        assert kept in answer.text
    assert clause(town, shut.id).text == "Anders."
