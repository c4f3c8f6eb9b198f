"""An agreement in force that a newer edition of the limits has overtaken: it runs on, but closed.

No agreement stops because the catalogue changed, and none opens what the law of today closes.
Every side of a cell that breaks a limit is shut by that limit until a next version repairs it;
below an age that the law asks nothing is shared, and a term of retention beyond the limit is the
limit. What breaks no limit stays as it was signed. Nothing is ever opened or kept longer here.
"""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

from pga.policy.catalogue import AgeAtLeast, Catalogue, CellSide, KeptAtMost
from pga.policy.codes import CATEGORIES, Category, Code, Partner, Track
from pga.policy.compile import AgeLimit, Shut, Table, compile_document, cut_by_law
from pga.policy.flows import NOTHING, PARTNERS, Flows, Square
from pga.policy.terms import AgreementDocument, RetentionTerm
from pga.policy.verdict import Question, Verdict, forbidden
from pga.policy.violations import GuardrailError, Violation

_BOTH: Final = tuple(CellSide)


class HeldTable(Table):
    """The table of an agreement that breaks limits of an edition: what breaks one is shut."""

    def __init__(
        self, document: AgreementDocument, catalogue: Catalogue, violations: Iterable[Violation]
    ) -> None:
        """Shut what these violations are about."""
        super().__init__(document, catalogue)
        found = tuple(violations)
        self.shut = shut_by(document, found)
        self.by_age = shut_below(document, found, self.edition)
        self.retention = cut_retention(document, found)

    def verdict(self, asked: Question) -> Verdict:
        """Judge one question, and forbid what opens through a side that is shut."""
        found = super().verdict(asked)
        gives = (asked.track, asked.provider, asked.category, CellSide.PROVIDE)
        takes = (asked.track, asked.consumer, asked.category, CellSide.CONSULT)
        code = self.shut.get(gives) or self.shut.get(takes)
        if code is None or found.code is not Code.ALLOWED:
            return found
        return forbidden(code, asked.provider)

    def flows(self, track: Track) -> Flows:
        """Give what every flow asks, with nothing through a side that is shut."""
        found = self._flows.get(track)
        if found is None:
            found = self._flows[track] = {
                category: self._narrowed(track, category, square)
                for category, square in super().flows(track).items()
            }
        return found

    def _narrowed(self, track: Track, category: Category, square: Square) -> Square:
        """Shut rows and columns of one category."""
        gives = [(track, one, category, CellSide.PROVIDE) in self.shut for one in PARTNERS]
        takes = [(track, one, category, CellSide.CONSULT) in self.shut for one in PARTNERS]
        return tuple(
            tuple(
                NOTHING if is_row or is_column else needs
                for needs, is_column in zip(row, takes, strict=True)
            )
            for row, is_row in zip(square, gives, strict=True)
        )


def table_in_force(document: AgreementDocument, catalogue: Catalogue) -> Table:
    """Compile an agreement in force under an edition; what breaks one of its limits is shut."""
    try:
        return compile_document(document, catalogue)
    except GuardrailError as error:
        return HeldTable(document, catalogue, error.violations)


def shut_by(document: AgreementDocument, violations: Iterable[Violation]) -> Shut:
    """Give the sides of cells that violations shut, each with the code of its limit.

    A basis that may be none (R-24) shuts all that rests on it. What a text must say as a whole,
    such as a purpose to rule out, is about no cell and shuts none: nothing is shared for it anyway.
    """
    found: dict[tuple[Track, Partner, Category, CellSide], str] = {}
    for one in violations:
        if not one.partner:
            continue
        track, partner = Track(one.track), Partner(one.partner)
        for category in _categories(document, one):
            for side in one.sides or _BOTH:
                found.setdefault((track, partner, category, side), one.guardrail)
    return MappingProxyType(found)


def shut_below(
    document: AgreementDocument, violations: Iterable[Violation], edition: str
) -> Mapping[Track, AgeLimit]:
    """Give the age below which violations shut a track, with the refusal of the highest limit."""
    found: dict[Track, AgeLimit] = {}
    for one in violations:
        if one.check is None or not isinstance(one.check.rule, AgeAtLeast):
            continue
        age = one.check.rule.age
        for track in document.tracks:
            if track == one.track and (track not in found or found[track].age < age):
                found[track] = AgeLimit(age, cut_by_law(one.check, edition))
    return MappingProxyType(found)


def cut_retention(
    document: AgreementDocument, violations: Iterable[Violation]
) -> tuple[RetentionTerm, ...]:
    """Give the terms of retention, each that is beyond a limit cut to the shortest of the limits.

    A cut term says the plain words and the article of the limit, not what was agreed.
    """
    kept = {one.object: one for one in document.retention}
    for one in violations:
        if one.check is None or not isinstance(one.check.rule, KeptAtMost):
            continue
        about, longest = one.check.rule.object, one.check.rule.term
        if kept[about].term.days > longest.days:
            kept[about] = RetentionTerm(about, longest, one.check.explanation, one.check.article)
    return tuple(kept.values())


def _categories(document: AgreementDocument, violation: Violation) -> Iterable[Category]:
    """Give the categories that a violation is about: its cell, its clause, or the whole row."""
    if violation.category:
        return (Category(violation.category),)
    for clause in document.clauses:
        if clause.id == violation.clause:
            return clause.categories
    return (*CATEGORIES[Track(violation.track)], Category.SIGNAL)
