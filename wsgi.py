"""The composition root: which room stands behind which guard, and the commands of the product."""

import os
from datetime import timedelta

import click
from flask import Blueprint, Flask, current_app
from flask.cli import with_appcontext
from flask_babel import gettext

import auth
from audit import api as audit_api
from audit import gate
from auth import current, guards
from auth import service as accounts
from auth import views as auth_views
from auth.guards import Guard, everyone, has_role, password_proven, signed_in
from auth.names import Names
from auth.rules import Role
from config import database, error_pages, headers, keys, worker
from config.settings import Settings
from config.worker import Job
from pga import web
from pga.agreements import views as agreements_views
from pga.agreements import words
from pga.agreements.municipalities import MUNICIPALITIES
from pga.agreements.service import life
from pga.changeover import views as changeover_views
from pga.changeover.rules import LOOKERS
from pga.changeover.service import asking, moves
from pga.demo import accounts as demo_accounts
from pga.dossier import views as dossier_views
from pga.dossier.service import aftercare
from pga.oversight import health
from pga.oversight import views as oversight_views
from pga.oversight.service import erasing, record_check, review, verification
from pga.records.service import drafts, upkeep
from pga.sharing import views as sharing_views
from pga.sharing.service import renewals
from pga.web import i18n
from pga.web.navigation import Account, Frame, NavItem


def _purge_drafts() -> None:
    """Delete drafts nobody finished in 14 days."""
    drafts.purge_drafts()


LARGEST_POST = 11 * 1024 * 1024  # a scan of 10 MB with its form

OFFICERS = (Role.PRIVACY_OFFICER, Role.DPO)


def _erase() -> None:
    """Erase what entries of the log say once their term is over."""
    erasing.erase_what_is_due()


def _review() -> None:
    """Look for accesses that ask for an explanation."""
    review.scan()


def _may_read_the_log() -> None:
    """Let in who bears a token of the log, and who oversees."""
    if not audit_api.bears_token():
        has_role(*OFFICERS)()


# Every blueprint with the guard that stands before it; what is not listed is closed.
ROOMS: tuple[tuple[Blueprint, Guard], ...] = (
    (health.health, everyone),
    (auth_views.sign_in, everyone),
    (auth_views.sign_in_steps, password_proven),
    (auth_views.account, signed_in),
    (auth_views.people, has_role(Role.ORG_ADMIN, Role.PROCESS_LEAD)),
    (dossier_views.dossier, signed_in),
    (agreements_views.agreements, signed_in),
    (agreements_views.public, everyone),
    (sharing_views.sharing, signed_in),
    (oversight_views.oversight, has_role(*OFFICERS)),
    (changeover_views.changeover, has_role(*sorted(LOOKERS | {Role.SIGNATORY}))),
    (changeover_views.case_version, signed_in),
    (audit_api.log_api, _may_read_the_log),
)
NAVIGATION = (
    NavItem("dossier.home", "My work", current.is_signed_in),
    NavItem("dossier.cases_list", "Cases", current.is_signed_in),
    NavItem("agreements.overview", "Agreements", current.is_signed_in),
    NavItem("sharing.my_organisation", "What may my organisation", current.is_signed_in),
    NavItem(
        "oversight.start",
        "Oversight",
        lambda: current.is_signed_in() and current.has_any_role(*OFFICERS),
    ),
    NavItem(
        "people.index",
        "People and organisations",
        lambda: current.is_signed_in() and current.has_any_role(Role.ORG_ADMIN, Role.PROCESS_LEAD),
    ),
)
JOBS = (
    Job("drafts: delete old ones", timedelta(hours=1), _purge_drafts),
    Job("sign-in: sweep", timedelta(minutes=15), accounts.sweep),
    Job("cases: close after aftercare", timedelta(minutes=15), aftercare.close_what_is_over),
    Job("releases: ask anew", timedelta(hours=1), renewals.renew_tasks),
    Job("cases: bring under their new version", timedelta(minutes=1), moves.carry_out_due),
    Job("cases: look for others after a party left", timedelta(minutes=1), asking.ask_everywhere),
    Job("agreements: ends and beginnings", timedelta(minutes=15), life.keep_up),
    Job("records: sweep", timedelta(hours=6), upkeep.tidy),
    Job("log: verify", timedelta(hours=1), verification.verify_daily),
    Job("records: check", timedelta(minutes=30), record_check.check_nightly),
    Job("log: look for what asks for an explanation", timedelta(hours=1), _review),
    Job("log: erase", timedelta(days=1), _erase),
)


def create_app(settings: Settings | None = None) -> Flask:
    """Compose the product; raises SettingsError when the settings are incomplete or unsafe."""
    chosen = settings or Settings.from_environment(os.environ)
    app = Flask("pga", static_folder=None, template_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_POST
    database.init_app(app, chosen)
    keys.init_app(app)
    gate.init_app(app)
    headers.init_app(app)
    error_pages.init_app(app)
    web.init_app(app)
    names = {code: one.name for code, one in MUNICIPALITIES.items()}
    auth.init_app(app, Names(names, words.partner))
    demo_accounts.init_app(app)
    i18n.use_preference(app, i18n.Preference(current.language, current.keep_language))
    app.extensions["navigation"] = list(NAVIGATION)
    app.extensions["frame"] = Frame(
        home="dossier.home",
        sign_in="sign_in.sign_in",
        capture=NavItem("dossier.log", "Log something", current.is_signed_in),
        search=NavItem("dossier.find_case", "Case number", current.is_signed_in),
        account=_account,
        log_status=oversight_views.log_status,
    )
    for blueprint, _ in ROOMS:
        app.register_blueprint(blueprint)
    guards.init_app(app, {blueprint.name: guard for blueprint, guard in ROOMS} | {"web": everyone})
    return app


def _account() -> Account | None:
    """Give the frame the signed-in person, by name for that person alone."""
    if not current.is_signed_in():
        return None
    held = current.live_memberships()
    places = dict.fromkeys(f"{one.organisation.name}, {words.partner(one.partner)}" for one in held)
    return Account(
        name=current.current_person().name,
        detail="; ".join(places) or str(gettext("No role at this moment")),
        items=(NavItem("account.show", "My account", current.is_signed_in),),
        sign_out="sign_in.sign_out",
    )


@click.command("worker")
@with_appcontext
def work() -> None:
    """Run the jobs that no request does, until told to end."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001
    worker.run(app, JOBS)
