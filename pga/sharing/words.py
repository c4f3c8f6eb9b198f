"""Plain words for releases, decisions and notes, in the language of the page."""

from collections.abc import Iterable

from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

from pga.agreements import words as codes
from pga.sharing.rules import Answer, Capacity, GuardianKind, ReleaseKind
from pga.sharing.service.decisions import RegisterLine

Words = dict[str, LazyString]

KINDS: Words = {
    ReleaseKind.CONSENT: _("Consent"),
    ReleaseKind.LEGAL_DUTY: _("Duty by law"),
    ReleaseKind.CONFLICT_OF_DUTIES: _("Conflict of duties"),
}
ANSWERS: Words = {
    Answer.AGREES: _("agrees"),
    Answer.DISAGREES: _("does not agree"),
    Answer.NOT_CAPABLE: _("cannot decide this; a representative answers"),
    Answer.WELL_CONSIDERED_WISH: _("well-considered wish; the parents need not answer"),
    Answer.UNSAFE_TO_ASK_PARENT: _("asking this parent is not safe"),
}
GUARDIANS: Words = {
    GuardianKind.PARENTAL_AUTHORITY: _("parent with authority"),
    GuardianKind.GUARDIAN: _("guardian"),
}
WHO_ANSWERS: Words = {
    Capacity.REPRESENTATIVES: _(
        "Under 12 (or age unknown) every holder of authority answers; tell the child about it."
    ),
    Capacity.CHILD_AND_REPRESENTATIVES: _(
        "From 12 to 15 the young person and every holder of authority must agree."
    ),
    Capacity.YOUTH: _("From 16 the young person answers alone."),
}
WAYS: Words = {
    "spoken": _("in a talk"),
    "written": _("on paper"),
    "digital": _("digitally"),
}
LEVELS: Words = {"B1": _("plain language (B1)"), "A2": _("very plain language (A2)")}
SOURCES: Words = {
    "brp": _("persons register (BRP)"),
    "court_order": _("court order"),
    "register": _("register of parental authority"),
}
ARTICLES: Words = {
    "WPG_18": _("Police Data Act 18"),
    "WPG_19": _("Police Data Act 19 (incidental)"),
    "WPG_20": _("Police Data Act 20 (partnership)"),
    "WJSG_39F": _("Judicial Data Act 39f"),
    "PBW": _("Prisons Act"),
    "BJJ": _("Youth Custody Act"),
}
STATES: Words = {
    "waiting": _("waits for the professional"),
    "holds": _("in effect"),
    "unmet": _("not everyone has agreed"),
    "ended": _("ended"),
    "declined": _("not shared by the professional"),
    "withdrawn": _("withdrawn"),
}
QUESTIONS: Words = {
    "why_needed": _("Why is it needed to share this?"),
    "why_proportionate": _("Why does that weigh more than the privacy of the young person?"),
    "less_intrusive": _("Which lighter way did you consider?"),
    "interest_of_child": _("What is the interest of the child?"),
}
CONFLICT: Words = {
    "serious_harm": _("Serious harm threatens a concrete person."),
    "no_other_way": _("There is no other way to prevent it."),
    "consent_tried": _("Consent was asked, or asking was impossible."),
    "minimum": _("I share as little as possible."),
    "right_recipient": _("I share it with whoever can prevent it."),
}


def named(words: Words, code: str) -> str:
    """Give the words of a code, or the code itself."""
    return str(words.get(code, code))


def category(code: str) -> str:
    """Name a category; the note over the whole case has a name of its own."""
    return str(_("The whole case")) if code == "CASE" else codes.category(code)


def categories(found: Iterable[str]) -> str:
    """Name categories in one line; what both tracks have under one name is said once."""
    return ", ".join(dict.fromkeys(category(code) for code in found))


def register_line(line: RegisterLine) -> str:
    """Write a line for the police register, its codes in plain words."""
    article = f"{named(ARTICLES, line.article)}, {line.number}"
    parts = (line.case_number, article, categories(line.categories), line.authority)
    return "; ".join(part for part in (line.day.isoformat(), *parts) if part)


def partner(code: str) -> str:
    """Name a kind of partner."""
    return codes.partner(code)


def purpose(code: str) -> str:
    """Name a purpose."""
    return codes.purpose(code)
