"""Faults in the file of an agreement in plain words; the names of its keys stay as they are."""

from collections.abc import Iterable
from typing import Final

from flask_babel import gettext

from pga.policy.nodes import Problem
from pga.web.forms import Saying

# The first that fits counts.
_SAYINGS: Final = (
    Saying("this is no known kind of check", "This is no kind of limit that the program knows."),
    Saying("check (?P<code>.+) stands twice", "The check “%(code)s” stands twice."),
    Saying(
        "code must be capitals and digits, as in G1 or R-24",
        "A code is written in capitals and digits, such as G1 or R-24.",
    ),
    Saying(
        "check (?P<code>.+) asks something else, still under version (?P<version>.+)",
        "Limit %(code)s asks something else now, so it needs a version above %(version)s.",
    ),
    Saying("version is counted from 1", "Versions are counted from 1."),
    Saying("a check of this kind has no '(?P<key>.+)'", "A limit of this kind has no “%(key)s”."),
    Saying("a check of this kind needs '(?P<key>.+)'", "A limit of this kind needs “%(key)s”."),
    Saying("no cell can ask (?P<condition>.+) on .+", "No cell can ask %(condition)s there."),
    Saying("the list of (?P<what>.+) is empty", "The list of “%(what)s” is empty."),
    Saying("(?P<key>.+) holds a percent sign", "A percent sign cannot stand in “%(key)s”."),
    Saying(
        "'(?P<key>.+)' stands twice in (?P<what>.+); first on line (?P<line>.+)",
        "“%(key)s” stands twice in “%(what)s”; the first time on line %(line)s.",
    ),
    Saying("unknown key '(?P<key>.+)' in (?P<what>.+)", "“%(what)s” knows no key “%(key)s”."),
    Saying("(?P<what>.+) has no '(?P<key>.+)'", "“%(what)s” lacks the key “%(key)s”."),
    Saying(
        "(?P<what>.+) must be a mapping of keys and values",
        "“%(what)s” must be keys with values.",
    ),
    Saying("(?P<what>.+) must be a list", "“%(what)s” must be a list."),
    Saying("(?P<what>.+) must be a text", "“%(what)s” must be one text."),
    Saying(
        "the remark on (?P<partner>.+) (?P<code>.+) is empty",
        "The remark on the cell %(partner)s %(code)s is empty.",
    ),
    Saying("(?P<what>.+) is empty", "“%(what)s” is empty."),
    Saying(
        "(?P<what>.+) must be a day, as in 2026-01-31",
        "“%(what)s” must be a day, written as 2026-01-31.",
    ),
    Saying("(?P<what>.+) must be a whole number", "“%(what)s” must be a whole number."),
    Saying("(?P<what>.+) must be true or false", "“%(what)s” must be true or false."),
    Saying("'(?P<place>.+)' is no known place", "“%(place)s” is no place of an agreement."),
    Saying(
        "'(?P<code>.+)' is no known (?P<what>.+)",
        "“%(code)s” is not on the list of “%(what)s”.",
    ),
    Saying(
        "the example '(?P<text>.+)' asks what another already asks",
        "The example “%(text)s” asks what another already asks.",
    ),
    Saying(
        "(?:clause |purpose |non-purpose )?'?(?P<code>.+?)'? stands twice",
        "“%(code)s” stands twice.",
    ),
    Saying(
        "derived_from names the agreement itself",
        "An agreement is not derived from itself.",
    ),
    Saying(
        "id is longer than (?P<count>.+) characters",
        "The id of a clause has at most %(count)s characters.",
    ),
    Saying(
        "cell (?P<partner>.+) (?P<code>.+): '(?P<cell>.+)' is no cell: .+",
        "The cell %(partner)s %(code)s is “%(cell)s”. Write bring/see, as in 1/R1, 2nb/R2n or X/X.",
    ),
    Saying(
        "cell (?P<partner>.+) (?P<code>.+): '(?P<cell>.+)' names a condition twice",
        "The cell %(partner)s %(code)s names a condition twice.",
    ),
    Saying(
        "cell (?P<partner>.+) (?P<code>.+): only ZVH takes a handover .+",
        "The cell %(partner)s %(code)s gives a handover; only the care and safety house takes one.",
    ),
    Saying(
        "(?P<other>.+) already speaks on (?P<code>.+)",
        "The clause “%(other)s” already speaks on %(code)s.",
    ),
    Saying(
        "(?P<code>.+) is no (?P<what>category|purpose) of (?:this )?track ?(?P<track>.*)",
        "%(code)s does not belong to this track.",
    ),
    Saying("'(?P<code>.+)' is no legal basis", "“%(code)s” is no legal basis."),
    Saying(
        "'(?P<code>.+)' is no task or article of a legal basis",
        "“%(code)s” is no article that can stand beside a legal basis.",
    ),
    Saying(
        "'(?P<code>.+)' is no exception to AVG 9 or 10",
        "“%(code)s” is no exception for special or criminal data.",
    ),
    Saying("(?P<who>.+) has no basis for (?P<code>.+)", "%(who)s has no legal basis for %(code)s."),
    Saying("track (?P<code>.+) has no purpose", "The track “%(code)s” has no purpose."),
    Saying("track (?P<code>.+) has no matrix", "The track “%(code)s” has no matrix."),
    Saying(
        "track (?P<code>.+) is not among the tracks", "The track “%(code)s” is not in this file."
    ),
    Saying("there is no track", "There is no track."),
    Saying("a bank is never a party and has no row", "A bank is never a party and has no row."),
    Saying("valid_until lies before valid_from", "The last day lies before the first day."),
    Saying(
        "municipality must be a CBS code, as in GM0361",
        "The municipality must be a code of CBS, such as GM0361.",
    ),
    Saying(
        "term must be a period, as in P4W, P3M or P1Y",
        "A term must be a period, such as P4W, P3M or P1Y.",
    ),
    Saying(
        "longer than (?P<count>.+) characters",
        "The file is too long: at most %(count)s characters.",
    ),
    Saying("the file is empty", "The file is empty."),
    Saying("not UTF-8 text", "This is no text file (UTF-8)."),
    Saying("not YAML.*", "The file is not written as it should be here (YAML)."),
)


def plain(problem: Problem) -> str:
    """Say a fault without its line, as of what was typed in a form."""
    for saying in _SAYINGS:
        values = saying.values(f"{problem.text}.")
        if values is not None:
            return str(gettext(saying.message_id, **values))
    return str(gettext("This is not right: %(what)s", what=problem.text))


def said(problem: Problem) -> str:
    """Say a fault with its line."""
    return str(gettext("Line %(line)s: %(what)s", line=problem.line, what=plain(problem)))


def all_said(problems: Iterable[Problem]) -> list[str]:
    """Say every fault, in the order of the file."""
    return [said(problem) for problem in problems]
