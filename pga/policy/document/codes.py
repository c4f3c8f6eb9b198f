"""Read the codes that every part of an agreement shares: track, partner, legal basis."""

from collections.abc import Collection

import yaml

from pga.policy.codes import Partner, Track
from pga.policy.laws import LegalBasis, read_basis
from pga.policy.nodes import Reader


def track_at(read: Reader, node: yaml.Node, tracks: Collection[Track]) -> Track | None:
    """Read a track of this agreement."""
    track = read.code(node, Track, "track")
    if track is not None and track not in tracks:
        read.fault(node, f"track {track} is not among the tracks")
        return None
    return track


def partner_at(read: Reader, node: yaml.Node) -> Partner | None:
    """Read a partner that can have a row; a bank has none anywhere."""
    partner = read.code(node, Partner, "partner")
    if partner is Partner.BANK:
        read.fault(node, "a bank is never a party and has no row")
        return None
    return partner


def basis_at(read: Reader, node: yaml.Node) -> LegalBasis:
    """Read one basis."""
    text = read.text(node, "a legal basis")
    try:
        return read_basis(text)
    except ValueError as fault:
        read.fault(node, str(fault))
        return LegalBasis(())
