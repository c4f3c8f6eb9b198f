"""`pga audit`: what the keeper of the log runs by hand."""

import sys

import click
from flask.cli import with_appcontext

from audit.verify import State, Verdict, quiet, verify
from config.database import stores
from config.keys import kek


@click.group("audit")
def audit_group() -> None:
    """Prove that the log was not touched."""


@audit_group.command("verify")
@with_appcontext
def verify_command() -> None:
    """Recompute the whole log.

    Exit code 0: as written. 1: tampered with, and the first bad sequence number is printed.
    2: it could not be read whole.
    """
    verdict = verify(stores().audit, kek(), _show if sys.stderr.isatty() else quiet)
    click.echo(_say(verdict))
    sys.exit(verdict.state)


def _say(verdict: Verdict) -> str:
    """Write a verdict on one line."""
    if verdict.state is State.TAMPERED:
        return f"tampered: first bad sequence number {verdict.first_bad}: {verdict.why}"
    if verdict.state is State.INCOMPLETE:
        return f"incomplete: {verdict.why}"
    erased = f", {verdict.erased} payloads erased as announced" if verdict.erased else ""
    return f"ok: {verdict.size} entries{erased}, root {verdict.root}"


def _show(done: int, size: int) -> None:
    """Show how far the verification is, on a terminal."""
    click.echo(f"\r{done} of {size}", err=True, nl=done == size)
