"""What asks for an explanation: plain rules over acts, each with the numbers it rests on.

No score and no model (design rule: people decide). Nothing here looks at content, at a home
address or at a name. A rule that fires says why in words a colleague understands.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import groupby
from statistics import median
from types import MappingProxyType

from audit.acts import Act
from audit.entries import Action, Kind, Outcome
from config.clock import AMSTERDAM, local_day

READS = frozenset({Action.CONSULT.value, Action.BREAK_GLASS.value})
OPENED = frozenset({Kind.OPENED.value, Kind.PRINTED.value, Kind.EXPORTED.value})


class Pattern(StrEnum):
    """What a rule looks for (patroon); the number is that of the design of the log."""

    UNEXPLAINED = "unexplained"
    STAND_IN = "stand_in"
    EMERGENCY = "emergency"
    UNUSUAL_HOUR = "unusual_hour"
    VOLUME = "volume"
    REFUSED_THEN_ALLOWED = "refused_then_allowed"
    SEARCHES = "searches"
    DORMANT = "dormant"
    SAMPLE = "sample"


class Limit(StrEnum):
    """A number a rule rests on (grenswaarde); two people change one."""

    VOLUME_PER_DAY = "volume_per_day"
    KNOWN_ACTS = "known_acts"
    REFUSALS = "refusals"
    SEARCHES_PER_DAY = "searches_per_day"
    DORMANT_DAYS = "dormant_days"
    SAMPLE_PERMILLE = "sample_permille"


LIMITS: Mapping[Limit, int] = MappingProxyType(
    {
        Limit.VOLUME_PER_DAY: 20,
        Limit.KNOWN_ACTS: 30,
        Limit.REFUSALS: 3,
        Limit.SEARCHES_PER_DAY: 8,
        Limit.DORMANT_DAYS: 60,
        Limit.SAMPLE_PERMILLE: 10,
    }
)
BURST = timedelta(minutes=10)
MEMORY = timedelta(days=90)
SPREAD = 2_654_435_761  # an odd number near 2^32 divided by the golden ratio


@dataclass(frozen=True, slots=True)
class Match:
    """A pattern that fits: the entry it shows in, and the numbers it rests on."""

    pattern: Pattern
    act: Act
    facts: Mapping[str, str | int] = field(default_factory=dict)


Rule = Callable[[Sequence[Act], datetime, Mapping[Limit, int]], Iterable[Match]]


def matches(known: Sequence[Act], since: datetime, limits: Mapping[Limit, int]) -> list[Match]:
    """Find what fits in the acts from an instant on; earlier ones are what is usual.

    `known` are acts in the order of the log, at best of the last 90 days. In the order of the log.
    """
    found = [match for rule in RULES for match in rule(known, since, limits)]
    return sorted(found, key=lambda match: (match.act.seq, match.pattern))


def _unexplained(known: Sequence[Act], since: datetime, _: Mapping[Limit, int]) -> Iterable[Match]:
    """Rule 1: somebody read what others brought, and nothing that is open explains it."""
    for act in known:
        is_explained = act.explained_by not in {"", "none"}
        if act.at >= since and act.others and _opened(act) and not is_explained:
            yield Match(Pattern.UNEXPLAINED, act)


def _stand_in(known: Sequence[Act], since: datetime, _: Mapping[Limit, int]) -> Iterable[Match]:
    """Rule 2: somebody stood in for a colleague who was at work in the same case that day."""
    present = {(act.actor, act.case_id, local_day(act.at)) for act in known if act.case_id}
    seen = set[tuple[str, str, date]]()
    for act in known:
        day = local_day(act.at)
        key = act.actor, act.case_id, day
        if act.at < since or not act.on_behalf_of or key in seen:
            continue
        if (act.on_behalf_of, act.case_id, day) in present:
            seen.add(key)
            yield Match(Pattern.STAND_IN, act)


def _emergency(known: Sequence[Act], since: datetime, _: Mapping[Limit, int]) -> Iterable[Match]:
    """Rule 5: an emergency access, always."""
    for act in known:
        if act.at >= since and act.action == Action.BREAK_GLASS:
            yield Match(Pattern.EMERGENCY, act)


def _unusual_hour(
    known: Sequence[Act], since: datetime, limits: Mapping[Limit, int]
) -> Iterable[Match]:
    """Rule 6: a case opened at an hour at which this person never worked in 90 days."""
    hours: defaultdict[str, Counter[int]] = defaultdict(Counter)
    told = set[tuple[str, date]]()
    for act in known:
        hour = act.at.astimezone(AMSTERDAM).hour
        usual = hours[act.actor]
        key = act.actor, local_day(act.at)
        is_known = usual.total() >= limits[Limit.KNOWN_ACTS]
        is_usual = any(usual[one % 24] for one in (hour - 1, hour, hour + 1))
        is_asked = act.at >= since and act.kind in OPENED and key not in told
        if is_asked and is_known and not is_usual:
            told.add(key)
            yield Match(Pattern.UNUSUAL_HOUR, act, {"hour": hour, "acts": usual.total()})
        usual[hour] += 1


def _volume(known: Sequence[Act], since: datetime, limits: Mapping[Limit, int]) -> Iterable[Match]:
    """Rule 7: more young people opened on one day than colleagues with this role usually open."""
    per_day: defaultdict[tuple[str, str, date], dict[str, Act]] = defaultdict(dict)
    for act in known:
        if act.kind in OPENED and act.subject:
            per_day[act.role, act.actor, local_day(act.at)].setdefault(act.subject, act)
    for (role, actor), days in groupby(sorted(per_day.items(), key=_whose), key=_whose):
        others = [
            len(people) for day, people in per_day.items() if day[0] == role and day[1] != actor
        ]
        most = max(limits[Limit.VOLUME_PER_DAY], _most_usual(others))
        for _, people in days:
            last = max(people.values(), key=lambda act: act.seq)
            if len(people) > most and last.at >= since:
                yield Match(Pattern.VOLUME, last, {"people": len(people), "usual": most})


def _whose(day: tuple[tuple[str, str, date], dict[str, Act]]) -> tuple[str, str]:
    """Give role and person of a day."""
    return day[0][:2]


def _most_usual(numbers: Sequence[int]) -> int:
    """Give the median and six times how far numbers lie from it; of nobody nothing is usual."""
    if not numbers:
        return 0
    middle = median(numbers)
    return int(middle + 6 * median(abs(number - middle) for number in numbers))


def _refused_then_allowed(
    known: Sequence[Act], since: datetime, limits: Mapping[Limit, int]
) -> Iterable[Match]:
    """Rule 8: refused again and again within ten minutes, then allowed on the same case."""
    refused: defaultdict[tuple[str, str], list[datetime]] = defaultdict(list)
    for act in known:
        key = act.actor, act.case_id
        if not act.case_id or not act.actor:
            continue
        if act.outcome == Outcome.DENY:
            refused[key].append(act.at)
        elif act.kind in OPENED and act.outcome in {Outcome.PERMIT, Outcome.MIXED}:
            recent = [at for at in refused.pop(key, []) if act.at - at <= BURST]
            if act.at >= since and len(recent) >= limits[Limit.REFUSALS]:
                yield Match(Pattern.REFUSED_THEN_ALLOWED, act, {"refusals": len(recent)})


def _searches(
    known: Sequence[Act], since: datetime, limits: Mapping[Limit, int]
) -> Iterable[Match]:
    """Rule 9: many searches on one day, and nothing written that day."""
    searched: defaultdict[tuple[str, date], list[Act]] = defaultdict(list)
    wrote = set[tuple[str, date]]()
    for act in known:
        key = act.actor, local_day(act.at)
        if act.kind == Kind.SEARCHED:
            searched[key].append(act)
        elif not act.kind and act.action in {Action.CREATE, Action.UPDATE, Action.PROVIDE}:
            wrote.add(key)
    for key, found in searched.items():
        is_new = found[-1].at >= since
        if is_new and len(found) > limits[Limit.SEARCHES_PER_DAY] and key not in wrote:
            yield Match(Pattern.SEARCHES, found[-1], {"searches": len(found)})


def _dormant(known: Sequence[Act], since: datetime, limits: Mapping[Limit, int]) -> Iterable[Match]:
    """Rule 11: an account that was silent for long opens a case again."""
    latest: dict[str, datetime] = {}
    for act in known:
        before = latest.get(act.actor)
        silent = act.at - before if before is not None else timedelta(0)
        if act.at >= since and act.actor and silent.days >= limits[Limit.DORMANT_DAYS]:
            yield Match(Pattern.DORMANT, act, {"days": silent.days})
        latest[act.actor] = act.at


def _sample(known: Sequence[Act], since: datetime, limits: Mapping[Limit, int]) -> Iterable[Match]:
    """Take about one opening in a hundred, to see whether the other rules miss anything.

    Which ones follows from their numbers, spread by a multiplication: everybody can check it.
    """
    for act in known:
        place = act.seq * SPREAD % 2**32 % 1000
        if act.at >= since and _opened(act) and place < limits[Limit.SAMPLE_PERMILLE]:
            yield Match(Pattern.SAMPLE, act)


def _opened(act: Act) -> bool:
    """Tell whether something of a case was opened, wholly or in part."""
    return act.action in READS and act.kind in OPENED and act.outcome != Outcome.DENY


RULES: tuple[Rule, ...] = (
    _unexplained,
    _stand_in,
    _emergency,
    _unusual_hour,
    _volume,
    _refused_then_allowed,
    _searches,
    _dormant,
    _sample,
)
