"""Casus starten: the signal, and for a provider bound by secrecy the release it asked first."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from auth import queries as people
from config import clock
from config.errors import InvalidInputError, NotFoundError
from config.ids import from_hex
from pga.agreements import queries as agreements
from pga.agreements.models import Agreement
from pga.dossier import words
from pga.dossier.forms import why_denied
from pga.dossier.schemas import SignalSchema
from pga.dossier.service import signals
from pga.dossier.service.contributions import BOUND
from pga.dossier.views.blueprint import dossier
from pga.sharing import words as say
from pga.sharing.rules import Answer, GuardianKind, ReleaseKind
from pga.sharing.service.disclose import SharingDeniedError
from pga.sharing.service.first_release import FirstRelease, Holder
from pga.sharing.service.seats import Place
from pga.sharing.viewer import current_viewer
from pga.web import forms
from pga.web.forms import Form

HALF_A_YEAR = timedelta(days=182)
HOLDERS = 2
OF_THE_RELEASE = frozenset(
    {
        *("release_kind", "youth_answer", "youth_reason", "holders", "conditions", "conflict"),
        *("way", "language_level", "release_until"),
    }
)


@dossier.get("/cases/new")
def start() -> ResponseReturnValue:
    """Ask for the signal that starts a case."""
    until = (clock.today() + HALF_A_YEAR).isoformat()
    asked = {"release_kind": ReleaseKind.CONSENT, "way": "spoken", "release_until": until}
    return _start_page(forms.blank(urgency="normal", track="youth", **asked))


@dossier.post("/cases/new")
def start_it() -> ResponseReturnValue:
    """Start a case; a running case of the same youth within one's own right is shown first."""
    form = forms.read(SignalSchema(), request.form)
    if not form.is_valid:
        return _start_page(form), 422
    viewer, data = current_viewer(), form.data
    place = next((p for p in viewer.places if p.membership_id == from_hex(data["place"])), None)
    if place is None:
        raise NotFoundError
    try:
        new = _signal(place, data)
        duplicates = [] if data["anyway"] else signals.own_duplicates(viewer, place, new)
        if duplicates:
            return _start_page(form, duplicates), 422
        case_id = signals.start(viewer, place, new)
    except InvalidInputError as refused:
        return _start_page(form.refused(refused.fields)), 422
    except SharingDeniedError as denied:
        beside = "release_kind" if place.partner in BOUND else "reason"
        return _start_page(form.refused({beside: why_denied(denied)})), 422
    flash(_("The signal is with the process lead. Only the two of you can read it."), "success")
    return redirect(url_for(".case", case_id=case_id), 303)


def _signal(place: Place, data: Mapping[str, Any]) -> signals.NewSignal:
    """Turn the form into a signal, with its release where the sender is bound by secrecy."""
    left_out = OF_THE_RELEASE | {"place", "anyway"}
    said = {name: value for name, value in data.items() if name not in left_out}
    asked = _release(data) if place.partner in BOUND and data["release_kind"] else None
    return signals.NewSignal(**said | {"bsn": data["bsn"] or None, "release": asked})


def _release(data: Mapping[str, Any]) -> FirstRelease:
    """Turn the form into the release; raises InvalidInputError for a conflict without its parts."""
    kind = ReleaseKind(data["release_kind"])
    if kind is ReleaseKind.CONFLICT_OF_DUTIES and set(say.CONFLICT) - set(data["conditions"]):
        raise InvalidInputError(
            {"conditions": ["Every condition must hold; say in your own words why."]}
        )
    holders = [
        Holder(
            kind=GuardianKind(one["kind"]),
            name=one["name"],
            source=one["source"],
            checked_on=one["checked_on"],
            answer=Answer(one["answer"]),
            organisation_id=from_hex(one["organisation"]) if one["organisation"] else None,
        )
        for one in data["holders"]
    ]
    pairs = zip(holders, data["holders"], strict=True)
    reasons = {holder.id.hex(): one["reason"] for holder, one in pairs}
    reasons |= {"youth": data["youth_reason"], "conflict": data["conflict"]}
    is_consent = kind is ReleaseKind.CONSENT
    return FirstRelease(
        kind=kind,
        youth=Answer(data["youth_answer"]) if is_consent and data["youth_answer"] else None,
        holders=holders if is_consent else [],
        way=data["way"],
        language_level=data["language_level"],
        valid_until=data["release_until"] or clock.today() + HALF_A_YEAR,
        reasons={name: text for name, text in reasons.items() if text},
    )


def _start_page(form: Form, duplicates: Sequence[signals.Found] = ()) -> str:
    """Show the form of a signal."""
    places = signals.places_to_start(current_viewer())
    organisations = people.organisations_by_id({place.organisation_id for place, _a in places})
    is_bound = any(place.partner in BOUND for place, _a in places)
    return render_template(
        "dossier/start.html",
        form=form,
        places=list(
            {
                place.membership_id.hex(): (
                    place.membership_id.hex(),
                    f"{organisations[place.organisation_id].name}, {words.partner(place.partner)}",
                )
                for place, _a in places
            }.values()
        ),
        municipalities=sorted(
            {(a.municipality, words.municipality(a.municipality)) for _p, a in places}
        ),
        tracks=sorted({(a.track, words.track(a.track)) for _p, a in places}),
        duplicates=duplicates,
        is_bound=is_bound,
        say=say,
        holders=range(HOLDERS),
        institutions=_institutions([a for _p, a in places]) if is_bound else [],
        choices={
            "kinds": list(say.KINDS.items()),
            "answers": list(say.ANSWERS.items()),
            "guardians": list(say.GUARDIANS.items()),
            "sources": list(say.SOURCES.items()),
            "ways": list(say.WAYS.items()),
            "levels": list(say.LEVELS.items()),
            "conflict": list(say.CONFLICT.items()),
        },
    )


def _institutions(found: Sequence[Agreement]) -> list[tuple[str, str]]:
    """List the institutions among the parties that may be a guardian (GI)."""
    parties = agreements.parties_of([agreement.id for agreement in found])
    ids = {
        party.organisation_id
        for rows in parties.values()
        for party in rows
        if party.partner == "GI"
    }
    names = people.names_of(ids)
    return sorted(((i.hex(), names[i]) for i in ids if i in names), key=lambda pair: pair[1])
