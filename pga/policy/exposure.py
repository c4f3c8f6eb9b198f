"""What a broken limit would let through: who would get what, from when, under which conditions."""

from dataclasses import dataclass

from pga.policy.catalogue import CellSide
from pga.policy.codes import (
    CASE_LEADS,
    Category,
    Condition,
    Partner,
    PolicyAction,
    Stage,
    Track,
    conditions_in,
)
from pga.policy.limits import Limits
from pga.policy.terms import AgreementDocument
from pga.policy.verdict import SHUT, Moment, by_cells, stays_in_aftercare

_FROM_WHEN = (Stage.FIRST, Stage.FULL)


@dataclass(frozen=True, slots=True)
class Exposure:
    """One exchange that a broken limit would let through (tegenvoorbeeld).

    `provider` or `consumer` is None where the cell opens a side and nobody stands on the other yet.
    Provider and consumer are one where a partner would see what it brought itself.
    """

    provider: Partner | None
    consumer: Partner | None
    category: Category
    stage: Stage
    action: PolicyAction
    asks: tuple[Condition, ...] = ()
    under_12: bool = False


def exposed(
    document: AgreementDocument,
    limits: Limits,
    place: tuple[Track, Partner, Category],
    side: CellSide,
) -> Exposure:
    """Find who would get what by one side of a cell.

    Somebody whom no pair limit cuts off goes before somebody whom one does.
    """
    _, partner, category = place
    found = [
        exposure
        for other in Partner
        if other is not partner and (exposure := _between(document, place, side, other)) is not None
    ]
    for exposure in found:
        pair = (exposure.provider, exposure.consumer, category)
        if pair not in limits.pairs:
            return exposure
    return found[0] if found else _alone(document, place, side)


def _between(
    document: AgreementDocument,
    place: tuple[Track, Partner, Category],
    side: CellSide,
    other: Partner,
) -> Exposure | None:
    """Give what a partner would get from or give to another, from the first stage it can."""
    track, partner, category = place
    provider, consumer = (partner, other) if side is CellSide.PROVIDE else (other, partner)
    provide = document.cell(track, provider, category).provide
    consult = document.cell(track, consumer, category).consult
    keeps = stays_in_aftercare(track, category)
    for stage in _FROM_WHEN:
        moment = Moment(stage, PolicyAction.CONSULT, consumer in CASE_LEADS, keeps)
        need = by_cells(provide, consult, moment).need
        if need != SHUT:
            asks = conditions_in(need)
            return Exposure(provider, consumer, category, stage, PolicyAction.CONSULT, asks)
    return None


def _alone(
    document: AgreementDocument, place: tuple[Track, Partner, Category], side: CellSide
) -> Exposure:
    """Say what a side opens while nobody stands on the other: to come, or one's own."""
    track, partner, category = place
    cell = document.cell(track, partner, category)
    if side is CellSide.PROVIDE:
        stage = Stage.FULL if cell.provide.opens_later else Stage.FIRST
        asks = conditions_in(cell.provide.need)
        return Exposure(partner, None, category, stage, PolicyAction.PROVIDE, asks)
    stage = Stage.FULL if cell.consult.opens_later else Stage.FIRST
    owner = partner if cell.consult.sign == "o" else None
    asks = conditions_in(cell.consult.need)
    return Exposure(owner, partner, category, stage, PolicyAction.CONSULT, asks)
