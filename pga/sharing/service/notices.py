"""Notices: a waiting task for each person who lawfully read something before (AVG 19, R-25)."""

from collections.abc import Collection, Mapping

from audit import readers as log
from pga.cases import service as cases
from pga.cases.models import WorkTask
from pga.cases.rules import WorkKind
from pga.sharing.service.changes import Desk


def tell_readers(
    desk: Desk,
    kind: WorkKind,
    items: Mapping[bytes, str],
    only: Collection[bytes] | None = None,
) -> list[WorkTask]:
    """Give everyone who opened one of these items a task, once per category.

    The log says who opened what; the owner's own people are left out. The task names the
    category, never the provider (R-29).
    """
    told: dict[tuple[str, str], WorkTask] = {}
    own = (desk.seat.organisation_id.hex(), desk.seat.partner)
    for reading in log.readers_of(desk.facts.case.id.hex(), [item.hex() for item in items]):
        organisation = bytes.fromhex(reading.organisation)
        if (reading.organisation, reading.partner) == own or (
            only is not None and organisation not in only
        ):
            continue
        category = items[bytes.fromhex(reading.item)]
        key = (reading.person, category)
        if key not in told:
            told[key] = cases.add_work(
                desk.facts.case.id,
                cases.NewWork(
                    kind,
                    person_id=bytes.fromhex(reading.person),
                    organisation_id=organisation,
                    partner=reading.partner,
                    category=category,
                ),
            )
    return list(told.values())
