"""Commands of the demo region: `pga demo load`, `pga demo reset` and `pga demo accounts`."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TypeVar

import click
from flask import current_app
from flask.cli import AppGroup

from audit import gate
from config.errors import ApplicationError
from config.settings import Argon2Cost, Settings
from pga.demo import service
from pga.demo.accounts import ACCOUNTS, PASSWORD, accounts, organisation_of
from pga.demo.haste import not_waiting_for_the_disk
from pga.demo.service import Loaded

T = TypeVar("T")
QUICK = Argon2Cost(time=1, memory_kib=8, parallelism=1)

demo = AppGroup("demo", help="The fictional region, to try the product with.")


@demo.command("load")
def load() -> None:
    """Load the demo region where there is nothing yet."""
    found = _or_exit(service.loaded)
    if found is Loaded.WHOLE:
        click.echo("The demo region is there already; `pga demo reset` loads it anew.")
        return
    if found is Loaded.PARTLY:
        message = "the demo region was not loaded whole; run `pga demo reset`"
        raise click.ClickException(message)
    _load()


@demo.command("reset")
@click.option("--yes", is_flag=True, help="Do not ask.")
def reset(*, yes: bool) -> None:
    """Remove everything in the three databases and load the demo region anew.

    Stop the server first: it must not write while its tables are laid anew.
    """
    _or_exit(service.refuse_production)
    if not yes:
        click.confirm("Remove everything and load the demo region anew?", abort=True)
    gate.gate().close()
    service.erase()
    gate.init_app(current_app)
    _load()


@demo.command("accounts")
def show() -> None:
    """Print the accounts of the demo, one per role."""
    _or_exit(service.refuse_production)
    click.echo(f"Sign in as one of these. The password of all is: {PASSWORD}\n")
    listed = list(zip(ACCOUNTS, accounts(), strict=True))
    widest = max(len(account.sign_in_name) for _key, account in listed)
    for key, account in listed:
        who = f"{account.name}, {organisation_of(key)}"
        click.echo(f"  {account.sign_in_name:<{widest}}  {who}")
        click.echo(f"  {'':<{widest}}  {account.what}")


def _load() -> None:
    """Load the region with a bar, and print how long it took."""
    started = time.monotonic()
    with click.progressbar(length=1, label="Playing eight months", show_eta=False) as bar:

        def progress(done: int, of: int) -> None:
            bar.length = of
            bar.update(done - bar.pos)

        with _quick_passwords(), not_waiting_for_the_disk():
            scenes = _or_exit(lambda: service.load(progress))
    seconds = time.monotonic() - started
    click.echo(f"Played {scenes} scenes in {seconds:.0f} seconds. Everybody is made up.")
    click.echo("`pga demo accounts` tells as whom one signs in; `make run` does so too.")


@contextmanager
def _quick_passwords() -> Iterator[None]:
    """Hash the passwords of the demo at next to no cost; each is hashed anew at first sign-in.

    The one password that works is on the screen, so its hash keeps nobody out.
    """
    chosen: Settings = current_app.extensions["settings"]
    current_app.extensions["settings"] = replace(chosen, argon2=QUICK)
    try:
        yield
    finally:
        current_app.extensions["settings"] = chosen


def _or_exit(what: Callable[[], T]) -> T:
    """Do something; an error of the product ends the command with its message."""
    try:
        return what()
    except ApplicationError as error:
        raise click.ClickException(error.text % error.values) from error
