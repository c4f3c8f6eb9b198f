"""The examples of a version: sentences that must come out, run against the text as it is."""

from dataclasses import replace

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import gettext as _

from config.errors import ApplicationError, NotFoundError
from pga.agreements import example_words, words
from pga.agreements.draft_schemas import ExampleSchema, WithdrawSchema
from pga.agreements.models import Agreement
from pga.agreements.service import drafting
from pga.agreements.service.desk import Desk
from pga.agreements.service.examples import withdraw_example, write_example
from pga.agreements.texts import outcomes_of
from pga.agreements.views.blueprint import agreements, desk_of
from pga.agreements.views.editor import asked_track, document_of
from pga.agreements.views.refusals import refused
from pga.policy.codes import (
    CATEGORIES,
    Category,
    Condition,
    Partner,
    Phase,
    PolicyAction,
    Purpose,
    Track,
)
from pga.policy.editing import ExampleChange, mark_at, place_of
from pga.policy.terms import Example
from pga.web import forms
from pga.web.forms import Form

EXAMPLES = "/agreements/<id:agreement_id>/examples"
LANGUAGE_OF_AGREEMENTS = "nl"


@agreements.get(EXAMPLES)
def examples(agreement_id: bytes) -> ResponseReturnValue:
    """List every example with what comes out of it, the broken ones first."""
    desk = desk_of(agreement_id)
    document = document_of(desk.agreement)
    found = sorted(
        outcomes_of(desk.agreement),
        key=lambda outcome: outcome.holds,
    )
    return render_template(
        "agreements/editor/examples.html",
        desk=desk,
        outcomes=found,
        tracks=document.tracks,
        mark=lambda one: mark_at(document, place_of(ExampleChange(one.track, one.question, None))),
        may_change=desk.may_test and desk.is_draft,
    )


@agreements.get(f"{EXAMPLES}/change")
def example(agreement_id: bytes) -> ResponseReturnValue:
    """Show the form of an example, or of a new one."""
    desk = desk_of(agreement_id)
    desk.tester()
    track = asked_track(document_of(desk.agreement))
    question = request.args.get("question", "")
    found = _find(desk, track, question)
    if question and found is None:
        raise NotFoundError
    return _page(desk, track, _as_it_is(desk, track, found))


@agreements.post(f"{EXAMPLES}/change")
def change_example(agreement_id: bytes) -> ResponseReturnValue:
    """Write an example, or a new one."""
    desk = desk_of(agreement_id)
    desk.tester()
    track = _posted_track(desk)
    form = forms.read(ExampleSchema(), request.form)
    if not form.is_valid:
        return _page(desk, track, form), 422
    was = form.data["question"]
    typed = _typed(track, form)
    try:
        now = write_example(desk, typed, was=was, seen=form.data["seen"])
    except ApplicationError as error:
        conflict = error if isinstance(error, drafting.EditConflictError) else None
        again = desk_of(agreement_id)
        return _page(again, track, refused(form, error), conflict), error.status
    _tell_saved(now, typed)
    return redirect(url_for(".examples", agreement_id=agreement_id), 303)


@agreements.post(f"{EXAMPLES}/withdraw")
def drop_example(agreement_id: bytes) -> ResponseReturnValue:
    """Withdraw an example."""
    desk = desk_of(agreement_id)
    desk.tester()
    track = _posted_track(desk)
    form = forms.read(WithdrawSchema(), request.form)
    if not form.is_valid or _find(desk, track, form.data["question"]) is None:
        raise NotFoundError
    try:
        withdraw_example(desk, track, form.data["question"], seen=form.data["seen"])
    except ApplicationError as error:
        flash(_(error.text, **error.values), "warning")
    else:
        flash(_("The example is withdrawn. You find it in the history."), "success")
    return redirect(url_for(".examples", agreement_id=agreement_id), 303)


def _tell_saved(now: Agreement, written: Example) -> None:
    """Say that an example is saved, and what comes out of it by the text as it is."""
    flash(_("The example is saved. It runs at every change of the draft."), "success")
    for outcome in outcomes_of(now):
        if outcome.example != written or outcome.holds:
            continue
        said = _("It does not come out now. %(answer)s", answer=example_words.answered(outcome))
        flash(f"{said} {_('While that is so, the version cannot be signed.')}", "warning")


def _posted_track(desk: Desk) -> Track:
    """Read the track of a posted form; raises NotFoundError for another's."""
    document = document_of(desk.agreement)
    found = [one for one in document.tracks if one == request.form.get("track")]
    if not found:
        raise NotFoundError
    return found[0]


def _find(desk: Desk, track: Track, question: str) -> Example | None:
    """Give the example that asks this, if there is one."""
    found = document_of(desk.agreement).examples
    return next((one for one in found if (one.track, one.question) == (track, question)), None)


def _as_it_is(desk: Desk, track: Track, found: Example | None) -> Form:
    """Fill the form with an example as it is now, or leave it blank for a new one."""
    if found is None:
        return forms.blank(track=track, action=PolicyAction.CONSULT)
    place = place_of(ExampleChange(track, found.question, None))
    return forms.blank(
        track=track,
        question=found.question,
        text=found.text,
        action=found.action,
        consumer=found.consumer,
        provider=found.provider,
        category=found.category,
        phase=found.phase,
        purpose=found.purpose or "",
        conditions=[str(one) for one in found.conditions],
        may="true" if found.may else "false",
        seen=mark_at(document_of(desk.agreement), place),
    )


def _typed(track: Track, form: Form) -> Example:
    """Give the example that a form asks for; without a sentence one is made of what was chosen."""
    data = form.data
    made = Example(
        text=" ".join(data["text"].split()),
        track=track,
        phase=Phase(data["phase"]),
        provider=Partner(data["provider"]),
        consumer=Partner(data["consumer"]),
        category=Category(data["category"]),
        action=PolicyAction(data["action"]),
        may=data["may"],
        conditions=tuple(one for one in Condition if one in data["conditions"]),
        purpose=Purpose(data["purpose"]) if data["purpose"] else None,
    )
    if made.text:
        return made
    with force_locale(LANGUAGE_OF_AGREEMENTS):
        return replace(made, text=example_words.asked(made))


def _page(
    desk: Desk, track: Track, form: Form, conflict: drafting.EditConflictError | None = None
) -> str:
    """Show the form of an example."""
    categories = (Category.SIGNAL, *CATEGORIES[track])
    return render_template(
        "agreements/editor/example.html",
        desk=desk,
        form=form,
        is_new=not form.value("question"),
        conflict=conflict,
        now=_find(desk, track, form.value("question")),
        partners=[(str(code), words.partner(code)) for code in Partner],
        categories=[(str(code), words.category(code)) for code in categories],
        phases=[(str(code), words.phase(code)) for code in Phase],
        purposes=[
            (str(code), words.purpose(code)) for code in document_of(desk.agreement).purposes(track)
        ],
        conditions=[(str(code), words.condition(code)) for code in Condition],
        actions=[(str(code), str(text)) for code, text in example_words.ACTIONS.items()],
        answers=[(code, str(text)) for code, text in example_words.ANSWERS.items()],
    )
