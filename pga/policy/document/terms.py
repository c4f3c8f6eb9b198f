"""Read the terms around the matrix: header, parties, purposes, tracks, phases, retention."""

import re
from collections.abc import Mapping

import yaml

from pga.policy.codes import PURPOSES, Exclusion, NonPurpose, Phase, Purpose, Track
from pga.policy.document.codes import partner_at, track_at
from pga.policy.nodes import Reader
from pga.policy.terms import (
    Domain,
    Header,
    NonPurposeTerm,
    PartyTerm,
    PhaseTerm,
    PurposeTerm,
    RetentionObject,
    RetentionTerm,
    Term,
    TrackTerm,
    is_term,
)

TRACK_KEYS = ("age_from", "age_until", "target_group", "exclusions")
RETENTION_KEYS = ("term", "text", "basis")
_MUNICIPALITY = re.compile(r"GM\d{4}")


def header(read: Reader, node: yaml.Node) -> Header:
    """Read name, place, version and term; an agreement is never derived from itself."""
    required = ("name", "version", "valid_from", "valid_until", "evaluation")
    found = read.fields(node, "agreement", required, ("municipality", "derived_from"))
    made = Header(
        name=read.filled(found.get("name"), "name"),
        municipality=read.text(found.get("municipality"), "municipality"),
        version=read.filled(found.get("version"), "version"),
        derived_from=read.text(found.get("derived_from"), "derived_from"),
        valid_from=read.day(found.get("valid_from"), "valid_from"),
        valid_until=read.day(found.get("valid_until"), "valid_until"),
        evaluation=read.day(found.get("evaluation"), "evaluation"),
    )
    if made.municipality and not _MUNICIPALITY.fullmatch(made.municipality):
        read.fault(found["municipality"], "municipality must be a CBS code, as in GM0361")
    if made.valid_until < made.valid_from:
        read.fault(node, "valid_until lies before valid_from")
    if made.derived_from == made.title:
        read.fault(found.get("derived_from", node), "derived_from names the agreement itself")
    return made


def parties(read: Reader, node: yaml.Node) -> tuple[PartyTerm, ...]:
    """Read the parties; a bank is never one."""
    found: list[PartyTerm] = []
    for item in read.items(node, "parties"):
        keys = read.fields(item, "a party", ("partner", "name", "domain", "represented_by"))
        if len(keys) < 4:  # noqa: PLR2004 - the missing ones are already faults
            continue
        partner = partner_at(read, keys["partner"])
        domain = read.code(keys["domain"], Domain, "domain")
        name = read.filled(keys["name"], "name")
        by = read.filled(keys["represented_by"], "represented_by")
        if partner is not None and domain is not None:
            found.append(PartyTerm(partner, name, domain, by))
    return tuple(found)


def tracks(read: Reader, node: yaml.Node) -> tuple[TrackTerm, ...]:
    """Read the tracks with the people they are for."""
    found: list[TrackTerm] = []
    for key_node, key, value in read.pairs(node, "tracks"):
        track = read.code(key_node, Track, "track")
        keys = read.fields(value, f"track {key}", TRACK_KEYS)
        if track is not None:
            found.append(track_term(read, keys, track))
    if not found:
        read.fault(node, "there is no track")
    return tuple(found)


def track_term(read: Reader, keys: Mapping[str, yaml.Node], track: Track) -> TrackTerm:
    """Read whom one track is for."""
    return TrackTerm(
        track,
        read.number(keys.get("age_from"), "age_from"),
        read.number(keys.get("age_until"), "age_until"),
        read.filled(keys.get("target_group"), "target_group"),
        read.codes(keys.get("exclusions"), Exclusion, "exclusion"),
    )


def purposes(read: Reader, node: yaml.Node, known: tuple[Track, ...]) -> tuple[PurposeTerm, ...]:
    """Read the purposes, each of a track that knows it (R-02)."""
    found: list[PurposeTerm] = []
    for item in read.items(node, "purposes"):
        keys = read.fields(item, "a purpose", ("code", "track", "text"))
        if "code" not in keys or "track" not in keys:
            continue
        code = read.code(keys["code"], Purpose, "purpose")
        track = track_at(read, keys["track"], known)
        if code is None or track is None:
            continue
        if code not in PURPOSES[track]:
            read.fault(item, f"{code} is no purpose of track {track}")
        elif any((term.code, term.track) == (code, track) for term in found):
            read.fault(item, f"purpose {code} stands twice")
        else:
            found.append(PurposeTerm(code, track, read.filled(keys.get("text"), "text")))
    return tuple(found)


def non_purposes(read: Reader, node: yaml.Node) -> tuple[NonPurposeTerm, ...]:
    """Read what is ruled out."""
    found: list[NonPurposeTerm] = []
    for item in read.items(node, "non_purposes"):
        keys = read.fields(item, "a non-purpose", ("code", "text"))
        code = read.code(keys["code"], NonPurpose, "non-purpose") if "code" in keys else None
        if code is not None and any(term.code is code for term in found):
            read.fault(item, f"non-purpose {code} stands twice")
        elif code is not None:
            found.append(NonPurposeTerm(code, read.filled(keys.get("text"), "text")))
    return tuple(found)


def phases(read: Reader, node: yaml.Node) -> tuple[PhaseTerm, ...]:
    """Read what happens in each phase."""
    found: list[PhaseTerm] = []
    for key_node, _, value in read.pairs(node, "phases"):
        phase = read.code(key_node, Phase, "phase")
        if phase is not None:
            found.append(PhaseTerm(phase, read.filled(value, f"phase {phase}")))
    return tuple(found)


def retention(read: Reader, node: yaml.Node) -> tuple[RetentionTerm, ...]:
    """Read how long everything is kept."""
    found: list[RetentionTerm] = []
    for key_node, key, value in read.pairs(node, "retention"):
        about = read.code(key_node, RetentionObject, "object of retention")
        keys = read.fields(value, f"retention of {key}", RETENTION_KEYS)
        if about is not None:
            found.append(retention_term(read, keys, about))
    if not any(term.object is RetentionObject.CASE_AFTER_CLOSING for term in found):
        read.fault(node, "retention has no 'case_after_closing'")
    return tuple(found)


def retention_term(
    read: Reader, keys: Mapping[str, yaml.Node], about: RetentionObject
) -> RetentionTerm:
    """Read how long one thing is kept and on what ground."""
    term = read.text(keys.get("term"), "term")
    if "term" in keys and not is_term(term):
        read.fault(keys["term"], "term must be a period, as in P4W, P3M or P1Y")
    text = read.filled(keys.get("text"), "text")
    return RetentionTerm(about, Term(term), text, read.filled(keys.get("basis"), "basis"))
