"""The composition root: which room stands behind which guard, and the commands of the product."""

import os

import click
from flask import Blueprint, Flask
from flask.cli import FlaskGroup

import auth
from audit import gate
from auth import guards
from auth import views as auth_views
from auth.guards import Guard, everyone, password_proven, signed_in
from config import database, error_pages, headers, keys, logs
from config.errors import SettingsError
from config.settings import Settings
from pga import web
from pga.oversight import health

# Every blueprint with the guard that stands before it; what is not listed is closed.
ROOMS: tuple[tuple[Blueprint, Guard], ...] = (
    (health.health, everyone),
    (auth_views.sign_in, everyone),
    (auth_views.sign_in_steps, password_proven),
    (auth_views.account, signed_in),
    (auth_views.people, signed_in),
)


def create_app(settings: Settings | None = None) -> Flask:
    """Compose the product; raises SettingsError when the settings are incomplete or unsafe."""
    chosen = settings or Settings.from_environment(os.environ)
    app = Flask("pga", static_folder=None, template_folder=None)
    database.init_app(app, chosen)
    keys.init_app(app)
    gate.init_app(app)
    headers.init_app(app)
    error_pages.init_app(app)
    web.init_app(app)
    auth.init_app(app)
    for blueprint, _ in ROOMS:
        app.register_blueprint(blueprint)
    guards.init_app(app, {blueprint.name: guard for blueprint, guard in ROOMS} | {"web": everyone})
    return app


@click.group(
    cls=FlaskGroup,
    create_app=create_app,
    add_default_commands=False,
    add_version_option=False,
    load_dotenv=False,
    set_debug_flag=False,
)
def commands() -> None:
    """Run the commands of the product."""


def cli(prog_name: str = "pga") -> int:
    """Run a command; settings that do not allow a start end it with their message and code 2."""
    logs.start()
    try:
        commands.main(prog_name=prog_name, standalone_mode=True)
    except SettingsError as error:
        click.echo(f"pga: {error}", err=True)
        return 2
    return 0
