"""Violations of what no agreement may allow, found in the text of an agreement check by check.

Each says who would get what by it, and proposes the nearest repair where there is one.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field

from pga.policy.catalogue import (
    AgeAtLeast,
    BasisWithoutConsent,
    Catalogue,
    CellGrounded,
    CellSide,
    Check,
    KeepsOut,
    KeptAtMost,
    Rule,
    RulesOut,
)
from pga.policy.catalogue_text import current
from pga.policy.cells import Cell
from pga.policy.codes import Category, Partner, Track
from pga.policy.exposure import Exposure, exposed
from pga.policy.grounds import Clauses
from pga.policy.laws import ALL, ANY, FIRST_ARTICLES, LegalBasis, is_consent
from pga.policy.limits import Limits, close, is_open, limits_of
from pga.policy.proposals import (
    AgeProposal,
    BasisProposal,
    CellProposal,
    ExclusionProposal,
    NonPurposeProposal,
    Proposal,
    TermProposal,
)
from pga.policy.terms import AgreementDocument, TrackTerm

Place = tuple[Track, Partner, Category]


@dataclass(frozen=True, slots=True)
class Violation:
    """One place where an agreement breaks a limit (schending); empty where no cell is meant.

    `sides` are those of the cell that break it. `exposure` is the counterexample: who would get
    what. `proposal` repairs it; None where only a person can find the words. `check` is the limit
    as its edition has it.
    """

    guardrail: str
    article: str
    text: str
    track: str = ""
    partner: str = ""
    category: str = ""
    cell: str = ""
    clause: str = ""
    exposure: Exposure | None = None
    proposal: Proposal | None = None
    sides: tuple[CellSide, ...] = ()
    check: Check | None = None

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


def prove_text(document: AgreementDocument, catalogue: Catalogue | None = None) -> list[Violation]:
    """Find every violation in the text: raw cells, bases, purposes, exclusions, retention."""
    proof = _TextProof(document, limits_of(current() if catalogue is None else catalogue))
    return [*proof.cells(), *proof.bases(), *proof.grounds(), *proof.terms()]


def written_cells(
    document: AgreementDocument,
) -> Iterator[tuple[Track, Partner, Category, Cell]]:
    """Give every cell that an agreement writes; what it leaves out is X/X."""
    for track, rows in document.matrix.items():
        for partner, row in rows.items():
            for category, cell in row.items():
                yield track, partner, category, cell


@dataclass(slots=True)
class _TextProof:
    """Hold one text against the checks of one catalogue."""

    document: AgreementDocument
    limits: Limits
    clauses: Clauses = field(init=False)

    def __post_init__(self) -> None:
        self.clauses = Clauses(self.document)

    def cells(self) -> Iterator[Violation]:
        """Hold every raw cell against every cell limit."""
        for track, partner, category, cell in written_cells(self.document):
            for limit in self.limits.on(partner, category):
                broken = limit.broken(cell)
                if broken:
                    place = (track, partner, category)
                    yield self._of_cell(limit.check, limit.check.text, place, broken)

    def grounds(self) -> Iterator[Violation]:
        """Refuse an open cell without a clause, a basis (R-05) or the exception it needs."""
        is_asked = any(self.limits.of_kind(CellGrounded))
        for track, partner, category, cell in written_cells(self.document):
            opened = [side for side in CellSide if is_open(cell, side)]
            place = (track, partner, category)
            if opened and is_asked:
                yield from self._ungrounded(place, opened)
            clause = self.clauses.of(*place)
            if clause is not None and not clause.exception:
                for check, sides in self.limits.exceptions(partner, category):
                    for side in opened:
                        if side in sides:
                            yield self._of_cell(check, check.text, place, (side,))

    def _ungrounded(self, place: Place, opened: list[CellSide]) -> Iterator[Violation]:
        """Give what an open cell lacks: a clause, a basis."""
        lacking = [side for side in opened if self._lacks_basis(place, side)]
        for check in self.limits.of_kind(CellGrounded):
            if self.clauses.of(*place) is None:
                yield self._of_cell(check, "no clause speaks on this cell", place, opened)
            if lacking:
                yield self._of_cell(check, "this cell has no legal basis", place, lacking)

    def _lacks_basis(self, place: Place, side: CellSide) -> bool:
        """Tell whether the row of a partner has no basis for what a side opens."""
        row = self.document.legal_bases.get(place[0], {}).get(place[1])
        bases = None if row is None else row.provide if side is CellSide.PROVIDE else row.receive
        return not bases

    def _of_cell(
        self, check: Check, text: str, place: Place, sides: Sequence[CellSide]
    ) -> Violation:
        """Name a cell that breaks a check, who would get what by it, and the nearest repair."""
        track, partner, category = place
        cell = self.document.cell(*place)
        clause = self.clauses.of(*place)
        return Violation(
            check.code,
            check.article,
            text,
            track,
            partner,
            category,
            cell.text,
            "" if clause is None else clause.id,
            exposed(self.document, self.limits, place, sides[0]),
            CellProposal(track, partner, category, cell.text, self._sound(place, cell).text),
            tuple(sides),
            check,
        )

    def _sound(self, place: Place, cell: Cell) -> Cell:
        """Give the nearest cell that keeps to every limit: it asks more, or it is closed further.

        A side that has no clause, basis or exception is closed: these a person must write.
        """
        _, partner, category = place
        cell = self.limits.mended(partner, category, cell)
        clause = self.clauses.of(*place)
        shut = set[CellSide]()
        if any(self.limits.of_kind(CellGrounded)):
            shut.update(
                side for side in CellSide if clause is None or self._lacks_basis(place, side)
            )
        if clause is not None and not clause.exception:
            for _, sides in self.limits.exceptions(partner, category):
                shut |= sides
        for side in shut:
            cell = close(cell, side) if is_open(cell, side) else cell
        return cell

    def bases(self) -> Iterator[Violation]:
        """Refuse consent and release as a basis, wherever one is stated (R-24)."""
        for check in self.limits.of_kind(BasisWithoutConsent):
            for track, rows in self.document.legal_bases.items():
                for partner, row in rows.items():
                    for basis in dict.fromkeys((*row.provide.values(), *row.receive.values())):
                        yield from _consents(check, basis, track, partner, "")
            for clause in self.document.clauses:
                if clause.basis is not None:
                    place = (clause.track, clause.partner, clause.id)
                    yield from _consents(check, clause.basis, *place)

    def terms(self) -> Iterator[Violation]:
        """Refuse an agreement that leaves out what every one must say."""
        for check in self.limits.of_kind(RulesOut, KeepsOut, AgeAtLeast, KeptAtMost):
            for track, proposal in self._against(check):
                text = check.text
                yield Violation(
                    check.code, check.article, text, track, proposal=proposal, check=check
                )

    def _against(self, check: Check) -> Iterator[tuple[str, Proposal]]:
        """Give what breaks a check on the terms: in which track, and what would repair it."""
        match check.rule:
            case RulesOut(code):
                if code not in {term.code for term in self.document.non_purposes}:
                    yield "", NonPurposeProposal(code, check.explanation)
            case KeptAtMost(about, longest):
                for kept in self.document.retention:
                    if kept.object is about and kept.term.days > longest.days:
                        yield "", TermProposal(about, longest, check.explanation)
            case _:
                for term in self.document.track_terms:
                    yield from ((term.code, proposal) for proposal in _of_track(check.rule, term))


def _of_track(rule: Rule, term: TrackTerm) -> Iterator[Proposal]:
    """Give what would repair the term of one track; nothing where it is sound."""
    match rule:
        case KeepsOut(exclusion) if exclusion not in term.exclusions:
            yield ExclusionProposal(term.code, exclusion)
        case AgeAtLeast(age) if term.age_from < age:
            yield AgeProposal(term.code, age)
        case _:
            pass


def _consents(
    check: Check, basis: LegalBasis, track: Track, partner: Partner, clause: str
) -> Iterator[Violation]:
    """Give a violation for each consent code in a basis."""
    without = _without_consent(basis)
    for code in sorted(basis.codes):
        if is_consent(code):
            text = f"{code} is never a legal basis: consent is an extra condition beside it"
            yield Violation(
                check.code,
                check.article,
                text,
                track,
                partner,
                clause=clause,
                check=check,
                proposal=BasisProposal(track, partner, clause, str(basis), without)
                if without
                else None,
            )


def _without_consent(basis: LegalBasis) -> str:
    """Leave consent out of a basis; empty where nothing that can stand alone is left."""
    kept = (
        tuple(code for code in together if not is_consent(code)) for together in basis.alternatives
    )
    return ANY.join(
        ALL.join(codes) for codes in dict.fromkeys(kept) if codes and codes[0] in FIRST_ARTICLES
    )
