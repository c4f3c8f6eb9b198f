"""The text of an agreement: `parse` reads it, strictly and with line numbers; `dump` writes it."""

from collections.abc import Mapping
from typing import Final

import yaml

from pga.policy.document import clauses, extras, matrix, terms
from pga.policy.nodes import DocumentError, Problem, Reader, root_of
from pga.policy.terms import AgreementDocument
from pga.policy.writing import dump

__all__ = ["AgreementDocument", "DocumentError", "Problem", "dump", "parse"]

_PARTS: Final = (
    *("agreement", "parties", "purposes", "non_purposes", "tracks", "phases"),
    *("matrix", "legal_bases", "clauses", "retention"),
)
_EXTRAS: Final = ("remarks", "reasons", "examples")


def parse(text: str) -> AgreementDocument:
    """Read an agreement.

    A missing row or cell is X/X. An unknown key, a key that stands twice, a code outside its list
    and a cell outside the notation are faults. Raises DocumentError with every fault and its line.
    """
    reader = Reader()
    document = read_document(reader, root_of(text))
    if document is None or reader.problems:
        raise DocumentError(reader.problems)
    return document


def read_document(read: Reader, root: yaml.Node) -> AgreementDocument | None:
    """Read an agreement from its nodes; None when a part is missing. Faults are in the reader."""
    parts = read.fields(root, "the agreement file", _PARTS, _EXTRAS)
    return _document(read, parts) if all(part in parts for part in _PARTS) else None


def _document(read: Reader, parts: Mapping[str, yaml.Node]) -> AgreementDocument:
    """Read all parts, tracks and purposes first: the others are checked against them."""
    tracks = terms.tracks(read, parts["tracks"])
    codes = tuple(term.code for term in tracks)
    purposes = terms.purposes(read, parts["purposes"], codes)
    of_track = {code: tuple(p.code for p in purposes if p.track is code) for code in codes}
    for track, found in of_track.items():
        if not found:
            read.fault(parts["purposes"], f"track {track} has no purpose")
    return AgreementDocument(
        agreement=terms.header(read, parts["agreement"]),
        parties=terms.parties(read, parts["parties"]),
        purpose_terms=purposes,
        non_purposes=terms.non_purposes(read, parts["non_purposes"]),
        track_terms=tracks,
        phases=terms.phases(read, parts["phases"]),
        matrix=matrix.matrix(read, parts["matrix"], codes),
        legal_bases=matrix.legal_bases(read, parts["legal_bases"], of_track),
        clauses=clauses.clauses(read, parts["clauses"], codes),
        retention=terms.retention(read, parts["retention"]),
        remarks=extras.remarks(read, parts.get("remarks"), codes),
        reasons=extras.reasons(read, parts.get("reasons")),
        examples=extras.examples(read, parts.get("examples"), of_track),
    )
