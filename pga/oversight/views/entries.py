"""The proof behind a link: one entry of the log, whole, and where it stands in the tree."""

from flask import render_template
from flask.typing import ResponseReturnValue

from audit.auditctl.tree import leaf_hash
from audit.entries import Entry
from pga.agreements.queries import table_of
from pga.oversight import queries
from pga.oversight.service.looking import entry as look_up
from pga.oversight.service.rows import Directory
from pga.oversight.views.blueprint import asked, office, oversight
from pga.policy.terms import Clause

LARGEST = 2**53 - 1


@oversight.get(f"/oversight/entries/<int(max={LARGEST}):seq>")
def entry(seq: int) -> ResponseReturnValue:
    """Show one entry with its proof."""
    at = asked()
    proven = look_up(office(), seq, at.question.reason)
    row = Directory(proven.bench, [(proven.access,)]).row((proven.access,))
    told = proven.access.entry
    return render_template(
        "oversight/entry.html",
        at=at,
        row=row,
        entry=told,
        proof=proven.proof,
        leaf_hash=leaf_hash(proven.proof.leaf).hex() if proven.proof else "",
        clauses=_clauses(told) if told else {},
    )


def _clauses(told: Entry) -> dict[str, Clause]:
    """Give the clauses that an entry rests on, as they stood in that version of the agreement."""
    agreement = queries.agreement_by_hash(told.policy_hash)
    named = {line.clause for line in told.lines if line.clause}
    if agreement is None or not named:
        return {}
    clauses = table_of(agreement).document.clauses
    return {clause.id: clause for clause in clauses if clause.id in named}
