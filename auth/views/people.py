"""People and organisations: the accounts and roles within an administrator's reach."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from auth import current, forms, queries, service
from auth.errors import NameInUseError
from auth.forms import Form
from auth.names import names
from auth.rules import Seat
from auth.schemas import PersonSchema, RoleSchema
from auth.service import Appointment
from auth.views import directory, words
from auth.views.directory import Choice, Managed
from config import clock
from config.errors import InvalidInputError, NotFoundError
from config.ids import from_hex, to_hex

people = Blueprint("people", __name__, template_folder="../templates")


@people.get("/people")
def index() -> ResponseReturnValue:
    """List everybody within reach, perhaps of one organisation, and the organisations."""
    listing = directory.listing(
        queries.within_reach(current.authority().seats),
        organisation=request.args.get("organisation", ""),
        page=request.args.get("page", ""),
    )
    organisations = [("", _("All")), *((to_hex(o.id), o.name) for o in listing.organisations)]
    return render_template(
        "auth/people.html",
        listing=listing,
        filter_choices=[
            (label, url_for("people.index", organisation=value or None), value == listing.chosen)
            for value, label in organisations
        ],
        names=names(),
        roles=words.role_words(),
        states=words.status_words(),
        domains=words.domain_words(),
    )


@people.get("/people/new")
def new() -> ResponseReturnValue:
    """Ask for a new account and its first role."""
    return _new_page(_blank_role())


@people.post("/people/new")
def create() -> ResponseReturnValue:
    """Open an account and show its temporary password, this once.

    Somebody who has an account already gets the role in it, when that was asked in so many words.
    """
    form = forms.read(PersonSchema(), request.form)
    if not form.is_valid:
        return _new_page(form), 422
    try:
        if form.data["known"]:
            return _add_to_known(form)
        created = service.create_person(
            current.authority(),
            name=form.data["name"],
            sign_in_name=form.data["sign_in_name"],
            appointment=_appointment(form),
            language=current.current_person().language,
        )
    except InvalidInputError as refused:
        is_known = isinstance(refused, NameInUseError)
        return _new_page(form.refused(refused.fields), is_known=is_known), 422
    return _password_page(created.person_id, created.temporary_password, is_new=True)


@people.get("/people/<id:person_id>")
def show(person_id: bytes) -> ResponseReturnValue:
    """Show one account with its roles within reach and what may be done with it."""
    return _person_page(_managed(person_id), _blank_role())


@people.post("/people/<id:person_id>/roles")
def add_role(person_id: bytes) -> ResponseReturnValue:
    """Give somebody within reach another role."""
    found = _managed(person_id)
    form = forms.read(RoleSchema(), request.form)
    if not form.is_valid:
        return _person_page(found, form), 422
    try:
        service.add_membership(current.authority(), person_id, _appointment(form))
    except InvalidInputError as refused:
        return _person_page(found, form.refused(refused.fields)), 422
    flash(_("The role is given."), "success")
    return _back_to(person_id)


@people.post("/people/<id:person_id>/roles/<id:membership_id>/end")
def end_role(person_id: bytes, membership_id: bytes) -> ResponseReturnValue:
    """End a role at once."""
    if membership_id not in {one.id for one, _may in _managed(person_id).live}:
        raise NotFoundError
    service.end_membership(current.authority(), membership_id)
    flash(_("The role is ended. It counts no more from the next page on."), "success")
    return _back_to(person_id)


@people.post("/people/<id:person_id>/block")
def block(person_id: bytes) -> ResponseReturnValue:
    """Block an account and end its sessions."""
    _managed(person_id)
    service.block_person(current.authority(), person_id)
    flash(_("The account is blocked and signed out everywhere."), "success")
    return _back_to(person_id)


@people.post("/people/<id:person_id>/unblock")
def unblock(person_id: bytes) -> ResponseReturnValue:
    """Let a blocked account sign in again."""
    _managed(person_id)
    service.unblock_person(current.authority(), person_id)
    flash(_("The account can sign in again."), "success")
    return _back_to(person_id)


@people.post("/people/<id:person_id>/reset")
def reset(person_id: bytes) -> ResponseReturnValue:
    """Give a temporary password, shown this once, and drop the second factor."""
    _managed(person_id)
    password = service.reset_sign_in(current.authority(), person_id)
    return _password_page(person_id, password, is_new=False)


def _add_to_known(form: Form) -> ResponseReturnValue:
    """Give the role to whoever has this sign-in name already."""
    person = queries.person_by_sign_in_name(service.normal_name(form.data["sign_in_name"]))
    if person is None:
        raise NotFoundError
    person_id = person.id
    service.add_membership(current.authority(), person_id, _appointment(form))
    flash(_("The role is given."), "success")
    return _back_to(person_id)


def _managed(person_id: bytes) -> Managed:
    """Find a person within reach; somebody out of reach is not there."""
    found = directory.managed(current.authority(), queries.all_memberships(person_id))
    if found is None:
        raise NotFoundError
    return found


def _appointment(form: Form) -> Appointment:
    """Read the role a form gives."""
    data = form.data
    seat = Seat(from_hex(data["organisation"]), data["municipality"], data["partner"], data["role"])
    return Appointment(seat, data["from_on"], data["until_on"])


def _blank_role() -> Form:
    """Give a form that starts today, with each list that holds one choice filled in."""
    lists = _lists()
    return forms.blank(
        from_on=clock.today().isoformat(),
        **{
            name: lists[f"{name}_choices"][0][0]
            for name in ("organisation", "municipality", "partner")
            if len(lists[f"{name}_choices"]) == 1
        },
    )


def _lists() -> dict[str, list[Choice]]:
    """Give the lists of a form that gives a role."""
    return directory.choices(current.authority().seats, queries.organisations())


def _back_to(person_id: bytes) -> ResponseReturnValue:
    """Go back to the page of this person."""
    return redirect(url_for("people.show", person_id=person_id), 303)


def _new_page(form: Form, *, is_known: bool = False) -> str:
    """Show the page that asks for a new account."""
    return render_template(
        "auth/person_new.html",
        form=form,
        is_known=is_known,
        **_lists(),
    )


def _person_page(found: Managed, form: Form) -> str:
    """Show the page of one person."""
    return render_template(
        "auth/person.html",
        found=found,
        form=form,
        names=names(),
        roles=words.role_words(),
        states=words.status_words(),
        **_lists(),
    )


def _password_page(person_id: bytes, password: str, *, is_new: bool) -> str:
    """Show a temporary password; leaving the page is losing it."""
    person = queries.people_by_id([person_id])[person_id]
    return render_template(
        "auth/temporary_password.html", person=person, password=password, is_new=is_new
    )
