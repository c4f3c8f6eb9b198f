"""What a youth is told of the log, in whole sentences of plain Dutch (B1) for a sixteen-year-old.

It never names a person: an organisation, a day, what and why. What is refused is not hinted at:
the same words stand there whatever the ground and however much it is (AVG 23(2)(h), Wpg 27).
"""

from collections.abc import Mapping
from datetime import timedelta

from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

from audit.entries import Action, Kind
from audit.reading import Opened
from config import clock
from pga.oversight import extracts, words
from pga.oversight.extracts import ARTICLES, Applicant, Caution, Ruling
from pga.oversight.printing import Paper, Part
from pga.oversight.rules import IN_PASSING
from pga.oversight.service.extracting import Extract, Told
from pga.oversight.service.rows import Row
from pga.policy.codes import Purpose
from pga.web.filters import day, month

Words = Mapping[str, LazyString]

ANSWER_WITHIN = timedelta(days=30)
"""Within a month (AVG 12(3)); of the shortest one that is left, two days too early at most."""
APPLICANTS: Words = {
    Applicant.YOUTH: _("The young person"),
    Applicant.REPRESENTATIVE: _("A parent with custody, or a guardian"),
}
CAUTIONS: Words = {
    Caution.POLICE: _("police or justice"),
    Caution.SECRET_HELP: _("help that others may not know of"),
    Caution.THIRD_PERSONS: _("about family or others"),
    Caution.REPORTER: _("shows who gave the signal"),
    Caution.DELAYED: _("informing is put off in this case"),
    Caution.NOT_INFORMED: _("not informed yet of the case"),
    Caution.EMERGENCY: _("emergency"),
}
RULINGS: Words = {
    Ruling.GIVE: _("Give"),
    Ruling.SAFETY: _("Refuse: public safety"),
    Ruling.INVESTIGATION: _("Refuse: investigation of crimes"),
    Ruling.OTHERS: _("Refuse: to protect the young person or others"),
    Ruling.WPG_PROCEEDINGS: _("Refuse police data: it would hinder a case in court"),
    Ruling.WPG_INVESTIGATION: _("Refuse police data: it would harm an investigation"),
    Ruling.WPG_SAFETY: _("Refuse police data: public safety"),
    Ruling.WPG_OTHERS: _("Refuse police data: rights of others"),
}
PURPOSES: Words = {
    Purpose.HELP: _("This was done to help you and your family."),
    Purpose.ORDER: _("This was done to keep it safe and calm around you."),
    Purpose.PROTECTION: _("This was done to protect you."),
    Purpose.PREVENTION: _("This was done so that nobody misuses your bank account."),
}
EXPLANATIONS: Words = {
    "action": _("They had to do something that was agreed about you."),
    "meeting": _("There was a meeting about you."),
    "task": _("They had a task in your case."),
    "release": _("Permission had been given for it."),
}
OPENED = _("On %(day)s %(who)s opened your file.")
SEEN = _("On %(day)s %(who)s looked at this about you: %(what)s.")
NAME_SEEN = _(
    "On %(day)s %(who)s looked up your name, to check whether everybody keeps to the rules."
)
NOTHING_TOLD: Mapping[Action, LazyString] = {
    Action.HIT_NOHIT: _("On %(day)s %(who)s asked whether we know you."),
    Action.OVERSEE: NAME_SEEN,
    Action.CREATE: _("On %(day)s %(who)s started something new about you."),
    Action.UPDATE: _("On %(day)s %(who)s changed something in your file."),
    Action.PROVIDE: _("On %(day)s %(who)s wrote something down about you."),
}
SOMETHING_TOLD: Mapping[Action, LazyString] = {
    Action.OVERSEE: NAME_SEEN,
    Action.BREAK_GLASS: _("On %(day)s %(who)s looked at this about you in an emergency: %(what)s."),
    Action.CREATE: _("On %(day)s %(who)s wrote this down about you: %(what)s."),
    Action.UPDATE: _("On %(day)s %(who)s changed this about you: %(what)s."),
    Action.PROVIDE: _("On %(day)s %(who)s wrote this down about you: %(what)s."),
}
COPIED: Mapping[Kind, LazyString] = {
    Kind.PRINTED: _("On %(day)s %(who)s printed this about you: %(what)s."),
    Kind.EXPORTED: _("On %(day)s %(who)s saved this about you in a file: %(what)s."),
}


def sentence(told: Told) -> str:
    """Say one line; an empty text when its entry is not to be believed."""
    row = told.row
    if row is None or row.access.opened is None:
        return ""
    said, why = _what(row, row.access.opened, told.line.part), _why(row)
    return f"{said} {why}" if why else said


def _what(row: Row, opened: Opened, part: str) -> str:
    """Say when which organisation did what with which data."""
    entry = opened.entry
    who = (row.who.organisation if row.who else "") or gettext("an organisation")
    if entry.kind in IN_PASSING:
        return str(
            ngettext(
                "In %(month)s %(who)s saw your file once in a list or while searching.",
                "In %(month)s %(who)s saw your file %(num)s times in a list or while searching.",
                len(row.accesses),
                month=month(opened.at),
                who=who,
            )
        )
    what = _categories(row, part)
    values = {"day": day(opened.at), "who": who, "what": what}
    if not what:
        return str(NOTHING_TOLD.get(entry.action, OPENED)) % values
    if entry.kind is not None and entry.kind in COPIED:
        return str(COPIED[entry.kind]) % values
    return str(SOMETHING_TOLD.get(entry.action, SEEN)) % values


