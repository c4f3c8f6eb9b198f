"""The one line about the log: whether it is whole, and when that was verified."""

from flask_babel import gettext as _

from auth import current
from auth.rules import Role
from config import clock
from pga.oversight import queries
from pga.oversight.models import LogVerification
from pga.oversight.rules import BROKEN, LogVerdict, is_stale
from pga.web.filters import clock_time, moment
from pga.web.navigation import LogState, LogStatus

START = "oversight.start"


def log_status() -> LogStatus | None:
    """Give the line for the foot of every page, for officers only; one query for them."""
    if not current.is_signed_in() or not current.has_any_role(Role.PRIVACY_OFFICER, Role.DPO):
        return None
    return status_of(queries.last_verification())


def status_of(last: LogVerification | None) -> LogStatus:
    """Say what the last verification found and when."""
    if last is None:
        return LogStatus(LogState.UNSURE, _("The log was not checked yet."), START)
    is_today = clock.local_day(last.at) == clock.today()
    when = (
        _("at %(time)s", time=clock_time(last.at))
        if is_today
        else _("on %(moment)s", moment=moment(last.at))
    )
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
