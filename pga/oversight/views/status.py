"""The lines about log and records: whether they are whole, and when that was checked."""

from datetime import datetime

from flask_babel import gettext as _

from auth import current
from auth.rules import Role
from config import clock
from pga.oversight import queries
from pga.oversight.models import LogVerification, RecordCheck
from pga.oversight.rules import BROKEN, LogVerdict, is_stale
from pga.web.filters import clock_time, moment
from pga.web.navigation import LogState, LogStatus

START = "oversight.start"
SEVERITY = (LogState.WHOLE, LogState.UNSURE, LogState.BROKEN)


def log_status() -> LogStatus | None:
    """Give the line for the foot of every page, for officers only; two queries for them.

    It speaks of the log, unless something worse is known of the stored records.
    """
    if not current.is_signed_in() or not current.has_any_role(Role.PRIVACY_OFFICER, Role.DPO):
        return None
    log, records = status_of(queries.last_verification()), records_of(queries.last_record_check())
    return records if SEVERITY.index(records.state) > SEVERITY.index(log.state) else log


def status_of(last: LogVerification | None) -> LogStatus:
    """Say what the last verification found and when."""
    if last is None:
        return LogStatus(LogState.UNSURE, _("The log was not checked yet."), START)
    when = _when(last.at)
    if last.verdict in BROKEN:
        text = _("The log is not as it was written, checked %(when)s", when=when)
        return LogStatus(LogState.BROKEN, text, START)
    if last.verdict == LogVerdict.INCOMPLETE:
        text = _("The log could not be checked completely, tried %(when)s", when=when)
        return LogStatus(LogState.UNSURE, text, START)
    if is_stale(last.at, clock.now()):
        text = _("The log was last checked %(when)s, and was whole then", when=when)
        return LogStatus(LogState.UNSURE, text, START)
    return LogStatus(LogState.WHOLE, _("The log is whole, checked %(when)s", when=when))


def records_of(last: RecordCheck | None) -> LogStatus:
    """Say what the last check of all stored records found and when."""
    if last is None:
        return LogStatus(LogState.UNSURE, _("The records were not checked yet."), START)
    when = _when(last.at)
    if last.problems:
        text = _("Stored records are not as they were written, checked %(when)s", when=when)
        return LogStatus(LogState.BROKEN, text, START)
    if is_stale(last.at, clock.now()):
        text = _("The records were last checked %(when)s, and were whole then", when=when)
        return LogStatus(LogState.UNSURE, text, START)
    return LogStatus(LogState.WHOLE, _("The records are whole, checked %(when)s", when=when))


def _when(at: datetime) -> str:
    """Say the time of a check of today, else its day too."""
    if clock.local_day(at) == clock.today():
        return str(_("at %(time)s", time=clock_time(at)))
    return str(_("on %(moment)s", moment=moment(at)))
