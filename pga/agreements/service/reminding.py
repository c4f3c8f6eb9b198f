"""What somebody is to be reminded of about agreements, for the list of what waits for them.

The process lead of a municipality hears six and three months ahead that an agreement ends, that
its evaluation is overdue, and that a newer edition of the limits closes part of it; the adviser of
the region hears that last of every agreement. Who can approve an edition hears that one waits.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from auth.rules import Role
from config import clock
from pga.agreements import editions, queries
from pga.agreements.models import Agreement, GuardrailEdition
from pga.agreements.rules import Reminder, reminders
from pga.agreements.service import limiting
from pga.agreements.service.desk import MUNICIPAL, Colleague
from pga.agreements.texts import broken_by, table_of_text


@dataclass(frozen=True, slots=True)
class Reminded:
    """A version in force with what to remind of (herinnering).

    `broken` is how often it goes over a limit of the edition in force.
    """

    agreement: Agreement
    reminders: tuple[Reminder, ...]
    broken: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits for somebody about agreements."""

    agreements: Sequence[Reminded] = ()
    editions: Sequence[GuardrailEdition] = ()

    def __bool__(self) -> bool:
        """Tell whether anything waits."""
        return bool(self.agreements or self.editions)


def waiting_for(colleague: Colleague) -> Waiting:
    """Gather what waits for somebody, in at most two queries; none for who has no such role."""
    held = colleague.memberships
    leads = {
        one.municipality
        for one in held
        if one.role is Role.PROCESS_LEAD and one.partner in MUNICIPAL
    }
    advises = any(one.role is Role.REGIONAL_ADVISER for one in held)
    return Waiting(
        _agreements(leads, advises=advises) if leads or advises else (),
        [
            row
            for row in (editions.editions() if limiting.may_approve(colleague) else ())
            if limiting.seat_to_approve(colleague, row) is not None
        ],
    )


def _agreements(leads: set[str], *, advises: bool) -> Sequence[Reminded]:
    """Read the versions in force of these places, or of all, with what to remind of."""
    today = clock.today()
    found = []
    for row in queries.running(None if advises else leads, today):
        header = table_of_text(row.document).document.agreement
        is_own = row.municipality in leads
        said = reminders(row.valid_until, header.evaluation, today) if is_own else ()
        one = Reminded(row, said, len(broken_by(row)))
        if one.reminders or one.broken:
            found.append(one)
    return found
