"""Commands for whoever runs the installation: the first organisations, people and a way back in."""

import click
from flask.cli import with_appcontext

from auth import queries, service
from auth.models import Organisation, Person
from auth.rules import Domain, Role, Seat
from auth.service import INSTALLATION, Appointment
from config import clock
from config.errors import ApplicationError, InvalidInputError


@click.group()
def people() -> None:
    """Enter organisations and accounts; for the first of them, and for emergencies."""


@people.command("organisation")
@click.argument("name")
@click.option("--partner", "partners", multiple=True, required=True, help="GPR, POL, GGZ …")
@click.option("--domain", type=click.Choice([one.value for one in Domain]), required=True)
@with_appcontext
def organisation(name: str, partners: tuple[str, ...], domain: str) -> None:
    """Enter an organisation with the partner codes it takes part as."""
    try:
        service.create_organisation(name=name, partners=partners, domain=Domain(domain))
    except InvalidInputError as error:
        raise _told(error) from error
    click.echo(f"{name} is entered.")


@people.command("person")
@click.argument("name")
@click.argument("e-mail")
@click.option("--organisation", "organisation_name", required=True)
@click.option("--municipality", required=True, help="The CBS code.")
@click.option("--partner", required=True)
@click.option("--role", type=click.Choice([one.value for one in Role]), required=True)
@with_appcontext
def person(  # noqa: PLR0913, PLR0917 - one option each
    name: str, e_mail: str, organisation_name: str, municipality: str, partner: str, role: str
) -> None:
    """Open an account with its first role and print its temporary password, this once."""
    seat = Seat(_organisation(organisation_name).id, municipality, partner, Role(role))
    try:
        created = service.create_person(
            INSTALLATION,
            name=name,
            sign_in_name=e_mail,
            appointment=Appointment(seat, clock.today()),
        )
    except InvalidInputError as error:
        raise _told(error) from error
    click.echo(f"Temporary password, for seven days: {created.temporary_password}")


@people.command("reset")
@click.argument("e-mail")
@with_appcontext
def reset(e_mail: str) -> None:
    """Drop the second factor and print a temporary password, this once."""
    try:
        password = service.reset_sign_in(INSTALLATION, _person(e_mail).id)
    except ApplicationError as error:
        raise _told(error) from error
    click.echo(f"Temporary password, for seven days: {password}")


@people.command("block")
@click.argument("e-mail")
@with_appcontext
def block(e_mail: str) -> None:
    """Block an account and end its sessions at once."""
    service.block_person(INSTALLATION, _person(e_mail).id)
    click.echo("The account is blocked.")


@people.command("unblock")
@click.argument("e-mail")
@with_appcontext
def unblock(e_mail: str) -> None:
    """Let a blocked account sign in again."""
    try:
        service.unblock_person(INSTALLATION, _person(e_mail).id)
    except ApplicationError as error:
        raise _told(error) from error
    click.echo("The account can sign in again.")


def _organisation(name: str) -> Organisation:
    """Find an organisation by name; ends the command when there is none."""
    found = queries.organisation_by_name(name)
    if found is None:
        message = f"there is no organisation called {name}"
        raise click.ClickException(message)
    return found


def _person(e_mail: str) -> Person:
    """Find an account by sign-in name; ends the command when there is none."""
    found = queries.person_by_sign_in_name(service.normal_name(e_mail))
    if found is None:
        message = f"there is no account {e_mail}"
        raise click.ClickException(message)
    return found


def _told(error: ApplicationError) -> click.ClickException:
    """Say an error on the console, in English as all commands do."""
    fields = getattr(error, "fields", {})
    told = [f"{name}: {' '.join(texts)}" for name, texts in fields.items()]
    return click.ClickException("; ".join(told) or error.text)
