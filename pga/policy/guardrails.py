"""The proof that an agreement stays within the limits: over raw cells and over the whole table.

Nothing is sampled. The text is proven cell by cell; then every outcome of every room of the
compiled table is held against the same limits, stated here a second time in terms of who gets
what under which conditions, so that a fault of the compiler shows as well.
"""

from collections.abc import Iterator

from pga.policy.codes import (
    CRIMINAL,
    PLAN_AND_ACTIONS,
    SECURITY_SOURCES,
    WITHOUT_CRIMINAL_DATA,
    Category,
    Stage,
)
from pga.policy.compile import Key, Outcomes, Standpoint, Table
from pga.policy.limits import (
    BSN_READERS,
    CELL_LIMITS,
    DECISION,
    PAIR_LIMITS,
    RELEASE,
    needed_by_law,
)
from pga.policy.terms import AgreementDocument
from pga.policy.violations import GuardrailError, Violation, clause_id, prove_text

__all__ = ["GuardrailError", "Violation", "prove"]

_ARTICLE = {limit.code: limit.article for limit in (*CELL_LIMITS, *PAIR_LIMITS)}


def prove(document: AgreementDocument, table: Table | None = None) -> list[Violation]:
    """Find every violation of a limit, in the text and, given its table, in what it compiles to.

    An empty list is the proof. What the text already breaks is not told again for its table.
    """
    found = prove_text(document)
    if table is None:
        return found
    known = {(each.guardrail, each.partner, each.category) for each in found}
    compiled = (
        each
        for each in prove_table(table)
        if (each.guardrail, each.partner, each.category) not in known
    )
    return [*found, *dict.fromkeys(compiled)]


def prove_table(table: Table) -> Iterator[Violation]:
    """Hold every outcome of every room against every limit."""
    for side_by_side in table.standpoints():
        verdicts = table.verdicts(side_by_side[0])
        for where in side_by_side:
            for key, outcomes in table.make_room(where, verdicts).items():
                if outcomes.can_open:
                    for guardrail in broken(where, key, outcomes):
                        yield _violation(table, guardrail, where, key)


def broken(where: Standpoint, key: Key, outcomes: Outcomes) -> tuple[str, ...]:
    """Give the limits that one compiled cell breaks which conditions can open."""
    provider, category, _ = key
    lacking = needed_by_law(provider, category) & ~outcomes.need
    without = WITHOUT_CRIMINAL_DATA & {provider, where.consumer}
    to_them = where.consumer in WITHOUT_CRIMINAL_DATA
    breaks = {
        "G1": category in CRIMINAL and bool(without),
        "G2": bool(lacking & DECISION),
        "G3": bool(lacking & RELEASE),
        "G4": category is Category.D02 and where.consumer not in BSN_READERS,
        "G5": category is Category.G10,
        "P1": provider in SECURITY_SOURCES and to_them and category not in PLAN_AND_ACTIONS,
        "P2": category in CRIMINAL and where.under_12,
        "R-02": where.purpose is None,
        "R-03": where.stage is Stage.CLOSED,
    }
    return tuple(code for code, is_broken in breaks.items() if is_broken)


def _violation(table: Table, guardrail: str, where: Standpoint, key: Key) -> Violation:
    """Name the compiled cell that breaks a limit."""
    provider, category, action = key
    document = table.document
    cell = document.cell(where.track, provider, category)
    return Violation(
        guardrail,
        _ARTICLE.get(guardrail, "AVG 5(1)(b)"),
        f"compiled: {provider} to {where.consumer}, {action}, {where.stage}",
        where.track,
        provider,
        category,
        cell.text,
        clause_id(document, where.track, provider, category),
    )
