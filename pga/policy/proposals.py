"""Proposals to repair an agreement that breaks a limit: pure data that an editor can offer."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from types import MappingProxyType

from pga.policy.cells import parse_cell
from pga.policy.codes import Category, Exclusion, NonPurpose, Partner, Track
from pga.policy.laws import read_basis
from pga.policy.terms import (
    AgreementDocument,
    NonPurposeTerm,
    RetentionObject,
    RowBases,
    Term,
    TrackTerm,
)


@dataclass(frozen=True, slots=True)
class CellProposal:
    """The nearest cell that is allowed (voorstel)."""

    track: Track
    partner: Partner
    category: Category
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class BasisProposal:
    """A basis without its consent, in a clause or else in a row."""

    track: Track
    partner: Partner
    clause: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class NonPurposeProposal:
    """A purpose to rule out.

    `text` is a message id: the room that offers it puts it in the language of the agreement.
    """

    non_purpose: NonPurpose
    text: str


@dataclass(frozen=True, slots=True)
class ExclusionProposal:
    """Whom or what a track is to keep out."""

    track: Track
    exclusion: Exclusion


@dataclass(frozen=True, slots=True)
class AgeProposal:
    """The age at which a track may begin."""

    track: Track
    age_from: int


@dataclass(frozen=True, slots=True)
class TermProposal:
    """The longest term that is allowed; `text` as above."""

    object: RetentionObject
    term: Term
    text: str


Proposal = (
    CellProposal
    | BasisProposal
    | NonPurposeProposal
    | ExclusionProposal
    | AgeProposal
    | TermProposal
)


def apply_proposal(document: AgreementDocument, proposal: Proposal) -> AgreementDocument:
    """Give the agreement as a proposal would have it; what it is not about stays as it is."""
    match proposal:
        case CellProposal():
            return _with_cell(document, proposal)
        case BasisProposal():
            return _with_basis(document, proposal)
        case NonPurposeProposal(code, text):
            return replace(
                document, non_purposes=(*document.non_purposes, NonPurposeTerm(code, text))
            )
        case ExclusionProposal(track, exclusion):
            return _with_track(
                document,
                track,
                lambda term: replace(term, exclusions=(*term.exclusions, exclusion)),
            )
        case AgeProposal(track, age):
            return _with_track(document, track, lambda term: replace(term, age_from=age))
        case _:
            retention = tuple(
                replace(kept, term=proposal.term, text=proposal.text)
                if kept.object is proposal.object
                else kept
                for kept in document.retention
            )
            return replace(document, retention=retention)


def _with_cell(document: AgreementDocument, proposal: CellProposal) -> AgreementDocument:
    """Write one cell."""
    rows = document.matrix[proposal.track]
    row = {**rows[proposal.partner], proposal.category: parse_cell(proposal.after)}
    changed = MappingProxyType({**rows, proposal.partner: MappingProxyType(row)})
    return replace(document, matrix=MappingProxyType({**document.matrix, proposal.track: changed}))


def _with_basis(document: AgreementDocument, proposal: BasisProposal) -> AgreementDocument:
    """Put a basis in the place of another, in one clause or all through one row."""
    after = read_basis(proposal.after)
    if proposal.clause:
        clauses = tuple(
            replace(clause, basis=after, verified=False) if clause.id == proposal.clause else clause
            for clause in document.clauses
        )
        return replace(document, clauses=clauses)
    rows = document.legal_bases[proposal.track]
    row = rows[proposal.partner]
    changed = RowBases(
        *(
            MappingProxyType(
                {
                    purpose: after if str(basis) == proposal.before else basis
                    for purpose, basis in side.items()
                }
            )
            for side in (row.provide, row.receive)
        )
    )
    bases = MappingProxyType({**rows, proposal.partner: changed})
    return replace(
        document,
        legal_bases=MappingProxyType({**document.legal_bases, proposal.track: bases}),
    )


def _with_track(
    document: AgreementDocument, track: Track, change: Callable[[TrackTerm], TrackTerm]
) -> AgreementDocument:
    """Change the term of one track."""
    terms = tuple(change(term) if term.code is track else term for term in document.track_terms)
    return replace(document, track_terms=terms)
