"""The pages of the limits: an edition is proposed, looked at, approved by two, and remembered."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask_babel import force_locale

from config.clock import FrozenClock
from pga.agreements import editions, library, limit_words
from pga.agreements.service import limiting
from pga.policy.codes import Exclusion, NonPurpose, Track
from pga.policy.proposals import ExclusionProposal, NonPurposeProposal, Proposal
from pga.policy.violations import Violation
from tests.agreements.drafts import ADVISER, LAWYER, LEAD, OFFICER, POLICE, Who, colleague, publish
from tests.agreements.limits import (
    DPO,
    NO_ABSENCE,
    SECOND_ADVISER,
    STRICTER,
    WHY,
    Limited,
    in_force,
    limited,
    named,
    propose,
    row,
)
from tests.factories.browserless import Visitor
from tests.factories.fixtures import Play
from tests.factories.snapshots import Played
from tests.factories.work import counted

LIMITS = "/agreements/limits"


def visitor(town: Played[Limited], who: Who) -> Visitor:
    return town.visitor(who[0], who[1])


def against() -> dict[str, str]:
    return {"against": editions.catalogue_in_force().sha256}


def test_an_adviser_sees_what_an_edition_does_before_anything_is_saved(play: Play) -> None:
    town = play(limited)
    adviser = visitor(town, ADVISER)
    page = adviser.post(f"{LIMITS}/new", {"text": STRICTER, "reason": WHY}).text
    assert "X1: een nieuwe grens" in page
    assert "1 afspraak overschrijdt hierdoor een grens" in page
    assert "Alkmaar" in page
    assert WHY in page
    assert editions.editions() == []
    sent = adviser.post(f"{LIMITS}/new", {"text": STRICTER, "reason": WHY, "confirm": "true"})
    (stored,) = editions.editions()
    assert sent.headers["Location"].endswith(f"{LIMITS}/{stored.id.hex()}")


def test_a_counterexample_says_who_would_get_what(play: Play) -> None:
    town = play(limited)
    edition_id = propose(town.scene)
    page = visitor(town, LAWYER).read(f"{LIMITS}/{edition_id.hex()}")
    assert "X1 (AVG 5(1)(c))" in page
    assert re.search(r"zou .{3,80} van .{0,20}[Ll]eerplicht", page)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("edition: [", "Regel"),
        (
            STRICTER.replace(
                "kind: cell_closed\n  article: AVG 5(1)(c)\n  mark: verified", "kind: x"
            ),
            "Dit is geen soort grens",
        ),
        (named("2027-1"), "Dit zegt hetzelfde als de uitgave die nu geldt."),
        (STRICTER.replace("not needed at this table", "100% not needed"), "procentteken"),
    ],
)
def test_what_cannot_be_an_edition_is_refused_and_nothing_typed_is_lost(
    play: Play, text: str, said: str
) -> None:
    town = play(limited)
    adviser = visitor(town, ADVISER)
    if text == named("2027-1"):
        text = named(editions.catalogue_in_force().edition)
    answer = adviser.post(f"{LIMITS}/new", {"text": text, "reason": "kept reason"})
    assert answer.status_code == 422
    assert said in answer.text
    assert "kept reason" in answer.text
    assert text.splitlines()[-1].strip().split(":")[0] in answer.text


def test_without_a_reason_what_it_does_stays_on_the_page(play: Play) -> None:
    town = play(limited)
    answer = visitor(town, ADVISER).post(f"{LIMITS}/new", {"text": STRICTER, "confirm": "true"})
    assert answer.status_code == 422
    assert 'id="f-reason-error"' in answer.text
    assert "X1: een nieuwe grens" in answer.text


def test_two_others_approve_on_the_page_and_then_it_is_in_force(play: Play) -> None:
    town = play(limited)
    edition_id = propose(town.scene)
    path = f"{LIMITS}/{edition_id.hex()}"
    assert "Deze uitgave goedkeuren" not in visitor(town, ADVISER).read(path)
    assert "Dit voorstel intrekken" in visitor(town, ADVISER).read(path)
    for who in (LAWYER, DPO):
        person = visitor(town, who)
        assert "Deze uitgave goedkeuren" in person.read(path)
        assert person.post(f"{path}/approve", against()).status_code == 303
        assert "Deze uitgave goedkeuren" not in person.read(path)
    assert row(edition_id).in_force_since is not None
    page = visitor(town, ADVISER).read(LIMITS)
    assert "uitgave 2027-1" in page
    assert WHY in page


def test_the_history_says_what_an_edition_changed_beside_the_one_before(
    play: Play, clock: FrozenClock
) -> None:
    town = play(limited)
    first = in_force(town.scene)
    clock.move_to(clock.now() + timedelta(minutes=1))
    second = in_force(town.scene, named("2027-2"))
    adviser = visitor(town, ADVISER)
    assert "X1: een nieuwe grens" in adviser.read(f"{LIMITS}/{first.hex()}")
    page = adviser.read(f"{LIMITS}/{second.hex()}")
    assert "Vergeleken met uitgave 2027-1, die ervoor gold." in page
    assert "X1: geen grens meer" in page
    assert "Wat dat doet" not in page


def test_the_same_person_and_a_page_that_is_overtaken_are_told_so(play: Play) -> None:
    town = play(limited)
    edition_id = propose(town.scene)
    path = f"{LIMITS}/{edition_id.hex()}/approve"
    own = visitor(town, ADVISER).post(path, against())
    assert own.status_code == 422
    assert "Twee anderen keuren een uitgave goed" in own.text
    stale = visitor(town, LAWYER).post(path, {"against": "0" * 64})
    assert stale.status_code == 409
    assert visitor(town, LAWYER).post(path, {"against": "x"}).status_code == 422
    assert visitor(town, LEAD).post(path, against()).status_code == 403


def test_a_proposal_is_withdrawn_by_who_made_it_and_stays_in_the_history(play: Play) -> None:
    town = play(limited)
    edition_id = propose(town.scene)
    path = f"{LIMITS}/{edition_id.hex()}/withdraw"
    assert visitor(town, SECOND_ADVISER).post(path, {}).status_code == 403
    assert visitor(town, ADVISER).post(path, {}).status_code == 303
    assert visitor(town, ADVISER).post(path, {}).status_code == 409
    assert "ingetrokken" in visitor(town, OFFICER).read(LIMITS)


@pytest.mark.parametrize("who", [POLICE, ("GCR", "", "case_manager")])
def test_editions_are_for_who_makes_agreements(play: Play, who: Who) -> None:
    town = play(limited)
    edition_id = propose(town.scene)
    person = visitor(town, who)
    for rest in ("", "/file", f"/{edition_id.hex()}", f"/{edition_id.hex()}/file", "/new"):
        assert person.get(LIMITS + rest).status_code == 404
    assert visitor(town, LEAD).get(f"{LIMITS}/new").status_code == 404
    assert visitor(town, LEAD).get(f"{LIMITS}/{'0' * 32}").status_code == 404


def test_both_files_can_be_read_in_again(play: Play) -> None:
    town = play(limited)
    adviser = visitor(town, ADVISER)
    text = adviser.read(f"{LIMITS}/file")
    assert limiting.weigh(
        colleague(town.scene, ADVISER), text.replace("2026-2", "2027-1") + NO_ABSENCE
    ).changes
    edition_id = propose(town.scene)
    assert adviser.read(f"{LIMITS}/{edition_id.hex()}/file") == STRICTER


def test_an_agreement_that_is_overtaken_says_so_to_its_makers_with_the_counterexample(
    play: Play,
) -> None:
    town = play(limited)
    in_force(town.scene)
    facts = town.scene.desk("GPR", town.made.case).facts
    page = visitor(town, LEAD).read(f"/agreements/{facts.agreement.id.hex()}")
    assert "Dicht door een nieuwe grens van de wet" in page
    assert "Uitgave 2027-1" in page
    assert re.search(r"zou .{3,80} van .{0,20}[Ll]eerplicht", page)
    assert "overschrijdt een wettelijke grens" in visitor(town, LEAD).read("/agreements")
    assert "X1 (AVG 5(1)(c))" in visitor(town, LEAD).read(LIMITS)


def test_who_works_under_it_reads_why_a_part_is_closed_and_by_which_edition(play: Play) -> None:
    town = play(limited)
    in_force(town.scene)
    page = town.visitor("GCR").read(f"/cases/{town.made.case.hex()}")
    assert "absent on Mondays" not in page


def test_the_list_of_editions_costs_the_same_however_many_there_are(play: Play) -> None:
    town = play(limited)
    adviser = visitor(town, ADVISER)
    propose(town.scene)
    with counted(town.app) as one:
        adviser.read(LIMITS)
    for number in range(2, 5):
        propose(town.scene, named(f"2027-{number}") + NO_ABSENCE)
    publish(library.model(Track.YOUTH), library.model_text(Track.YOUTH))
    with counted(town.app) as many:
        adviser.read(LIMITS)
    assert many == one


TERMS = {
    "age": ("  age: 12\n", "  age: 14\n", "AGE", "over een jongere onder de 14 jaar"),
    "retention": ("  term: P5Y\n", "  term: P6M\n", "RETENTION", "Bewaar dit hoogstens 6 maanden"),
}


@pytest.mark.parametrize("case", TERMS)
def test_a_limit_about_no_cell_says_what_holds_from_now_on_and_what_to_do(
    play: Play, case: str
) -> None:
    old, new, code, said = TERMS[case]
    town = play(limited)
    text = named("2027-1").replace(old, new)
    at = text.index(f"- code: {code}\n")
    in_force(town.scene, text[:at] + text[at:].replace("version: 1", "version: 2", 1))
    agreement = town.scene.desk("GPR", town.made.case).facts.agreement
    page = visitor(town, LEAD).read(f"/agreements/{agreement.id.hex()}")
    assert said in page
    assert "Herstel dit in een nieuwe versie" in page
    assert said in visitor(town, LEAD).read(LIMITS)


@pytest.mark.parametrize(
    ("violation", "said"),
    [
        (NonPurposeProposal(NonPurpose.BENEFITS_SANCTION, ""), "aan elke partij schriftelijk"),
        (ExclusionProposal(Track.YOUTH, Exclusion.SIBLINGS), "broers en zussen"),
        (None, "Tot dat hersteld is, is dit dicht."),
    ],
)
def test_what_the_program_cannot_shut_is_left_to_people_in_so_many_words(
    app: Flask, violation: Proposal | None, said: str
) -> None:
    with app.test_request_context(), force_locale("nl"):
        assert said in limit_words.meanwhile(Violation("X", "AVG 5", "", proposal=violation))
