"""Run the revisions of one store over one connection; config.migrate hands over both."""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy.types import TypeDecorator


def _nothing() -> None:
    """Stand in for a revision of another store."""


def _plain(
    kind: str,
    item: Any,  # noqa: ANN401 - Alembic hands over anything it writes
    autogen: AutogenContext,
) -> str | Literal[False]:
    """Write our own column types as what the database keeps, so that history needs no program."""
    _ = autogen
    if kind == "type" and isinstance(item, TypeDecorator):
        return f"sa.{item.impl_instance!r}"
    return False


def _run() -> None:
    """Let revisions of other stores change nothing, then run the line."""
    attributes = context.config.attributes
    for script in context.script.walk_revisions():
        revision: Any = script.module
        if revision.store != attributes["store"]:
            revision.upgrade = _nothing
    context.configure(
        connection=attributes["connection"],
        target_metadata=attributes["target_metadata"],
        render_item=_plain,
        render_as_batch=True,
        template_args={"store": attributes["store"]},
    )
    with context.begin_transaction():
        context.run_migrations()


_run()
