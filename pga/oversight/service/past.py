"""A proposed version over past decisions: what it would have closed and opened, in totals alone.

That is use of the log, so it is entered with its reason before anything is read. The log holds no
conditions that were met, and a case no earlier state: the state follows from its recorded steps,
and what hangs on a condition is counted apart. Only consultations are looked at; an entry of
bringing does not hold everybody for whom it was meant.
"""

from bisect import bisect
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from audit import queries as log
from audit.entries import Action, Entry, Kind, Line
from audit.queries import LARGEST_PAGE, Search
from audit.reading import Opened
from config import clock
from config.errors import ForbiddenError
from pga.agreements.editions import catalogue_named, catalogue_of
from pga.agreements.models import Agreement
from pga.agreements.queries import compiled, table_under
from pga.cases.rules import CaseState, age_on
from pga.changeover import queries
from pga.changeover.rerun import Again, Asked, again
from pga.changeover.rules import Told, stage_of_state, tell
from pga.changeover.service.previews import NotSoundError
from pga.oversight.rules import WHOLE, LookReason
from pga.oversight.service.bench import Bench
from pga.oversight.service.looking import enter, look
from pga.policy.catalogue import Catalogue
from pga.policy.catalogue_text import current
from pga.policy.codes import CATEGORIES, Category, Code, Partner, Purpose, Track
from pga.policy.compile import Table
from pga.policy.decide import CRIMINAL_AGE
from pga.policy.violations import GuardrailError

MOST = 5_000
"""Consultations that one run looks at, the newest first."""


@dataclass(frozen=True, slots=True)
class Run:
    """What an officer runs: a proposed version over consultations of these days, and why."""

    target: Agreement
    since: date
    until: date
    reason: str


@dataclass(frozen=True, slots=True)
class Row:
    """How many decisions on one category for one kind of partner would be otherwise."""

    consumer: Partner
    category: Category
    closed: Told | None
    opened: Told | None
    hangs: Told | None


@dataclass(frozen=True, slots=True)
class Totals:
    """The outcome of a run.

    `looked_at` counts decisions, `from_day` is the first day that was reached when there were too
    many, `has_faults` tells that entries did not match the log and were left out.
    """

    rows: Sequence[Row]
    looked_at: Told
    from_day: date | None
    has_faults: bool


def run_over_past(bench: Bench, run: Run) -> Totals:
    """Recompute past consultations under a proposed version, after its entry.

    Raises ForbiddenError for an officer who does not oversee this municipality whole, and
    NotSoundError for a version that goes over a limit of the law.
    """
    if not bench.is_whole or bench.place.municipality != run.target.municipality:
        raise ForbiddenError
    try:
        after = compiled(run.target.document, catalogue_of(run.target))
    except GuardrailError as error:
        raise NotSoundError from error
    entry = look(bench, Kind.SEARCHED, LookReason.ROUTINE, run.target.id.hex())
    enter(
        replace(
            entry,
            reason=run.reason,
            agreement_version=run.target.version,
            policy_hash=run.target.policy_hash,
            facts={
                "run": "past-decisions",
                "since": run.since.isoformat(),
                "until": run.until.isoformat(),
            },
        )
    )
    return _Recount(bench, run, after).totals()


