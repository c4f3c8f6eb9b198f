"""Who may: one category in one phase, all partners at a glance, or one with every reason."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from pga.agreements import cell_words, differences, example_words, words
from pga.agreements.cell_words import joined
from pga.agreements.matrix import stages_of
from pga.agreements.queries import table_of
from pga.agreements.views.blueprint import agreements, desk_of
from pga.agreements.views.editor import asked_stage, asked_track, chosen
from pga.policy.codes import CATEGORIES, Category, Partner, PolicyAction
from pga.policy.decision import Decision
from pga.policy.who_may import Openness, Pair, View, pairs, partners_in

UNDER_12 = "under-12"
ACTIONS = (PolicyAction.CONSULT, PolicyAction.PROVIDE)


@dataclass(frozen=True, slots=True)
class Line:
    """What one partner brings and who may have it, in words; `decision` is the first that allows.

    `asked` has who may have it by what is asked, `shut` who may not by how it is closed.
    """

    provider: Partner
    free: str
    asked: Mapping[str, str]
    shut: Mapping[Openness, str]
    closed: int
    decision: Decision


@agreements.get("/agreements/<id:agreement_id>/who-may")
def who_may(agreement_id: bytes) -> ResponseReturnValue:
    """Tell between whom a category may go in a phase, and why; for whoever may read the version."""
    desk = desk_of(agreement_id)
    table = table_of(desk.agreement)
    track = asked_track(table.document)
    categories, category = CATEGORIES[track], chosen(Category, "category")
    category = category if category in categories else categories[0]
    under_12 = request.args.get("age") == UNDER_12
    view = View(track, asked_stage(track), _action(), under_12=under_12)
    partners = partners_in(table, track)
    partner = chosen(Partner, "partner")
    partner = partner if partner in partners else None
    found = pairs(table, view, category, partner)
    by_provider = _by_provider(found)
    lines = [] if partner else [line for row in by_provider.values() if (line := _line(row))]
    return render_template(
        "agreements/editor/who_may.html",
        desk=desk,
        view=view,
        category=category,
        partner=partner,
        age=UNDER_12 if under_12 else "",
        lines=lines,
        glance=by_provider,
        silent=sorted(set(partners) - {line.provider for line in lines}, key=words.partner),
        gives=[pair for pair in found if pair.provider is partner],
        gets=[pair for pair in found if pair.consumer is partner],
        categories=[(str(code), words.category(code)) for code in categories],
        stages=[(str(code), str(cell_words.STAGES[code])) for code in stages_of(track)],
        actions=[(str(code), str(example_words.ACTIONS[code])) for code in ACTIONS],
        ages=[("", _("12 or older")), (UNDER_12, _("under 12"))],
        partners=[("", _("All partners"))] + [(str(one), words.partner(one)) for one in partners],
    )


def _action() -> PolicyAction:
    """Give what is asked about: to see something, unless it is to bring something."""
    asked = chosen(PolicyAction, "action")
    return asked if asked in ACTIONS else PolicyAction.CONSULT


def _by_provider(found: Iterable[Pair]) -> dict[Partner, list[Pair]]:
    """Put the pairs of each provider together, in the order of their recipients."""
    rows: dict[Partner, list[Pair]] = defaultdict(list)
    for pair in found:
        rows[pair.provider].append(pair)
    return rows


def _line(found: Sequence[Pair]) -> Line | None:
    """Say who may have what one provider brings; nothing when nobody may."""
    decision = next((pair.at_best for pair in found if pair.at_best.is_allowed), None)
    if decision is None:
        return None
    asked: dict[str, list[Pair]] = defaultdict(list)
    shut: dict[Openness, list[Pair]] = defaultdict(list)
    for pair in found:
        if pair.openness is Openness.CONDITIONAL:
            asked[joined(map(words.condition, pair.conditions))].append(pair)
        elif pair.openness is not Openness.OPEN:
            shut[pair.openness].append(pair)
    return Line(
        provider=found[0].provider,
        free=_names([pair for pair in found if pair.openness is Openness.OPEN]),
        asked={text: _names(who) for text, who in asked.items()},
        shut={openness: _names(who) for openness, who in shut.items()},
        closed=sum(map(len, shut.values())),
        decision=decision,
    )


def _names(found: Sequence[Pair]) -> str:
    """Name recipients; who is of the provider's own kind is another organisation of that kind."""
    others = [pair.consumer for pair in found if pair.consumer is not pair.provider]
    named = [differences.names(others)] if others else []
    if len(others) < len(found):
        named.append(_("another organisation of the same kind"))
    return ", ".join(named)
