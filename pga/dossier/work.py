"""My work: one list over every municipality a person serves, from what was disclosed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from audit import readers as log
from audit.entries import Kind
from config import clock
from pga.cases import queries as cases
from pga.cases.models import WorkTask
from pga.cases.rules import ENDED, INFORM_WITHIN_DAYS, CaseState
from pga.dossier.casefile import CaseFile
from pga.dossier.rules import AFTER_THE_END, ItemKind
from pga.dossier.service.tasks import Notice, notices
from pga.sharing.rules import release_holds
from pga.sharing.service.disclose import Disclosure, Look, OpenItem, Selection, disclose
from pga.sharing.service.seats import Viewer

SOON = timedelta(days=14)
LISTED = frozenset({ItemKind.IDENTITY, ItemKind.SIGNAL, ItemKind.ACTION})


@dataclass(frozen=True, slots=True)
class Due:
    """An open action of the viewer, due today or late."""

    file: CaseFile
    item: OpenItem

    @property
    def due_on(self) -> date | None:
        """Tell until when."""
        return self.item.row.due_on

    @property
    def is_late(self) -> bool:
        """Tell whether the day has passed."""
        return self.due_on is not None and self.due_on < clock.today()


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something that waits for the viewer in a case."""

    file: CaseFile
    task: WorkTask

    @property
    def is_late(self) -> bool:
        """Tell whether the moment has passed."""
        return self.task.due_at is not None and self.task.due_at < clock.now()


@dataclass(frozen=True, slots=True)
class Change:
    """A case with readable items that are newer than the viewer's last visit.

    `since` is that visit as UTC text, empty when there was none.
    """

    file: CaseFile
    count: int
    newest: datetime
    since: str


@dataclass(frozen=True, slots=True)
class Ending:
    """Something that ends soon in a case, or has ended: what, about which subjects, on which day.

    `about` is the thing itself where several cases share one, such as their agreement; `others`
    is how many more cases it ends in.
    """

    file: CaseFile
    kind: str
    on: date
    categories: Sequence[str] = ()
    about: bytes = b""
    others: int = 0

    @property
    def is_late(self) -> bool:
        """Tell whether the day has passed."""
        return self.on < clock.today()


