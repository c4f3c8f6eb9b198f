"""Read the matrix and the legal bases of its rows."""

from collections.abc import Mapping
from types import MappingProxyType

import yaml

from pga.policy.cells import Cell, CellNotationError, parse_cell
from pga.policy.codes import CATEGORIES, Category, Partner, Purpose, Track
from pga.policy.document.codes import basis_at, partner_at, track_at
from pga.policy.laws import LegalBasis
from pga.policy.nodes import Reader
from pga.policy.terms import RowBases

PurposesOf = Mapping[Track, tuple[Purpose, ...]]


def matrix(
    read: Reader, node: yaml.Node, tracks: tuple[Track, ...]
) -> Mapping[Track, Mapping[Partner, Mapping[Category, Cell]]]:
    """Read the cells of every track, partner and category."""
    found: dict[Track, Mapping[Partner, Mapping[Category, Cell]]] = {}
    for track_node, _, rows in read.pairs(node, "matrix"):
        track = track_at(read, track_node, tracks)
        table: dict[Partner, Mapping[Category, Cell]] = {}
        for partner_node, name, cells in read.pairs(rows, "a matrix"):
            partner = partner_at(read, partner_node)
            made = row(read, cells, name, track)
            if partner is not None:
                table[partner] = MappingProxyType(made)
        if track is not None:
            found[track] = MappingProxyType(table)
    for track in tracks:
        if track not in found:
            read.fault(node, f"track {track} has no matrix")
    return MappingProxyType(found)


def row(
    read: Reader, node: yaml.Node | None, name: str, track: Track | None
) -> dict[Category, Cell]:
    """Read the cells of one partner."""
    found: dict[Category, Cell] = {}
    for category_node, key, value in read.pairs(node, f"row {name}"):
        category = read.code(category_node, Category, "category")
        if category is None or track is None:
            continue
        if category not in CATEGORIES[track]:
            read.fault(category_node, f"{category} is no category of track {track}")
            continue
        cell = cell_at(read, value, name, key)
        if cell is not None:
            found[category] = cell
    return found


def cell_at(read: Reader, node: yaml.Node, name: str, key: str) -> Cell | None:
    """Read one cell of a partner; only the care and safety house takes a handover (R-27)."""
    try:
        cell = parse_cell(read.text(node, f"cell {name} {key}"))
    except CellNotationError as fault:
        read.fault(node, f"cell {name} {key}: {fault}")
        return None
    if cell.consult.sign == "handover" and name != Partner.ZVH:
        read.fault(node, f"cell {name} {key}: only ZVH takes a handover (R-27)")
    return cell


def legal_bases(
    read: Reader, node: yaml.Node, of_track: PurposesOf
) -> Mapping[Track, Mapping[Partner, RowBases]]:
    """Read the basis of every partner and purpose, as provider and as recipient (R-05)."""
    found: dict[Track, Mapping[Partner, RowBases]] = {}
    for track_node, _, rows in read.pairs(node, "legal_bases"):
        track = track_at(read, track_node, tuple(of_track))
        table: dict[Partner, RowBases] = {}
        for partner_node, name, value in read.pairs(rows, "legal_bases of a track"):
            partner = partner_at(read, partner_node)
            sides = read.fields(value, f"legal_bases of {name}", (), ("provide", "receive"))
            if partner is not None and track is not None:
                table[partner] = row_bases(read, sides, name, of_track[track])
        if track is not None:
            found[track] = MappingProxyType(table)
    return MappingProxyType(found)


def row_bases(
    read: Reader, sides: Mapping[str, yaml.Node], name: str, purposes: tuple[Purpose, ...]
) -> RowBases:
    """Read the bases of one partner on both sides."""
    provide, receive = (
        _per_purpose(read, sides.get(side), name, purposes) for side in ("provide", "receive")
    )
    return RowBases(provide, receive)


def _per_purpose(
    read: Reader, node: yaml.Node | None, name: str, purposes: tuple[Purpose, ...]
) -> Mapping[Purpose, LegalBasis]:
    """Read one basis for all purposes, or a mapping with one for each."""
    if node is None:
        return MappingProxyType({})
    if isinstance(node, yaml.ScalarNode):
        basis = basis_at(read, node)
        return MappingProxyType(dict.fromkeys(purposes, basis))
    found: dict[Purpose, LegalBasis] = {}
    for key_node, _, value in read.pairs(node, f"the basis of {name}"):
        purpose = read.code(key_node, Purpose, "purpose")
        if purpose is not None and purpose not in purposes:
            read.fault(key_node, f"{purpose} is no purpose of this track")
        elif purpose is not None:
            found[purpose] = basis_at(read, value)
    for purpose in purposes:
        if purpose not in found:
            read.fault(node, f"{name} has no basis for {purpose}")
    return MappingProxyType(found)
