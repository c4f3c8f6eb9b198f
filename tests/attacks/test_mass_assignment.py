"""Posting fields that a form does not have: refused, and no row takes them over."""

from collections.abc import Iterator, Mapping
from importlib import import_module

import pytest
from flask import Flask
from marshmallow import Schema
from werkzeug.datastructures import MultiDict

from config.clock import today
from config.database import Base, Stores
from pga.dossier.rules import StepReason
from pga.sharing.service.decisions import QUESTIONS
from pga.web import forms
from tests.attacks.routes import Door, address, routes_of
from tests.attacks.town import Town, founded
from tests.factories.fixtures import Play
from tests.factories.snapshots import Played
from tests.factories.work import dumped

MARK = "zz-posted-zz"
ROOMS = (
    *("auth.schemas", "pga.dossier.schemas", "pga.sharing.schemas", "pga.oversight.schemas"),
    *("pga.changeover.schemas", "pga.agreements.draft_schemas"),
)
COLUMNS = sorted({column.name for table in Base.metadata.tables.values() for column in table.c})
Data = Mapping[str, str | list[str]]


def schemas() -> Iterator[type[Schema]]:
    """List every schema that a page loads."""
    for room in ROOMS:
        for found in vars(import_module(room)).values():
            if isinstance(found, type) and issubclass(found, Schema) and found is not Schema:
                yield found


@pytest.mark.parametrize("schema", list(schemas()), ids=lambda schema: schema.__name__)
def test_no_form_takes_a_column_it_does_not_have(schema: type[Schema], app: Flask) -> None:
    known = set(schema().load_fields)
    extra = [name for name in COLUMNS if name not in known]
    with app.test_request_context():
        found = forms.read(schema(), MultiDict(dict.fromkeys(extra, MARK)))
    assert set(extra) <= set(found.errors)


@pytest.fixture
def town(play: Play) -> Played[Town]:
    return play(founded)


def valid(town: Played[Town]) -> dict[str, tuple[str, Data]]:
    """Give for every form of a case who may post it and what they post."""
    scene, day = town.scene, today().isoformat()
    organisation = scene.organisation("SCH").hex()
    provider = f"{organisation}/SCH"
    member = scene.who("SCH", "Colleague").membership_id.hex()
    officer = scene.who("GPR", "Officer").person_id.hex()
    name = {"first_name": "Sem", "surname": "Bruin", "born_on": "2010-05-01"}
    return {
        "dossier.plan_it": (
            "GCR",
            {"title": "x", "due_on": day, "responsible": scene.who("GCR").person_id.hex()},
        ),
        "dossier.contribute_it": ("LPR", {"category": "D04", "title": "x"}),
        "dossier.agree_it": ("GCR", {"kind": "goal", "title": "x"}),
        "dossier.correct_it": ("LPR", {"title": "x", "text": "x", "version": "1"}),
        "dossier.add_participant": (
            "GCR",
            {"person": member, "task": "contribution", "until_on": day},
        ),
        "dossier.stand_in": (
            "LPR",
            {"person": scene.who("LPR", "Colleague").membership_id.hex(), "until_on": day},
        ),
        "dossier.step": ("GPR", {"target": "suspended", "reason": StepReason.ABROAD}),
        "dossier.identity": ("GPR", name),
        "dossier.bsn": ("GPR", {"bsn": "111222333"}),
        "dossier.informed": ("GPR", {"informed_on": day}),
        "dossier.delay": ("GPR", {"reason": "safety", "until": day, "approved_by": officer}),
        "sharing.record_release": (
            "GCR",
            {
                "kind": "consent",
                "provider": provider,
                "categories": ["D14"],
                "recipients": [scene.organisation("GPR").hex()],
                "valid_until": day,
                "way": "spoken",
                "youth": "agrees",
            },
        ),
        "sharing.record_guardian": (
            "GCR",
            {"kind": "guardian", "name": "A", "source": "brp", "checked_on": day},
        ),
        "sharing.record_help": ("GCR", {"provider": provider, "way": "spoken", "valid_until": day}),
        "sharing.record_note": (
            "LPR",
            {
                "category": "D14",
                "recipients": [organisation],
                "review_on": day,
                **dict.fromkeys(QUESTIONS, "x"),
            },
        ),
        "sharing.record_decision": (
            "POL",
            {
                "article": "WPG_19",
                "number": "1",
                "purposes": ["HELP"],
                "categories": ["D01"],
                "recipients": [organisation],
                "authority": "x",
                "valid_until": day,
            },
        ),
    }


def rows(app: Flask) -> dict[str, list[tuple[object, ...]]]:
    stores: Stores = app.extensions["stores"]
    return dumped(stores.app, "login_session")


def test_a_form_with_any_column_beside_its_own_fields_changes_nothing(town: Played[Town]) -> None:
    before = rows(town.app)
    posts = valid(town)
    for route in routes_of(town.app, Door.CASE):
        if route.method != "POST" or route.endpoint not in posts:
            continue
        partner, data = posts[route.endpoint]
        path = address(town.app, route, town.made.case)
        extra = {name: MARK for name in COLUMNS if name not in data}
        answer = town.visitor(partner).post(path, {**extra, **data})
        assert answer.status_code == 422, route
    after = rows(town.app)
    assert {name for name in before if before[name] != after[name]} == set()


def test_without_those_columns_each_of_these_forms_is_taken(town: Played[Town]) -> None:
    posts = valid(town)
    for route in routes_of(town.app, Door.CASE):
        if route.method == "POST" and route.endpoint in posts and "step" not in route.endpoint:
            partner, data = posts[route.endpoint]
            town.visitor(partner).do(address(town.app, route, town.made.case), data)


BUTTONS = {
    "dossier.ask": "SCH",
    "dossier.finish": "GCR",
    "dossier.task_done": "GCR",
    "dossier.withdraw": "LPR",
    "dossier.end_stand_in": "LPR",
    "dossier.review": "GPR",
    "dossier.restriction": "GPR",
    "sharing.withdraw_help": "LPR",
    "sharing.withdraw": "LPR",
    "sharing.withdraw_all": "LPR",
    "sharing.approve_note": "LPR",
    "sharing.withdraw_decision": "POL",
    "dossier.end_participant": "GCR",
}


def test_a_button_takes_over_nothing_that_is_posted_with_it(town: Played[Town]) -> None:
    for route in routes_of(town.app, Door.CASE):
        if route.method == "POST" and route.endpoint not in valid(town):
            partner = BUTTONS.get(route.endpoint, "GPR")
            path = address(town.app, route, town.made.case)
            answer = town.visitor(partner).post(path, dict.fromkeys(COLUMNS, MARK))
            assert answer.status_code < 500, route
    assert MARK not in repr(rows(town.app))
