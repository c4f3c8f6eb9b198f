"""Read the clauses: what holds for one partner and a group of categories."""

import yaml

from pga.policy.codes import CATEGORIES, Category, Partner, Track
from pga.policy.document.codes import basis_at, partner_at, track_at
from pga.policy.laws import Obligation, WayOut, read_exception
from pga.policy.nodes import Reader
from pga.policy.terms import Clause

LONGEST_ID = 80
_SAID = ("id", "categories", "text", "articles", "secrecy", "obligations")


def clauses(read: Reader, node: yaml.Node, tracks: tuple[Track, ...]) -> tuple[Clause, ...]:
    """Read the clauses; no two of one partner are about the same category."""
    found: dict[str, Clause] = {}
    for track_node, _, rows in read.pairs(node, "clauses"):
        track = track_at(read, track_node, tracks)
        for partner_node, name, value in read.pairs(rows, "clauses of a track"):
            partner = partner_at(read, partner_node)
            if track is None or partner is None:
                continue
            speaks: dict[Category, str] = {}
            for item in read.items(value, f"clauses of {name}"):
                made = clause(read, item, track, partner)
                if made.id in found:
                    read.fault(item, f"clause {made.id} stands twice")
                for category in made.categories:
                    if category in speaks:
                        read.fault(item, f"{speaks[category]} already speaks on {category}")
                found[made.id] = made
                speaks.update(dict.fromkeys(made.categories, made.id))
    return tuple(found.values())


def clause(
    read: Reader, node: yaml.Node, track: Track, partner: Partner, *, in_file: bool = True
) -> Clause:
    """Read one clause.

    In a file it says whether a lawyer confirmed it; elsewhere it does not, and may give a reason.
    """
    names = (*_SAID, "verified") if in_file else _SAID
    beside = () if in_file else ("reason",)
    keys = read.fields(node, "a clause", names, ("basis", "exception_9_10", *beside))
    articles = read.items(keys.get("articles"), "articles")
    secrecy = read.code(keys["secrecy"], WayOut, "way out") if "secrecy" in keys else None
    categories = read.codes(keys.get("categories"), Category, "category")
    name = read.filled(keys.get("id"), "id")
    if len(name) > LONGEST_ID:
        read.fault(keys["id"], f"id is longer than {LONGEST_ID} characters")
    for category in categories:
        if category not in (*CATEGORIES[track], Category.SIGNAL):
            read.fault(keys["categories"], f"{category} is no category of track {track}")
    return Clause(
        id=name,
        track=track,
        partner=partner,
        categories=categories,
        text=read.filled(keys.get("text"), "text"),
        articles=tuple(read.filled(article, "an article") for article in articles),
        basis=basis_at(read, keys["basis"]) if "basis" in keys else None,
        exception=_exception(read, keys.get("exception_9_10")),
        secrecy=secrecy or WayOut.NONE_NEEDED,
        obligations=read.codes(keys.get("obligations"), Obligation, "obligation"),
        verified=read.flag(keys.get("verified"), "verified"),
    )


def _exception(read: Reader, node: yaml.Node | None) -> str:
    """Read the AVG 9 or 10 exception; empty where none is needed."""
    if node is None:
        return ""
    try:
        return read_exception(read.text(node, "exception_9_10"))
    except ValueError as fault:
        read.fault(node, str(fault))
        return ""
