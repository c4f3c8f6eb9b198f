"""`pga audit`: what the keeper of the log runs by hand."""

import sys
from pathlib import Path

import click
from flask.cli import with_appcontext

from audit import gate, publishing, signer
from audit.entries import Action, Actor, Entry, Kind
from audit.reading import TamperedError
from audit.verify import State, Verdict, quiet, verify
from config.database import settings, stores
from config.keys import kek

OPERATOR = Actor(person="", organisation="", partner="", role="operator", session="", auth_level="")


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


@audit_group.command("sign")
@click.option("--once", is_flag=True, help="Sign now and end.")
@with_appcontext
def sign_command(*, once: bool) -> None:
    """Sign the log as it grows and have it witnessed, until told to end.

    Ends with 1, and signs nothing, when the log is no longer what was signed of it.
    """
    engine = stores().audit
    signs = signer.signer_of(engine, settings())
    trust = signer.trust_of(signs, settings())
    try:
        if once:
            signer.work(engine, signs, trust)
        else:
            signer.run(engine, signs, trust)
    except TamperedError as error:
        click.echo(f"tampered: {error}", err=True)
        sys.exit(State.TAMPERED)


@audit_group.command("key")
@with_appcontext
def key_command() -> None:
    """Print the public keys of the log, for the policies of witnesses and auditors."""
    for key in signer.signer_of(stores().audit, settings()).keys:
        click.echo(key.verifier)


@audit_group.command("export")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--payloads", is_flag=True, help="Also what the entries say, about persons.")
@click.option("--reason", default="", help="Why; needed for payloads, and entered in the log.")
@with_appcontext
def export_command(folder: Path, *, payloads: bool, reason: str) -> None:
    """Write what the log published to FOLDER, for `auditctl verify FOLDER`."""
    if payloads and not reason.strip():
        message = "who asks for what the entries say gives a --reason"
        raise click.UsageError(message)
    engine = stores().audit
    signs = signer.signer_of(engine, settings())
    if payloads:
        gate.record(
            Entry(Action.LOG_VIEW, OPERATOR, "export", kind=Kind.EXPORTED, reason=reason.strip())
        )
    signer.work(engine, signs, signer.trust_of(signs, settings()))
    folder.mkdir(parents=True, exist_ok=True)
    policy = signer.policy_of(signs, settings().log_policy).decode()
    progress = _show if sys.stderr.isatty() else quiet
    signed = publishing.export(engine, folder, policy, progress)
    said = f"{signed.size} entries"
    if payloads:
        opened = publishing.disclose(gate.gate().reader, folder, signed.size, progress)
        said += f", with what {opened} of them say"
    click.echo(f"{folder}: {said}, root {signed.root.hex()}")


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
