"""The monthly report in words: one place says each figure, for the page and for the paper."""

from collections.abc import Mapping

from flask_babel import gettext as _

from auth.models import Organisation
from config.ids import from_hex
from pga.oversight import review_words
from pga.oversight.printing import Paper, Part
from pga.oversight.service.report import Report
from pga.web.filters import day, month

Counted = list[tuple[str, int]]
Figures = list[tuple[str, str | int]]


def title(report: Report) -> str:
    """Name the report."""
    return str(_("Use of the log in %(month)s", month=month(report.month)))


def lead() -> str:
    """Say what stands in no report."""
    return str(_("Counts only. No person, no case and no content stands in this report."))


def figures(report: Report) -> Figures:
    """Say what happened, each with its number."""
    return [
        (_("Opened what others brought"), report.opened),
        (_("Of these explained by a task, action or release"), f"{report.share_explained}%"),
        (_("Seen in a list or search result"), report.listed),
        (_("Written"), report.written),
        (_("Refused"), report.refused),
        (_("Emergencies"), report.emergencies),
        (_("Looks into the log by officers"), report.looks),
    ]


def by_organisation(report: Report, names: Mapping[bytes, Organisation]) -> Counted:
    """Say how often each organisation opened what others brought."""
    found = [
        (names.get(from_hex(one)) if one else None, count) for one, count in report.by_organisation
    ]
    return [(one.name if one else _("Unknown"), count) for one, count in found]


def by_check(report: Report) -> Counted:
    """Say how often each check found something."""
    return [(str(review_words.name(pattern)), count) for pattern, count in report.found]


def judged(report: Report) -> Counted:
    """Say how accesses were judged, and how many wait."""
    found = [(str(review_words.outcome(outcome)), count) for outcome, count in report.judged]
    return [*found, (_("Still waiting"), report.waiting)]


def paper_of(report: Report, names: Mapping[bytes, Organisation], place: str) -> Paper:
    """Put a report on paper, with the figures of the page."""
    number = _("How often")
    parts = [Part(_("Accesses"), head=(_("What happened"), number), rows=figures(report))]
    if report.by_organisation:
        head = (_("Organisation"), number)
        rows = by_organisation(report, names)
        parts.append(Part(_("Opened what others brought, by organisation"), head=head, rows=rows))
    if report.found:
        parts.append(
            Part(
                _("What asked for an explanation"),
                head=(_("By check"), number),
                rows=by_check(report),
            )
        )
        parts.append(
            Part(_("How it was judged"), head=(_("Judgement"), number), rows=judged(report))
        )
    else:
        parts.append(Part(_("What asked for an explanation"), [nothing_found()]))
    return Paper(
        title=title(report),
        author=place,
        made_at=report.made_at,
        facts=[(_("Made on"), day(report.made_at))],
        lead=[lead()],
        parts=parts,
    )


def nothing_found() -> str:
    """Say that no check found anything."""
    return str(_("In this month no access asked for an explanation."))
