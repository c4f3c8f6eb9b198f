"""The proof behind a link: one entry of the log, whole, and where it stands in the tree."""

from flask import Response, render_template
from flask.typing import ResponseReturnValue

from audit.auditctl.tree import leaf_hash
from pga.oversight.service.looking import entry as look_up
from pga.oversight.service.looking import proof_to_keep
from pga.oversight.service.rows import Directory
from pga.oversight.views.blueprint import asked, office, oversight

LARGEST = 2**53 - 1


@oversight.get(f"/oversight/entries/<int(max={LARGEST}):seq>")
def entry(seq: int) -> ResponseReturnValue:
    """Show one entry with its proof."""
    at = asked()
    proven = look_up(office(), seq, at.question.reason)
    row = Directory(proven.bench, [(proven.access,)]).row((proven.access,))
    told = row.entry
    return render_template(
        "oversight/entry.html",
        at=at,
        row=row,
        is_whole=proven.bench.is_whole,
        entry=told,
        proof=proven.proof,
        leaf_hash=leaf_hash(proven.proof.leaf).hex() if proven.proof else "",
    )


@oversight.get(f"/oversight/entries/<int(max={LARGEST}):seq>/proof")
def entry_proof(seq: int) -> ResponseReturnValue:
    """Give the proof of one entry to keep; whoever holds it needs this program no more."""
    content = proof_to_keep(office(), seq, asked().question.reason)
    answer = Response(content, mimetype="text/plain")
    answer.headers.set("Content-Disposition", "attachment", filename=f"entry-{seq}.tlog-proof")
    return answer
