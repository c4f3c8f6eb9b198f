"""Violations of what no agreement may allow, found in the text of an agreement cell by cell."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from pga.policy.cells import Cell
from pga.policy.codes import Category, Exclusion, NonPurpose, Partner, Track
from pga.policy.laws import LegalBasis, is_consent
from pga.policy.limits import CELL_LIMITS
from pga.policy.terms import AgreementDocument, RetentionObject

LONGEST_RETENTION_DAYS = 5 * 366


@dataclass(frozen=True, slots=True)
class Violation:
    """One place where an agreement breaks a limit (schending); empty where no cell is meant."""

    guardrail: str
    article: str
    text: str
    track: str = ""
    partner: str = ""
    category: str = ""
    cell: str = ""
    clause: str = ""

    def __str__(self) -> str:
        """Write it in one line: guardrail, article, track, partner, category, cell, clause."""
        place = (self.track, self.partner, self.category, self.cell, self.clause)
        return " | ".join((self.guardrail, self.article, *(part or "-" for part in place)))


class GuardrailError(ValueError):
    """An agreement allows what none may allow; `violations` says where."""

    def __init__(self, violations: Collection[Violation]) -> None:
        """Keep every violation."""
        self.violations = tuple(violations)
        super().__init__("\n".join(map(str, self.violations)))


def prove_text(document: AgreementDocument) -> list[Violation]:
    """Find every violation in the text: raw cells, bases, purposes, exclusions, retention."""
    return [
        *_cells(document),
        *_bases(document),
        *_grounds_missing(document),
        *_terms(document),
    ]


def written_cells(
    document: AgreementDocument,
) -> Iterator[tuple[Track, Partner, Category, Cell]]:
    """Give every cell that an agreement writes; what it leaves out is X/X."""
    for track, rows in document.matrix.items():
        for partner, row in rows.items():
            for category, cell in row.items():
                yield track, partner, category, cell


def clause_id(
    document: AgreementDocument, track: Track, partner: Partner, category: Category
) -> str:
    """Give the id of the clause on a category of a partner; empty when there is none."""
    for clause in document.clauses:
        if (clause.track, clause.partner) == (track, partner) and category in clause.categories:
            return clause.id
    return ""


def _cells(document: AgreementDocument) -> Iterator[Violation]:
    """Hold every raw cell against every cell limit, G1 to G5."""
    for track, partner, category, cell in written_cells(document):
        for limit in CELL_LIMITS:
            if limit.breaks(partner, category, cell):
                clause = clause_id(document, track, partner, category)
                yield Violation(
                    limit.code,
                    limit.article,
                    limit.text,
                    track,
                    partner,
                    category,
                    cell.text,
                    clause,
                )


def _bases(document: AgreementDocument) -> Iterator[Violation]:
    """Refuse consent and release as a basis, wherever one is stated (R-24)."""
    for track, rows in document.legal_bases.items():
        for partner, row in rows.items():
            for basis in dict.fromkeys((*row.provide.values(), *row.receive.values())):
                yield from _consents(basis, track, partner, "")
    for clause in document.clauses:
        if clause.basis is not None:
            yield from _consents(clause.basis, clause.track, clause.partner, clause.id)


def _consents(
    basis: LegalBasis, track: Track, partner: Partner, clause: str
) -> Iterator[Violation]:
    """Give a violation for each consent code in a basis."""
    for code in sorted(basis.codes):
        if is_consent(code):
            text = f"{code} is never a legal basis: consent is an extra condition beside it"
            yield Violation("R-24", "AVG 6(1)(a)", text, track, partner, clause=clause)


def _grounds_missing(document: AgreementDocument) -> Iterator[Violation]:
    """Refuse a cell that gives or takes without a clause or without a basis (R-05)."""
    for track, partner, category, cell in written_cells(document):
        if not (cell.provide.is_open or cell.consult.is_open):
            continue
        clause = clause_id(document, track, partner, category)
        row = document.legal_bases.get(track, {}).get(partner)
        lacks_basis = (
            row is None
            or (cell.provide.is_open and not row.provide)
            or (cell.consult.is_open and not row.receive)
        )
        for lacks, text in (
            (not clause, "no clause speaks on this cell"),
            (lacks_basis, "this cell has no legal basis"),
        ):
            if lacks:
                yield Violation(
                    "R-05", "AVG 5(2), 6", text, track, partner, category, cell.text, clause
                )


def _terms(document: AgreementDocument) -> Iterator[Violation]:
    """Refuse an agreement that leaves out what every one must say."""
    if NonPurpose.INVESTIGATION not in {term.code for term in document.non_purposes}:
        text = "the agreement must rule out use for criminal investigation"
        yield Violation("R-08", "WGBO 7:457, AVG 5(1)(b)", text)
    if NonPurpose.AUTOMATED_SELECTION not in {term.code for term in document.non_purposes}:
        text = "the agreement must rule out automated selection and scores"
        yield Violation("R-09", "AVG 22", text)
    for term in document.track_terms:
        if Exclusion.RADICALISATION not in term.exclusions:
            text = "radicalisation has a table and a law of its own"
            yield Violation("R-06", "AVG 9", text, term.code)
        if Exclusion.UNDER_12 not in term.exclusions:
            yield Violation("R-07", "Sv 486", "children under 12 stay out", term.code)
    for kept in document.retention:
        too_long = kept.term.days > LONGEST_RETENTION_DAYS
        if kept.object is RetentionObject.CASE_AFTER_CLOSING and too_long:
            text = f"a closed case is kept {kept.term.text}; at most five years"
            yield Violation("RETENTION", "AVG 5(1)(e)", text)
