"""Commands of the installation itself: make its secrets, lay its databases."""

import os
import secrets
import stat
from pathlib import Path

import click
from flask.cli import with_appcontext

from config import migrate
from config.database import stores
from config.keys import make_key_file
from config.settings import Mode

SECRET_BYTES = 48


@click.command()
def init() -> None:
    """Make the folder, secret and key file of an embedded installation; what is there stays."""
    if os.environ.get("PGA_MODE", Mode.DEMO) == Mode.PRODUCTION:
        click.echo("In production the secrets come from outside: see docs/operations.md.", err=True)
        raise click.exceptions.Exit(2)
    folder = Path(os.environ.get("PGA_DATA_DIR", "var")).absolute()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    secret = folder / "secret"
    if not secret.exists():
        handle = os.open(secret, os.O_WRONLY | os.O_CREAT | os.O_EXCL, stat.S_IRUSR)
        with os.fdopen(handle, "w") as stream:
            stream.write(secrets.token_urlsafe(SECRET_BYTES))
    if not (folder / "kek").exists():
        make_key_file(folder / "kek")
    click.echo(f"Secret and key encryption key are in {folder}, readable by you alone.")


@click.group("db")
def databases() -> None:
    """Lay and migrate the three databases."""


@databases.command("upgrade")
@with_appcontext
def upgrade() -> None:
    """Bring the three databases to the newest revision."""
    migrate.upgrade(stores())
    for store, revision in migrate.current(stores()).items():
        click.echo(f"{store}: {revision}")


@databases.command("revision")
@click.option("--store", type=click.Choice(["app", "keys", "audit"]), required=True)
@click.option("--message", required=True)
def revision(store: str, message: str) -> None:
    """Write a migration for what the models of one store now say."""
    click.echo(migrate.write(store, message))
