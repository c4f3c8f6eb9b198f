"""`pga audit`: what the keeper of the log runs by hand."""

import sys
from datetime import datetime
from pathlib import Path

import click
from flask.cli import with_appcontext

from audit import exports, gate, publishing, signer
from audit.auditctl import __main__ as auditctl
from audit.entries import Action, Actor, Entry, Kind
from audit.exports.source import Producer
from audit.exports.walking import failures, walk
from audit.reading import TamperedError
from audit.verify import State, Verdict, quiet, verify
from config import clock
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


@audit_group.command("records")
@click.argument("form", type=click.Choice(list(exports.FORMS)))
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="First day; else from the start.")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="Last day, included; else today.")
@click.option("--reason", required=True, help="Why; entered in the log.")
@with_appcontext
def records_command(
    form: str, file: Path, since: datetime | None, until: datetime | None, reason: str
) -> None:
    """Write what the entries say to FILE in a form supervisors take, one JSON object per line.

    adl: NLgov Authorization Decision Log. ldv: Logboek Dataverwerkingen, without who acted.
    vng: Verwerkingenlogging. nen7513: the elements of that standard.
    """
    gate.record(
        Entry(
            Action.LOG_VIEW, OPERATOR, f"records {form}", kind=Kind.EXPORTED, reason=reason.strip()
        )
    )
    first = clock.start_of(since.date()) if since else None
    end = clock.end_of(until.date()) if until else None
    origin = settings().log_origin
    producer = Producer(origin, settings().register or f"https://{origin}/register")
    reader, count = gate.gate().reader, 0
    with file.open("w", encoding="utf-8") as out:
        failed = failures(reader, first)
        for line in exports.lines(form, walk(reader, first, end), producer, failed):
            out.write(line)
            count += 1
    click.echo(f"{file}: {count} records")


@click.command("witness", context_settings={"ignore_unknown_options": True}, add_help_option=False)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def witness(arguments: tuple[str, ...]) -> None:
    """Cosign logs as long as they only grow, as `auditctl witness` does."""
    sys.exit(auditctl.main(["witness", *arguments], "pga"))


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