@dataclass(slots=True)
class Work:
    """The four blocks of the page, each hidden when empty, and the cases behind them.

    `faulty` are the numbers of own cases that cannot be shown.
    """

    due: list[Due] = field(default_factory=list)
    waiting: list[Waiting] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    ending: list[Ending] = field(default_factory=list)
    files: list[CaseFile] = field(default_factory=list)
    faulty: list[str] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing waits."""
        return not (self.due or self.waiting or self.notices or self.changes or self.ending)


@dataclass(frozen=True, slots=True)
class Files:
    """The cases of a viewer, and the numbers of those that do not match the log."""

    running: Sequence[CaseFile]
    faulty: list[str]


def running_files(viewer: Viewer) -> Files:
    """Open names and actions of every case the viewer takes part in; one entry per case."""
    found = cases.case_ids_of_person(viewer.person_id, clock.today())
    opened = disclose(viewer, found, Look(Kind.LISTED, Selection(kinds=LISTED)))
    return Files(
        [CaseFile(opened[case_id]) for case_id in found if case_id in opened], opened.faulty
    )


def work_of(viewer: Viewer) -> Work:
    """Gather what a person must know this morning, in a fixed number of queries."""
    found = running_files(viewer)
    files = list(found.running)
    work = Work(
        files=files,
        faulty=found.faulty,
        notices=notices(viewer, {file.case.id for file in files}),
    )
    visits = log.last_opened(viewer.person_id.hex(), [file.case.id.hex() for file in files])
    for file in files:
        work.due += [Due(file, item) for item in _own_due(file)]
        work.waiting += [
            Waiting(file, task)
            for task in file.disclosure.work
            if file.facts.is_in_force or task.kind in AFTER_THE_END
        ]
        change = _change(file, visits.get(file.case.id.hex()))
        if change is not None:
            work.changes.append(change)
        work.ending += _endings(file)
    work.ending = _once(work.ending)
    work.due.sort(key=lambda due: due.due_on or date.max)
    work.waiting.sort(key=lambda w: (w.task.due_at is None, w.task.due_at or w.task.created_at))
    work.changes.sort(key=lambda change: change.newest, reverse=True)
    work.ending.sort(key=lambda ending: ending.on)
    return work


def _own_due(file: CaseFile) -> list[OpenItem]:
    """List the open actions of the viewer that are due within a week or late."""
    until = clock.today() + timedelta(days=7)
    return [
        item
        for item in file.actions
        if item.row.responsible_person_id is not None
        and item.row.responsible_person_id.hex() in file.seat.named_persons
        and item.row.due_on is not None
        and item.row.due_on <= until
    ]


def _change(file: CaseFile, visited: str | None) -> Change | None:
    """Count what is new for the viewer in a case; own writing is no news."""
    since = datetime.fromisoformat(visited) if visited else None
    newer = [at for at in _news(file.disclosure) if since is None or at > since]
    return Change(file, len(newer), max(newer), visited or "") if newer else None


def _news(disclosure: Disclosure) -> list[datetime]:
    """List when the readable items of others were written or changed."""
    return [
        judged.item.updated_at
        for judged in disclosure.judged
        if judged.is_allowed and not judged.is_own
    ]


def _once(endings: Iterable[Ending]) -> list[Ending]:
    """Say once what ends in several cases, with the first of them."""
    found: dict[tuple[str, bytes], Ending] = {}
    for ending in endings:
        key = (ending.kind, ending.about or ending.file.case.id)
        seen = found.get(key)
        found[key] = ending if seen is None else replace(seen, others=seen.others + 1)
    return list(found.values())


def _endings(file: CaseFile) -> list[Ending]:
    """List what ends within two weeks: own task, releases, decisions, agreement, informing.

    Nothing ends any more in a case that has ended itself. A release is told to its provider and
    its readers, who know it from the page of consent too (R-29).
    """
    today = clock.today()
    soon = today + SOON
    seat = file.seat
    if CaseState(file.case.state) in ENDED:
        return []
    found = []
    if seat.until_on <= soon:
        found.append(Ending(file, "task", seat.until_on))
    found += [
        Ending(file, "release", release.ends_on, sorted(release.categories), release.id)
        for release in file.facts.releases
        if release_holds(release, today)
        and release.ends_on <= soon
        and (
            seat.organisation_id in release.recipients
            or seat.owns(release.provider_organisation_id, release.provider)
        )
    ]
    found += [
        Ending(file, "decision", decision.valid_until, sorted(decision.categories), decision.id)
        for decision in file.facts.decisions
        if not decision.is_withdrawn
        and today <= decision.valid_until <= soon
        and decision.provider_organisation_id == seat.organisation_id
    ]
    agreement = file.facts.agreement
    if file.facts.is_in_force and agreement.valid_until <= soon:
        found.append(Ending(file, "agreement", agreement.valid_until, about=agreement.id))
    if seat.partner in {"GPR", "GCR"}:
        found += _terms_of_leads(file, soon)
    return found


def _terms_of_leads(file: CaseFile, soon: date) -> list[Ending]:
    """List what the leads of a case must do before a day: inform the youth, look again."""
    case, found = file.case, []
    month = clock.local_day(case.opened_at) + timedelta(days=INFORM_WITHIN_DAYS)
    inform_by = max(month, case.delay_until or month)
    is_near = file.informing.is_alarm or (case.delay_until is not None and inform_by <= soon)
    if case.informed_on is None and is_near:
        found.append(Ending(file, "informing", inform_by))
    if case.aftercare_until is not None and case.aftercare_until <= soon:
        found.append(Ending(file, "aftercare", case.aftercare_until))
    if case.review_due_on is not None and case.review_due_on <= soon:
        found.append(Ending(file, "review", case.review_due_on))
    return found
