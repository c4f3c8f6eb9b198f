"""After a change of a draft: what was written, and what it broke: limits and examples."""

from flask import flash
from flask_babel import gettext, ngettext

from pga.agreements import limit_words
from pga.agreements.editions import catalogue_of
from pga.agreements.models import Agreement
from pga.agreements.texts import outcomes_in, violations_in
from pga.policy.catalogue import Catalogue
from pga.policy.examples import broken_anew


def tell_saved(said: str, before: str, now: Agreement) -> None:
    """Say that a change is written; `before` is the text of the version before it.

    What was broken before is not told again, nor an example that comes out as before.
    """
    flash(said, "success")
    catalogue = catalogue_of(now)
    _tell_broken_limits(before, now.document, catalogue)
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


def _tell_broken_limits(before: str, now: str, catalogue: Catalogue) -> None:
    """Name the limits that a change breaks at a place where they held."""
    was = {str(one) for one in violations_in(before, catalogue)}
    found = [one for one in violations_in(now, catalogue) if str(one) not in was]
    names = list(dict.fromkeys(limit_words.name(one) for one in found))
    if names:
        told = ngettext(
            "By this %(num)s limit of law is broken: %(which)s.",
            "By this %(num)s limits of law are broken: %(which)s.",
            len(names),
            which=", ".join(names),
        )
        flash(f"{told} {gettext('While that is so, the version cannot be signed.')}", "warning")
