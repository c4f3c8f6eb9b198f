"""Write an agreement as plain data and as YAML, so that what is read back is the same."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

import yaml

from pga.policy.codes import Purpose
from pga.policy.laws import LegalBasis
from pga.policy.terms import AgreementDocument, Clause

Plain = dict[str, Any]


class _InOneLine(dict[str, Any]):
    """A mapping written in one line, as a row of a matrix."""


class _ListInOneLine(list[str]):
    """A list written in one line."""


class _Dumper(yaml.SafeDumper):
    """A dumper of its own, so that the one of the library stays as it is."""


def _write_map(dumper: _Dumper, value: _InOneLine) -> yaml.Node:
    return dumper.represent_mapping("tag:yaml.org,2002:map", value.items(), flow_style=True)


def _write_list(dumper: _Dumper, value: _ListInOneLine) -> yaml.Node:
    return dumper.represent_sequence("tag:yaml.org,2002:seq", value, flow_style=True)


_Dumper.add_representer(_InOneLine, _write_map)
_Dumper.add_representer(_ListInOneLine, _write_list)


def dump(document: AgreementDocument) -> str:
    """Write an agreement as YAML; `parse` of it gives the same agreement."""
    return yaml.dump(
        to_data(document),
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
    """Give an agreement as plain mappings, lists and texts, keys in the order of the file."""
    return {
        "agreement": _header(document),
        "parties": [
            {
                "partner": str(party.partner),
                "name": party.name,
                "domain": str(party.domain),
                "represented_by": party.represented_by,
            }
            for party in document.parties
        ],
        "purposes": [
            {"code": str(term.code), "track": str(term.track), "text": term.text}
            for term in document.purpose_terms
        ],
        "non_purposes": [
            {"code": str(term.code), "text": term.text} for term in document.non_purposes
        ],
        "tracks": {
            str(term.code): {
                "age_from": term.age_from,
                "age_until": term.age_until,
                "target_group": term.target_group,
                "exclusions": _ListInOneLine(map(str, term.exclusions)),
            }
            for term in document.track_terms
        },
        "phases": {str(term.code): term.text for term in document.phases},
        "matrix": {
            str(track): {
                str(partner): _InOneLine({str(code): cell.text for code, cell in row.items()})
                for partner, row in rows.items()
            }
            for track, rows in document.matrix.items()
        },
        "legal_bases": {
            str(track): {
                str(partner): _bases({"provide": row.provide, "receive": row.receive})
                for partner, row in rows.items()
            }
            for track, rows in document.legal_bases.items()
        },
        "clauses": _clauses(document.clauses),
        "retention": {
            str(term.object): {"term": term.term.text, "text": term.text, "basis": term.basis}
            for term in document.retention
        },
    }


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


def _bases(sides: Mapping[str, Mapping[Purpose, LegalBasis]]) -> Plain:
    """Write the bases of one partner; one text where all purposes share it."""
    written: Plain = {}
    for side, per_purpose in sides.items():
        texts = {str(purpose): str(basis) for purpose, basis in per_purpose.items()}
        if texts:
            shared = set(texts.values())
            written[side] = shared.pop() if len(shared) == 1 else texts
    return written


def _clauses(clauses: Sequence[Clause]) -> Plain:
    """Write the clauses by track and partner."""
    written: Plain = {}
    for clause in clauses:
        rows = written.setdefault(str(clause.track), {})
        rows.setdefault(str(clause.partner), []).append(_clause(clause))
    return written


def _clause(clause: Clause) -> Plain:
    """Write one clause; what it leaves to the row of its partner is left out."""
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
    written["verified"] = clause.verified
    return written
