"""Dates and messages in words, in the language of the page; instants become Amsterdam time."""

from datetime import date, datetime
from functools import lru_cache

from babel.dates import format_date
from flask import Flask
from flask_babel import gettext

from config import clock
from pga.web.i18n import language, said_once


def day(value: date) -> str:
    """Write a day, or the Amsterdam day of an instant: 3 maart 2026."""
    return _day(_local(value), "d MMMM y", language())


def short_day(value: date) -> str:
    """Write a day for a list: 12 mei, with the year only when it is another year."""
    local = _local(value)
    pattern = "d MMM" if local.year == clock.today().year else "d MMM y"
    return _day(local, pattern, language())


def month(value: date) -> str:
    """Write the month of a day: maart 2026."""
    return _day(_local(value), "MMMM y", language())


def clock_time(value: datetime) -> str:
    """Write the Amsterdam time of an instant: 10:42."""
    return f"{value.astimezone(clock.AMSTERDAM):%H:%M}"


@said_once
def moment(value: datetime) -> str:
    """Write an instant: 3 maart 2026 om 10:42."""
    return str(gettext("%(day)s at %(time)s", day=day(value), time=clock_time(value)))


def until(value: date) -> str:
    """Write an end: a legal date includes its day, an instant does not."""
    if isinstance(value, datetime):
        return str(gettext("until %(moment)s", moment=moment(value)))
    return str(gettext("up to and including %(day)s", day=day(value)))


def iso(value: date) -> str:
    """Write a day or an instant for machines, as `<time datetime>` wants it."""
    if isinstance(value, datetime):
        return value.astimezone(clock.AMSTERDAM).isoformat(timespec="minutes")
    return value.isoformat()


def said(message: object) -> str:
    """Translate a message with its values: an explanation (`id`) or an error (`text`)."""
    message_id = getattr(message, "id", None) or getattr(message, "text", None)
    if message_id is None:
        return str(message)
    return str(gettext(str(message_id), **getattr(message, "values", {})))


def _local(value: date) -> date:
    """Give the day itself; instants are read in Amsterdam."""
    return clock.local_day(value) if isinstance(value, datetime) else value


@lru_cache(maxsize=4096)
def _day(value: date, pattern: str, spoken: str) -> str:
    """Write a day by a pattern; kept, because one page shows the same days again and again."""
    return format_date(value, pattern, locale=spoken)


def init_app(app: Flask) -> None:
    """Register the filters under their own names."""
    for function in (day, short_day, month, clock_time, moment, until, iso, said):
        app.add_template_filter(function)
