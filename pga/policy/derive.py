"""Derive a local agreement from a model: who, where, from when, and which cells differ."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType

from pga.policy.cells import Cell, parse_cell
from pga.policy.codes import Category, Partner, Track
from pga.policy.errors import OwnModelError
from pga.policy.terms import AgreementDocument, Clause, Header, PartyTerm, Remark, Remarks


@dataclass(frozen=True, slots=True)
class CellDeviation:
    """A cell that a municipality has otherwise than the model (afwijking), with its own clause.

    `reason` tells why; it stands beside the cell.
    """

    track: Track
    partner: Partner
    category: Category
    cell: str
    text: str
    articles: tuple[str, ...]
    reason: str = ""


@dataclass(frozen=True, slots=True)
class LocalTerms:
    """What is local in a local agreement."""

    name: str
    municipality: str
    version: str
    valid_from: date
    valid_until: date
    evaluation: date
    parties: tuple[PartyTerm, ...]


def derive(
    model: AgreementDocument, local: LocalTerms, changes: Sequence[CellDeviation] = ()
) -> AgreementDocument:
    """Make the local agreement of a model: the whole text, in which only the deviations differ.

    A changed cell gets a clause of its own with its own text, not verified. Comments and examples
    come along; reasons do not. The result stays to be proven like any other agreement. Raises
    CellNotationError for a cell that is none, and OwnModelError for the name and version of the
    model: it would be derived from itself.
    """
    header = Header(
        name=local.name,
        municipality=local.municipality,
        version=local.version,
        derived_from=model.agreement.title,
        valid_from=local.valid_from,
        valid_until=local.valid_until,
        evaluation=local.evaluation,
    )
    if header.title == header.derived_from:
        raise OwnModelError
    matrix = {
        track: MappingProxyType(
            {
                partner: MappingProxyType({**row, **_changed(track, partner, changes)})
                for partner, row in rows.items()
            }
        )
        for track, rows in model.matrix.items()
    }
    clauses = model.clauses
    for change in changes:
        clauses = tuple(_with_clause(clauses, change))
    return replace(
        model,
        agreement=header,
        parties=local.parties,
        matrix=MappingProxyType(matrix),
        clauses=clauses,
        remarks=_remarks(model, changes),
        reasons=MappingProxyType({}),
    )


def derivation_circle(headers: Iterable[Header]) -> tuple[str, ...]:
    """Give the titles of versions that derive from each other in a circle; empty for no circle.

    A title is name and version, as `derived_from` names it; each is derived from the next, the last
    from the first. An agreement that none of them is derived from may stand among them.
    """
    sources = {header.title: header.derived_from for header in headers}
    for start in sources:
        walked = [start]
        while (source := sources.get(walked[-1], "")) and source not in walked:
            walked.append(source)
        if source:
            return tuple(walked[walked.index(source) :])
    return ()


def _changed(
    track: Track, partner: Partner, changes: Iterable[CellDeviation]
) -> dict[Category, Cell]:
    """Give the deviating cells of one row."""
    return {
        change.category: parse_cell(change.cell)
        for change in changes
        if (change.track, change.partner) == (track, partner)
    }


def _remarks(model: AgreementDocument, changes: Iterable[CellDeviation]) -> Remarks:
    """Keep the comments of the model and add the reasons of the deviations."""
    said = {
        (track, partner, category): remark.comment
        for track, rows in model.remarks.items()
        for partner, row in rows.items()
        for category, remark in row.items()
    }
    reasons = {(one.track, one.partner, one.category): one.reason for one in changes}
    found: dict[Track, dict[Partner, dict[Category, Remark]]] = {}
    for track, partner, category in dict.fromkeys((*said, *reasons)):
        place = (track, partner, category)
        remark = Remark(reasons.get(place, ""), said.get(place, ""))
        if remark != Remark():
            found.setdefault(track, {}).setdefault(partner, {})[category] = remark
    return MappingProxyType(
        {
            track: MappingProxyType({who: MappingProxyType(row) for who, row in rows.items()})
            for track, rows in found.items()
        }
    )


def _with_clause(clauses: Iterable[Clause], change: CellDeviation) -> Iterable[Clause]:
    """Take a category out of the clause it was in and give it one of its own."""
    for clause in clauses:
        is_partner = (clause.track, clause.partner) == (change.track, change.partner)
        if not is_partner or change.category not in clause.categories:
            yield clause
            continue
        rest = tuple(code for code in clause.categories if code is not change.category)
        if rest:
            yield replace(clause, categories=rest)
        yield replace(
            clause,
            id=f"{clause.id.rpartition('.')[0]}.lokaal-{change.category}",
            categories=(change.category,),
            text=change.text,
            articles=change.articles,
            verified=False,
        )