class _Recount:
    """One run at work: the log is read page by page, and nothing of it is kept but counts."""

    def __init__(self, bench: Bench, run: Run, after: Table) -> None:
        self.run = run
        self.after = after
        self.track = Track(run.target.track)
        self.born = queries.birth_dates(run.target.municipality, run.target.track)
        self.reach = bench.reach_of([case_id.hex() for case_id in self.born])
        self.versions = {
            version.policy_hash: version
            for version in queries.versions_of([run.target.municipality])
        }
        self.has_faults = False
        self._editions: dict[str, Catalogue | None] = {}

    def totals(self) -> Totals:
        """Count what would be otherwise, by kind of partner and category."""
        counted: Counter[tuple[Partner, Category, Again]] = Counter()
        looked_at, read, from_day = 0, 0, None
        steps, failed = self._steps(), self._failed()
        for one in self._entries({Action.CONSULT}, kinds=WHOLE, since=self._since):
            read += 1
            if read > MOST:
                from_day = clock.local_day(one.at)
                break
            if one.entry.event_id in failed:
                continue
            for line in one.entry.lines:
                asked = self._asked(one, line, steps)
                if asked is not None:
                    looked_at += 1
                    outcome = again(Code(line.code), self._before(one.entry), self.after, asked)
                    counted[asked.consumer, asked.category, outcome] += 1
        return Totals(_rows(counted), tell(looked_at), from_day, self.has_faults)

    def _asked(self, one: Opened, line: Line, steps: Mapping[str, "_Steps"]) -> Asked | None:
        """Say again what was asked then; None for an own item and what no version decides on."""
        told = one.entry
        case_id = told.case_id or ""
        if line.rule == "OWNER" or line.category not in CATEGORIES[self.track]:
            return None
        if {line.provider, told.actor.partner} - set(Partner) or line.code not in set(Code):
            return None
        age = age_on(self.born.get(bytes.fromhex(case_id)), clock.local_day(one.at))
        state = steps[case_id].at(one.seq)
        return Asked(
            track=self.track,
            stage=stage_of_state(self.track, state),
            purpose=Purpose(told.purpose) if told.purpose in set(Purpose) else None,
            consumer=Partner(told.actor.partner),
            under_12=age is None or age < CRIMINAL_AGE,
            provider=Partner(line.provider),
            category=Category(line.category),
        )

    def _before(self, entry: Entry) -> Table | None:
        """Give the table an entry was decided with, if its text is still known."""
        version = self.versions.get(entry.policy_hash)
        limits = self._limits_of(entry)
        return None if version is None or limits is None else table_under(version, limits)

    def _limits_of(self, entry: Entry) -> Catalogue | None:
        """Give the edition of the limits that an entry names; one without is of the program."""
        name = str(entry.facts.get("limits", current().edition))
        if name not in self._editions:
            self._editions[name] = catalogue_named(name)
        return self._editions[name]

    def _steps(self) -> Mapping[str, "_Steps"]:
        """Read the steps of every case from the log, in their order."""
        found: defaultdict[str, _Steps] = defaultdict(_Steps)
        for one in reversed(list(self._entries({Action.TRANSITION}))):
            target = one.entry.facts.get("to")
            if one.entry.case_id is not None and target in set(CaseState):
                found[one.entry.case_id].add(one.seq, CaseState(str(target)))
        return found

    def _failed(self) -> frozenset[str | None]:
        """Tell which consultations failed before anything was shown: they were decided anew."""
        found = self._entries({Action.OUTCOME}, since=self._since)
        return frozenset(one.entry.names for one in found if not one.entry.closed_items)

    def _entries(
        self,
        actions: set[Action],
        *,
        kinds: Sequence[Kind | None] | None = None,
        since: datetime | None = None,
    ) -> Iterator[Opened]:
        """Read entries within reach, the newest first; what was doctored is left out."""
        before: int | None = None
        while True:
            search: Search = {
                "actions": actions,
                "kinds": kinds,
                "since": since,
                "until": self._end,
                "before": before,
                "within": self.reach,
            }
            page = log.accesses(limit=LARGEST_PAGE, **search)
            for access in page:
                if access.opened is None or access.fault:
                    self.has_faults = True
                else:
                    yield access.opened
            if len(page) < LARGEST_PAGE:
                return
            before = page[-1].seq

    @property
    def _since(self) -> datetime:
        """Give the instant from which consultations count."""
        return datetime.combine(self.run.since, time(), clock.AMSTERDAM)

    @property
    def _end(self) -> datetime:
        """Give the instant from which entries count no more; the last day is included."""
        return datetime.combine(self.run.until + timedelta(days=1), time(), clock.AMSTERDAM)


class _Steps:
    """The steps of one case: which state it was in at an entry of the log."""

    def __init__(self) -> None:
        self._numbers: list[int] = []
        self._states: list[CaseState] = []

    def add(self, seq: int, state: CaseState) -> None:
        """Note that a case came to a state; in the order of the log."""
        self._numbers.append(seq)
        self._states.append(state)

    def at(self, seq: int) -> CaseState:
        """Tell the state at an entry: before the first step a case is a signal."""
        place = bisect(self._numbers, seq)
        return self._states[place - 1] if place else CaseState.SIGNAL


def _rows(counted: Counter[tuple[Partner, Category, Again]]) -> list[Row]:
    """Make a row of each partner and category for which anything would be otherwise."""
    order = list(Partner)
    places = sorted(
        {(who, what) for who, what, outcome in counted if outcome is not Again.SAME},
        key=lambda place: (order.index(place[0]), place[1]),
    )

    def told(who: Partner, what: Category, outcome: Again) -> Told | None:
        count = counted[who, what, outcome]
        return tell(count) if count else None

    return [
        Row(
            who,
            what,
            told(who, what, Again.NOW_CLOSED),
            told(who, what, Again.NOW_OPEN),
            told(who, what, Again.HANGS),
        )
        for who, what in places
    ]
