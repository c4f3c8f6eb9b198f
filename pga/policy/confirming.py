"""Which clauses count as confirmed: a lawyer confirms what a clause says of what it covers.

A confirmation covers the text of the clause, the cells it speaks on and the bases of its partner.
When one of these becomes another, the confirmation no longer covers it.
"""

import hashlib
import json
from dataclasses import replace

from pga.policy.terms import AgreementDocument, Clause
from pga.policy.writing import Plain, bases_data, clause_data


def covered_hash(document: AgreementDocument, clause: Clause) -> str:
    """Give the SHA-256 of all that a confirmation of a clause covers."""
    said = json.dumps(_covered(document, clause), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(said.encode()).hexdigest()


def keep_confirmed(
    before: AgreementDocument, after: AgreementDocument, confirmed: frozenset[str]
) -> AgreementDocument:
    """Let only those clauses be confirmed that were, and still cover the same.

    `confirmed` names those that are confirmed whatever was before.
    """
    known = {clause.id: clause for clause in before.clauses if clause.verified}

    def is_confirmed(clause: Clause) -> bool:
        if clause.id in confirmed:
            return True
        old = known.get(clause.id)
        return (
            clause.verified and old is not None and _covered(before, old) == _covered(after, clause)
        )

    clauses = tuple(
        replace(clause, verified=is_confirmed(clause))
        if clause.verified is not is_confirmed(clause)
        else clause
        for clause in after.clauses
    )
    return replace(after, clauses=clauses)


def _covered(document: AgreementDocument, clause: Clause) -> Plain:
    """Give what a confirmation of a clause covers, as plain data."""
    track, partner = clause.track, clause.partner
    row = document.legal_bases.get(track, {}).get(partner)
    return {
        "track": track,
        "partner": partner,
        "clause": clause_data(clause),
        "cells": {code: document.cell(track, partner, code).text for code in clause.categories},
        "bases": {} if row is None else bases_data(row),
    }
