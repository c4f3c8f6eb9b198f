"""The citizen's extract: prepared from the log, checked line by line, released, and printed.

Each step is an entry of its own. What a line says is read from the log anew each time, held
against its leaf, and only within what the bench may be shown.
"""

from bisect import bisect_right
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from audit import queries as log
from audit.entries import Action, Entry, Kind
from audit.queries import Access
from auth.rules import Role
from config import clock
from config.database import db, transaction
from config.errors import ConflictError, ForbiddenError, InvalidInputError, NotFoundError
from config.ids import from_hex, new_id
from pga.cases import queries as cases
from pga.cases.models import Case
from pga.cases.rules import age_on
from pga.oversight import extracts, queries
from pga.oversight.extracts import EXTRACTED, Applicant, Caution, Ruling
from pga.oversight.models import CitizenExtract, ExtractLine
from pga.oversight.queries import CaseName
from pga.oversight.rules import IN_PASSING, LookReason, fold
from pga.oversight.service.asking import Question, all_of
from pga.oversight.service.bench import Bench
from pga.oversight.service.copying import MOST_ROWS, TooMuchToCopyError
from pga.oversight.service.looking import cases_of_youth, enter, look
from pga.oversight.service.rows import Directory, Row

MOST_LINES = 200
"""More lines than this nobody checks one by one with care."""


class TooManyLinesError(TooMuchToCopyError):
    """These days give more lines than one extract may hold.

    `until` is the last day up to which they fit; None when it cannot be told.
    """

    code = "too-many-lines"

    def __init__(self, until: date | None = None) -> None:
        """Keep the day up to which an extract can be made."""
        super().__init__()
        self.until = until


class UncheckedExtractError(ConflictError):
    """Not every line of an extract was decided on, so it is not released."""

    code = "extract-unchecked"
    message = "Decide on every line first. Nothing is released unchecked."


class DoctoredExtractError(ConflictError):
    """A line rests on an entry that is gone or was changed, so the extract is not released."""

    code = "extract-doctored"
    message = "A line no longer matches the log. Check the log first, and prepare the extract anew."


@dataclass(frozen=True, slots=True)
class Wanted:
    """Who asked for an extract and when, and over which days; both are included."""

    asked_by: Applicant
    asked_on: date
    since: date
    until: date


@dataclass(frozen=True, slots=True)
class Told:
    """One line as the log says it: the acts it tells of, and what it must be looked at for.

    `row` is None when an entry is gone or no longer what it was.
    """

    line: ExtractLine
    row: Row | None
    cautions: tuple[Caution, ...]

    @property
    def ruling(self) -> Ruling | None:
        """Give what was decided; None until then."""
        return Ruling(self.line.ruling) if self.line.ruling else None

    @property
    def is_given(self) -> bool:
        """Tell whether this line stands in what the youth gets."""
        return self.ruling is Ruling.GIVE


@dataclass(frozen=True, slots=True)
class Extract:
    """An extract with its lines, at the bench that oversees the case."""

    bench: Bench
    row: CitizenExtract
    case: CaseName
    lines: Sequence[Told]

    @property
    def given(self) -> list[Row]:
        """List what the youth gets."""
        return [one.row for one in self.lines if one.is_given and one.row is not None]

    @property
    def is_partly_refused(self) -> bool:
        """Tell whether a line was refused: then the youth is told how to object (Awb 6:7)."""
        return any(one.ruling is not None and not one.is_given for one in self.lines)


def extracts_of(found: Sequence[Bench], case_id: bytes) -> tuple[Bench, Sequence[CitizenExtract]]:
    """List the extracts of a case, the newest first; reads nothing of the log.

    Raises NotFoundError, after one entry, for a case outside every bench, and ForbiddenError for
    a partner's officer: the municipality answers for the case.
    """
    bench, _theirs = _answering(found, case_id)
    return bench, queries.extracts_of(case_id)


