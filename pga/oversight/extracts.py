"""What a youth is told of the log: which acts count, which lines need care, who may ask. Pure."""

from collections.abc import Collection, Iterable, Mapping
from enum import StrEnum
from types import MappingProxyType

from audit.entries import Action, Entry, Line, Outcome
from pga.oversight.rules import READ, Narrowing
from pga.policy.codes import BOUND_BY_SECRECY, CRIMINAL, SECURITY_SOURCES, Category, Partner

OF_AGE_TO_ASK = 16
"""From this age the youth asks, before it the representative may (UAVG 5(4))."""
OWN_FILE = 12
"""From this age a youth may see the own file (Jeugdwet 7.3.10, WGBO 7:456)."""


class Applicant(StrEnum):
    """Who asks for an extract (aanvrager)."""

    YOUTH = "youth"
    REPRESENTATIVE = "representative"


class Caution(StrEnum):
    """Why a line is looked at twice before it is given (aandachtspunt); it is never pre-ticked."""

    POLICE = "police"
    SECRET_HELP = "secret_help"  # noqa: S105 - no password
    THIRD_PERSONS = "third_persons"
    REPORTER = "reporter"
    DELAYED = "delayed"
    NOT_INFORMED = "not_informed"
    EMERGENCY = "emergency"


class Ruling(StrEnum):
    """What is decided on a line (beslissing per regel): given, or refused on a ground of law."""

    GIVE = "give"
    SAFETY = "safety"
    INVESTIGATION = "investigation"
    OTHERS = "others"
    WPG_PROCEEDINGS = "wpg_proceedings"
    WPG_INVESTIGATION = "wpg_investigation"
    WPG_SAFETY = "wpg_safety"
    WPG_OTHERS = "wpg_others"


# AVG 23(1) and UAVG 41(1) bear the same letters. Of Wpg 27(1) the letters are legally to be
# checked, so none is named.
ARTICLES: Mapping[Ruling, str] = MappingProxyType(
    {
        Ruling.SAFETY: "AVG 23(1)(c), UAVG 41(1)(c)",
        Ruling.INVESTIGATION: "AVG 23(1)(d), UAVG 41(1)(d)",
        Ruling.OTHERS: "AVG 23(1)(i), UAVG 41(1)(i)",
        Ruling.WPG_PROCEEDINGS: "Wpg 27(1)",
        Ruling.WPG_INVESTIGATION: "Wpg 27(1)",
        Ruling.WPG_SAFETY: "Wpg 27(1)",
        Ruling.WPG_OTHERS: "Wpg 27(1)",
    }
)
WPG = frozenset({one for one, article in ARTICLES.items() if article.startswith("Wpg")})

# An outcome says that nothing was shown after all; it is read to leave that act out.
EXTRACTED = Narrowing(
    READ | {Action.CREATE, Action.UPDATE, Action.PROVIDE, Action.OUTCOME}, outcome=None
)
POLICE_PARTNERS = SECURITY_SOURCES | {Partner.DJI}
OF_THIRD_PERSONS = frozenset({Category.D03, Category.D13, Category.G02})
SECRET_PARTNERS = BOUND_BY_SECRECY | {Partner.VT}


def told(entries: Iterable[Entry]) -> list[Entry]:
    """Keep the acts in which somebody saw or wrote something: no refusal, no failed opening."""
    all_of = list(entries)
    outcomes = [one for one in all_of if one.action is Action.OUTCOME]
    failed = {one.names for one in outcomes if not one.closed_items}  # else the rest was shown
    return [
        one
        for one in all_of
        if one.action is not Action.OUTCOME
        and one.decided is not Outcome.DENY
        and one.event_id not in failed
    ]


def parts(entry: Entry) -> list[str]:
    """Split an act into what is ordinary (empty) and what needs care, by kind of caution.

    So the ordinary part can be given where another must be refused.
    """
    found = dict.fromkeys(_care(line) for line in _seen(entry))
    return list(found) or [""]


def seen_in(entry: Entry, part: str) -> list[Line]:
    """List the decisions of an act that belong to one part of it."""
    return [line for line in _seen(entry) if _care(line) == part]


def cautions(
    entries: Iterable[Entry], part: str = "", *, is_informed: bool = True, is_delayed: bool = False
) -> tuple[Caution, ...]:
    """Tell what a line must be looked at for, in a fixed order; nothing for an ordinary one."""
    found = {Caution(part)} if part else set[Caution]()
    for entry in entries:
        found |= _of_act(entry)
    if not is_informed:
        found.add(Caution.NOT_INFORMED)
    if is_delayed:
        found.add(Caution.DELAYED)
    return tuple(one for one in Caution if one in found)


def _of_act(entry: Entry) -> set[Caution]:
    """Look at who acted and how: that alone may say what must stay hidden."""
    tests = {
        Caution.POLICE: entry.actor.partner in POLICE_PARTNERS,
        Caution.SECRET_HELP: entry.actor.partner in SECRET_PARTNERS,
        Caution.REPORTER: entry.action is Action.CREATE,
        Caution.EMERGENCY: entry.action is Action.BREAK_GLASS,
    }
    return {caution for caution, fits in tests.items() if fits}


def _care(line: Line) -> str:
    """Tell which care one provider and category needs; empty for an ordinary one."""
    tests = {
        Caution.POLICE: line.provider in POLICE_PARTNERS or line.category in CRIMINAL,
        Caution.SECRET_HELP: line.provider in SECRET_PARTNERS,
        Caution.REPORTER: line.category == Category.SIGNAL,
        Caution.THIRD_PERSONS: line.category in OF_THIRD_PERSONS,
    }
    return next((str(caution) for caution, fits in tests.items() if fits), "")


def _seen(entry: Entry) -> list[Line]:
    """List what an act showed or wrote: of a read, only what had items to show."""
    is_read = entry.kind is not None
    return [line for line in entry.lines if line.is_allowed and (line.items or not is_read)]


def rulings(found: Collection[Caution]) -> tuple[Ruling, ...]:
    """List what may be decided on a line: the Wpg only where police data is concerned (Wpg 27)."""
    is_police = Caution.POLICE in found
    return tuple(one for one in Ruling if is_police or one not in WPG)


def ticked_before(found: Collection[Caution]) -> Ruling | None:
    """Tell what a form proposes: an ordinary line is given, over any other an officer decides."""
    return None if found else Ruling.GIVE


def may_ask(applicant: Applicant, age: int | None) -> bool:
    """Tell whether somebody may ask at this age of the youth; an unknown age opens nothing more.

    UAVG 5(4): below sixteen the legal representative exercises the rights; Jeugdwet 7.3.10: a
    youth of twelve may see the own file.
    """
    if age is None:
        return applicant is Applicant.YOUTH
    if applicant is Applicant.YOUTH:
        return age >= OWN_FILE
    return age < OF_AGE_TO_ASK
