"""Read what an agreement may say besides: remarks on cells, reasons for terms, examples."""

from collections.abc import Mapping
from types import MappingProxyType

import yaml

from pga.policy.codes import (
    CATEGORIES,
    Category,
    Condition,
    Partner,
    Phase,
    PolicyAction,
    Purpose,
    Track,
)
from pga.policy.document.codes import partner_at, track_at
from pga.policy.document.matrix import PurposesOf
from pga.policy.nodes import Reader
from pga.policy.places import REASONED, PlaceError, read_place
from pga.policy.terms import Example, Remark, Remarks

_ACTIONS = (PolicyAction.PROVIDE, PolicyAction.CONSULT)
_REQUIRED = ("text", "track", "phase", "provider", "consumer", "category", "action", "may")
_OPTIONAL = ("conditions", "purpose")


def remarks(read: Reader, node: yaml.Node | None, tracks: tuple[Track, ...]) -> Remarks:
    """Read what is said about cells; no node says nothing."""
    found: dict[Track, Mapping[Partner, Mapping[Category, Remark]]] = {}
    for track_node, _, rows in read.pairs(node, "remarks"):
        track = track_at(read, track_node, tracks)
        table: dict[Partner, Mapping[Category, Remark]] = {}
        for partner_node, name, cells in read.pairs(rows, "remarks of a track"):
            partner = partner_at(read, partner_node)
            row = _remarks_of(read, cells, name, track)
            if partner is not None and row:
                table[partner] = MappingProxyType(row)
        if track is not None and table:
            found[track] = MappingProxyType(table)
    return MappingProxyType(found)


def _remarks_of(
    read: Reader, node: yaml.Node, name: str, track: Track | None
) -> dict[Category, Remark]:
    """Read the remarks on the cells of one partner."""
    found: dict[Category, Remark] = {}
    for category_node, key, value in read.pairs(node, f"remarks on {name}"):
        category = read.code(category_node, Category, "category")
        keys = read.fields(value, f"the remark on {name} {key}", (), ("reason", "comment"))
        remark = remark_of(read, keys)
        if remark == Remark():
            read.fault(value, f"the remark on {name} {key} is empty")
        elif category is not None and track is not None:
            if category in CATEGORIES[track]:
                found[category] = remark
            else:
                read.fault(category_node, f"{category} is no category of track {track}")
    return found


def remark_of(read: Reader, keys: Mapping[str, yaml.Node]) -> Remark:
    """Read reason and comment out of the keys of a remark."""
    return Remark(
        read.text(keys.get("reason"), "reason"), read.text(keys.get("comment"), "comment")
    )


def reasons(read: Reader, node: yaml.Node | None) -> Mapping[str, str]:
    """Read why terms are otherwise than in the model, each by its place; no node says nothing."""
    found: dict[str, str] = {}
    for key_node, key, value in read.pairs(node, "reasons"):
        try:
            has_reason = read_place(key).kind in REASONED
        except PlaceError:
            has_reason = False
        if not has_reason:
            read.fault(key_node, f"'{key}' is no known place")
        found[key] = read.filled(value, f"the reason for {key}")
    return MappingProxyType(found)


def examples(read: Reader, node: yaml.Node | None, of_track: PurposesOf) -> tuple[Example, ...]:
    """Read the examples; one question has one answer."""
    found: dict[object, Example] = {}
    for item in read.items(node, "examples"):
        made = example(read, item, of_track)
        if made is None:
            continue
        if (made.track, made.question) in found:
            read.fault(item, f"the example '{made.text}' asks what another already asks")
        found[made.track, made.question] = made
    return tuple(found.values())


def example(read: Reader, node: yaml.Node, of_track: PurposesOf) -> Example | None:
    """Read one example; None with a fault when it cannot be asked."""
    keys = read.fields(node, "an example", _REQUIRED, _OPTIONAL)
    if any(key not in keys for key in _REQUIRED):
        return None
    track = track_at(read, keys["track"], tuple(of_track))
    phase = read.code(keys["phase"], Phase, "phase")
    provider = read.code(keys["provider"], Partner, "partner")
    consumer = read.code(keys["consumer"], Partner, "partner")
    category = read.code(keys["category"], Category, "category")
    action = read.code(keys["action"], PolicyAction, "action")
    conditions = read.codes(keys.get("conditions"), Condition, "condition")
    purpose = read.code(keys["purpose"], Purpose, "purpose") if "purpose" in keys else None
    text, may = read.filled(keys["text"], "text"), read.flag(keys["may"], "may")
    if (
        track is None
        or phase is None
        or provider is None
        or consumer is None
        or category is None
        or action is None
    ):
        return None
    if action not in _ACTIONS:
        read.fault(keys["action"], f"'{action}' is no known action of an example")
    if category not in (*CATEGORIES[track], Category.SIGNAL):
        read.fault(keys["category"], f"{category} is no category of track {track}")
    if purpose is not None and purpose not in of_track[track]:
        read.fault(keys["purpose"], f"{purpose} is no purpose of this track")
    return Example(
        text=text,
        track=track,
        phase=phase,
        provider=provider,
        consumer=consumer,
        category=category,
        action=action,
        may=may,
        conditions=tuple(one for one in Condition if one in conditions),
        purpose=purpose,
    )
