"""Plain words for what versions do to living cases, in the language of the page."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

from pga.agreements import words as codes
from pga.agreements.changed_terms import changed_terms, sentence
from pga.agreements.models import AgreementState
from pga.agreements.term_words import PARTS
from pga.changeover.rules import Change, MoveState, Remainder, StayReason, Tell, Told, Turn
from pga.changeover.service.previews import Preview
from pga.policy.codes import PolicyAction, Stage

Words = Mapping[str, LazyString]

STAGES: Words = {
    Stage.FIRST: _("During triage"),
    Stage.FULL: _("From the case meeting on"),
    Stage.AFTERCARE: _("During aftercare"),
}
TURNS: Words = {
    Turn.GAINS: _("gains"),
    Turn.LOSES: _("loses"),
    Turn.DIFFERS: _("other condition"),
}
AGREEMENT_STATES: Words = {
    AgreementState.DRAFT: _("draft"),
    AgreementState.LEGAL_CHECK: _("legal check"),
    AgreementState.DPIA_DONE: _("DPIA done"),
    AgreementState.SIGNING: _("being signed"),
    AgreementState.ACTIVE: _("in force"),
    AgreementState.SUSPENDED: _("suspended"),
    AgreementState.EXPIRED: _("expired"),
    AgreementState.TERMINATED: _("terminated"),
    AgreementState.SUPERSEDED: _("superseded"),
}
MOVE_STATES: Words = {
    MoveState.PROPOSED: _("waits for a second person"),
    MoveState.APPROVED: _("approved"),
    MoveState.CARRIED_OUT: _("carried out"),
    MoveState.WITHDRAWN: _("withdrawn"),
}
STAY_REASONS: Words = {
    StayReason.WEIGH_FIRST: _("We weigh again first whether sharing is needed"),
    StayReason.INFORM_FIRST: _("We tell the young person and the parents first"),
    StayReason.ASK_ANEW_FIRST: _("We ask releases anew first"),
    StayReason.ENDS_SOON: _("This case ends soon"),
}
REMAINDERS: Words = {
    Remainder.ITEMS: _("Own contributions, sealed"),
    Remainder.CRIMINAL_ITEMS: _("Of these: police and judicial data"),
    Remainder.EARLIER_VERSIONS: _("Earlier versions of corrected contributions"),
    Remainder.RECORDS: _("Releases, disclosure decisions and weighing notes"),
    Remainder.LOG: _("Entries in the log"),
    Remainder.SIGNATURE: _("The signature under the agreement"),
}
REACH: Words = {
    Remainder.ITEMS: _(
        "Only own people who take part in the case can read, correct, withdraw and export them. "
        "Nobody else can consult them any more."
    ),
    Remainder.CRIMINAL_ITEMS: _("The same; nobody else can consult them any more."),
    Remainder.EARLIER_VERSIONS: _("Nobody; they are kept so that a correction can be proven."),
    Remainder.RECORDS: _("They open nothing any more. They prove on what was shared before."),
    Remainder.LOG: _("The officers who oversee the log. It holds no content."),
    Remainder.SIGNATURE: _("Who may see the agreement. It proves for which time it held."),
}


def told(number: Told) -> str:
    """Say a number of cases as it may be told."""
    if number.how is Tell.FEW:
        return "<10"
    if number.how is Tell.FEW_OR_NEARLY_ALL:
        return str(gettext("<10, or nearly all"))
    if number.how is Tell.NEARLY_ALL:
        return str(gettext("about %(number)s, all but 9 at most", number=number.about))
    return str(gettext("about %(number)s", number=number.about))


def stage(code: str) -> str:
    """Name a stage of a case."""
    return str(STAGES[code])


def turn(code: str) -> str:
    """Say in a word what a change does."""
    return str(TURNS[code])


def agreement_state(code: str) -> str:
    """Name the state of a version."""
    return str(AGREEMENT_STATES[code])


def move_state(code: str) -> str:
    """Say where a decision over living cases stands."""
    return str(MOVE_STATES[code])


def stay_reason(code: str) -> str:
    """Say why a case stays under its version."""
    return str(STAY_REASONS[code])


def remainder(code: str) -> str:
    """Name what stays behind of a party that left."""
    return str(REMAINDERS[code])


def reach(code: str) -> str:
    """Say who can still reach what stays behind."""
    return str(REACH[code])


def count(number: int | Told | None) -> str:
    """Say a number, exact or as it may be told; nothing for what is not counted."""
    if number is None:
        return ""
    return str(number) if isinstance(number, int) else told(number)


def what(change: Change) -> str:
    """Say what a change is about: a category, and from whom."""
    from_whom = partners(change.providers)
    category = codes.category(change.category)
    if change.action is PolicyAction.PROVIDE:
        return str(
            gettext("%(category)s may be brought by %(who)s", category=category, who=from_whom)
        )
    return str(gettext("%(category)s from %(who)s", category=category, who=from_whom))


def partners(found: Iterable[str]) -> str:
    """Name kinds of partner, with commas between."""
    return ", ".join(codes.partner(partner) for partner in found)


def asked(need: str) -> str:
    """Say what one side of a change asks: `open`, `closed`, or conditions with a plus between."""
    if need == "closed":
        return str(gettext("closed"))
    if need == "open":
        return str(gettext("open"))
    conditions = ", ".join(codes.condition(one) for one in need.split("+"))
    return str(gettext("open, if: %(conditions)s", conditions=conditions))


@dataclass(frozen=True, slots=True)
class PartChange:
    """A part of the text that changes outside the matrix: its name, how much, and what."""

    name: str
    count: str
    sentences: tuple[str, ...]


def terms(found: Preview) -> list[PartChange]:
    """Say what changes outside the matrix, part by part and each entry in one sentence."""
    lines_of = changed_terms(found.terms, *found.texts)
    return [
        PartChange(
            str(PARTS[part]),
            str(ngettext("%(num)s change", "%(num)s changes", len(lines))),
            tuple(map(sentence, lines)),
        )
        for part, lines in lines_of.items()
    ]
