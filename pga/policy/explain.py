"""Explain: the sentences that say why a decision is as it is, or what a section is for a viewer.

A sentence is a message id with codes as values; the room that shows it puts them in plain words.
An explanation that rests on an unverified clause ends with "legally to be checked".
"""

from pga.policy.decision import Decision
from pga.policy.messages import Message
from pga.policy.sections import Section

__all__ = ["Message", "explain", "explain_section"]


def explain(decision: Decision) -> list[Message]:
    """Give the sentences that explain a decision, in the order to show them.

    They name clause, bases, conditions and obligations: they are for the owner of an item, for a
    viewer whom the decision allows, and, without content, for the privacy officer. What any other
    viewer may be told is `explain_section` (R-29).
    """
    return list(decision.explanation)


def explain_section(section: Section) -> list[Message]:
    """Give the sentences that may be told to the viewer of a section.

    They come from the agreement alone and are the same whether nothing is there, it was never
    asked, refused, withdrawn or has expired; they name no provider (R-29).
    """
    return list(section.explanation)