def _categories(row: Row, part: str) -> str:
    """Name what was seen in one part of the acts of a row, in plain words."""
    seen = [line for entry in row.entries for line in extracts.seen_in(entry, part)]
    named = dict.fromkeys(words.category(line.category) for line in seen if line.category)
    return ", ".join(name[:1].lower() + name[1:] for name in named)


def _why(row: Row) -> str:
    """Say why, as far as the log tells: what explains it, and the purpose."""
    entry = row.entry
    if entry is None or entry.action is Action.OVERSEE:
        return ""
    explained = EXPLANATIONS.get(entry.explained_by.kind) if entry.explained_by else None
    found = (explained, PURPOSES.get(entry.purpose))
    return " ".join(str(text) for text in found if text is not None)


def paper_of(extract: Extract, organisation: str) -> Paper:
    """Put what is given on paper; where anything was refused, with how to object (Awb 3:45)."""
    row = extract.row
    lines = [sentence(one) for one in extract.lines if one.is_given]
    return Paper(
        title=title(),
        author=organisation,
        made_at=row.released_at or row.prepared_at,
        facts=[
            (gettext("About the young person of case"), extract.case.number),
            (gettext("From"), day(row.since)),
            (gettext("Up to and including"), day(row.until)),
            (gettext("Made by"), organisation),
            (gettext("Made on"), day(row.released_at or clock.now())),
        ],
        lead=[
            gettext(
                "Somebody asked us who saw your data. Below you read which organisation did what, "
                "and when. We do not name the people who work there."
            ),
            gettext(
                "These organisations work together in an approach for young people. What they may "
                "see of each other is in an agreement. The computer keeps track of everything."
            ),
        ],
        parts=[
            Part(gettext("Who did what with your data?"), _nothing(extract, lines), lines),
            *(_refused(organisation) if extract.is_partly_refused else []),
            Part(gettext("Do you have a question?"), _questions(organisation)),
        ],
    )


def title() -> str:
    """Name the extract."""
    return str(gettext("Who saw your data?"))


def _nothing(extract: Extract, lines: list[str]) -> list[str]:
    """Say that there is nothing to read, without saying more than is so."""
    if lines:
        return []
    if extract.is_partly_refused:
        return [gettext("We cannot give you anything about these days.")]
    return [gettext("In these days nobody saw your data or wrote anything down about you.")]


def _refused(organisation: str) -> list[Part]:
    """Say that not everything is given, by which law it may be, and how to object.

    UAVG 34: this is a decision by the Awb; Awb 6:4, 6:5, 6:7 and 6:8: to whom, what stands in it,
    within which term, and from when.
    """
    return [
        Part(
            gettext("Not everything is in here"),
            [
                gettext(
                    "We do not tell you everything. The law allows that, for instance to protect "
                    "other people, or when there is an investigation. We may not say here what it "
                    "is about. (Article 23 AVG, article 41 UAVG, article 27 Wpg)"
                )
            ],
        ),
        Part(
            gettext("Do you disagree? Then you can object"),
            [
                gettext(
                    "This is a decision (article 34 UAVG). If you disagree, you can object. Do so "
                    "within six weeks. The six weeks begin on the day after we sent you this "
                    "decision. (Articles 6:7 and 6:8 Awb)"
                ),
                gettext(
                    "Write a letter to %(organisation)s. Say that it is an objection. Put in it "
                    "your name and address, the date, which decision it is about, and why you "
                    "disagree. Sign it. (Article 6:5 Awb)",
                    organisation=organisation,
                ),
                gettext(
                    "Objecting costs nothing. Your parents or somebody else you trust may help you "
                    "or write the letter for you."
                ),
            ],
        ),
    ]


def _questions(organisation: str) -> list[str]:
    """Say what else one can do: ask, have it corrected, complain (AVG 15(1)(e) and (f))."""
    return [
        gettext(
            "Ask your case manager, or %(organisation)s. Is something about you not right? Then "
            "you can ask to have it changed or removed.",
            organisation=organisation,
        ),
        gettext(
            "You can also complain to the Dutch Data Protection Authority: "
            "autoriteitpersoonsgegevens.nl."
        ),
    ]


def applicants() -> list[tuple[str, LazyString]]:
    """List who may ask."""
    return list(APPLICANTS.items())


def applicant(code: str) -> LazyString:
    """Say who asked."""
    return APPLICANTS[code]


def caution(one: Caution) -> LazyString:
    """Say what a line must be looked at for."""
    return CAUTIONS[one]


def ruling(one: Ruling) -> str:
    """Say what was decided on a line, with the article that grounds it."""
    return f"{RULINGS[one]} ({ARTICLES[one]})" if one in ARTICLES else str(RULINGS[one])


def rulings(told: Told) -> list[tuple[str, str]]:
    """List what may be decided on a line."""
    return [(str(one), ruling(one)) for one in extracts.rulings(told.cautions)]
