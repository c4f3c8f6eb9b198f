"""The history of a draft: what was changed where, by whom and why, and the way back."""

import pytest

from pga.agreements import place_words, queries, value_words
from pga.agreements.models import AgreementState
from pga.agreements.reading import edits_of
from pga.agreements.service import drafting
from pga.policy.codes import Category, Partner, Track
from pga.policy.document import parse
from pga.policy.editing import CellChange, mark_at, place_of, value_at
from tests.agreements.drafts import LAWYER, LEAD, Drafted, Who, desk, drafted, set_state
from tests.factories.fixtures import Play
from tests.factories.snapshots import Played
from tests.factories.work import counted

LPR = (Track.YOUTH, Partner.LPR, Category.D04)


@pytest.fixture
def town(play: Play) -> Played[Drafted]:
    return play(drafted)


def path(town: Played[Drafted], rest: str = "") -> str:
    return f"/agreements/{town.made.draft.hex()}/history{rest}"


def cell(town: Played[Drafted]) -> str:
    text = queries.agreements_by_id([town.made.draft])[town.made.draft].document
    return parse(text).cell(*LPR).text


def write(town: Played[Drafted], text: str, who: Who = LEAD) -> None:
    at = desk(town.scene, who, town.made.draft)
    change = CellChange(*LPR, text, "Omdat het hier zo is.")
    seen = mark_at(parse(at.agreement.document), place_of(change))
    drafting.edit(at, change, seen=seen)


def test_a_draft_without_changes_says_so(town: Played[Drafted]) -> None:
    assert "Er is nog niets gewijzigd" in town.visitor("GPR").read(path(town))


def test_a_change_says_where_what_when_why_and_by_whom(town: Played[Drafted]) -> None:
    write(town, "1n/R2", LAWYER)
    page = town.visitor("GPR").read(path(town))
    assert "Leerplicht: Onderwijs" in page
    assert "(1/R2)" in page
    assert "mits er is: een weegnotitie. Ziet dit vanaf het casusoverleg. (1n/R2)" in page
    assert "Omdat het hier zo is." in page
    assert "Lawyer GPR" in page
    assert "/cells/youth/LPR/D04" in page


def test_a_change_is_taken_back_with_one_button_and_that_stands_there_too(
    town: Played[Drafted],
) -> None:
    write(town, "1n/R2")
    visitor = town.visitor("GPR")
    visitor.do(path(town, "/1/undo"))
    assert cell(town) == "1/R2"
    assert "neemt wijziging 1 terug" in visitor.read(path(town))
    visitor.do(path(town, "/2/undo"))
    assert cell(town) == "1n/R2"


def test_a_change_under_a_later_one_is_not_taken_back_and_the_page_says_why(
    town: Played[Drafted],
) -> None:
    write(town, "1n/R2")
    write(town, "2n/R2")
    visitor = town.visitor("GPR")
    visitor.do(path(town, "/1/undo"))
    assert "Draai eerst de latere wijziging terug." in visitor.read(path(town))
    assert cell(town) == "2n/R2"


def test_past_its_draft_nothing_is_taken_back(town: Played[Drafted]) -> None:
    write(town, "1n/R2")
    set_state(town.made.draft, AgreementState.SIGNING)
    visitor = town.visitor("GPR")
    assert "/undo" not in visitor.read(path(town))
    visitor.do(path(town, "/1/undo"))
    assert "Maak een nieuwe versie." in visitor.read(path(town))
    assert cell(town) == "1n/R2"


def test_who_does_not_draft_takes_nothing_back(town: Played[Drafted]) -> None:
    write(town, "1n/R2")
    officer = town.visitor("GPR", "Officer")
    assert "/undo" not in officer.read(path(town))
    assert officer.post(path(town, "/1/undo")).status_code == 403
    assert town.visitor("GPR").post(path(town, "/9/undo")).status_code == 404
    assert cell(town) == "1n/R2"


def test_a_long_history_goes_on_on_another_page_and_costs_the_same(
    town: Played[Drafted], monkeypatch: pytest.MonkeyPatch
) -> None:
    most = 4
    monkeypatch.setattr("pga.agreements.views.history.PER_PAGE", most)
    visitor = town.visitor("GPR")
    write(town, "1n/R2")
    visitor.read(path(town))
    with counted(town.app) as few:
        visitor.read(path(town))
    for number in range(most + 1):
        write(town, "2n/R2" if number % 2 == 0 else "1n/R2")
    with counted(town.app) as many:
        page = visitor.read(path(town))
    assert many == few
    assert f"?before={edits_of(town.made.draft, most=most)[-1].revision}" in page
    older = visitor.read(path(town, "?before=3"))
    assert older.count('class="event"') == 2
    assert "Eerdere wijzigingen" not in older


def test_every_place_has_a_name(town: Played[Drafted]) -> None:
    _ = town
    assert place_words.name("retention audit_log") == "Hoe lang alles wordt bewaard · Het logboek"
    assert place_words.name("no place") == "no place"
    assert place_words.cell_of("no place") is None
    assert place_words.cell_of("phase F2") is None


def test_every_value_is_told_in_words(town: Played[Drafted]) -> None:
    _ = town
    assert value_words.lines("") == []
    assert value_words.lines("just a text") == ["just a text"]
    assert value_words.lines("text: Zo.\nreason: Omdat.") == ["Zo.", "Reden: Omdat."]
    assert value_words.lines("articles: [AVG 6, AVG 9]") == ["Artikelen: AVG 6, AVG 9"]
    assert value_words.lines("cell: 9/9") == ["9/9"]
    assert value_words.lines("other: 3") == ["other: 3"]
    assert value_words.lines("verified: true\nof: abc") == ["Bevestigd door een jurist."]


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ("clause youth LPR jeugd.LPR.onderwijs", "Gaat over: Onderwijs"),
        ("clauses youth LPR", "jeugd.LPR.signaal"),
        ("row youth JWK", "Naam en adres: Brengt dit in vanaf de triage."),
        ("verified youth LPR jeugd.LPR.onderwijs", "nog juridisch te toetsen"),
        ("basis youth GPR", "Brengt in op grond van: Hulp en steun"),
        ("party POL", "Vertegenwoordigd door: "),
        ("track youth", "Wie en wat erbuiten blijft: kinderen onder de 12"),
        ("retention audit_log", "Hoe lang: 5 jaar"),
        ("header period", "Geldt tot en met: "),
    ],
)
def test_what_stands_at_a_place_is_said_without_a_code(
    town: Played[Drafted], place: str, said: str
) -> None:
    text = queries.agreements_by_id([town.made.draft])[town.made.draft].document
    found = value_words.lines(value_at(parse(text), place))
    assert any(line.startswith(said) for line in found), found
    assert not [line for line in found if line.split(":")[0].isidentifier() and "_" in line[:12]]
