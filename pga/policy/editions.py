"""Compare two editions of the limits, and say what another edition does to agreements."""

from collections.abc import Iterable
from dataclasses import dataclass

from pga.policy.catalogue import Catalogue, Check
from pga.policy.catalogue_text import check_data, current
from pga.policy.diff import FlowChange, moved_flows
from pga.policy.guardrails import prove
from pga.policy.holding import table_in_force
from pga.policy.terms import AgreementDocument
from pga.policy.violations import Violation

_WORDS = frozenset({"version", "article", "mark", "text", "explanation"})


@dataclass(frozen=True, slots=True)
class CheckChange:
    """A check that another edition adds, leaves out or changes (gewijzigde grens).

    `before` is None for a new check, `after` for one that is left out; `parts` names the keys that
    differ where both are there.
    """

    code: str
    before: Check | None
    after: Check | None
    parts: tuple[str, ...] = ()

    @property
    def is_unversioned(self) -> bool:
        """Tell whether what is asked changes while the version of the check did not rise."""
        if self.before is None or self.after is None:
            return False
        return bool(set(self.parts) - _WORDS) and self.after.version <= self.before.version


@dataclass(frozen=True, slots=True)
class EditionEffect:
    """What another edition does to one agreement (gevolg van een uitgave).

    `breaks` it would break and does not now, `mends` it breaks now and would no more; `flows` are
    the exchanges that would ask more, less or other. What it would break is shut at once.
    """

    document: AgreementDocument
    breaks: tuple[Violation, ...]
    mends: tuple[Violation, ...]
    flows: tuple[FlowChange, ...]

    @property
    def is_empty(self) -> bool:
        """Tell whether the agreement stands as it did."""
        return not (self.breaks or self.mends or self.flows)


def catalogue_diff(old: Catalogue, new: Catalogue) -> tuple[CheckChange, ...]:
    """Give every check that differs between two editions, in the order of the codes."""
    found = []
    for code in sorted({*old.by_code, *new.by_code}):
        before, after = old.by_code.get(code), new.by_code.get(code)
        if before is None or after is None:
            found.append(CheckChange(code, before, after))
            continue
        was, now = check_data(before), check_data(after)
        parts = tuple(key for key in {**was, **now} if was.get(key) != now.get(key))
        if parts:
            found.append(CheckChange(code, before, after, parts))
    return tuple(found)


def effect_of(
    catalogue: Catalogue,
    documents: Iterable[AgreementDocument],
    against: Catalogue | None = None,
) -> tuple[EditionEffect, ...]:
    """Say for each agreement what changes under an edition, against another or that of the program.

    Exhaustive: every check over every cell and term, and every flow of both tables.
    """
    old = current() if against is None else against
    return tuple(_effect(document, old, catalogue) for document in documents)


def _effect(document: AgreementDocument, old: Catalogue, new: Catalogue) -> EditionEffect:
    """Hold one agreement against both editions."""
    before, after = table_in_force(document, old), table_in_force(document, new)
    was, now = prove(document, before), prove(document, after)
    return EditionEffect(
        document,
        _only(now, was),
        _only(was, now),
        tuple(change for track in document.tracks for change in moved_flows(before, after, track)),
    )


def _only(found: list[Violation], others: list[Violation]) -> tuple[Violation, ...]:
    """Give the violations that the others do not hold, by what they are about."""
    known = {(str(each), each.text) for each in others}
    return tuple(each for each in found if (str(each), each.text) not in known)
