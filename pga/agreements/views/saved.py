"""After a change of a draft: what was written, and which examples no longer come out by it."""

from flask import flash
from flask_babel import gettext, ngettext

from pga.agreements.editions import catalogue_of
from pga.agreements.models import Agreement
from pga.agreements.texts import outcomes_in
from pga.policy.examples import broken_anew


def tell_saved(said: str, before: str, now: Agreement) -> None:
    """Say that a change is written; `before` is the text of the version before it.

    An example that comes out as before is not told, whether it holds or not.
    """
    flash(said, "success")
    catalogue = catalogue_of(now)
    was, is_now = (outcomes_in(text, catalogue) for text in (before, now.document))
    broken = [outcome.example.text for outcome in broken_anew(was, is_now)]
    if broken:
        told = ngettext(
            "By this %(num)s example no longer comes out: %(which)s",
            "By this %(num)s examples no longer come out: %(which)s",
            len(broken),
            which=" ".join(f"“{text}”" for text in broken),
        )
        flash(f"{told} {gettext('While that is so, the version cannot be signed.')}", "warning")
