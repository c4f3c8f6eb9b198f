"""The health of the log in words: what is so, and what somebody must do something about."""

from datetime import datetime

from flask_babel import gettext as _
from flask_babel import ngettext

from audit.standing import Standing
from config import clock
from pga.oversight.rules import LogVerdict, is_stale
from pga.oversight.service.standing import LogHealth
from pga.web.filters import clock_time, moment


def facts(health: LogHealth) -> list[tuple[str, str | int]]:
    """Say how the log stands, each with what is so."""
    found = health.standing
    return [
        (_("Entries in the log"), found.health.size),
        (_("Last checkpoint"), _checkpoint(found)),
        (_("Not signed yet"), _lag(found)),
        (_("Witnesses"), _witnesses(health)),
        (_("Held elsewhere"), _elsewhere(found)),
        (_("Last verification"), _verified(health)),
        (_("Clock"), _clock(found)),
    ]


def alarms(health: LogHealth) -> list[str]:
    """Say what somebody must do something about; nothing when all is as it should be."""
    found, last = health.standing, health.verified
    tests = [
        (
            not found.health.is_ok,
            _("The log takes no entries now, so nothing opens. Call who manages the program."),
        ),
        (
            found.is_unsigned,
            _("Entries wait too long for a signature. Ask whether the signer still runs."),
        ),
        (
            found.lacks_quorum,
            _("Too few witnesses signed in the last day. Ask the partners whose witness is away."),
        ),
        (
            not health.is_policy_read,
            _("The file that names the witnesses cannot be read. Call who manages the program."),
        ),
        (
            found.clock_step > 0,
            _("The clock of the program was set back. Times in the log stand still until then."),
        ),
        (
            last is None or is_stale(last.at, found.now),
            _("The daily verification of the log is overdue. You can start it below."),
        ),
    ]
    return [str(text) for is_so, text in tests if is_so]


def cautions(health: LogHealth) -> list[str]:
    """Say what nobody should be mistaken about."""
    if health.standing.is_held_elsewhere:
        return []
    return [
        _(
            "Nobody outside holds a checkpoint of this log yet. Who owns the database and the "
            "signing key could rewrite it without anybody else seeing that."
        )
    ]


def _checkpoint(found: Standing) -> str:
    """Say up to where the log is signed, and when."""
    if found.signed_at is None:
        return str(_("nothing signed yet"))
    return str(
        _("%(size)s entries, signed %(when)s", size=found.signed, when=_when(found.signed_at))
    )


def _lag(found: Standing) -> str:
    """Say how many entries wait for a signature, and since when."""
    if not found.lag or found.unsigned_since is None:
        return str(_("nothing"))
    return str(
        ngettext(
            "one entry, since %(when)s",
            "%(num)s entries, the oldest of %(when)s",
            found.lag,
            when=_when(found.unsigned_since),
        )
    )


def _witnesses(health: LogHealth) -> str:
    """Say who witnesses and how far they came."""
    found = health.standing
    if not health.is_policy_read:
        return str(_("unknown"))
    if not found.needed:
        return str(_("no witness is asked"))
    asked = _("%(needed)s of %(all)s must sign", needed=found.needed, all=found.witnesses)
    if found.quorum is None or found.quorum_at is None:
        return f"{asked}; {_('never enough signed')}"
    enough = _(
        "enough signed up to %(size)s entries, %(when)s",
        size=found.quorum.size,
        when=_when(found.quorum_at),
    )
    behind = ngettext("one entry behind", "%(num)s entries behind", found.witness_lag)
    return f"{asked}; {enough}" + (f"; {behind}" if found.witness_lag else "")


def _elsewhere(found: Standing) -> str:
    """Say where a checkpoint is held apart from witnesses."""
    held = []
    if found.stamped_at is not None:
        held.append(_("time stamp %(when)s", when=_when(found.stamped_at)))
    if found.mailed_at is not None:
        held.append(_("by mail %(when)s", when=_when(found.mailed_at)))
    return "; ".join(held) or str(_("no time stamp and no mail"))


def _verified(health: LogHealth) -> str:
    """Say what the last verification found, over how many entries and when."""
    last = health.verified
    if last is None:
        return str(_("never yet"))
    said = {
        LogVerdict.OK: _("whole"),
        LogVerdict.INCOMPLETE: _("could not be checked completely"),
    }.get(LogVerdict(last.verdict), _("not as it was written"))
    return str(
        _("%(size)s entries: %(said)s, %(when)s", size=last.size, said=said, when=_when(last.at))
    )


def _clock(found: Standing) -> str:
    """Say whether the clock was set back."""
    if not found.clock_step:
        return str(_("runs on"))
    return str(_("was set back %(seconds)s seconds", seconds=round(found.clock_step)))


def _when(at: datetime) -> str:
    """Say a time of today, else its day too."""
    if clock.local_day(at) == clock.today():
        return str(_("at %(time)s", time=clock_time(at)))
    return str(_("on %(moment)s", moment=moment(at)))
