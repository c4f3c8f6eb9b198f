"""The plot: one youth's story as cues, day by day, from the signal to where the case stands now.

The path of every case is the same (signal, admission, triage, note, decision, informing, meeting,
plan, execution, and perhaps an end); its story adds what people wrote, shared and asked.
"""

from collections.abc import Iterator
from zlib import crc32

from pga.cases.models import InformDelay
from pga.cases.rules import CaseState, ParticipantTask, WorkKind
from pga.demo.habits import looks
from pga.demo.lines import action_line, columns, log_line, mention
from pga.demo.script import (
    Agree,
    Approve,
    Cue,
    Decide,
    Delay,
    End,
    FileIdentity,
    FileNumber,
    Finish,
    Inform,
    Name,
    Parents,
    Restrict,
    Review,
    StandIn,
    Start,
    Step,
    Tell,
    Tick,
    Weigh,
)
from pga.demo.sharing_plot import shared
from pga.demo.source import Raw, Region, Youth
from pga.dossier.rules import ACTIONS_OF, PLAN_OF, ItemKind, StepReason

# Days after the signal; the pace of a story stretches or shortens them.
ADMITTED, TRIAGED, WEIGHED, DECIDED, INFORMED, MET, DRAFTED, PLANNED, STARTED = (
    *(1, 3, 7, 8, 14, 20),
    *(21, 26, 28),
)
SHRINKS_BEFORE = 7
REVIEW_AFTER = 85
SHORT_TASK = 60
RUNNING = (CaseState.SUSPENDED, CaseState.SCALED_DOWN, CaseState.AFTERCARE, CaseState.CLOSED)
TURNED_AWAY = (CaseState.REJECTED, CaseState.REDIRECTED)
PATH = (
    CaseState.SIGNAL,
    CaseState.ADMISSIBLE,
    CaseState.TRIAGE,
    CaseState.DECIDED,
    CaseState.INFORMING,
    CaseState.MEETING,
    CaseState.PLAN_DRAFT,
    CaseState.IN_PROGRESS,
)


