"""Entries of the log in the forms that supervisors and auditors take; pure, one module per form."""

import json
from collections.abc import Callable, Iterable, Iterator
from types import MappingProxyType
from typing import Any

from audit.exports.adl import record_of
from audit.exports.ldv import rules_of
from audit.exports.nen7513 import event_of
from audit.exports.source import Producer
from audit.exports.vng import action_of
from audit.reading import Opened

Form = Callable[[Opened, Producer], Iterable[dict[str, Any]]]


def _adl(opened: Opened, producer: Producer) -> Iterator[dict[str, Any]]:
    """Write one record, or none."""
    record = record_of(opened, producer)
    if record is not None:
        yield record


def _vng(opened: Opened, producer: Producer) -> Iterator[dict[str, Any]]:
    """Write one action, or none."""
    action = action_of(opened, producer)
    if action is not None:
        yield action


def _nen7513(opened: Opened, producer: Producer) -> Iterator[dict[str, Any]]:
    """Write one event."""
    yield event_of(opened, producer)


FORMS: MappingProxyType[str, Form] = MappingProxyType(
    {"adl": _adl, "ldv": rules_of, "vng": _vng, "nen7513": _nen7513}
)


def lines(form: str, entries: Iterable[Opened], producer: Producer) -> Iterator[str]:
    """Write entries in a form, one JSON object per line."""
    for opened in entries:
        for one in FORMS[form](opened, producer):
            yield json.dumps(one, ensure_ascii=False, separators=(",", ":")) + "\n"
