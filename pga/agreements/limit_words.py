"""Broken limits in words: which and why, who would get what, and how to repair it."""

from collections.abc import Iterable

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

from pga.agreements import cell_words, words
from pga.agreements.cell_words import joined
from pga.agreements.term_words import EXCLUSIONS, RETENTION, period
from pga.policy.codes import Stage
from pga.policy.exposure import Exposure
from pga.policy.proposals import (
    AgeProposal,
    BasisProposal,
    CellProposal,
    ExclusionProposal,
    NonPurposeProposal,
    Proposal,
    TermProposal,
)
from pga.policy.violations import Violation


def name(violation: Violation) -> str:
    """Name the limit that is broken, with its article."""
    return f"{violation.guardrail} ({violation.article})"


def why(violation: Violation) -> list[str]:
    """Say why there is such a limit, and whether a lawyer is still to confirm its article."""
    check = violation.check
    if check is None:
        return []
    said = [str(gettext(check.explanation))]
    return said if check.is_verified else [*said, str(gettext("legally to be checked"))]


def counterexample(violation: Violation) -> str:
    """Say who would get what, were this allowed; empty where no exchange is meant."""
    found = violation.exposure
    if found is None:
        return ""
    values = {
        "provider": "" if found.provider is None else words.partner(found.provider),
        "consumer": "" if found.consumer is None else words.partner(found.consumer),
        "category": words.category(found.category),
        "when": _when(found.stage),
    }
    said = str(_pattern(found)) % values
    return said if not found.asks else f"{said} {_asked(found.asks)}"


def _pattern(found: Exposure) -> LazyString:
    """Choose the sentence of a counterexample."""
    if found.under_12:
        return _("%(consumer)s would see %(category)s of %(provider)s about a child under 12.")
    if found.consumer is None:
        return _("%(provider)s would bring %(category)s %(when)s, for whoever comes to see it.")
    if found.provider is None:
        return _("%(consumer)s would see %(category)s %(when)s, of whoever comes to bring it.")
    if found.provider is found.consumer:
        return _("%(consumer)s would see %(when)s what it brings of %(category)s itself.")
    return _("%(consumer)s would see %(category)s of %(provider)s %(when)s.")


def _when(stage: Stage) -> str:
    """Say from which stage on."""
    if stage is Stage.FIRST:
        return str(gettext("from triage on"))
    return str(gettext("from the case meeting on"))


def _asked(conditions: Iterable[str]) -> str:
    """Say what would be asked for it."""
    return str(gettext("Asked for it: %(asked)s.", asked=joined(map(words.condition, conditions))))


def way_out(proposal: Proposal) -> str:
    """Say what repairs it, away from the page of its cell: a cell is named."""
    if isinstance(proposal, CellProposal):
        return str(
            gettext(
                "So it is repaired. %(partner)s, %(category)s: “%(cell)s”",
                partner=words.partner(proposal.partner),
                category=words.category(proposal.category),
                cell=cell_words.said(proposal.after),
            )
        )
    return str(gettext("So it is repaired. %(what)s.", what=repair(proposal)))


def meanwhile(violation: Violation) -> str:
    """Say what holds for an agreement in force until a next version repairs it, and who must act.

    From the moment the edition is in force: a limit of law has no time of grace.
    """
    match violation.proposal:
        case TermProposal(object=kept, term=longest):
            return str(
                gettext(
                    "Until then the limit counts from now on, also for closed cases: %(what)s is "
                    "kept %(term)s at most. What is past that stands on the list to be destroyed.",
                    what=str(RETENTION[kept]),
                    term=period(longest),
                )
            )
        case AgeProposal(age_from=age):
            return str(
                gettext(
                    "Until then nothing is shared about a young person under %(age)s, or of "
                    "unknown age. What an organisation brought stays its own. End or redirect "
                    "such a case now.",
                    age=age,
                )
            )
        case NonPurposeProposal():
            return str(
                gettext(
                    "This closes no cell: the program shares for the purposes of the agreement "
                    "alone. Until then it holds beside the text. Tell every party so in writing, "
                    "now."
                )
            )
        case ExclusionProposal(exclusion=code):
            return str(
                gettext(
                    "The program cannot see by itself which cases this is about, so it closes no "
                    "cell. Admit no such case from now on, and end or redirect those there are: "
                    "%(what)s.",
                    what=str(EXCLUSIONS[code]),
                )
            )
        case _:
            return str(gettext("Until then this is closed."))


def repair(proposal: Proposal) -> str:
    """Say what a proposal makes of it."""
    match proposal:
        case CellProposal(after=after):
            return str(gettext("Make it: %(cell)s", cell=cell_words.said(after)))
        case BasisProposal(after=after):
            return str(gettext("Make the legal basis: %(basis)s", basis=words.basis(after)))
        case NonPurposeProposal(non_purpose=code):
            return str(gettext("Rule out: %(what)s", what=str(words.NON_PURPOSES[code])))
        case ExclusionProposal(exclusion=code):
            return str(gettext("Let stay out: %(what)s", what=str(EXCLUSIONS[code])))
        case AgeProposal(age_from=age):
            return str(gettext("Begin at the age of %(age)s", age=age))
        case _:
            return str(gettext("Keep it at most: %(term)s", term=period(proposal.term)))
