"""Commands on the keys: rotate, verify and shred."""

import click
from flask.cli import AppGroup

from audit.entries import Actor
from config.errors import ApplicationError
from config.ids import from_hex
from config.keys import kek
from pga.records.service.checking import check_everything
from pga.records.service.shredding import shred as shred_record
from pga.records.service.upkeep import rotate as rotate_keys

OPERATOR = Actor(person="", organisation="", partner="", role="operator", session="", auth_level="")

keys = AppGroup("keys", help="The keys of the sealed records.")


class RecordId(click.ParamType[bytes]):
    """The id of a destruction record: 32 hex characters."""

    name = "record"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> bytes:
        """Read the id; ends the command for anything else."""
        try:
            return from_hex(str(value))
        except ValueError:
            self.fail("a record id has 32 hex characters", param, ctx)


@keys.command()
def rotate() -> None:
    """Wrap all keys anew under the newest version of the KEK.

    Add that version to the key file first. Older lines stay: a version is the place of a line,
    and the log and the identity index still need them.
    """
    click.echo(f"KEK: {kek().describe()}")
    rotated = rotate_keys(lambda done, total: click.echo(f"{done} of {total} keys"))
    for owner in rotated.failed:
        click.echo(f"does not open, left as it was: {owner}", err=True)
    click.echo(f"{rotated.done} keys wrapped anew, {len(rotated.failed)} failed")
    if rotated.failed:
        raise SystemExit(1)


@keys.command()
def verify() -> None:
    """Check that every key opens and every case matches the log; exit 1 when one does not."""
    click.echo(f"KEK: {kek().describe()}")
    checked = check_everything()
    for problem in checked.problems:
        click.echo(problem, err=True)
    click.echo(f"{checked.cases} cases, {checked.keys} keys, {len(checked.problems)} problems")
    if checked.problems:
        raise SystemExit(1)


@keys.command()
@click.argument("record", type=RecordId())
def shred(record: bytes) -> None:
    """Destroy what a destruction RECORD names; two people must have approved it."""
    try:
        removed = shred_record(OPERATOR, record)
    except ApplicationError as error:
        raise click.ClickException(error.text) from error
    click.echo(f"shredded; {removed} rows removed")
