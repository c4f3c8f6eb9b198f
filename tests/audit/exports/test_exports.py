"""The forms supervisors take: every numbered rule of the standards that concerns an export."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.cli import ScriptInfo
from jsonschema import Draft202012Validator

from audit import cli, exports, gate
from audit.entries import Action, Entry, Kind, Line
from audit.exports.adl import record_of
from audit.exports.ldv import rules_of
from audit.exports.nen7513 import event_of
from audit.exports.source import Producer
from audit.exports.vng import action_of
from audit.exports.walking import walk
from audit.gate import Gate
from audit.models import audit_payload
from audit.reading import Opened, TamperedError
from config import clock as house_clock
from config.clock import FrozenClock
from tests.audit.conftest import (
    ALLOWED,
    DENIED,
    OFFICER_OF_CASES,
    YOUTH,
    applied,
    read_of,
    write_of,
)
from tests.audit.tamper import Owner

PRODUCER = Producer("log.example/pga", "https://log.example/register")
TEXT = {"type": "string", "minLength": 1}
TRACE = {"type": "string", "pattern": "^[0-9a-f]{32}$"}
SPAN = {"type": "string", "pattern": "^[0-9a-f]{16}$"}
MILLISECONDS = {"type": "integer", "minimum": 1_000_000_000_000}
STATUS = {"enum": ["Unset", "Ok", "Error"]}
ENTITY = {"type": "object", "required": ["type", "id"], "properties": {"type": TEXT, "id": TEXT}}
# Written from the field tables of the standards; ADL and LDV publish no schema for writing.
REQUEST = {
    "type": "object",
    "required": ["subject", "action"],
    "properties": {
        "subject": ENTITY,
        "resource": ENTITY,
        "action": {"type": "object", "required": ["name"], "properties": {"name": TEXT}},
        "context": {"type": "object"},
        "evaluations": {
            "type": "array",
            "minItems": 2,
            "items": {
                "type": "object",
                "required": ["resource"],
                "properties": {"resource": ENTITY},
            },
        },
    },
    "oneOf": [{"required": ["resource"]}, {"required": ["evaluations"]}],
}
DECISION = {
    "type": "object",
    "required": ["decision"],
    "properties": {"decision": {"type": "boolean"}, "context": {"type": "object"}},
}
ADL = {
    "type": "object",
    "required": ["trace_id", "span_id", "event_name", "timestamp", "status"],
    "additionalProperties": False,
    "properties": {
        "trace_id": TRACE,
        "span_id": SPAN,
        "parent_span_id": SPAN,
        "event_name": {"enum": ["adl.access_evaluation", "adl.access_evaluations"]},
        "timestamp": MILLISECONDS,
        "status": STATUS,
        "attributes": {"type": "object"},
        "resource": {"type": "object"},
        "body": {
            "type": "object",
            "additionalProperties": False,
            "properties": {
                "adl.core.request": REQUEST,
                "adl.core.response": {
                    "oneOf": [
                        DECISION,
                        {
                            "type": "object",
                            "required": ["evaluations"],
                            "properties": {"evaluations": {"type": "array", "items": DECISION}},
                        },
                    ]
                },
            },
        },
    },
}
LDV = {
    "type": "object",
    "required": ["trace_id", "span_id", "status", "name", "start_time", "end_time", "attributes"],
    "additionalProperties": False,
    "properties": {
        "trace_id": TRACE,
        "span_id": SPAN,
        "parent_span_id": SPAN,
        "status": STATUS,
        "name": TEXT,
        "start_time": MILLISECONDS,
        "end_time": MILLISECONDS,
        "resource": {"type": "object", "required": ["attributes"]},
        "attributes": {
            "type": "object",
            "required": ["dpl.core.processing_activity_id"],
            "additionalProperties": False,
            "dependentRequired": {"dpl.core.data_subject_id": ["dpl.core.data_subject_id_type"]},
            "properties": {
                "dpl.core.processing_activity_id": {"type": "string", "pattern": "^https://"},
                "dpl.core.data_subject_id": TEXT,
                "dpl.core.data_subject_id_type": TEXT,
            },
        },
    },
}
FAMILY = ("e2" * 16, "e3" * 16)

Read = Callable[[Entry], Opened]


@pytest.fixture
def read(gate: Gate) -> Read:
    """Record an entry and read it back as an export does."""

    def read(entry: Entry) -> Opened:
        seq = gate.record(entry).seq
        return gate.reader.read([seq])[seq]

    return read


def valid(schema: dict[str, Any], value: object) -> None:
    Draft202012Validator(schema).validate(value)


def record(opened: Opened) -> dict[str, Any]:
    found = record_of(opened, PRODUCER)
    assert found is not None
    valid(ADL, found)
    return found


def test_adl_1_and_2_a_raw_payload_stands_in_the_body_and_references_in_the_attributes(
    read: Read,
) -> None:
    found = record(read(read_of()))
    assert set(found["body"]) == {"adl.core.request", "adl.core.response"}
    assert not set(found["body"]) & set(found["attributes"])
    assert found["attributes"]["adl.core.policies"]["agreement"]["sha256"] == "9" * 64
    assert found["attributes"]["adl.core.information"]["case"]["epoch"] == 4


def test_adl_3_every_decision_gives_one_record_and_what_decided_nothing_none(read: Read) -> None:
    intent = write_of(0, 1)
    assert record_of(read(intent), PRODUCER) is not None
    assert record_of(read(applied(intent)), PRODUCER) is None
    assert record_of(read(Entry(Action.LOGIN, OFFICER_OF_CASES, "x")), PRODUCER) is None


def test_adl_4_one_call_is_one_record_with_all_its_decisions_inside(read: Read) -> None:
    single = record(read(read_of(ALLOWED)))
    assert single["event_name"] == "adl.access_evaluation"
    assert single["body"]["adl.core.response"]["decision"] is True
    batch = record(read(read_of(ALLOWED, DENIED)))
    assert batch["event_name"] == "adl.access_evaluations"
    answers = batch["body"]["adl.core.response"]["evaluations"]
    assert [one["decision"] for one in answers] == [True, False]
    assert len(batch["body"]["adl.core.request"]["evaluations"]) == 2


def test_adl_7_the_same_entry_always_gives_the_same_record(read: Read) -> None:
    opened = read(read_of())
    assert record(opened) == record(opened)
    assert record(read(read_of()))["trace_id"] != record(opened)["trace_id"]


def test_a_refusal_is_no_error(read: Read) -> None:
    assert record(read(read_of(DENIED)))["status"] == "Unset"


def test_adl_13_own_keys_stand_under_our_own_name(read: Read) -> None:
    for key in record(read(read_of()))["attributes"]:
        assert key.startswith(("adl.core.", "dpl.core.", "pga."))


def test_adl_14_the_person_is_named_by_pseudonym_when_there_is_one(read: Read) -> None:
    assert record(read(read_of()))["attributes"]["dpl.core.data_subject_id"] == YOUTH
    many = record(read(replace(read_of(), subjects=FAMILY)))
    assert "dpl.core.data_subject_id" not in many["attributes"]


def test_what_a_line_does_not_have_is_left_out(read: Read) -> None:
    bare = Line("POL", "D15", "denied", "", "not_in_force")
    body = record(read(read_of(bare)))["body"]
    assert "items" not in body["adl.core.request"]["resource"]["properties"]
    assert body["adl.core.response"]["context"] == {"rule_ids": [], "code": "not_in_force"}


def test_a_replacement_shows_for_whom_it_stood_in(read: Read) -> None:
    actor = replace(OFFICER_OF_CASES, on_behalf_of="a9" * 16)
    request = record(read(read_of(actor=actor)))["body"]["adl.core.request"]
    assert request["subject"]["properties"]["on_behalf_of"] == "a9" * 16


def rules(opened: Opened) -> list[dict[str, Any]]:
    found = rules_of(opened, PRODUCER)
    for rule in found:
        valid(LDV, rule)
    return found


def test_ldv_1_an_act_is_a_rule_of_its_own(read: Read) -> None:
    first, second = rules(read(read_of())), rules(read(read_of()))
    assert first[0]["trace_id"] != second[0]["trace_id"]
    assert first[0]["span_id"] != second[0]["span_id"]


def test_ldv_2_and_3_each_person_has_a_rule_under_the_act(read: Read) -> None:
    first, *children = rules(read(replace(read_of(), subjects=FAMILY)))
    assert "dpl.core.data_subject_id" not in first["attributes"]
    assert [one["attributes"]["dpl.core.data_subject_id"] for one in children] == list(FAMILY)
    assert {one["parent_span_id"] for one in children} == {first["span_id"]}
    assert {one["trace_id"] for one in children} == {first["trace_id"]}
    assert len({one["span_id"] for one in (first, *children)}) == 3


def test_ldv_11_no_rule_says_who_acted(read: Read) -> None:
    actor = replace(OFFICER_OF_CASES, on_behalf_of="a9" * 16)
    said = json.dumps(rules(read(read_of(actor=actor))))
    for secret in (actor.person, actor.organisation, actor.session, actor.role, "a9" * 16):
        assert secret not in said


def test_ldv_12_no_attribute_stands_outside_the_core(read: Read) -> None:
    for rule in rules(read(read_of())):
        assert all(key.startswith("dpl.core.") for key in rule["attributes"])


def test_a_refusal_processed_nothing_and_an_act_about_nobody_is_no_rule(read: Read) -> None:
    assert rules(read(read_of(DENIED))) == []
    assert rules(read(Entry(Action.LOGIN, OFFICER_OF_CASES, "x"))) == []


def test_every_act_about_a_person_has_a_name_and_an_activity(read: Read) -> None:
    for action in exports.source.ACTIVITIES:
        (rule,) = rules(read(replace(read_of(), action=action)))
        assert rule["name"]
        assert rule["attributes"]["dpl.core.processing_activity_id"].startswith(PRODUCER.register)


def test_vng_has_its_required_fields_and_names_the_person_by_pseudonym(read: Read) -> None:
    action = action_of(read(read_of(ALLOWED, DENIED)), PRODUCER)
    assert action is not None
    assert {"actieId", "vertrouwelijkheid", "tijdstip", "verwerkteObjecten"} <= set(action)
    (person,) = action["verwerkteObjecten"]
    assert person["soortObjectId"] == "pseudoniem"
    assert person["verwerkteSoortenGegevens"] == [{"soortGegeven": "D15"}]
    assert action["bewaartermijn"] == "P5Y"
    assert len(action["gebruiker"]) <= 40


def test_vng_writes_nothing_of_what_processed_nobody(read: Read) -> None:
    assert action_of(read(read_of(DENIED)), PRODUCER) is None
    assert action_of(read(Entry(Action.LOGIN, OFFICER_OF_CASES, "x")), PRODUCER) is None
    assert action_of(read(replace(read_of(), subjects=())), PRODUCER) is None


@pytest.mark.parametrize(
    ("changes", "code", "life"),
    [
        ({}, "R", "access"),
        ({"kind": Kind.PRINTED}, "R", "copy"),
        ({"action": Action.CREATE, "kind": None}, "C", "origination"),
        ({"action": Action.UPDATE, "kind": None}, "U", "amendment"),
        ({"action": Action.DESTROY, "kind": None}, "D", "destruction"),
        ({"action": Action.TRANSITION, "kind": None}, "E", "use"),
    ],
)
def test_nen7513_says_what_was_done_with_the_data(
    read: Read, changes: dict[str, Any], code: str, life: str
) -> None:
    event = event_of(read(replace(read_of(), **changes)), PRODUCER)
    case = event["participants"][-1]
    assert (event["EventActionCode"], case["participantObjectDataLifeCycle"]) == (code, life)


def test_nen7513_says_who_on_whose_behalf_under_which_agreement(read: Read) -> None:
    event = event_of(read(read_of(DENIED)), PRODUCER)
    assert event["users"][0]["userID"] == OFFICER_OF_CASES.person
    assert event["EventOutcomeIndicator"] == 4
    assert event["autorisatieProtocol"]["policy_hash"] == "9" * 64
    assert event["toestemmingsProfiel"] == ["art. 9"]
    assert not event["noodprocedure"]
    emergency = event_of(read(replace(read_of(), action=Action.BREAK_GLASS)), PRODUCER)
    assert emergency["noodprocedure"]


@pytest.fixture
def days(gate: Gate, clock: FrozenClock) -> list[datetime]:
    """Three entries on three days."""
    found = []
    for _ in range(3):
        gate.record(read_of())
        found.append(clock.now())
        clock.advance(timedelta(days=1))
    return found


def test_a_walk_goes_over_the_days_that_were_asked(gate: Gate, days: list[datetime]) -> None:
    assert [one.seq for one in walk(gate.reader)] == [0, 1, 2]
    assert [one.seq for one in walk(gate.reader, since=days[1])] == [1, 2]
    assert [one.seq for one in walk(gate.reader, until=days[1])] == [0, 1]
    assert [one.seq for one in walk(gate.reader, days[1], days[1])] == [1]


def test_a_walk_passes_over_what_was_erased_and_stops_at_what_was_changed(
    gate: Gate, days: list[datetime]
) -> None:
    owner = Owner(gate.engine)
    owner.remove(1, audit_payload)
    assert [one.seq for one in walk(gate.reader)] == [0, 2]
    owner.change(audit_payload, 2, nonce=bytes(12))
    with pytest.raises(TamperedError):
        list(walk(gate.reader))


def test_an_empty_log_has_nothing_to_walk_over_and_one_entry_is_walked_over(gate: Gate) -> None:
    assert list(walk(gate.reader)) == []
    gate.record(read_of())
    assert [one.seq for one in walk(gate.reader)] == [0]


@pytest.mark.parametrize("form", list(exports.FORMS))
def test_an_export_is_a_line_per_record_and_an_entry_of_its_own(
    app: Flask, tmp_path: Path, form: str
) -> None:
    with app.app_context():
        gate.record_many([read_of(), read_of(DENIED), Entry(Action.LOGIN, OFFICER_OF_CASES, "x")])
        today = str(house_clock.today())
    file = tmp_path / form
    found = CliRunner().invoke(
        cli.audit_group,
        ["records", form, str(file), "--since", today, "--until", today, "--reason", "Toezicht"],
        obj=ScriptInfo(create_app=lambda: app),
    )
    assert found.exit_code == 0, found.output
    said = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    assert len(said) == {"adl": 2, "ldv": 1, "vng": 1, "nen7513": 4}[form]
    with app.app_context():
        opened = gate.gate().reader.read([3])[3]
    assert (opened.entry.action, opened.entry.kind) == (Action.LOG_VIEW, Kind.EXPORTED)
    assert opened.entry.reason == "Toezicht"
