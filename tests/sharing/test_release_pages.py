"""The pages of consent: what is asked, shown and refused, and to whom."""

from datetime import date, timedelta

import pytest

from auth.queries import organisations_by_id
from config.clock import FrozenClock, today
from pga.sharing import queries
from pga.sharing.rules import Answer
from pga.sharing.service import releases, voluntary
from tests.factories.browserless import TOKEN, Visitor
from tests.factories.fixtures import Play
from tests.factories.scene import Scene
from tests.factories.snapshots import Played


def with_care(scene: Scene) -> bytes:
    """Play a case of a youth of 15 with care, a school and a youth institution."""
    return scene.case("GGZ", "JHA", "SCH", "GI", born_on=date(2011, 3, 1))


@pytest.fixture
def played(play: Play) -> Played[bytes]:
    return play(with_care)


def path(played: Played[bytes], rest: str) -> str:
    return f"/cases/{played.made.hex()}/{rest}"


def complete(played: Played[bytes], **more: str | list[str]) -> dict[str, str | list[str]]:
    """What a browser posts for a release to which the youth agrees."""
    scene = played.scene
    return {
        "kind": "consent",
        "provider": f"{scene.organisation('GGZ').hex()}/GGZ",
        "categories": ["D07", "D09"],
        "recipients": [scene.organisation("JHA").hex()],
        "valid_until": (today() + timedelta(days=30)).isoformat(),
        "way": "spoken",
        "language_level": "B1",
        "youth": "agrees",
        **more,
    }


def newest(visitor: Visitor, played: Played[bytes]) -> str:
    """Give the address of the newest release."""
    return path(played, f"releases/{queries.releases_of(played.made)[0].id.hex()}")


def test_a_release_is_asked_with_everybody_who_must_answer_and_confirmed(
    played: Played[bytes],
) -> None:
    manager, professional = played.visitor("GCR"), played.visitor("GGZ")
    guardian = {"kind": "parental_authority", "name": "Anna Bruin", "source": "brp"}
    done = manager.do(path(played, "guardians/new"), {**guardian, "checked_on": "2026-11-01"})
    form = manager.read(done.headers["Location"])
    assert "Anna Bruin" in form
    (row,) = queries.guardians_of(played.made)
    silent = played.scene.guardian(played.made)
    answers = {"guardians.0.guardian": row.id.hex(), "guardians.0.answer": "unsafe_to_ask_parent"}
    reason = {"guardians.0.reason": "at risk", "youth_reason": "knows well what it wants"}
    reason["guardians.1.guardian"] = silent.hex()
    posted = complete(played, youth="well_considered_wish", **answers, **reason)
    done = manager.do(path(played, "releases/new"), posted)
    address = done.headers["Location"]
    assert "wacht op de hulpverlener" in manager.read(address)
    professional.do(f"{address}/confirm")
    assert "geldt" in professional.read(address)
    (release,) = queries.releases_of(played.made)
    found = {(a.guardian_id, a.answer) for a in queries.answers_of([release.id])[release.id]}
    assert found == {(None, "well_considered_wish"), (row.id, "unsafe_to_ask_parent")}


@pytest.mark.parametrize(
    "more",
    [
        {"valid_until": ""},
        {"way": "telepathy"},
        {"provider": "x"},
        {"categories": ["D99"]},
        {"valid_until": "2020-01-01"},
        {"valid_until": "2027-11-03"},
        {"surprise": "field"},
    ],
)
def test_a_release_that_is_not_right_comes_back_with_what_was_typed(
    played: Played[bytes], more: dict[str, str | list[str]]
) -> None:
    page = played.visitor("GCR").post(path(played, "releases/new"), complete(played, **more))
    assert page.status_code == 422
    assert f'value="{played.scene.organisation("JHA").hex()}" checked' in page.text
    assert queries.releases_of(played.made) == []


