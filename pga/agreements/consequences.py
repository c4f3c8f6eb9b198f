"""What a change that is not yet written would do: who gains and loses, which limits it breaks."""

from dataclasses import dataclass

from pga.agreements.cell_words import ON_CONSULT, ON_PROVIDE
from pga.agreements.differences import Story, story_of
from pga.agreements.texts import table_of_text
from pga.policy.catalogue import Catalogue
from pga.policy.codes import Category, Partner, Track
from pga.policy.compile import Table
from pga.policy.diff import diff
from pga.policy.editing import CellChange, apply
from pga.policy.examples import ExampleOutcome, answer
from pga.policy.guardrails import prove_change
from pga.policy.terms import AgreementDocument, Example
from pga.policy.violations import Violation, prove_text


@dataclass(frozen=True, slots=True)
class Consequence:
    """What a change of a cell would do (gevolg), before anybody writes it.

    `broken` are the examples that come out no more by it, `mended` those that then do.
    """

    story: Story
    violations: tuple[Violation, ...]
    is_changed: bool
    broken: tuple[ExampleOutcome, ...]
    mended: tuple[ExampleOutcome, ...]


def consequence(text: str, change: CellChange, catalogue: Catalogue) -> Consequence:
    """Tell what a change of a cell of this text would do. Raises EditError for one that cannot be.

    Only the violations of the cell itself are told: what else is broken stands elsewhere.
    """
    before = table_of_text(text, catalogue)
    after = apply(before.document, change)
    then = Table(after, catalogue)
    difference = diff(before, then)
    broken, mended = _examples(before, then, change)
    here = (change.track, change.partner, change.category)
    over = prove_change(before, after, here)
    return Consequence(
        story_of(difference.cells),
        tuple(one for one in over if (one.track, one.partner, one.category) == here),
        is_changed=bool(difference.cells),
        broken=broken,
        mended=mended,
    )


def examples_about(
    document: AgreementDocument, track: Track, partner: Partner, category: Category
) -> list[Example]:
    """Give the examples that can hang on a cell: its category, with its partner on either side."""
    return [
        one
        for one in document.examples
        if (one.track, one.category) == (track, category)
        and partner in {one.provider, one.consumer}
    ]


def _examples(
    before: Table, after: Table, change: CellChange
) -> tuple[tuple[ExampleOutcome, ...], tuple[ExampleOutcome, ...]]:
    """Give the examples that a change of a cell breaks, and those that it mends."""
    broken, mended = [], []
    for one in examples_about(after.document, change.track, change.partner, change.category):
        was, now = (ExampleOutcome(one, answer(table, one)) for table in (before, after))
        if was.holds and not now.holds:
            broken.append(now)
        elif now.holds and not was.holds:
            mended.append(now)
    return tuple(broken), tuple(mended)


def demanded(
    document: AgreementDocument, place: tuple[Track, Partner, Category], catalogue: Catalogue
) -> dict[tuple[str, str], str]:
    """Tell which conditions the law demands of a cell that opens: field and letter, with the limit.

    A condition is demanded when the cell with every condition but this one breaks a limit.
    """
    found = {}
    sides = (("asked", "1{}/X", ON_PROVIDE), ("needed", "X/R1{}", ON_CONSULT))
    for field, pattern, letters in sides:
        every = "".join(letters)
        whole = _limits(document, CellChange(*place, pattern.format(every)), catalogue)
        for letter in letters:
            rest = every.replace(letter, "")
            change = CellChange(*place, pattern.format(rest))
            without = _limits(document, change, catalogue) - whole
            if without:
                found[field, letter] = ", ".join(sorted(without))
    return found


def _limits(document: AgreementDocument, change: CellChange, catalogue: Catalogue) -> set[str]:
    """Name the limits that a cell would break, with their articles."""
    found = prove_text(apply(document, change), catalogue)
    here = (change.track, change.partner, change.category)
    return {
        f"{one.guardrail} ({one.article})"
        for one in found
        if (one.track, one.partner, one.category) == here
    }
