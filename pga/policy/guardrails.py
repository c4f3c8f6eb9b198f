"""The proof that an agreement stays within the limits: over raw cells and over the whole table.

Nothing is sampled. The text is proven cell by cell; then what every flow of the compiled table
asks, at every moment, of every age, for a known and an unknown purpose, is held against what the
limits demand of it (`pga.policy.demands`).
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cache, lru_cache
from itertools import product

from pga.policy.catalogue import Catalogue, Check
from pga.policy.cells import Cell
from pga.policy.codes import PURPOSES, Category, Partner, Track, conditions_in
from pga.policy.compile import Key, Standpoint, Table, standpoint
from pga.policy.demands import broken, demands_of
from pga.policy.exposure import Exposure
from pga.policy.flows import MOMENTS, PARTNERS, Flows, Needs, narrowed, square_of
from pga.policy.grounds import Clauses
from pga.policy.limits import Limits
from pga.policy.terms import AgreementDocument
from pga.policy.verdict import SHUT
from pga.policy.violations import GuardrailError, Place, Violation, prove_text, written_cells

__all__ = ["GuardrailError", "Violation", "prove", "prove_change", "prove_table"]

TABLES_KEPT = 64


def prove(
    document: AgreementDocument, table: Table | None = None, catalogue: Catalogue | None = None
) -> list[Violation]:
    """Find every violation of a limit, in the text and, given its table, in what it compiles to.

    An empty list is the proof. What the text already breaks is not told again for its table. The
    limits are those of `catalogue`, else of the table, else of the program.
    """
    if catalogue is None and table is not None:
        catalogue = table.catalogue
    found = prove_text(document, catalogue)
    return found if table is None else _with_compiled(found, prove_table(table, catalogue))


def prove_table(table: Table, catalogue: Catalogue | None = None) -> tuple[Violation, ...]:
    """Find every violation in what an agreement compiles to; a table is proven once."""
    return _proven(table, table.catalogue if catalogue is None else catalogue)


def prove_change(before: Table, document: AgreementDocument, place: Place) -> list[Violation]:
    """Prove an agreement that differs from a table in one cell, as `prove` would with its table.

    Only the flows of that category are made anew: that is what makes it fit for a live editor. When
    more moved that flows depend on, the whole is proven.
    """
    track, _, category = place
    if not _differs_only_in(before.document, document, place):
        return prove(document, Table(document, before.catalogue))
    clauses = Clauses(document)
    untouched = (
        replace(each, clause=_clause_id(clauses, each.track, each.partner, each.category))
        for each in prove_table(before)
        if (each.track, each.category) != (track, category)
    )
    flows = {category: square_of(document, before.limits, track, category)}
    now = _violations(document, before.catalogue, track, flows, before.limits)
    return _with_compiled(prove_text(document, before.catalogue), _ordered((*untouched, *now)))


@lru_cache(maxsize=TABLES_KEPT)
def _proven(table: Table, catalogue: Catalogue) -> tuple[Violation, ...]:
    """Hold what every flow asks against what the limits demand of it."""
    found: list[Violation] = []
    for track in table.document.tracks:
        found += _violations(table.document, catalogue, track, table.flows(track), table.limits)
    return _ordered(found)


def _violations(
    document: AgreementDocument, catalogue: Catalogue, track: Track, flows: Flows, cut_by: Limits
) -> Iterator[Violation]:
    """Find what breaks a demand among these flows, of every age and for every purpose."""
    clauses = Clauses(document)
    for under_12, has_purpose in product((False, True), (True, False)):
        asked = narrowed(flows, cut_by, under_12=under_12, has_purpose=has_purpose)
        demanded = demands_of(catalogue, track, under_12=under_12, has_purpose=has_purpose)
        purpose = PURPOSES[track][0] if has_purpose else None
        for category, provider, consumer, needs in _unkept(asked, demanded):
            for (stage, action), need in zip(MOMENTS, needs, strict=True):
                if need != SHUT:
                    where = standpoint(track, stage, purpose, consumer, under_12=under_12)
                    key = (provider, category, action)
                    for check in broken(catalogue, where, key, need):
                        yield _violation(document, clauses, check, where, key, need)


def _unkept(asked: Flows, demanded: Flows) -> Iterator[tuple[Category, Partner, Partner, Needs]]:
    """Give the flows that at some moment ask less than is demanded."""
    for category, square in asked.items():
        for provider, row, demands in zip(PARTNERS, square, demanded[category], strict=True):
            for consumer, needs, demand in zip(PARTNERS, row, demands, strict=True):
                if not _keeps(needs, demand):
                    yield category, provider, consumer, needs


@cache
def _keeps(needs: Needs, demanded: Needs) -> bool:
    """Tell whether a flow asks all that is demanded, at every moment at which it can open."""
    return all(
        need == SHUT or not demand & ~need for need, demand in zip(needs, demanded, strict=True)
    )


def _violation(  # noqa: PLR0913, PLR0917 - what it names
    document: AgreementDocument,
    clauses: Clauses,
    check: Check,
    where: Standpoint,
    key: Key,
    need: int,
) -> Violation:
    """Name the compiled flow that breaks a limit."""
    provider, category, action = key
    said = "" if where.purpose is not None else ", for an unknown purpose"
    return Violation(
        check.code,
        check.article,
        f"compiled: {provider} to {where.consumer}, {action}, {where.stage}{said}",
        where.track,
        provider,
        category,
        document.cell(where.track, provider, category).text,
        _clause_id(clauses, where.track, provider, category),
        Exposure(
            provider,
            where.consumer,
            category,
            where.stage,
            action,
            conditions_in(need),
            where.under_12,
        ),
        check=check,
    )


def _clause_id(clauses: Clauses, track: str, partner: str, category: str) -> str:
    """Give the id of the clause on a cell; empty when there is none."""
    clause = clauses.of(Track(track), Partner(partner), Category(category))
    return "" if clause is None else clause.id


def _with_compiled(found: list[Violation], compiled: Iterable[Violation]) -> list[Violation]:
    """Add what a table breaks and its text does not tell yet, of either partner."""
    known = {(each.guardrail, each.partner, each.category) for each in found}
    return [
        *found,
        *(
            each
            for each in compiled
            if not any((each.guardrail, one, each.category) in known for one in _both(each))
        ),
    ]


def _both(violation: Violation) -> tuple[str, ...]:
    """Give both partners of a compiled flow."""
    exposure = violation.exposure
    return () if exposure is None else (exposure.provider or "", exposure.consumer or "")


def _ordered(found: Iterable[Violation]) -> tuple[Violation, ...]:
    """Put compiled violations in one order, each once, however they were found."""
    return tuple(sorted(dict.fromkeys(found), key=lambda each: (each.track, repr(each))))


def _differs_only_in(before: AgreementDocument, after: AgreementDocument, place: Place) -> bool:
    """Tell whether all that flows depend on is the same, but for one cell."""
    return (
        before.tracks == after.tracks
        and before.legal_bases == after.legal_bases
        and _without(before, place) == _without(after, place)
    )


def _without(document: AgreementDocument, place: Place) -> dict[Place, Cell]:
    """Give the written cells but for one."""
    return {
        (track, partner, category): cell
        for track, partner, category, cell in written_cells(document)
        if (track, partner, category) != place
    }