def prepare(found: Sequence[Bench], case_id: bytes, wanted: Wanted) -> bytes:
    """Prepare an extract over all cases of a youth within the bench, and give its id.

    Raises InvalidInputError when this applicant may not ask, TooManyLinesError when there is too
    much for one extract; NotFoundError and ForbiddenError as `extracts_of` does.
    """
    bench, theirs = _answering(found, case_id)
    _may_execute(bench)
    born_on = cases.cases_by_id([case_id])[case_id].born_on
    if not extracts.may_ask(wanted.asked_by, age_on(born_on, clock.today())):
        message = "Somebody else must ask: the young person from sixteen on, before that a parent."
        raise InvalidInputError({"asked_by": [message]})
    row = CitizenExtract(
        id=new_id(),
        case_id=case_id,
        organisation_id=bench.place.organisation_id,
        asked_by=wanted.asked_by,
        asked_on=wanted.asked_on,
        since=wanted.since,
        until=wanted.until,
        prepared_by=bench.viewer.person_id,
        prepared_at=clock.now(),
    )
    _enter(bench, theirs, row, "prepared")
    question = Question(LookReason.REQUEST, since=wanted.since, until=wanted.until)
    accesses = all_of(bench.reach_of(theirs), question, EXTRACTED, most=MOST_ROWS)
    lines = [] if accesses is None else _folded(bench, accesses)
    if accesses is None:
        raise TooManyLinesError
    if len(lines) > MOST_LINES:
        raise TooManyLinesError(_last_day_that_fits(bench, accesses))
    with transaction():
        db.session.add(row)
        db.session.flush()
        db.session.add_all(
            ExtractLine(
                id=new_id(), extract_id=row.id, position=position, part=part, entries=numbers
            )
            for position, (part, numbers) in enumerate(lines)
        )
    return row.id


def read(found: Sequence[Bench], extract_id: bytes) -> Extract:
    """Read an extract with what the log says on each line; the look is entered first.

    Raises NotFoundError for one that is not there or not overseen from any bench.
    """
    row, bench, theirs = _overseen(found, extract_id)
    _enter(bench, theirs, row, "read")
    return _extract(row, bench, theirs)


def decide(found: Sequence[Bench], extract_id: bytes, rulings: Mapping[bytes, Ruling]) -> Extract:
    """Keep what was decided on lines, by their id; lines that are not named stay undecided.

    Raises InvalidInputError when a ground does not fit a line, ConflictError once it is released,
    NotFoundError as `read` does.
    """
    row, bench, theirs = _overseen(found, extract_id)
    _may_execute(bench)
    if row.released_at is not None:
        raise ConflictError
    extract = _extract(row, bench, theirs)
    wrong = {
        f"lines.{one.line.position}.ruling": ["This ground is for police data only (Wpg 27)."]
        for one in extract.lines
        if (chosen := rulings.get(one.line.id)) and chosen not in extracts.rulings(one.cautions)
    }
    if wrong:
        raise InvalidInputError(wrong)
    refused = [one for one in rulings.values() if one is not Ruling.GIVE]
    _enter(bench, theirs, row, "checked", decided=len(rulings), refused=len(refused))
    with transaction():
        for one in extract.lines:
            one.line.ruling = rulings.get(one.line.id, "")
    return extract


def release(found: Sequence[Bench], extract_id: bytes) -> None:
    """Release an extract: from now on it can be printed, and nothing in it changes any more.

    Raises UncheckedExtractError while a line is undecided, DoctoredExtractError when a line no
    longer matches the log, ConflictError when it is released already.
    """
    row, bench, theirs = _overseen(found, extract_id)
    _may_execute(bench)
    if row.released_at is not None:
        raise ConflictError
    extract = _extract(row, bench, theirs)
    if any(one.ruling is None for one in extract.lines):
        raise UncheckedExtractError
    if any(one.row is None for one in extract.lines):
        raise DoctoredExtractError
    grounds = sorted({str(one.ruling) for one in extract.lines if not one.is_given})
    _enter(bench, theirs, row, "released", given=len(extract.given), grounds=" ".join(grounds))
    with transaction():
        row.released_at = clock.now()
        row.released_by = bench.viewer.person_id


def hand_out(found: Sequence[Bench], extract_id: bytes, kind: Kind) -> Extract:
    """Give a released extract to print or to keep; that is entered, of which kind.

    Raises UncheckedExtractError before its release, DoctoredExtractError when what is given no
    longer matches the log, NotFoundError as `read` does.
    """
    row, bench, theirs = _overseen(found, extract_id)
    _may_execute(bench)
    if row.released_at is None:
        raise UncheckedExtractError
    extract = _extract(row, bench, theirs)
    if any(one.is_given and one.row is None for one in extract.lines):
        raise DoctoredExtractError
    _enter(bench, theirs, row, "handed out", kind)
    return extract


def may_execute(bench: Bench) -> bool:
    """Tell whether an officer prepares, decides and hands out; the FG only reads (AVG 38(6))."""
    return bench.place.role == Role.PRIVACY_OFFICER


def _may_execute(bench: Bench) -> None:
    """Raise ForbiddenError for an officer who may only read."""
    if not may_execute(bench):
        raise ForbiddenError


def _answering(found: Sequence[Bench], case_id: bytes) -> tuple[Bench, list[str]]:
    """Find the bench of the municipality that answers for a case, and all cases of its youth."""
    bench, theirs = cases_of_youth(found, case_id)
    if not bench.is_whole:
        raise ForbiddenError
    return bench, theirs


