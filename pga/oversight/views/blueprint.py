"""The blueprint of oversight, and what its pages share: the benches and what was asked."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from flask import Blueprint, request, url_for

from auth import queries as people
from config.ids import from_hex
from pga.agreements.municipalities import name_of
from pga.oversight import words
from pga.oversight.rules import NO_RULE, LookReason, Show
from pga.oversight.schemas import FilterSchema
from pga.oversight.service.asking import Question
from pga.oversight.service.bench import Bench, benches
from pga.sharing.viewer import current_viewer
from pga.web import forms
from pga.web.forms import Form

oversight = Blueprint("oversight", __name__, template_folder="../templates")


@oversight.context_processor
def _words() -> dict[str, object]:
    """Give the templates of this room the words for codes."""
    return {"say": words, "id_of": from_hex, "NO_RULE": NO_RULE}


def office() -> list[Bench]:
    """Give the benches of the signed-in officer; raises ForbiddenError without any."""
    return benches(current_viewer())


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address asks: the form it came from and the question it makes.

    `is_narrowed` tells whether somebody chose days or an organisation.
    """

    form: Form
    question: Question
    place: str
    is_narrowed: bool

    @property
    def kept(self) -> dict[str, Any]:
        """Give what a copy of this page is narrowed to, for its address; empty ones fall away."""
        names = ("show", "since", "until", "organisation", "place")
        return {name: self.form.value(name) or None for name in names}

    def address(self, **changes: str | int | None) -> str:
        """Give the address of this page with some of its filters changed; the place is kept."""
        kept = self.kept | {
            "rule": self.form.value("rule"),
            "parts": "true" if self.question.parts else "",
            "place": self.place,
            "reason": self.question.reason,
        }
        arguments: dict[str, Any] = {n: value or None for n, value in (kept | changes).items()}
        return url_for(str(request.endpoint), **(request.view_args or {}), **arguments)

    def starting(self, day: date) -> "Asked":
        """Give the same question from a day on, with that day filled in."""
        form = Form({**self.form.values, "since": day.isoformat()}, self.form.errors)
        return replace(self, form=form, question=replace(self.question, since=day))

    def choices(self, *shown: Show) -> list[tuple[str, str, bool]]:
        """List what the table can be narrowed to, for the row of filters."""
        return [
            (str(words.SHOWN[show]), self.address(show=show), show is self.question.show)
            for show in shown
        ]


def asked() -> Asked:
    """Read what the address asks; what cannot be read narrows nothing and is shown as an error."""
    form = forms.read(FilterSchema(), request.args)
    data = form.data or FilterSchema().load({})
    rule = data["rule"]
    question = Question(
        reason=LookReason(data["reason"]),
        show=Show(data["show"]),
        since=data["since"],
        until=data["until"],
        organisation=data["organisation"] or None,
        rule="" if rule == NO_RULE else rule or None,
        parts=data["parts"],
        before=data["before"],
    )
    is_narrowed = any(data[name] for name in ("since", "until", "organisation"))
    return Asked(form, question, data["place"], is_narrowed)


def chosen(found: list[Bench], place: str) -> Bench:
    """Give the bench an address names, else the first; a bench of somebody else is never found."""
    return next((bench for bench in found if bench.id == place), found[0])


def places(found: list[Bench], here: Bench, at: Asked) -> list[tuple[str, str, bool]]:
    """List the benches to choose from; empty when there is one."""
    if len(found) == 1:
        return []
    return [
        (name, at.address(place=bench.id, before=None), bench is here)
        for name, bench in zip(places_of(found), found, strict=True)
    ]


def places_of(found: list[Bench]) -> list[str]:
    """Say for whom and where an officer looks from each bench."""
    names = people.organisations_by_id({bench.place.organisation_id for bench in found})
    return [
        f"{names[bench.place.organisation_id].name}, {name_of(bench.place.municipality)}"
        for bench in found
    ]
