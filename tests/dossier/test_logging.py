"""Vastleggen: the case comes first, and nobody logs before having seen who will read it."""

from dataclasses import dataclass

import pytest

from audit.entries import Outcome
from config import clock
from config.ids import new_id
from pga.dossier.service import steps
from pga.records.service import drafts
from pga.sharing.service.disclose import disclose_one, object_of_attempt
from tests.dossier.conftest import Table
from tests.factories.browserless import TOKEN, Visitor
from tests.factories.fixtures import Play
from tests.factories.log import entries_of
from tests.factories.scene import Scene
from tests.factories.snapshots import Played


def two_cases(scene: Scene) -> tuple[bytes, bytes]:
    """Play a case with probation and school, and one with youth care under a measure."""
    first, second = scene.case("REC", "SCH"), scene.case("GI")
    scene.who("WOC")
    return first, second


@dataclass(frozen=True, slots=True)
class Two:
    """Two cases, and the case manager of both with a browser."""

    played: Played[tuple[bytes, bytes]]
    manager: Visitor

    @property
    def first(self) -> str:
        return self.played.made[0].hex()

    @property
    def second(self) -> str:
        return self.played.made[1].hex()

    def texts(self, number: int) -> list[str]:
        """Read what the case manager can read in one of the cases."""
        viewer = self.played.scene.who("GCR").viewer
        items = disclose_one(viewer, self.played.made[number]).items
        return [str(item.content.get("text", "")) for item in items]


@pytest.fixture
def two(play: Play) -> Two:
    played = play(two_cases)
    return Two(played, played.visitor("GCR"))


def visit(**more: str) -> dict[str, str]:
    """Fill in the short form."""
    today = clock.today().isoformat()
    return {"library_code": "home_visit", "happened_on": today, "text": "Spoke with her.", **more}


READERS = "Dit kunnen lezen:"


def same(page: str, case: str) -> str:
    """Leave out the token, and the address itself where the page repeats it."""
    return TOKEN.sub("", page).replace(case, "").replace("contribute", "log")


def test_the_case_comes_first_and_then_who_can_read_it(two: Two) -> None:
    choice = two.manager.read("/log")
    for case in (two.first, two.second):
        assert f'href="/log?case_id={case}"' in choice
    assert "<textarea" not in choice
    page = two.manager.read(f"/log?case_id={two.first}")
    assert READERS in page
    assert "First REC" in page
    assert f'href="/log?case_id={two.second}"' in two.manager.read("/log?choose=yes")


def test_who_has_one_case_need_not_choose(two: Two) -> None:
    page = two.played.visitor("REC").read("/log")
    assert f'value="{two.first}" selected' in page


def test_who_can_never_log_in_a_case_reads_so_at_once(two: Two) -> None:
    page = two.played.visitor("SCH").read("/log")
    assert "U kunt in deze casus nu niets vastleggen" in page
    assert "<textarea" not in page


def test_a_case_without_a_seat_is_no_other_choice_than_one_that_is_not_there(two: Two) -> None:
    housing = two.played.visitor("WOC")
    cases = (two.first, new_id().hex(), "none")
    pages = {same(housing.read(f"/log?case_id={case}"), case) for case in cases}
    assert len(pages) == 1


def test_the_button_shows_the_readers_of_another_case_and_keeps_the_text(two: Two) -> None:
    form = visit(case=two.second, readers_of=two.first)
    page = two.manager.post("/log", {**form, "preview": "yes"})
    assert page.status_code == 200
    assert "First GI" not in two.manager.read(f"/log?case_id={two.first}")
    assert "First GI" in page.text
    assert "Spoke with her." in page.text
    assert f'name="readers_of" value="{two.second}"' in page.text
    assert two.texts(1).count("Spoke with her.") == 0


def test_nothing_is_logged_in_another_case_than_the_one_whose_readers_were_shown(two: Two) -> None:
    for seen in (two.first, "-"):
        answer = two.manager.post("/log", visit(case=two.second, readers_of=seen))
        assert answer.status_code == 422
        assert READERS in answer.text
        assert "Spoke with her." in answer.text
        assert "Spoke with her." not in two.texts(1)
    two.manager.do("/log", visit(case=two.second, readers_of=two.second))
    assert "Spoke with her." in two.texts(1)


def test_a_case_that_is_stopped_says_so_before_anything_is_typed(two: Two) -> None:
    steps.set_restriction(two.played.scene.desk("GPR", two.played.made[0]), is_restricted=True)
    why = "bezwaar"
    assert two.manager.read("/log").count("kan nu niet") == 1
    page = two.manager.read(f"/log?case_id={two.first}")
    assert why in page
    assert "<textarea" not in page
    assert READERS not in page
    written = two.manager.post("/log", visit(case=two.first, preview="yes"))
    assert "Spoke with her." in written.text
    assert why in written.text
    assert why in two.manager.read(f"/cases/{two.first}/contribute")
    assert why in two.played.visitor("REC").read("/log")


def test_own_words_beside_a_choice_of_the_list_are_kept(two: Two) -> None:
    two.manager.do("/log", visit(case=two.first, what="Visit with grandmother"))
    assert "Visit with grandmother" in two.manager.read(f"/cases/{two.first}")


def test_a_draft_made_while_typing_goes_when_the_form_is_sent(table: Table) -> None:
    visitor, case = table.visitor("GCR"), table.case_id.hex()
    form = {**visit(case=case), "text": "half a sentence"}
    assert "Draft kept" in visitor.post(f"/drafts/log?case_id={case}", form).text
    assert "half a sentence" in visitor.read(f"/log?case_id={case}")
    visitor.do("/log", form)
    assert drafts.drafts_of(table.scene.who("GCR").person_id) == []


def test_a_text_about_one_youth_never_fills_the_form_of_another(two: Two) -> None:
    kept = visit(case=two.first, text="about Sem")
    two.manager.post(f"/drafts/log?case_id={two.first}", kept)
    assert "about Sem" not in two.manager.read(f"/log?case_id={two.second}")
    assert "about Sem" in two.manager.read("/log")


def test_a_draft_for_a_case_without_a_seat_is_refused_as_for_one_that_is_not_there(
    two: Two,
) -> None:
    housing = two.played.visitor("WOC")
    answers = []
    for case in (two.first, new_id().hex()):
        for name in ("log", "contribute"):
            before = len(entries_of(two.played.app))
            answer = housing.post(f"/drafts/{name}?case_id={case}", {"text": "x"})
            (entry,) = entries_of(two.played.app, since=before)
            assert entry.decided is Outcome.DENY
            assert entry.object == object_of_attempt(bytes.fromhex(case))
            answers.append((answer.status_code, same(answer.text, case)))
    assert len(set(answers)) == 1
    assert answers[0][0] == 404
    assert housing.post("/drafts/log?case_id=x", {"text": "x"}).status_code == 404
    assert drafts.drafts_of(two.played.scene.who("WOC").person_id) == []


def test_another_category_can_be_chosen_while_there_is_a_draft(table: Table) -> None:
    visitor, address = table.visitor("LPR"), f"{table.path}/contribute"
    kept = {"title": "half a title", "category": "D04"}
    visitor.post(f"/drafts/contribute?case_id={table.case_id.hex()}", kept)
    assert "half a title" in visitor.read(address)
    choice = visitor.read(f"{address}?choose=yes")
    assert "half a title" not in choice
    assert 'href="' + address + '?category=D14"' in choice
    page = visitor.read(f"{address}?category=D14")
    assert 'name="category" value="D14"' in page
    assert "half a title" in page
