"""Every flow of an agreement in one pass: what is asked between every two partners, always.

The verdicts are those that rooms are made of (`pga.policy.verdict`), as bare masks. What two cells
say depends on their texts and the moment alone, so each pair of texts is judged once. That makes
a proof or a comparison over all of them fast enough to be live.
"""

from collections.abc import Mapping
from functools import cache, lru_cache
from itertools import product
from typing import Final

from pga.policy.cells import parse_cell
from pga.policy.codes import (
    CASE_LEADS,
    CATEGORIES,
    Category,
    Code,
    Partner,
    PolicyAction,
    Stage,
    Track,
)
from pga.policy.limits import EDITIONS_KEPT, Limits
from pga.policy.messages import Why
from pga.policy.terms import AgreementDocument
from pga.policy.verdict import (
    EXCHANGES,
    SHUT,
    Moment,
    Question,
    Verdict,
    by_cells,
    by_signal,
    can_send,
    stays_in_aftercare,
    without_purpose,
)

PARTNERS: Final = tuple(Partner)
_PLACE: Final = {partner: place for place, partner in enumerate(PARTNERS)}
MOMENTS: Final[tuple[tuple[Stage, PolicyAction], ...]] = tuple(product(Stage, EXCHANGES))
Needs = tuple[int, ...]  # per moment: a mask, or SHUT
Row = tuple[Needs, ...]  # per recipient, in the order of PARTNERS
Square = tuple[Row, ...]  # per provider, in the order of PARTNERS
Flows = Mapping[Category, Square]

NOTHING: Final[Needs] = (SHUT,) * len(MOMENTS)
NO_SQUARE: Final[Square] = ((NOTHING,) * len(PARTNERS),) * len(PARTNERS)


def flows_of(document: AgreementDocument, limits: Limits, track: Track) -> Flows:
    """Give what is asked for every flow of a track, the signal last; prohibitions on pairs cut.

    That a child is under 12, or that a purpose is unknown, closes more: `narrowed`.
    """
    flows = {
        category: square_of(document, limits, track, category) for category in CATEGORIES[track]
    }
    flows[Category.SIGNAL] = _signals(document, limits, track)
    return flows


def square_of(
    document: AgreementDocument, limits: Limits, track: Track, category: Category
) -> Square:
    """Give what is asked for every flow of one category."""
    cells = [document.cell(track, partner, category) for partner in PARTNERS]
    consults = [
        (cell.consult.text, partner in CASE_LEADS)
        for partner, cell in zip(PARTNERS, cells, strict=True)
    ]
    keeps = stays_in_aftercare(track, category)
    square = [
        [needs_between(cell.provide.text, consult, is_lead, keeps) for consult, is_lead in consults]
        for cell in cells
    ]
    for provider, consumer in limits.cuts.get(category, ()):
        square[_PLACE[provider]][_PLACE[consumer]] = NOTHING
    return tuple(map(tuple, square))


@cache
def needs_between(provide: str, consult: str, is_lead: bool, in_aftercare: bool) -> Needs:  # noqa: FBT001 - called for every flow
    """Judge two sides, as texts, at every moment; the same texts are the same object."""
    cell = parse_cell(f"{provide}/{consult}")
    return tuple(
        by_cells(cell.provide, cell.consult, Moment(stage, action, is_lead, in_aftercare)).need
        for stage, action in MOMENTS
    )


def _signals(document: AgreementDocument, limits: Limits, track: Track) -> Square:
    """Give what is asked for every flow of the signal."""
    return tuple(
        signal_square(limits, has_basis=can_send(document, track, provider))[place]
        for place, provider in enumerate(PARTNERS)
    )


@lru_cache(maxsize=2 * EDITIONS_KEPT)
def signal_square(limits: Limits, *, has_basis: bool) -> Square:
    """Give what is asked for every flow of the signal, were every provider alike in its basis."""

    def needs(provider: Partner, consumer: Partner) -> Needs:
        if (provider, consumer, Category.SIGNAL) in limits.pairs:
            return NOTHING
        asked = (
            Question(Track.YOUTH, stage, provider, consumer, Category.SIGNAL, action)
            for stage, action in MOMENTS
        )
        return tuple(by_signal(limits, each, has_basis=has_basis).need for each in asked)

    return tuple(tuple(needs(one, other) for other in PARTNERS) for one in PARTNERS)


def narrowed(flows: Flows, limits: Limits, *, under_12: bool, has_purpose: bool) -> Flows:
    """Close what is closed for a child under 12 (P2) and for an unknown purpose (R-02)."""
    if not has_purpose:
        return {category: _without_purpose(square) for category, square in flows.items()}
    if not under_12:
        return flows
    return {
        category: NO_SQUARE if category in limits.children else square
        for category, square in flows.items()
    }


def _without_purpose(square: Square) -> Square:
    """Ask every flow for a purpose that the agreement does not have."""
    return tuple(tuple(map(_purposeless, row)) for row in square)


@cache
def _purposeless(needs: Needs) -> Needs:
    """Give what is asked for an unknown purpose of what is asked for a known one."""
    verdicts = (
        Verdict(Code.NO_RULE if need == SHUT else Code.ALLOWED, need, "", Why.CELLS, Partner.GPR)
        for need in needs
    )
    return tuple(without_purpose(verdict).asks for verdict in verdicts)
