"""Agreements with another cell here and there, for tests."""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from pga.policy.cells import parse_cell
from pga.policy.codes import Category, Partner, Track
from pga.policy.terms import AgreementDocument

Cells = Mapping[tuple[Partner, Category], str | None]


def with_cells(
    document: AgreementDocument, cells: Cells, track: Track = Track.YOUTH
) -> AgreementDocument:
    """Give the same agreement with these cells; None takes a cell out."""
    rows = {partner: dict(row) for partner, row in document.matrix[track].items()}
    for (partner, category), text in cells.items():
        row = rows.setdefault(partner, {})
        if text is None:
            del row[category]
        else:
            row[category] = parse_cell(text)
    frozen = {partner: MappingProxyType(row) for partner, row in rows.items()}
    matrix = MappingProxyType({**document.matrix, track: MappingProxyType(frozen)})
    return replace(document, matrix=matrix)