class Plot:
    """The cues of one youth."""

    def __init__(self, key: str, youth: Youth, region: Region) -> None:
        """Take a youth of the region."""
        self.key = key
        self.youth = youth
        self.region = region
        self.town = region.towns[youth.home]
        self.manager = youth.manager or self.town.manager
        self.lead = self.town.lead
        self.second = self.town.second
        self.state = CaseState(youth.state)

    def cues(self) -> list[Cue]:
        """Give every cue in the order in which it happens."""
        found = [
            *self._path(),
            *self._plan(),
            *self._log(),
            *self._people(),
            *self._reviews(),
            *shared(self.youth),
            *self._structural(),
            *self._looks(),
        ]
        return sorted(found, key=lambda cue: (-cue.days, cue.rank))

    def _day(self, after: int) -> int:
        """Give how many days ago a step of the path was."""
        return max(self.youth.opened - round(after * self.youth.pace), 0)

    def _reaches(self, state: CaseState) -> bool:
        """Tell whether the case came as far as a state of the path."""
        if self.state in TURNED_AWAY:
            return PATH.index(state) <= PATH.index(CaseState.TRIAGE)
        if self.state in RUNNING:
            return True
        return PATH.index(state) <= PATH.index(self.state)

    def _path(self) -> Iterator[Cue]:
        """Give the steps, each with what it needs."""
        lead, youth = self.lead, self.youth
        yield Cue(youth.opened, youth.by, Start())
        if self._reaches(CaseState.ADMISSIBLE):
            yield Cue(self._day(ADMITTED), lead, Step(CaseState.ADMISSIBLE), 1)
        if self._reaches(CaseState.TRIAGE):
            yield from self._triage()
        if self._reaches(CaseState.DECIDED):
            yield from self._decision()
        if self._reaches(CaseState.MEETING):
            yield Cue(self._day(MET), lead, Step(CaseState.MEETING), 1)
            for line in youth.decisions:
                yield Cue(self._day(MET), self.manager, self._decided(line), 5)
        if self._reaches(CaseState.PLAN_DRAFT):
            yield Cue(self._day(DRAFTED), lead, Step(CaseState.PLAN_DRAFT), 1)
        if self._reaches(CaseState.IN_PROGRESS):
            yield Cue(self._day(STARTED), self.manager, Step(CaseState.IN_PROGRESS), 1)
        yield from self._ending()

    def _triage(self) -> Iterator[Cue]:
        """Name who must look along, file the identity, and weigh."""
        day, youth = self._day(TRIAGED), self.youth
        yield Cue(day, self.lead, Step(CaseState.TRIAGE), 1)
        if self.state in TURNED_AWAY:
            reason = StepReason(youth.reason)
            yield Cue(youth.ended, self.lead, Tick(WorkKind.INFORM_YOUTH), 89)
            yield Cue(youth.ended, self.lead, Step(self.state, reason), 90)
            return
        readers = (youth.by, *youth.team, self.manager)
        yield Cue(day, self.lead, FileIdentity(tuple(dict.fromkeys(readers))), 5)
        yield Cue(day, self.lead, Name((self.second,), ParticipantTask.PROCESS, SHORT_TASK), 3)
        team = tuple(person for person in youth.team if person != youth.by)
        if team:
            yield Cue(day, self.lead, Name(team, ParticipantTask.CONTRIBUTION), 4)
        waits = self.state is CaseState.TRIAGE
        author = self.second if waits else self.lead
        if not waits or crc32(self.key.encode()) % 2:
            yield Cue(self._day(WEIGHED), author, Weigh(self._weighing(youth.weighing)), 1)

    def _decision(self) -> Iterator[Cue]:
        """Approve the note, decide, name the case manager, and inform."""
        day, youth = self._day(DECIDED), self.youth
        yield Cue(day, self.second, Approve(), 1)
        yield Cue(day, self.lead, Step(CaseState.DECIDED), 2)
        yield Cue(day, self.lead, Name((self.manager,), ParticipantTask.CASE_MANAGEMENT), 3)
        yield Cue(day, self.lead, Step(CaseState.INFORMING), 4)
        if youth.bsn and youth.track == "youth":
            yield Cue(day, self.lead, FileNumber(self.manager), 5)
        if youth.guardians:
            yield Cue(day, self.manager, Parents(tuple(youth.guardians)), 5)
        if youth.delay is not None:
            delay = Delay(InformDelay(youth.delay["why"]), youth.delay["until"])
            yield Cue(youth.delay["day"], self.lead, delay, 6)
        if youth.informed != "none":
            yield Cue(self._day(INFORMED), self.manager, Inform(), 1)
        for line in map(mention, youth.answered):
            yield Cue(line.days, line.by, Tick(WorkKind.QUESTION), 60)

    def _weighing(self, raw: Raw | None) -> tuple[str, str, str, str]:
        """Give the answers of the note over the case: its own, or one of the shared texts."""
        if raw is not None:
            return (
                f"{raw['question']} {raw['why']}",
                "Per onderdeel is gekeken wie het nodig heeft. De kring is klein.",
                raw["other"],
                raw["child"],
            )
        texts = self.region.texts["weighings"]
        return four(texts[crc32(self.key.encode()) % len(texts)])

    def _ending(self) -> Iterator[Cue]:
        """Give the steps after the plan ran: suspended, scaled down, aftercare, closed."""
        youth = self.youth
        if self.state not in RUNNING:
            return
        if self.state is CaseState.SUSPENDED:
            reason = StepReason(youth.reason)
            yield Cue(youth.ended, self.lead, Step(self.state, reason), 90)
            return
        is_last = self.state is CaseState.SCALED_DOWN
        before = youth.ended if is_last else youth.ended + SHRINKS_BEFORE
        reached = StepReason.GOALS_REACHED
        yield Cue(before, self.lead, Step(CaseState.SCALED_DOWN, reached), 90)
        if not is_last:
            step = Step(self.state, reached, youth.aftercare)
            yield Cue(youth.ended, self.lead, step, 91)

    def _plan(self) -> Iterator[Cue]:
        """Give the goals in the youth's own words, the youth's view, and the actions."""
        youth, plan = self.youth, PLAN_OF[self.youth.track]
        if youth.view:
            view = Tell(ItemKind.YOUTH_VIEW, plan, f"Wat {youth.name[0]} ervan vindt", youth.view)
            yield Cue(self._day(MET), self.manager, view, 4)
        for line in youth.goals:
            title, text, own_words = columns(line, 3)
            goal = Tell(ItemKind.GOAL, plan, title, text, own_words=own_words)
            yield Cue(self._day(PLANNED), self.manager, goal, 1)
        for number, line in enumerate(youth.actions):
            action, name = action_line(line), f"action {number}"
            agreed = self._day(PLANNED) if action.agreed is None else action.agreed
            act = Agree(action.person, action.due, action.title, action.text, name)
            yield Cue(agreed, self.manager, act, 30)
            if action.done is not None:
                yield Cue(action.done, action.person, Finish(name), 60)

    def _log(self) -> Iterator[Cue]:
        """Give what people did and wrote."""
        track = self.youth.track
        for line in map(log_line, self.youth.log):
            if line.what in {"intervention", "says"}:
                act = Tell(ItemKind.INTERVENTION, PLAN_OF[track], line.title, line.text)
            elif line.what == "decision":
                act = Tell(ItemKind.DECISION, ACTIONS_OF[track], line.title, line.text)
            else:
                kind = ItemKind.FAMILY if line.what in {"D03", "G02"} else ItemKind.CONTRIBUTION
                act = Tell(kind, line.what, line.title, line.text, line.to, line.name)
            yield Cue(line.days, line.by, act, 50)

    def _decided(self, line: str) -> Tell:
        """Turn a line into a decision of the meeting."""
        title, text = columns(line, 2)
        return Tell(ItemKind.DECISION, ACTIONS_OF[self.youth.track], title, text)

    def _people(self) -> Iterator[Cue]:
        """Give who stood in for whom, who left, and what restricts the case."""
        for row in self.youth.replacements:
            act = StandIn(row["for"], row["by"], row["until"])
            yield Cue(row["day"], self.lead, act, 10)
        for line in map(mention, self.youth.left):
            yield Cue(line.days, self.lead, End(line.by), 80)
        if self.youth.restricted is not None:
            yield Cue(self.youth.restricted, self.lead, Restrict(), 80)

    def _reviews(self) -> Iterator[Cue]:
        """Look again every three months, so that no case is read-only by neglect (R-34)."""
        if self.youth.review == "none" or not self._reaches(CaseState.DECIDED):
            return
        last = self.youth.ended if self.state is CaseState.CLOSED else 0
        day = self._day(DECIDED) - REVIEW_AFTER
        while day > last:
            yield Cue(day, self.manager, Review(), 70)
            day -= REVIEW_AFTER

    def _looks(self) -> Iterator[Cue]:
        """Let people open a case that still runs."""
        if self._reaches(CaseState.DECIDED) and self.state is not CaseState.CLOSED:
            people = {self.youth.by: None, self.manager: None} | dict.fromkeys(self.youth.team)
            yield from looks(self.key, self.youth, list(people))

    def _structural(self) -> Iterator[Cue]:
        """Give the decisions that hold for the whole municipality, recorded at this table."""
        for row in self.region.decisions:
            if row["youth"] == self.key:
                yield Cue(row["day"], row["by"], decide(row, is_structural=True), 20)
        for row in self.youth.disclosures:
            yield Cue(row["decided"], row["by"], decide(row, is_structural=False), 20)


def four(line: str) -> tuple[str, str, str, str]:
    """Split a line into the four answers of a weighing note."""
    first, second, third, fourth = columns(line, 4)
    return first, second, third, fourth


def decide(row: Raw, *, is_structural: bool) -> Decide:
    """Turn a row into a decision to provide."""
    return Decide(
        article=row["article"],
        number=row["number"],
        about=tuple(row["about"]),
        to=tuple(row["to"]),
        until=row["until"],
        authority=row["authority"],
        conditions=row["conditions"],
        is_structural=is_structural,
    )