def test_who_confirms_reads_who_may_read_it_who_answered_and_on_which_day_it_really_ends(
    played: Played[bytes],
) -> None:
    scene = played.scene
    parent = scene.guardian(played.made)
    answers: dict[bytes | None, Answer] = {None: Answer.AGREES, parent: Answer.AGREES}
    release_id = scene.release(
        played.made, "GGZ", ["D07"], "SCH", answers=answers, confirmed=False, days=300
    )
    page = played.visitor("GGZ").read(path(played, f"releases/{release_id.hex()}"))
    school = scene.organisation("SCH")
    assert organisations_by_id([school])[school].name in page.split("Wie mag dit lezen")[1][:80]
    assert "Ouder met gezag" in page
    assert "tot en met 28 februari 2027" in page
    assert "28 feb 2027" in played.visitor("GCR").read(path(played, "consent"))


def test_not_everybody_agreed_is_told_to_the_professional(played: Played[bytes]) -> None:
    played.visitor("GCR").do(path(played, "releases/new"), complete(played))
    professional = played.visitor("GGZ")
    address = newest(professional, played)
    assert "niet iedereen is akkoord" in professional.read(address)
    professional.do(f"{address}/confirm")
    assert "Niet iedereen die moet antwoorden" in professional.read(address)


def test_a_professional_keeps_silent_and_the_asker_sees_it_waiting(played: Played[bytes]) -> None:
    manager, professional = played.visitor("GCR"), played.visitor("GGZ")
    release_id = played.scene.release(
        played.made, "GGZ", ["D07"], "JHA", answers=wish(), confirmed=False
    )
    address = path(played, f"releases/{release_id.hex()}")
    before = TOKEN.sub("", manager.read(address))
    professional.do(f"{address}/decline")
    assert TOKEN.sub("", manager.read(address)) == before
    assert "niet gedeeld door de hulpverlener" in professional.read(address)


def wish() -> dict[bytes | None, Answer]:
    """The wish of a child, for which no parent need answer."""
    return {None: Answer.WELL_CONSIDERED_WISH}


def test_a_release_page_is_not_there_for_who_may_not_know(played: Played[bytes]) -> None:
    release_id = played.scene.release(
        played.made, "GGZ", ["D07"], "JHA", answers=wish(), confirmed=False
    )
    address = path(played, f"releases/{release_id.hex()}")
    for partner in ("SCH", "JHA", "GPR"):
        visitor = played.visitor(partner)
        assert visitor.get(address).status_code == 404
        assert visitor.post(f"{address}/withdraw").status_code == 404
    releases.confirm(played.scene.desk("GGZ", played.made), release_id)
    assert played.visitor("JHA").get(address).status_code == 200


def test_one_click_withdraws_one_release_or_all(played: Played[bytes]) -> None:
    manager = played.visitor("GCR")
    first = played.scene.release(played.made, "GGZ", ["D07"], "JHA", answers=wish())
    played.scene.release(played.made, "GGZ", ["D14"], "SCH", answers=wish())
    done = manager.do(path(played, f"releases/{first.hex()}/withdraw"))
    assert "ingetrokken" in manager.read(done.headers["Location"]).lower()
    played.visitor("SCH").do(path(played, "releases/withdraw"))
    assert all(row.withdrawn_at for row in queries.releases_of(played.made))


def test_withdrawing_everything_shows_first_what_closes_as_far_as_one_may_know(
    played: Played[bytes],
) -> None:
    scene, address = played.scene, path(played, "releases/withdraw")
    empty = {partner: same(played.visitor(partner).read(address)) for partner in ("SCH", "GCR")}
    scene.release(played.made, "GGZ", ["D07"], "JHA", answers=wish(), confirmed=False)
    assert 'href="' + address in played.visitor("SCH").read(path(played, "consent"))
    assert same(played.visitor("SCH").read(address)) == empty["SCH"]
    assert "Dit gaat dicht" in empty["SCH"]
    page = played.visitor("GCR").read(address)
    for organisation in (scene.organisation("GGZ"), scene.organisation("JHA")):
        assert organisations_by_id([organisation])[organisation].name in page
    played.visitor("SCH").do(address)
    assert same(played.visitor("GCR").read(address)) == empty["GCR"]


