"""New drafts on the web: from a model, and as the next version."""

import re
from datetime import timedelta

import pytest

from config.ids import from_hex
from pga.agreements import queries
from pga.agreements.models import AgreementState
from tests.agreements.drafts import Drafted, drafted, set_state
from tests.factories.browserless import Visitor
from tests.factories.fixtures import Play
from tests.factories.scene import TOWN
from tests.factories.snapshots import Played

TERM = {
    "name": "Afspraken jeugd",
    "version": "2030.1",
    "valid_from": "2030-01-01",
    "valid_until": "2031-12-31",
    "evaluation": "2031-06-30",
}


@pytest.fixture
def town(play: Play) -> Played[Drafted]:
    return play(drafted)


def made(answer_location: str) -> bytes:
    found = re.search(r"/agreements/([0-9a-f]{32})/", answer_location)
    assert found
    return from_hex(found.group(1))


def choice(town: Played[Drafted], **more: str) -> dict[str, str]:
    return {**TERM, "municipality": TOWN, "model": town.made.model.hex(), **more}


def test_a_process_lead_starts_a_draft_from_a_model(town: Played[Drafted]) -> None:
    visitor = town.visitor("GPR")
    page = visitor.read("/agreements/new")
    assert 'value="GM0361"' in page
    assert town.made.model.hex() in page
    draft = made(visitor.do("/agreements/new", choice(town)).location)
    found = queries.agreements_by_id([draft])[draft]
    assert (found.state, found.version) == (AgreementState.DRAFT, "2030.1")


def test_what_was_typed_is_kept_when_the_term_contradicts_itself(town: Played[Drafted]) -> None:
    visitor = town.visitor("GPR")
    for wrong in ({"valid_until": "2029-12-31"}, {"evaluation": "2035-01-01"}, {"name": ""}):
        answer = visitor.post("/agreements/new", choice(town, **wrong))
        assert answer.status_code == 422
        assert answer.text.count("field__error") == 1
        assert 'value="2030.1"' in answer.text


def test_without_a_model_in_force_there_is_nothing_to_start_from(town: Played[Drafted]) -> None:
    set_state(town.made.model, AgreementState.SUPERSEDED)
    visitor = town.visitor("GPR")
    assert "Er is nog geen model van kracht" in visitor.read("/agreements/new")
    assert visitor.post("/agreements/new", choice(town)).status_code == 404


@pytest.mark.parametrize("who", [("POL", ""), ("GPR", "Officer"), ("ZVH", "Adviser")])
def test_who_drafts_nowhere_starts_nothing(town: Played[Drafted], who: tuple[str, str]) -> None:
    visitor = town.visitor(*who)
    assert visitor.get("/agreements/new").status_code == 403
    assert visitor.post("/agreements/new", choice(town)).status_code == 403


def version_path(town: Played[Drafted], of: bytes) -> str:
    return f"/agreements/{of.hex()}/new-version"


def test_a_next_version_is_proposed_for_the_day_after_the_end(town: Played[Drafted]) -> None:
    visitor: Visitor = town.visitor("GPR")
    path = version_path(town, town.made.running)
    running = queries.agreements_by_id([town.made.running])[town.made.running]
    page = visitor.read(path)
    assert running.name in page
    assert f'value="{running.valid_until + timedelta(days=1)}"' in page
    draft = made(visitor.do(path, TERM).location)
    assert queries.agreements_by_id([draft])[draft].previous_id == running.id


def test_a_next_version_needs_another_number_and_days_in_order(town: Played[Drafted]) -> None:
    visitor = town.visitor("GPR")
    path = version_path(town, town.made.running)
    running = queries.agreements_by_id([town.made.running])[town.made.running]
    for wrong in ({"version": running.version}, {"valid_until": "2020-01-01"}, {"version": ""}):
        answer = visitor.post(path, {**TERM, **wrong})
        assert answer.status_code == 422
        assert "Afspraken jeugd" in answer.text


def test_only_who_drafts_makes_a_next_version(town: Played[Drafted]) -> None:
    for who in (("POL", ""), ("GPR", "Officer")):
        visitor = town.visitor(*who)
        path = version_path(town, town.made.running)
        assert visitor.get(path).status_code == 403
        assert visitor.post(path, TERM).status_code == 403


def test_the_adviser_makes_the_next_version_of_a_model(town: Played[Drafted]) -> None:
    visitor = town.visitor("ZVH", "Adviser")
    draft = made(visitor.do(version_path(town, town.made.model), TERM).location)
    found = queries.agreements_by_id([draft])[draft]
    assert (found.municipality, found.previous_id) == ("", town.made.model)