def _overseen(found: Sequence[Bench], extract_id: bytes) -> tuple[CitizenExtract, Bench, list[str]]:
    """Find an extract with its bench; the address of another says no more than a made-up one."""
    row = queries.extract(extract_id)
    bench = next(
        (
            one
            for one in found
            if row is not None
            and one.is_whole
            and one.place.organisation_id == row.organisation_id
            and row.case_id.hex() in one.cases
        ),
        None,
    )
    if row is None or bench is None:
        raise NotFoundError
    return row, *cases_of_youth([bench], row.case_id)


def _extract(row: CitizenExtract, bench: Bench, theirs: Sequence[str]) -> Extract:
    """Read the lines of an extract from the log; six queries, whatever their number."""
    lines = queries.extract_lines(row.id)
    numbers = [seq for line in lines for seq in line.entries]
    found = {one.seq: one for one in log.accesses_at(numbers, bench.reach_of(theirs))}
    names = Directory(bench, (found.values(),))
    files = cases.cases_by_id([from_hex(one) for one in theirs])
    told = []
    for line in lines:
        accesses = [found[seq] for seq in line.entries if seq in found]
        row_ = names.row(tuple(accesses)) if accesses else None
        is_whole = len(accesses) == len(line.entries) and not any(
            one.fault or one.entry is None for one in accesses
        )
        acts = row_.entries if row_ else []
        told.append(Told(line, row_ if is_whole else None, _cautions(acts, line.part, files)))
    return Extract(bench, row, bench.cases[row.case_id.hex()], told)


def _cautions(acts: Sequence[Entry], part: str, files: Mapping[bytes, Case]) -> tuple[Caution, ...]:
    """Look at the acts of a line and at the cases they were done in."""
    known = [files[key] for one in acts if one.case_id and (key := from_hex(one.case_id)) in files]
    today = clock.today()
    return extracts.cautions(
        acts,
        part,
        is_informed=all(one.informed_on is not None for one in known),
        is_delayed=any(one.delay_until is not None and one.delay_until >= today for one in known),
    )


def _folded(bench: Bench, accesses: Sequence[Access]) -> list[tuple[str, list[int]]]:
    """Put acts that one sentence tells together, the oldest first; give their part and numbers.

    An entry that was doctored, or leads outside the bench, stands alone: it is looked into first.
    """
    kept = {one.event_id for one in extracts.told(a.entry for a in accesses if a.entry is not None)}
    ordered = [
        (part, one)
        for one in reversed(accesses)
        if one.entry is None or one.entry.event_id in kept
        for part in ([""] if one.entry is None else extracts.parts(one.entry))
    ]
    names = Directory(bench, (accesses,))

    def key(part_of: tuple[str, Access]) -> Hashable | None:
        part, access = part_of
        told = access.opened
        if told is None or access.fault:
            return None
        entry, day = told.entry, clock.local_day(told.at)
        when = day.replace(day=1) if entry.kind in IN_PASSING else day
        why = entry.explained_by.kind if entry.explained_by else ""
        who = names.who(entry.actor)
        same = (who.organisation, who.partner, entry.action, entry.kind, entry.purpose)
        return when, entry.kind in IN_PASSING, part, *same, why

    return [(members[0][0], [one.seq for _part, one in members]) for members in fold(ordered, key)]


def _last_day_that_fits(bench: Bench, accesses: Sequence[Access]) -> date | None:
    """Tell up to which day the lines fit in one extract; None when the first day is too much."""
    day_of = {one.seq: clock.local_day(one.opened.at) if one.opened else None for one in accesses}
    days = sorted({day for day in day_of.values() if day is not None})

    def lines_until(last: date) -> int:
        kept = [one for one in accesses if (day := day_of[one.seq]) is None or day <= last]
        return len(_folded(bench, kept))

    fitting = bisect_right(days, MOST_LINES, key=lines_until)
    return days[fitting - 1] if fitting else None


def _enter(
    bench: Bench,
    theirs: Sequence[str],
    row: CitizenExtract,
    step: str,
    kind: Kind | None = None,
    **facts: str | int,
) -> None:
    """Enter a step of a request of the youth, on each of the cases it is about."""
    about: dict[str, str | int] = {
        "extract": row.id.hex(),
        "step": step,
        "since": row.since.isoformat(),
        "until": row.until.isoformat(),
        **{name: value for name, value in facts.items() if value != ""},
    }
    looks = [look(bench, Kind.OPENED, LookReason.REQUEST, one, bench.cases[one]) for one in theirs]
    enter(*(replace(one, action=Action.RIGHTS_REQ, kind=kind, facts=about) for one in looks))