def same(page: str) -> str:
    """Leave out the token of the forms."""
    return TOKEN.sub("", page)


def test_every_state_of_a_release_is_said_in_words(
    played: Played[bytes], clock: FrozenClock
) -> None:
    scene, case_id = played.scene, played.made
    scene.release(case_id, "GGZ", ["D07"], "JHA", answers=wish(), days=1)
    scene.release(case_id, "JHA", ["D10"], "GCR", by="JHA", answers={None: Answer.DISAGREES})
    page = played.visitor("GCR").read(path(played, "consent"))
    assert "geldt" in page
    clock.advance(timedelta(days=2))
    page = played.visitor("GCR").read(path(played, "consent"))
    assert "beëindigd" in page
    page = played.visitor("JHA").read(path(played, "consent"))
    assert "niet iedereen is akkoord" in page


def test_a_professional_may_record_a_conflict_of_duties_with_each_condition(
    played: Played[bytes],
) -> None:
    professional = played.visitor("GGZ")
    everything = ["serious_harm", "no_other_way", "consent_tried", "minimum", "right_recipient"]
    duty = complete(played, kind="conflict_of_duties", conditions=everything, youth="")
    lacking = {**duty, "conditions": everything[:4], "conflict": "somebody is in danger"}
    assert professional.post(path(played, "releases/new"), lacking).status_code == 422
    assert professional.post(path(played, "releases/new"), duty).status_code == 422
    done = professional.do(path(played, "releases/new"), {**duty, "conflict": "danger"})
    assert "geldt" in professional.read(done.headers["Location"])
    assert "conflict_of_duties" not in played.visitor("SCH").read(path(played, "releases/new"))


def test_guardians_are_not_shown_to_who_may_never_read_family_data(played: Played[bytes]) -> None:
    played.scene.guardian(played.made, institution="GI")
    field = "guardians.0.guardian"
    assert field not in played.visitor("SCH").read(path(played, "releases/new"))
    assert field in played.visitor("GGZ").read(path(played, "releases/new"))


@pytest.mark.parametrize(
    "more", [{"name": ""}, {"kind": "uncle"}, {"checked_on": "soon"}, {"checked_on": "2026-11-03"}]
)
def test_a_guardian_that_is_not_right_comes_back(
    played: Played[bytes], more: dict[str, str]
) -> None:
    posted = {"kind": "guardian", "name": "Jeugdbescherming", "source": "court_order"}
    institution = played.scene.organisation("GI").hex()
    full = {**posted, "checked_on": "2026-11-01", "organisation": institution}
    visitor = played.visitor("GCR")
    assert visitor.post(path(played, "guardians/new"), {**full, **more}).status_code == 422
    visitor.read(path(played, "guardians/new"))
    visitor.do(path(played, "guardians/new"), full)
    (row,) = queries.guardians_of(played.made)
    assert row.organisation_id == played.scene.organisation("GI")


def test_voluntary_help_is_recorded_and_withdrawn_on_pages_of_its_own(
    played: Played[bytes],
) -> None:
    visitor = played.visitor("LPR")
    provider = f"{played.scene.organisation('GGZ').hex()}/GGZ"
    full = {"provider": provider, "way": "spoken", "valid_until": "2027-01-01"}
    visitor.read(path(played, "help/new"))
    for more in ({"way": ""}, {"valid_until": "2020-01-01"}, {"valid_until": "2027-11-03"}):
        assert visitor.post(path(played, "help/new"), {**full, **more}).status_code == 422
    visitor.do(path(played, "help/new"), full)
    desk = played.scene.desk("LPR", played.made)
    (row,) = voluntary.known_consents(desk)
    page = visitor.read(path(played, "consent"))
    assert row.id.hex() in page
    assert row.id.hex() not in played.visitor("JHA").read(path(played, "consent"))
    visitor.do(path(played, f"help/{row.id.hex()}/withdraw"))
    assert visitor.post(path(played, f"help/{row.id.hex()}/withdraw")).status_code == 404
