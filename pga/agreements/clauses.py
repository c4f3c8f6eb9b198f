"""The clauses of a version and what lawyers said of them: confirmed, objected to, or still open."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from pga.agreements.models import ClauseCheck
from pga.policy.terms import AgreementDocument, Clause
from pga.policy.writing import to_data


@dataclass(frozen=True, slots=True)
class ClauseStanding:
    """A clause (bepaling) as it is now, and the last word of a lawyer on exactly this text."""

    clause: Clause
    hash: str
    check: ClauseCheck | None

    @property
    def is_confirmed(self) -> bool:
        """Tell whether a named lawyer confirmed it as it is now."""
        return self.check is not None and self.check.is_confirmed

    @property
    def is_objected(self) -> bool:
        """Tell whether the last word on it is an objection."""
        return self.check is not None and not self.check.is_confirmed


def hashes_of(document: AgreementDocument) -> dict[str, Clause]:
    """Give every clause by the SHA-256 of what a lawyer reads when testing it.

    That is its text with the cells it speaks on and the bases it leans on; whether it is confirmed
    is no part of it. So a cell that changes is to be tested anew with its clause.
    """
    data = to_data(document)
    found = {}
    for track, rows in data["clauses"].items():
        for partner, written in rows.items():
            row = data["matrix"].get(track, {}).get(partner, {})
            bases = data["legal_bases"].get(track, {}).get(partner, {})
            clauses = (
                one
                for one in document.clauses
                if (str(one.track), str(one.partner)) == (track, partner)
            )
            for said, clause in zip(written, clauses, strict=True):
                tested = {
                    "track": track,
                    "partner": partner,
                    "clause": {key: said[key] for key in said if key != "verified"},
                    "cells": {code: row.get(code, "") for code in said["categories"]},
                    "bases": bases,
                }
                found[_sha256(tested)] = clause
    return found


def _sha256(value: object) -> str:
    """Hash a plain value, whatever the order of its keys."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def standings(
    document: AgreementDocument, checks: Iterable[ClauseCheck], agreement_id: bytes
) -> Sequence[ClauseStanding]:
    """Put the last word of a lawyer beside every clause.

    What was confirmed word for word in the version before or in the model counts here too; an
    objection counts in the version it was made in.
    """
    last: dict[str, ClauseCheck] = {}
    for check in checks:
        if check.is_confirmed or check.agreement_id == agreement_id:
            last[check.clause_hash] = check
    return [
        ClauseStanding(clause, code, last.get(code)) for code, clause in hashes_of(document).items()
    ]


def with_marks(document: AgreementDocument, found: Iterable[ClauseStanding]) -> AgreementDocument:
    """Mark in the text which clauses a lawyer confirmed, and unmark every other."""
    confirmed = {id(one.clause) for one in found if one.is_confirmed}
    return replace(
        document,
        clauses=tuple(
            replace(clause, verified=id(clause) in confirmed) for clause in document.clauses
        ),
    )


def by_partner(found: Iterable[ClauseStanding]) -> Mapping[str, Sequence[ClauseStanding]]:
    """Group clauses by the partner they speak on, in the order of the text."""
    grouped: dict[str, list[ClauseStanding]] = {}
    for one in found:
        grouped.setdefault(one.clause.partner, []).append(one)
    return grouped
