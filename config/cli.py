"""Commands of the three stores: `pga db upgrade`, `pga db status` and `pga db revision`."""

import click
from flask.cli import AppGroup

from config import migrate
from config.database import stores

db = AppGroup("db", help="Bring the databases to what this program needs.")


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
