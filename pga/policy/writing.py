"""Write an agreement as plain data and as YAML, so that what is read back is the same."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import yaml

from pga.policy.cells import Cell
from pga.policy.codes import Category, Purpose
from pga.policy.laws import LegalBasis
from pga.policy.terms import (
    AgreementDocument,
    Clause,
    Example,
    PartyTerm,
    Remark,
    RetentionTerm,
    RowBases,
    TrackTerm,
)

if TYPE_CHECKING:
    from yaml import SafeDumper as _Fastest
else:  # the library in C writes the same text in a fifth of the time
    _Fastest = getattr(yaml, "CSafeDumper", yaml.SafeDumper)

Plain = dict[str, Any]


class _InOneLine(dict[str, Any]):
    """A mapping written in one line, as a row of a matrix."""


class _ListInOneLine(list[str]):
    """A list written in one line."""


class _Dumper(_Fastest):
    """A dumper of its own, so that the one of the library stays as it is."""


def _write_map(dumper: _Dumper, value: _InOneLine) -> yaml.Node:
    return dumper.represent_mapping("tag:yaml.org,2002:map", value.items(), flow_style=True)


def _write_list(dumper: _Dumper, value: _ListInOneLine) -> yaml.Node:
    return dumper.represent_sequence("tag:yaml.org,2002:seq", value, flow_style=True)


_Dumper.add_representer(_InOneLine, _write_map)
_Dumper.add_representer(_ListInOneLine, _write_list)


def dump(document: AgreementDocument) -> str:
    """Write an agreement as YAML; `parse` of it gives the same agreement."""
    return write(to_data(document))


def write(data: object) -> str:
    """Write plain data as YAML, in the one manner of this product."""
    return yaml.dump(
        data,
        Dumper=_Dumper,
        sort_keys=False,
        allow_unicode=True,
        default_flow_style=False,
        width=98,
    )


def hash_of(document: AgreementDocument) -> str:
    """Give the SHA-256 of what the agreement says, whatever its layout and comments."""
    text = json.dumps(to_data(document), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def to_data(document: AgreementDocument) -> Plain:
    """Give an agreement as plain mappings, lists and texts, keys in the order of the file.

    What it may say besides is there only when it says something.
    """
    data: Plain = {
        "agreement": _header(document),
        "parties": [party_data(party) for party in document.parties],
        "purposes": [
            {"code": str(term.code), "track": str(term.track), "text": term.text}
            for term in document.purpose_terms
        ],
        "non_purposes": [
            {"code": str(term.code), "text": term.text} for term in document.non_purposes
        ],
        "tracks": {str(term.code): track_data(term) for term in document.track_terms},
        "phases": {str(term.code): term.text for term in document.phases},
        "matrix": {
            str(track): {str(partner): row_data(row) for partner, row in rows.items()}
            for track, rows in document.matrix.items()
        },
        "legal_bases": {
            str(track): {str(partner): bases_data(row) for partner, row in rows.items()}
            for track, rows in document.legal_bases.items()
        },
        "clauses": _clauses(document.clauses),
        "retention": {str(term.object): retention_data(term) for term in document.retention},
    }
    if document.remarks:
        data["remarks"] = {
            str(track): {str(partner): _remarks(row) for partner, row in rows.items()}
            for track, rows in document.remarks.items()
        }
    if document.reasons:
        data["reasons"] = dict(document.reasons)
    if document.examples:
        data["examples"] = [example_data(example) for example in document.examples]
    return data


def _header(document: AgreementDocument) -> Plain:
    """Write name, place, version and term."""
    header = document.agreement
    return {
        "name": header.name,
        "municipality": header.municipality,
        "version": header.version,
        "derived_from": header.derived_from,
        "valid_from": header.valid_from.isoformat(),
        "valid_until": header.valid_until.isoformat(),
        "evaluation": header.evaluation.isoformat(),
    }


def party_data(party: PartyTerm) -> Plain:
    """Write one party."""
    return {
        "partner": str(party.partner),
        "name": party.name,
        "domain": str(party.domain),
        "represented_by": party.represented_by,
    }


def track_data(term: TrackTerm) -> Plain:
    """Write whom a track is for."""
    return {
        "age_from": term.age_from,
        "age_until": term.age_until,
        "target_group": term.target_group,
        "exclusions": _ListInOneLine(map(str, term.exclusions)),
    }


def row_data(row: Mapping[Category, Cell]) -> Plain:
    """Write the cells of one partner, in one line."""
    return _InOneLine({str(code): cell.text for code, cell in row.items()})


def retention_data(term: RetentionTerm) -> Plain:
    """Write how long one thing is kept."""
    return {"term": term.term.text, "text": term.text, "basis": term.basis}


def bases_data(row: RowBases) -> Plain:
    """Write the bases of one partner; one text where all purposes share it."""
    written: Plain = {}
    sides: dict[str, Mapping[Purpose, LegalBasis]] = {
        "provide": row.provide,
        "receive": row.receive,
    }
    for side, per_purpose in sides.items():
        texts = {str(purpose): str(basis) for purpose, basis in per_purpose.items()}
        if texts:
            shared = set(texts.values())
            written[side] = shared.pop() if len(shared) == 1 else texts
    return written


def _remarks(row: Mapping[Category, Remark]) -> Plain:
    """Write what is said about the cells of one partner."""
    return {str(category): remark_data(remark) for category, remark in row.items()}


def remark_data(remark: Remark) -> Plain:
    """Write what is said about one cell."""
    said = {"reason": remark.reason, "comment": remark.comment}
    return {key: text for key, text in said.items() if text}


def example_data(example: Example) -> Plain:
    """Write one example; what it leaves open is left out."""
    written: Plain = {
        "text": example.text,
        "track": str(example.track),
        "phase": str(example.phase),
        "provider": str(example.provider),
        "consumer": str(example.consumer),
        "category": str(example.category),
        "action": str(example.action),
        "may": example.may,
    }
    if example.conditions:
        written["conditions"] = _ListInOneLine(map(str, example.conditions))
    if example.purpose is not None:
        written["purpose"] = str(example.purpose)
    return written


def _clauses(clauses: Sequence[Clause]) -> Plain:
    """Write the clauses by track and partner."""
    written: Plain = {}
    for clause in clauses:
        rows = written.setdefault(str(clause.track), {})
        entry = {**clause_data(clause), "verified": clause.verified}
        rows.setdefault(str(clause.partner), []).append(entry)
    return written


def clause_data(clause: Clause) -> Plain:
    """Write what one clause says, not whether a lawyer confirmed it.

    What it leaves to the row of its partner is left out.
    """
    written: Plain = {
        "id": clause.id,
        "categories": _ListInOneLine(map(str, clause.categories)),
        "text": clause.text,
        "articles": _ListInOneLine(clause.articles),
    }
    if clause.basis is not None:
        written["basis"] = str(clause.basis)
    if clause.exception:
        written["exception_9_10"] = clause.exception
    written["secrecy"] = str(clause.secrecy)
    written["obligations"] = _ListInOneLine(map(str, clause.obligations))
    return written
