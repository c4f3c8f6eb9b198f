"""Commands on agreements as they are stored: `pga agreement list`, `import`, `export`, `models`.

Apart from the checks of files, so that those need no database and hardly any time.
"""

from pathlib import Path

import click
from flask.cli import with_appcontext

from audit.entries import Actor
from config.errors import ApplicationError, NotFoundError
from config.ids import ID_BYTES, from_hex
from pga.agreements import queries
from pga.agreements import service as agreements
from pga.agreements.editions import catalogue_in_force
from pga.agreements.municipalities import MUNICIPALITIES, name_of
from pga.agreements.texts import violations_in
from pga.policy.document import DocumentError

OPERATOR = Actor(person="", organisation="", partner="", role="operator", session="", auth_level="")


class AgreementId(click.ParamType[bytes]):
    """The id of a version: 32 hex characters."""

    name = "id"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> bytes:
        """Read the id; ends the command for anything else."""
        try:
            found = from_hex(str(value))
        except ValueError:
            found = b""
        if len(found) != ID_BYTES:
            self.fail("an id has 32 hex characters; `pga agreement list` shows them", param, ctx)
        return found


@click.command("list")
@with_appcontext
def show() -> None:
    """List every stored version with its id; models come first."""
    for one in queries.shelf({"", *MUNICIPALITIES}):
        place = name_of(one.municipality) if one.municipality else "model"
        click.echo(f"{one.id.hex()}  {place}  {one.track}  {one.version}  {one.state}")


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@with_appcontext
def take_in(file: Path) -> None:
    """Take FILE in as a draft, word for word; exit 1 when it is no agreement.

    A file without a municipality is a regional model. What breaks a limit is told: a draft may,
    but it cannot leave the draft before it is repaired.
    """
    try:
        stored = agreements.take_in(file.read_bytes().decode("utf-8"), OPERATOR)
    except UnicodeDecodeError:
        message = f"{file}: not UTF-8 text"
        raise click.ClickException(message) from None
    except DocumentError as fault:
        told = "\n".join(f"{file}:{problem.line}: {problem.text}" for problem in fault.problems)
        raise click.ClickException(told) from None
    except ApplicationError as refused:
        raise click.ClickException(refused.text % refused.values) from None
    click.echo(f"{stored.id.hex()}  {stored.name} {stored.version}: {stored.state}")
    for violation in violations_in(stored.document, catalogue_in_force()):
        click.echo(f"{violation} | {violation.text}")


@click.command("export")
@click.argument("agreement_id", metavar="ID", type=AgreementId())
@with_appcontext
def give_out(agreement_id: bytes) -> None:
    """Write the file of a version, byte for byte as it is stored and signed."""
    found = queries.agreements_by_id([agreement_id]).get(agreement_id)
    if found is None:
        raise click.ClickException(NotFoundError.message)
    click.echo(found.document.encode(), nl=False)


@click.command("models")
@with_appcontext
def models() -> None:
    """Publish the models of the library for tracks that have none yet."""
    published = agreements.publish_library(OPERATOR)
    for model in published:
        click.echo(f"{model.id.hex()}  {model.name} {model.version}: {model.state}")
    if not published:
        click.echo("Every track has a model already.")
