"""What can be chosen for a clause or a legal basis, in words: nobody has to know a notation.

A basis is chosen out of those that the agreement or its model already states; who needs another
one writes it in the file.
"""

from collections.abc import Iterable

from pga.agreements import words
from pga.policy.codes import CATEGORIES, Category, Partner, Track
from pga.policy.laws import EXCEPTIONS
from pga.policy.terms import AgreementDocument

Choices = list[tuple[str, str]]


def bases(documents: Iterable[AgreementDocument | None]) -> Choices:
    """List every legal basis that one of these agreements states, in the order of the words."""
    found: set[str] = set()
    for document in documents:
        if document is None:
            continue
        found.update(str(clause.basis) for clause in document.clauses if clause.basis is not None)
        for rows in document.legal_bases.values():
            for row in rows.values():
                found.update(map(str, (*row.provide.values(), *row.receive.values())))
    return sorted(((code, words.basis(code)) for code in found), key=lambda pair: pair[1])


def exceptions(documents: Iterable[AgreementDocument | None]) -> Choices:
    """List every exception for special or criminal data: those in use, and each by itself."""
    found = set(EXCEPTIONS)
    for document in documents:
        if document is not None:
            found.update(clause.exception for clause in document.clauses if clause.exception)
    return sorted(((code, words.exception(code)) for code in found), key=lambda pair: pair[1])


def free_categories(
    document: AgreementDocument, track: Track, partner: Partner, clause_id: str
) -> list[Category]:
    """List what a clause of a partner can speak on: what no other clause of it speaks on yet."""
    taken = {
        category
        for clause in document.clauses
        if (clause.track, clause.partner) == (track, partner) and clause.id != clause_id
        for category in clause.categories
    }
    return [code for code in (Category.SIGNAL, *CATEGORIES[track]) if code not in taken]
