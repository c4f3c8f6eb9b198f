"""Examples of a draft: written, changed and withdrawn by who tests, never by who drafts."""

from config.errors import ApplicationError
from pga.agreements.models import Agreement
from pga.agreements.service import drafting
from pga.agreements.service.desk import Desk
from pga.agreements.texts import table_of_text
from pga.policy.codes import Track
from pga.policy.editing import (
    ExampleChange,
    example_change,
    mark_at,
    place_of,
    reasked,
    value_at,
)
from pga.policy.terms import Example


class ExampleTakenError(ApplicationError):
    """Another example of the agreement asks the same; one question has one answer."""

    status = 422
    code = "example-taken"
    message = "Another example already asks this. Change that one."


def write_example(desk: Desk, example: Example, *, was: str = "", seen: str = "") -> Agreement:
    """Write an example; `was` is the question it asked before, empty for a new one.

    What an example asks is its name. One that comes to ask something else stands at another place,
    and is still one edit, in which both stand and which is taken back as one. Raises
    ExampleTakenError, and what `drafting.edit` raises; `seen` is the mark of the example as its
    author saw it.
    """
    change = example_change(example)
    if was == example.question:
        return drafting.edit(desk, change, seen=seen)
    document = table_of_text(desk.agreement.document).document
    if value_at(document, place_of(change)):
        raise ExampleTakenError
    if not was:
        return drafting.edit(desk, change, seen=mark_at(document, place_of(change)))
    seen_at = place_of(ExampleChange(example.track, was, None))
    return drafting.edit(desk, reasked(was, example), seen=seen, seen_at=seen_at)


def withdraw_example(desk: Desk, track: Track, question: str, *, seen: str) -> Agreement:
    """Withdraw an example; the history keeps it. Raises what `drafting.edit` raises."""
    return drafting.edit(desk, ExampleChange(track, question, None), seen=seen)
