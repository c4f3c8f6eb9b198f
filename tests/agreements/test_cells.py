"""A cell on the web: chosen in plain words, shown what it does, saved, and nothing typed lost."""

from dataclasses import replace
from html import unescape

import pytest

from pga.agreements import queries
from pga.agreements.consequences import consequence, demanded
from pga.agreements.models import AgreementState
from pga.agreements.reading import edits_of
from pga.agreements.service import drafting
from pga.agreements.texts import table_of_text
from pga.policy.catalogue_text import current
from pga.policy.cells import Cell
from pga.policy.codes import Category, Partner, Track
from pga.policy.document import dump, parse
from pga.policy.editing import CellChange, ClauseChange, EditError, mark_at, place_of
from pga.policy.terms import AgreementDocument
from tests.agreements.drafts import LAWYER, LEAD, Drafted, desk, drafted, set_state
from tests.factories.fixtures import Play
from tests.factories.snapshots import Played
from tests.factories.work import counted

LPR = (Track.YOUTH, Partner.LPR, Category.D04)
REASON = "In deze gemeente weegt leerplicht zelf."


@pytest.fixture
def town(play: Play) -> Played[Drafted]:
    return play(drafted)


def path(town: Played[Drafted], cell: str = "LPR/D04", of: bytes | None = None) -> str:
    return f"/agreements/{(of or town.made.draft).hex()}/cells/youth/{cell}"


def cell(town: Played[Drafted], place: tuple[Track, Partner, Category] = LPR) -> Cell:
    text = queries.agreements_by_id([town.made.draft])[town.made.draft].document
    return parse(text).cell(*place)


def draft(town: Played[Drafted]) -> AgreementDocument:
    return parse(queries.agreements_by_id([town.made.draft])[town.made.draft].document)


def mark(town: Played[Drafted], place: tuple[Track, Partner, Category] = LPR) -> str:
    text = queries.agreements_by_id([town.made.draft])[town.made.draft].document
    return mark_at(parse(text), place_of(CellChange(*place, "")))


def typed(town: Played[Drafted], **more: str | list[str]) -> dict[str, str | list[str]]:
    chosen: dict[str, str | list[str]] = {
        "provide": "1",
        "asked": ["n"],
        "consult": "R2",
        "reason": REASON,
        "seen": mark(town),
    }
    return {**chosen, **more}


def test_the_form_starts_as_the_cell_is(town: Played[Drafted]) -> None:
    page = town.visitor("GPR").read(path(town, "POL/D14"))
    assert 'name="provide" value="1" checked' in " ".join(page.split())
    assert page.count(" checked") == 4
    assert "Hier vraagt de wet dit: G2 (Wpg 18-20, Wjsg 39f)." in page


def test_a_cell_is_chosen_in_plain_words_and_saved(town: Played[Drafted]) -> None:
    visitor = town.visitor("GPR")
    visitor.do(path(town), typed(town, comment="Zie het overleg."))
    assert cell(town).text == "1n/R2"
    page = visitor.read(path(town))
    assert "Bewaard: Brengt dit in vanaf de triage, mits er is: een weegnotitie." in page
    assert "in het model staat 1/R2" in page
    assert REASON in page
    assert "Zie het overleg." in page


def test_before_saving_the_page_says_who_gets_more_or_less(town: Played[Drafted]) -> None:
    visitor = town.visitor("GPR")
    answer = visitor.post(path(town, "JWK/D04"), {"provide": "X", "consult": "R2", "look": "true"})
    assert answer.status_code == 200
    assert "Met deze wijziging" in answer.text
    assert "Krijgt vanaf het casusoverleg tot de nazorg extra: Onderwijs, van Leerplicht." in (
        answer.text
    )
    assert cell(town, (Track.YOUTH, Partner.JWK, Category.D04)).text == "X/X"


def test_while_one_chooses_the_page_itself_asks_what_it_does(town: Played[Drafted]) -> None:
    visitor = town.visitor("GPR")
    ask = path(town, "JWK/D04") + "/consequence"
    answer = visitor.post(ask, {"provide": "X", "consult": "R2"})
    assert "extra: Onderwijs" in answer.text
    assert "<html" not in answer.text
    assert "Dit staat al in de cel." in visitor.post(ask, {"provide": "X", "consult": "X"}).text
    assert visitor.post(ask, {"provide": "nothing"}).text.strip() == ""


