"""Exported records against the schemas that standards publish, and rules no schema can say."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, ValidationError

from audit import exports
from audit.entries import Action, Entry, Line
from audit.exports.adl import record_of
from audit.exports.ldv import rules_of
from audit.exports.source import Producer
from audit.exports.walking import failures, walk
from audit.gate import Gate
from audit.reading import Opened
from config.clock import FrozenClock
from pga.records.errors import StaleDecisionError
from tests.audit.conftest import ALLOWED, DENIED, OFFICER_OF_CASES, applied, read_of, write_of

SCHEMAS = Path(__file__).parent / "schemas"
PRODUCER = Producer("log.example/pga", "https://log.example/register")
OWN = Line("GPR", "D01", "allowed", "GPR>GPR:D01:consult", "allowed", ("f3" * 16,))

Read = Callable[[Entry], Opened]


def published(name: str) -> Draft202012Validator:
    return Draft202012Validator(json.loads((SCHEMAS / f"{name}.schema.json").read_text("utf-8")))


REQUEST = published("evaluation-request")
RESPONSE = published("evaluation-response")
ATTRIBUTES = published("ldv-attributes")


@pytest.fixture
def read(gate: Gate) -> Read:
    """Record an entry and read it back as an export does."""

    def read(entry: Entry) -> Opened:
        seq = gate.record(entry).seq
        return gate.reader.read([seq])[seq]

    return read


def record(opened: Opened) -> dict[str, Any]:
    found = record_of(opened, PRODUCER)
    assert found is not None
    return found


def asked(body: dict[str, Any]) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """List each question with its answer; in a batch, what is said once counts for each."""
    request, response = body["adl.core.request"], body["adl.core.response"]
    if "evaluations" not in request:
        return [(request, response)]
    shared = {name: value for name, value in request.items() if name != "evaluations"}
    questions = [{**shared, **one} for one in request["evaluations"]]
    return list(zip(questions, response["evaluations"], strict=True))


@pytest.mark.parametrize("lines", [(ALLOWED,), (DENIED,), (ALLOWED, DENIED, OWN)], ids=len)
def test_a_decision_is_written_as_the_schemas_of_authzen_have_it(
    read: Read, lines: tuple[Line, ...]
) -> None:
    found = asked(record(read(read_of(*lines)))["body"])
    assert len(found) == len(lines)
    for request, response in found:
        REQUEST.validate(request)
        RESPONSE.validate(response)


def test_the_attributes_of_a_rule_are_written_as_the_schema_of_the_logboek_has_them(
    read: Read,
) -> None:
    rules = rules_of(read(replace(read_of(), subjects=("e2" * 16, "e3" * 16))), PRODUCER)
    assert len(rules) == 3
    for rule in rules:
        ATTRIBUTES.validate(rule["attributes"])
        assert set(rule["attributes"]) <= set(ATTRIBUTES.schema["properties"])


def test_the_schemas_refuse_what_lacks_anything(read: Read) -> None:
    ((request, response),) = asked(record(read(read_of()))["body"])
    for name in ("subject", "action", "resource"):
        with pytest.raises(ValidationError):
            REQUEST.validate({**request, name: {}})
    with pytest.raises(ValidationError):
        RESPONSE.validate({**response, "decision": "yes"})
    with pytest.raises(ValidationError):
        ATTRIBUTES.validate({"dpl.core.processing_activity_id": 14})


def test_adl_16_the_same_thing_decided_again_is_a_record_of_its_own(
    gate: Gate, clock: FrozenClock
) -> None:
    for _ in range(3):
        gate.record(read_of())
        clock.advance(timedelta(seconds=1))
    records = [record(opened) for opened in walk(gate.reader)]
    assert len({one["span_id"] for one in records}) == 3
    assert len({one["timestamp"] for one in records}) == 3


def test_ldv_4_no_act_is_left_out_however_many_there_are(gate: Gate) -> None:
    gate.record_many([read_of() for _ in range(600)])
    rules = [rule for opened in walk(gate.reader) for rule in rules_of(opened, PRODUCER)]
    assert len({rule["trace_id"] for rule in rules}) == len(rules) == 600
    assert len({rule["span_id"] for rule in rules}) == 600


def test_ldv_9_what_is_done_with_the_log_itself_is_no_rule(read: Read) -> None:
    written = write_of(0, 1)
    acts = [
        Entry(one, OFFICER_OF_CASES, "log") for one in (Action.LOG_VIEW, Action.RETENTION_ERASE)
    ]
    for entry in (*acts, applied(written)):
        assert rules_of(read(entry), PRODUCER) == []
    assert len(rules_of(read(written), PRODUCER)) == 1


def failure_of(entry: Entry, reason: str, *closed: str) -> Entry:
    """Make the outcome of a release that failed after its entry was made."""
    facts = {"closed_items": " ".join(closed)} if closed else {}
    return Entry(
        Action.OUTCOME,
        entry.actor,
        entry.object,
        case_id=entry.case_id,
        subjects=entry.subjects,
        names=entry.event_id,
        reason=reason,
        facts=facts,
    )


@pytest.mark.parametrize(
    ("reason", "closed", "status", "indicator"),
    [
        ("integrity-fault: rows", (), "Error", 8),
        ("integrity-fault: rows", ("f1" * 16,), "Unset", 0),
        (StaleDecisionError.code, (), "Unset", 8),
    ],
)
def test_a_release_that_failed_shows_in_the_line_of_its_entry_and_in_none_of_its_own(
    gate: Gate, reason: str, closed: tuple[str, ...], status: str, indicator: int
) -> None:
    entry = read_of()
    gate.record(entry)
    gate.record(failure_of(entry, reason, *closed))
    failed = failures(gate.reader)
    ldv, nen, adl = (
        [json.loads(line) for line in exports.lines(form, walk(gate.reader), PRODUCER, failed)]
        for form in ("ldv", "nen7513", "adl")
    )
    assert [one["status"] for one in ldv] == [status]
    assert ldv[0]["attributes"].get("exception.type") == (reason if status == "Error" else None)
    assert [one["EventOutcomeIndicator"] for one in nen] == [indicator]
    assert [one["status"] for one in adl] == ["Unset"]


def test_a_failure_is_looked_for_from_the_beginning_of_the_period(
    gate: Gate, clock: FrozenClock
) -> None:
    entries = [read_of(), read_of()]
    for entry in entries:
        gate.record(entry)
        gate.record(failure_of(entry, "key-unavailable"))
        clock.advance(timedelta(days=1))
    assert set(failures(gate.reader)) == {entry.event_id for entry in entries}
    yesterday = clock.now() - timedelta(days=1)
    assert set(failures(gate.reader, yesterday)) == {entries[1].event_id}
