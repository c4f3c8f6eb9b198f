"""Plain words for what asks for an explanation, for limits and for judgements."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

from pga.oversight.patterns import Limit, Pattern
from pga.oversight.rules import ReviewOutcome

PATTERNS: Mapping[str, LazyString] = {
    Pattern.UNEXPLAINED: _("No open task, action, meeting or release explains this access."),
    Pattern.STAND_IN: _("Stood in for a colleague who was at work in the same case that day."),
    Pattern.EMERGENCY: _("Opened in an emergency. Every emergency is looked at."),
    Pattern.UNUSUAL_HOUR: _(
        "Opened around %(hour)s o'clock. In %(acts)s acts this employee never worked at that hour."
    ),
    Pattern.VOLUME: _(
        "Opened cases of %(people)s young people on one day. Up to %(usual)s is usual here."
    ),
    Pattern.REFUSED_THEN_ALLOWED: _(
        "Was refused %(refusals)s times in ten minutes, and then let in to the same case."
    ),
    Pattern.SEARCHES: _("Searched %(searches)s times on one day, and wrote nothing down that day."),
    Pattern.DORMANT: _("Opened a case after %(days)s days of silence."),
    Pattern.SAMPLE: _("Taken at random, to see whether the other checks miss anything."),
}
NAMES: Mapping[str, LazyString] = {
    Pattern.UNEXPLAINED: _("Access without explanation"),
    Pattern.STAND_IN: _("Standing in for somebody who was there"),
    Pattern.EMERGENCY: _("Emergency"),
    Pattern.UNUSUAL_HOUR: _("Unusual hour"),
    Pattern.VOLUME: _("Many young people on one day"),
    Pattern.REFUSED_THEN_ALLOWED: _("Refused, then let in"),
    Pattern.SEARCHES: _("Many searches"),
    Pattern.DORMANT: _("Account that was silent"),
    Pattern.SAMPLE: _("Sample"),
}
LIMITS: Mapping[str, LazyString] = {
    Limit.VOLUME_PER_DAY: _("Young people opened on one day, at least"),
    Limit.KNOWN_ACTS: _("Acts of an employee before their hours count as known"),
    Limit.REFUSALS: _("Refusals within ten minutes"),
    Limit.SEARCHES_PER_DAY: _("Searches on one day"),
    Limit.DORMANT_DAYS: _("Days of silence"),
    Limit.SAMPLE_PERMILLE: _("Sample, out of every thousand openings"),
}
OUTCOMES: Mapping[str, LazyString] = {
    ReviewOutcome.EXPLAINED: _("Explained: the employee could say why"),
    ReviewOutcome.WORK: _("Explained: the work fits, the task was not recorded"),
    ReviewOutcome.MISTAKE: _("A mistake, talked over"),
    ReviewOutcome.BREACH: _("Possible data breach"),
}


def pattern(name: str, facts: Mapping[str, str | int]) -> str:
    """Say why an access asks for an explanation, with the numbers it rests on."""
    return str(PATTERNS[name]) % facts


def name(pattern: str) -> LazyString:
    """Name a rule."""
    return NAMES[pattern]


def outcome(name: str) -> LazyString:
    """Say how an access was judged."""
    return OUTCOMES[name]


def outcomes() -> list[tuple[str, LazyString]]:
    """List the judgements to choose from."""
    return list(OUTCOMES.items())


def limit(name: str) -> LazyString:
    """Say what a limit counts."""
    return LIMITS[name]


def limits() -> list[tuple[str, LazyString]]:
    """List the limits to choose from."""
    return list(LIMITS.items())