def test_a_broken_limit_names_who_would_get_what_and_is_repaired_in_one_click(
    town: Played[Drafted],
) -> None:
    visitor = town.visitor("GPR")
    where = (Track.YOUTH, Partner.WOC, Category.D05)
    broken = typed(town, provide="X", asked=[], seen=mark(town, where), look="true")
    page = visitor.post(path(town, "WOC/D05"), broken).text
    assert "G1 (AVG 10)" in page
    assert "Woningcorporatie zou vanaf het casusoverleg Politiegegevens van Politie zien." in page
    assert 'name="take" value="X/X"' in page
    visitor.do(path(town, "WOC/D05"), {**broken, "look": "false"})
    assert cell(town, where).text == "X/R2"
    page = visitor.read(path(town, "WOC/D05"))
    assert 'name="take" value="X/X"' in page
    repaired = {**broken, "look": "false", "take": "X/X", "seen": mark(town, where)}
    assert draft(town).remark(*where).reason == REASON
    visitor.do(path(town, "WOC/D05"), repaired)
    assert cell(town, where).text == "X/X"
    assert not draft(town).remark(*where).reason  # as in the model, so there is nothing to explain


def test_a_deviation_without_a_reason_keeps_what_was_chosen(town: Played[Drafted]) -> None:
    answer = town.visitor("GPR").post(path(town), typed(town, reason="", comment="Nog dit."))
    assert answer.status_code == 422
    assert "Dit is anders dan in het model. Zeg waarom." in answer.text
    assert "Nog dit." in answer.text
    assert cell(town).text == "1/R2"


def test_a_choice_that_is_none_is_refused_beside_its_field(town: Played[Drafted]) -> None:
    answer = town.visitor("GPR").post(path(town), typed(town, provide="9"))
    assert answer.status_code == 422
    assert "Kies uit de lijst." in answer.text
    assert REASON in answer.text


def test_what_cannot_stand_in_a_cell_is_said_in_dutch(town: Played[Drafted]) -> None:
    answer = town.visitor("GPR").post(path(town), typed(town, take="7/R9"))
    assert answer.status_code == 422
    assert "In de cel LPR D04 staat “7/R9”." in answer.text
    looked = town.visitor("GPR").post(path(town), typed(town, take="7/R9", look="true"))
    assert looked.status_code == 200


def test_two_drafters_on_one_cell_see_each_other_and_lose_nothing(town: Played[Drafted]) -> None:
    seen = mark(town)
    theirs = CellChange(*LPR, "2n/R2", "Later is genoeg.")
    drafting.edit(desk(town.scene, LAWYER, town.made.draft), theirs, seen=seen)
    visitor = town.visitor("GPR")
    answer = visitor.post(path(town), typed(town, seen=seen))
    assert answer.status_code == 409
    assert "Lawyer GPR wijzigde deze cel op" in answer.text
    assert "Brengt dit in vanaf het casusoverleg, mits er is: een weegnotitie" in answer.text
    assert "Later is genoeg." in answer.text
    assert REASON in answer.text
    assert f'name="seen" value="{mark(town)}"' in answer.text
    assert cell(town).text == "2n/R2"
    visitor.do(path(town), typed(town))
    assert cell(town).text == "1n/R2"


@pytest.mark.parametrize(
    ("state", "says"),
    [
        (AgreementState.LEGAL_CHECK, "Zet haar terug naar concept"),
        (AgreementState.ACTIVE, "Maak een nieuwe versie"),
    ],
)
def test_a_text_past_its_draft_is_not_changed_and_the_page_says_how_to_go_on(
    town: Played[Drafted], state: AgreementState, says: str
) -> None:
    posted = typed(town)
    set_state(town.made.draft, state)
    visitor = town.visitor("GPR")
    assert 'name="provide"' not in visitor.read(path(town))
    assert says in visitor.read(path(town))
    answer = visitor.post(path(town), posted)
    assert answer.status_code == 409
    assert says in unescape(answer.text)
    assert REASON in answer.text
    assert edits_of(town.made.draft, most=3) == []


@pytest.mark.parametrize("who", [("GPR", "Officer", 403), ("POL", "", 404)])
def test_who_does_not_draft_has_no_form_and_changes_nothing(
    town: Played[Drafted], who: tuple[str, str, int]
) -> None:
    partner, name, status = who
    visitor = town.visitor(partner, name)
    for where in (path(town), path(town) + "/consequence"):
        assert visitor.post(where, typed(town)).status_code == status
    page = visitor.get(path(town))
    assert 'name="provide"' not in page.text
    assert cell(town).text == "1/R2"


