"""What a partner's officer is told of an entry: no more than the own staff was told (R-29).

The log knows whose items stayed closed, and who wrote what stands under the case manager. That
secret help takes part would be read from both; the municipality's officers alone see it whole.
"""

from dataclasses import replace

from audit.entries import Entry, Line, Outcome
from audit.queries import Access
from audit.reach import Reach
from pga.policy.codes import Code
from pga.sharing.service.judge import (
    CASE_MANAGER,
    NO_CRIMINAL_DATA,
    PLAN,
    SECRET_HELP,
    SECURITY,
)

CLOSED = Line("", "", "denied", "", Code.NO_RULE)
"""What is left of a refusal of everything: that it was one."""
GRANTED = frozenset({Outcome.PERMIT, Outcome.MIXED})


def veiled(access: Access, reach: Reach) -> Access:
    """Give an access as an officer of this reach is told it."""
    if reach.organisation is None or access.opened is None:
        return access
    return replace(
        access, opened=replace(access.opened, entry=told_to_partner(access.opened.entry))
    )


def told_to_partner(entry: Entry) -> Entry:
    """Leave out what stayed closed, and put plan and actions without owner under the manager.

    An entry in which something was open reads as allowed, whatever else there was.
    """
    if not entry.lines:
        return entry
    merged: dict[tuple[str, ...], Line] = {}
    for line in entry.lines:
        if line.is_allowed or line.provider == entry.actor.partner:
            told = _without_owner(line, entry.actor.partner)
            key = (told.provider, told.category, told.decision, told.rule, told.code, told.clause)
            before = merged.get(key)
            items = told.items if before is None else (*before.items, *told.items)
            merged[key] = replace(told, items=tuple(sorted(items)))
    outcome = Outcome.NA if entry.outcome is Outcome.NA else None
    if not merged and entry.decided in GRANTED:
        outcome = Outcome.PERMIT
    told_lines = tuple(merged.values()) or ((CLOSED,) if entry.decided is Outcome.DENY else ())
    return replace(entry, lines=told_lines, outcome=outcome)


def is_of_no_flow(rule: str) -> bool:
    """Tell whether a rule names no provider and category: those of a seat and of an owner."""
    return not rule or rule.startswith("R-")


def is_without_owner(line: Line) -> bool:
    """Tell whether a line that was told to a partner stands under the case manager."""
    return line.provider == CASE_MANAGER and line.category in PLAN


def _without_owner(line: Line, reader: str) -> Line:
    """Put a line of plan or actions under the case manager where its owner is not told."""
    hides_security = line.provider in SECURITY and reader in NO_CRIMINAL_DATA
    is_hidden = line.provider in SECRET_HELP or line.provider == CASE_MANAGER or hides_security
    if line.provider == reader or line.category not in PLAN or not is_hidden:
        return line
    return replace(line, provider=CASE_MANAGER, rule="", clause="")
