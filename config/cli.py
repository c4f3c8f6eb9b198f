"""Commands of the installation: `pga init` makes its secrets, `pga db` keeps its three stores."""

import os
import secrets
import stat
from pathlib import Path

import click
from flask.cli import AppGroup

from config import migrate
from config.database import stores
from config.keys import make_key_file
from config.settings import Mode

SECRET_BYTES = 48

db = AppGroup("db", help="Bring the databases to what this program needs.")


@click.command()
def init() -> None:
    """Make the folder, secret and key file of an embedded installation; what is there stays."""
    if os.environ.get("PGA_MODE", Mode.DEMO) == Mode.PRODUCTION:
        message = "In production the secrets come from outside: see docs/operations.md."
        raise click.ClickException(message)
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


@db.command("upgrade")
def upgrade() -> None:
    """Bring the three databases to the newest revision."""
    try:
        migrate.upgrade(stores(), migrate.FOLDER)
    except migrate.MigrationError as error:
        raise click.ClickException(error.text % error.values) from error
    click.echo(f"The databases are at revision {migrate.head(migrate.FOLDER)}.")


@db.command("status")
def status() -> None:
    """Tell at which revision each database is; exit 1 when one is behind."""
    head = migrate.head(migrate.FOLDER)
    found = migrate.current(stores())
    for store, revision in found.items():
        click.echo(f"{store}: {revision or 'empty'}, newest is {head}")
    if set(found.values()) != {head}:
        raise SystemExit(1)


@db.command("revision")
@click.option("--store", type=click.Choice(list(migrate.METADATA)), required=True)
@click.option("--message", required=True, help="What the revision does, in a few words.")
def revision(store: str, message: str) -> None:
    """Write the next revision of one store from what its models have and the history lacks."""
    path = migrate.write(store, message, migrate.FOLDER)
    click.echo(f"Wrote {path}; read it before you commit it.")