def test_what_a_change_would_do_is_told_of_its_own_cell(town: Played[Drafted]) -> None:
    text = desk(town.scene, LEAD, town.made.draft).agreement.document
    over = CellChange(Track.YOUTH, Partner.SCH, Category.D05, "X/R1")
    found = consequence(text, over, current())
    assert {one.guardrail for one in found.violations} == {"G1"}
    assert found.is_changed
    with pytest.raises(EditError):
        consequence(text, CellChange(*LPR, "9/9"), current())


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        ((Track.YOUTH, Partner.POL, Category.D01), {("asked", "b"): "G2 (Wpg 18-20, Wjsg 39f)"}),
        (
            (Track.YOUTH, Partner.GI, Category.D07),
            {
                ("asked", "t"): "G3 (WGBO 7:457, Jeugdwet 7.3.11)",
                ("needed", "t"): "G3 (WGBO 7:457, Jeugdwet 7.3.11)",
            },
        ),
        (LPR, {}),
    ],
)
def test_the_law_that_asks_a_condition_stands_beside_it(
    town: Played[Drafted],
    place: tuple[Track, Partner, Category],
    expected: dict[tuple[str, str], str],
) -> None:
    text = desk(town.scene, LEAD, town.made.draft).agreement.document
    assert demanded(parse(text), place, current()) == expected


def test_saving_a_cell_costs_the_same_whatever_the_draft_holds(town: Played[Drafted]) -> None:
    visitor = town.visitor("GPR")
    assert visitor.token

    def cost(text: str) -> int:
        letters = [] if text == "1" else ["n"]
        with counted(town.app) as statements:
            visitor.do(path(town), typed(town, asked=letters))
        return sum(statements.values())

    cost("1n")
    few = cost("1")
    assert {cost("1n"), cost("1"), cost("1n")} == {few}
    assert few <= 12


def test_a_changed_cell_asks_whether_its_clause_must_change_too(town: Played[Drafted]) -> None:
    visitor = town.visitor("GPR")
    assert "Moet de bepaling ook anders?" not in visitor.read(path(town))
    answer = visitor.do(path(town), typed(town))
    asked = visitor.read(answer.headers["Location"])
    assert "Moet de bepaling ook anders?" in asked
    assert "/clauses/youth/LPR?clause=jeugd.LPR.onderwijs" in asked
    assert "Moet de bepaling ook anders?" in visitor.read(path(town))
    clause = next(one for one in draft(town).clauses if one.id == "jeugd.LPR.onderwijs")
    said = ClauseChange(*LPR[:2], clause.id, replace(clause, text="Anders."), REASON)
    seen = mark_at(draft(town), place_of(said))
    drafting.edit(desk(town.scene, LAWYER, town.made.draft), said, seen=seen)
    assert "Moet de bepaling ook anders?" not in visitor.read(path(town))


def test_a_changed_cell_without_a_clause_asks_for_one(town: Played[Drafted]) -> None:
    where = (Track.YOUTH, Partner.JWK, Category.D04)
    clause = table_of_text(dump(draft(town))).clauses.of(*where)
    page = town.visitor("GPR").read(path(town, "JWK/D04") + "?changed=yes")
    assert ("er is geen bepaling voor" in page) is (clause is None)
    assert "Moet de bepaling ook anders?" in page


def test_a_cell_of_no_model_asks_nothing_by_itself(town: Played[Drafted]) -> None:
    set_state(town.made.model, AgreementState.DRAFT)
    page = town.visitor("ZVH", "Adviser").read(path(town, of=town.made.model))
    assert 'name="provide"' in page
    assert "Moet de bepaling ook anders?" not in page


def test_a_closed_line_says_who_can_solve_it(town: Played[Drafted]) -> None:
    page = " ".join(town.visitor("GPR").read(path(town, "POL/D05")).split())
    assert "Wie dit kan oplossen: Niemand hier: alleen een andere wet kan dit openen." in page
    assert "De organisatie die het inbrengt, neemt een verstrekkingsbesluit." in page


def test_saving_what_breaks_a_limit_says_which_at_the_top_of_the_page(
    town: Played[Drafted],
) -> None:
    police = (Track.YOUTH, Partner.POL, Category.D05)
    visitor = town.visitor("GPR")
    opened = typed(town, asked=[], consult="o", seen=mark(town, police))
    answer = visitor.do(path(town, "POL/D05"), opened)
    assert answer.headers["Location"].endswith("?changed=yes#main")
    page = visitor.read(path(town, "POL/D05"))
    told = "Hierdoor overschrijdt de tekst 2 wettelijke grenzen: G2 (Wpg 18-20, Wjsg 39f), R-14"
    assert told in page.partition("<h1")[0]
    visitor.do(path(town), typed(town))
    assert "Hierdoor overschrijdt" not in visitor.read(path(town))


def test_a_cell_that_stays_what_it_was_asks_for_no_other_clause(town: Played[Drafted]) -> None:
    visitor = town.visitor("GPR")
    was = typed(town, asked=[], comment="Zie het overleg.")
    assert cell(town).text == "1/R2"
    assert "changed" not in visitor.do(path(town), was).headers["Location"]
