"""The command `pga`: what it can do, in the order in which one needs it.

Each part is loaded when it is asked for, and the app is made by what needs it: so help and the
checks of agreement files need no settings, no database and hardly any time.
"""

from collections.abc import Iterator
from importlib import import_module

import click
from flask import Flask
from flask.cli import ScriptInfo

from config import logs
from config.errors import SettingsError

# Under each heading the commands and where they are.
PARTS = {
    "Set up and run": {
        "init": "config.cli:init",
        "db": "config.cli:db",
        "worker": "wsgi:work",
    },
    "Try it": {"demo": "pga.demo.cli:demo"},
    "People and agreements": {
        "people": "auth.cli:people",
        "agreement": "pga.agreements.cli:agreement",
        "decide": "pga.agreements.cli:decide",
    },
    "The log and the keys": {
        "audit": "audit.cli:audit_group",
        "witness": "audit.cli:witness",
        "keys": "pga.records.cli:keys",
    },
}
HOMES = {name: home for parts in PARTS.values() for name, home in parts.items()}
SENTENCE = 160


class Commands(click.Group):
    """The commands of the product, each loaded when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """List the commands in the order of the help."""
        _ = ctx
        return list(HOMES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load one command; None when there is no such command."""
        _ = ctx
        if cmd_name not in HOMES:
            return None
        module, _sep, name = HOMES[cmd_name].partition(":")
        command = getattr(import_module(module), name)
        return command if isinstance(command, click.Command) else None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands under their headings, those of a group each on a line of its own."""
        found = {title: list(self._lines(ctx, parts)) for title, parts in PARTS.items()}
        widest = max(len(name) for lines in found.values() for name, _command in lines)
        for title, lines in found.items():
            with formatter.section(title):
                formatter.write_dl(
                    [
                        (name.ljust(widest), command.get_short_help_str(SENTENCE))
                        for name, command in lines
                    ]
                )

    def _lines(
        self, ctx: click.Context, parts: dict[str, str]
    ) -> Iterator[tuple[str, click.Command]]:
        """Give each command as one types it."""
        for name in parts:
            command = self.get_command(ctx, name)
            if isinstance(command, click.Group):
                for inner in command.list_commands(ctx):
                    under = command.get_command(ctx, inner)
                    if under is not None:
                        yield f"{name} {inner}", under
            elif command is not None:
                yield name, command


def _create_app() -> Flask:
    """Compose the product, for a command that needs it."""
    app: Flask = import_module("wsgi").create_app()
    return app


@click.command(cls=Commands, context_settings={"obj": ScriptInfo(create_app=_create_app)})
def commands() -> None:
    """Run, try and look after Samenspraak. Start with `make run`, or with `pga init`.

    `pga COMMAND --help` says more about one of them.
    """


def cli(prog_name: str = "pga") -> int:
    """Run a command; settings that do not allow a start end it with their message and code 2."""
    logs.start()
    try:
        commands.main(prog_name=prog_name, standalone_mode=False)
    except click.exceptions.Exit as ended:
        return ended.exit_code
    except click.ClickException as refused:
        refused.show()
        return refused.exit_code
    except click.Abort:
        return 1
    except SettingsError as error:
        click.echo(f"pga: {error}", err=True)
        return 2
    return 0
