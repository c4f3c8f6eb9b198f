"""Entries of the log in the forms that supervisors and auditors take; pure, one module per form."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

from audit.entries import Entry
from audit.exports.adl import record_of
from audit.exports.ldv import rules_of
from audit.exports.nen7513 import event_of
from audit.exports.source import Producer
from audit.exports.vng import action_of
from audit.reading import Opened

Form = Callable[[Opened, Producer, Entry | None], Iterable[dict[str, Any]]]
"""Writes an entry; what became of it after it was made, if that failed, comes as another entry."""


def _adl(opened: Opened, producer: Producer, _: Entry | None) -> Iterator[dict[str, Any]]:
    """Write one record, or none: what was decided stays so, whatever came of it."""
    record = record_of(opened, producer)
    if record is not None:
        yield record


def _vng(opened: Opened, producer: Producer, _: Entry | None) -> Iterator[dict[str, Any]]:
    """Write one action, or none."""
    action = action_of(opened, producer)
    if action is not None:
        yield action


def _nen7513(opened: Opened, producer: Producer, failure: Entry | None) -> Iterator[dict[str, Any]]:
    """Write one event; the second entry of an act is part of the event of the first."""
    if opened.entry.names is None:
        yield event_of(opened, producer, failure)


FORMS: MappingProxyType[str, Form] = MappingProxyType(
    {"adl": _adl, "ldv": rules_of, "vng": _vng, "nen7513": _nen7513}
)


def lines(
    form: str, entries: Iterable[Opened], producer: Producer, failed: Mapping[str, Entry]
) -> Iterator[str]:
    """Write entries in a form, one JSON object per line.

    `failed` tells by event which releases failed after their entry was made, and how.
    """
    for opened in entries:
        for one in FORMS[form](opened, producer, failed.get(opened.entry.event_id)):
            yield json.dumps(one, ensure_ascii=False, separators=(",", ":")) + "\n"
