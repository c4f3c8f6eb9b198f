"""Commands on agreements: `pga agreement check`, `pga agreement diff` and `pga decide`.

They read files and nothing else: no database, no settings, no clock. What is stored is for
`pga.agreements.cli_stored`, whose commands are loaded when they are asked for.
"""

import json
import sys
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import Any, TypedDict, Unpack

import click

from pga.policy.codes import (
    CATEGORIES,
    POSSIBLE_PARTIES,
    Category,
    Condition,
    Partner,
    Phase,
    PolicyAction,
    Track,
)
from pga.policy.compile import EXCHANGES, Table, compile_document
from pga.policy.decide import Situation, owner_decision
from pga.policy.decide import decide as decide_cell
from pga.policy.decision import NOT_A_PARTICIPANT, Decision, as_data
from pga.policy.diff import CellChange, Difference, Effect, diff
from pga.policy.document import AgreementDocument, DocumentError, Problem, parse
from pga.policy.examples import ExampleOutcome, broken
from pga.policy.explain import explain
from pga.policy.guardrails import GuardrailError, prove
from pga.policy.proposals import (
    AgeProposal,
    BasisProposal,
    CellProposal,
    ExclusionProposal,
    NonPurposeProposal,
    Proposal,
)
from pga.policy.violations import Violation, written_cells

EXIT_REFUSED = 1
EXIT_BAD_INPUT = 2
EXIT_DENIED = 3
_STORED = {"list": "show", "import": "take_in", "export": "give_out", "models": "models"}
_LACKING = ("participant", "party", "in_force")
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


class _Asked(TypedDict):
    """What `decide` is asked, as click has read it."""

    track: str
    phase: str
    purpose: str
    provider: str
    consumer: str
    category: str
    action: str
    have: frozenset[str]
    lacking: frozenset[str]
    age: int
    day: datetime | None
    other_organisation: bool


def _codes(*known: str) -> Callable[[click.Context, click.Parameter, str], frozenset[str]]:
    """Make a reader of codes with commas between; an unknown code is bad input."""

    def read(_context: click.Context, _parameter: click.Parameter, value: str) -> frozenset[str]:
        found = frozenset(part.strip() for part in value.split(",") if part.strip())
        for code in sorted(found.difference(known)):
            message = f"'{code}' is not one of {', '.join(known)}"
            raise click.BadParameter(message)
        return found

    return read


def _choice(values: Iterable[str]) -> click.Choice[str]:
    """Let an option take the codes of an enumeration."""
    return click.Choice([str(value) for value in values])


class _Agreement(click.Group):
    """The commands on files, and those on what is stored, loaded when they are asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """List both."""
        return [*super().list_commands(ctx), *_STORED]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load one command; None when there is no such command."""
        if cmd_name not in _STORED:
            return super().get_command(ctx, cmd_name)
        command = getattr(import_module("pga.agreements.cli_stored"), _STORED[cmd_name])
        return command if isinstance(command, click.Command) else None


@click.group("agreement", cls=_Agreement)
def agreement() -> None:
    """Check and compare agreement files, and move them in and out of the product."""


@agreement.command("check")
@click.argument("file", type=_FILE)
def check(file: Path) -> None:
    """Validate FILE, prove every guardrail and run its examples; exit 1 when something is wrong.

    Under each violation stands who would get what by it, and the nearest repair where there is one;
    under each example that does not come out, what it asks and why the text says otherwise.
    """
    try:
        document = _document(file)
        violations = prove(document, _table_or_none(document))
        failing = broken(Table(document))
    except DocumentError as fault:
        for problem in fault.problems:
            click.echo(f"{file}:{problem.line}: {problem.text}")
        sys.exit(EXIT_REFUSED)
    for violation in violations:
        click.echo(f"{violation} | {violation.text}")
        for line in _about(violation):
            click.echo(f"    {line}")
    for outcome in failing:
        for line in _about_example(outcome):
            click.echo(line)
    if violations or failing:
        counts = (("violations", violations), ("examples that do not come out", failing))
        told = ", ".join(f"{what}: {len(found)}" for what, found in counts if found)
        click.echo(f"{file} is refused; {told}.")
        sys.exit(EXIT_REFUSED)
    cells = sum(1 for _ in written_cells(document))
    unverified = sum(1 for clause in document.clauses if not clause.verified)
    click.echo(
        f"{file}: {document.agreement.name} {document.agreement.version}: {cells} cells, all "
        f"guardrails proven; {unverified} of {len(document.clauses)} clauses legally to be "
        f"checked; examples that come out: {len(document.examples)}."
    )


@agreement.command("diff")
@click.argument("before", type=_FILE)
@click.argument("after", type=_FILE)
@click.option("--json", "as_json", is_flag=True, help="Write JSON.")
def difference(before: Path, after: Path, *, as_json: bool) -> None:
    """Show every changed cell from BEFORE to AFTER, with who gains and who loses."""
    found = diff(_table(before), _table(after))
    if as_json:
        click.echo(json.dumps(_difference_data(found), indent=2, ensure_ascii=False))
        return
    group = ""
    for change in found.cells:
        heading = f"{change.track} {change.partner}"
        if heading != group:
            click.echo(heading)
            group = heading
        click.echo(
            f"  {change.category}  {change.before} -> {change.after}"
            f"  gains: {', '.join(change.gaining) or '-'}  loses: {', '.join(change.losing) or '-'}"
        )
    for term in found.terms:
        click.echo(f"{term.part}: {term.entry}")
    click.echo(f"{len(found.cells)} changed cells, {len(found.terms)} other changes.")


@click.command("decide")
@click.option("--agreement", "file", type=_FILE, required=True, help="The agreement file.")
@click.option("--track", type=_choice(Track), required=True)
@click.option("--phase", type=_choice(Phase), required=True, help="F4 alone counts as aftercare.")
@click.option("--purpose", default="", help="Default: the first purpose of the file.")
@click.option("--provider", type=_choice(Partner), required=True)
@click.option("--consumer", type=_choice(Partner), required=True)
@click.option("--category", type=_choice(Category), required=True)
@click.option("--action", type=_choice(EXCHANGES), required=True)
@click.option("--have", callback=_codes(*Condition), default="", help="Conditions that are met.")
@click.option("--lacking", callback=_codes(*_LACKING), default="", help="What is not there.")
@click.option("--age", type=click.IntRange(min=0), default=15, show_default=True)
@click.option("--on", "day", type=click.DateTime(["%Y-%m-%d"]), help="Default: its valid_from.")
@click.option("--other-organisation", is_flag=True, help="Provider and consumer are two of a kind.")
@click.option("--json", "as_json", is_flag=True, help="Write JSON.")
def decide(file: Path, *, as_json: bool, **asked: Unpack[_Asked]) -> None:
    """Decide on one cell of an agreement; exit 0 allowed, 3 denied, 2 bad input.

    FILE counts as signed and in force unless --lacking says otherwise. Who consults what the same
    partner code brought is its owner, unless --other-organisation.
    """
    decision = _decide(_table(file), asked)
    if as_json:
        click.echo(json.dumps(as_data(decision), ensure_ascii=False))
    else:
        click.echo(f"{decision.decision} ({decision.code}), rule {decision.rule}")
        for message in explain(decision):
            click.echo(f"  {message.id % dict(message.values)}")
    if not decision.is_allowed:
        sys.exit(EXIT_DENIED)


def _decide(table: Table, asked: _Asked) -> Decision:
    """Put the question that was asked on the command line."""
    provider, category = Partner(asked["provider"]), Category(asked["category"])
    situation = _situation(table, asked)
    is_own = (
        provider is situation.consumer
        and asked["action"] == PolicyAction.CONSULT
        and category in {*CATEGORIES[situation.track], Category.SIGNAL} - {Category.G10}
    )
    if is_own and not asked["other_organisation"]:
        return owner_decision() if situation.participant else NOT_A_PARTICIPANT
    met = frozenset(Condition(code) for code in asked["have"])
    return decide_cell(table, situation, provider, category, PolicyAction(asked["action"]), met)


def _situation(table: Table, asked: _Asked) -> Situation:
    """State the facts as given, the rest as if all were in order."""
    document = table.document
    track = Track(asked["track"])
    day = document.agreement.valid_from if asked["day"] is None else asked["day"].date()
    return Situation(
        track=track,
        phase=Phase(asked["phase"]),
        purpose=asked["purpose"] or next(iter(document.purposes(track)), ""),
        consumer=Partner(asked["consumer"]),
        in_force="in_force" not in asked["lacking"] and document.agreement.holds_on(day),
        participant="participant" not in asked["lacking"],
        parties=frozenset() if "party" in asked["lacking"] else POSSIBLE_PARTIES,
        age=asked["age"],
    )


def _document(file: Path) -> AgreementDocument:
    """Read an agreement file. Raises DocumentError when it is none."""
    try:
        return parse(file.read_text("utf-8"))
    except UnicodeDecodeError:
        raise DocumentError([Problem(1, "not UTF-8 text")]) from None


def _table(file: Path) -> Table:
    """Compile a file; what cannot be an agreement in force is bad input."""
    try:
        return compile_document(_document(file))
    except (DocumentError, GuardrailError) as fault:
        click.echo(f"{file} is no agreement to decide with:\n{fault}", err=True)
        sys.exit(EXIT_BAD_INPUT)


def _table_or_none(document: AgreementDocument) -> Table | None:
    """Compile an agreement, or give nothing when its text is refused already."""
    try:
        return compile_document(document)
    except GuardrailError:
        return None


def _about(violation: Violation) -> Iterator[str]:
    """Say in codes who would get what by a violation, and what would repair it."""
    found = violation.exposure
    if found is not None:
        asked = ", ".join(found.asks) or "nothing"
        age = ", about a child under 12" if found.under_12 else ""
        yield (
            f"lets through: {found.provider or 'anybody'} to {found.consumer or 'anybody'}, "
            f"{found.category}, {found.action}, {found.stage}{age}; asked for it: {asked}"
        )
    if violation.proposal is not None:
        yield f"repair: {_repair(violation.proposal)}"


def _about_example(outcome: ExampleOutcome) -> Iterator[str]:
    """Say that an example does not come out, in the words of the page that lists examples."""
    # Loaded here alone: words need the language of a page, which takes longer than all the rest.
    words = import_module("pga.agreements.example_words")
    first, *others = words.why_not(outcome)
    yield f"example | {first}"
    yield from (f"    {line}" for line in others)


def _repair(proposal: Proposal) -> str:
    """Say in codes what a proposal makes of an agreement."""
    match proposal:
        case CellProposal(track, partner, category, before, after):
            return f"{track} {partner} {category}: {before} -> {after}"
        case BasisProposal(track, partner, clause, before, after):
            return f"{track} {partner} {clause or 'legal basis'}: {before} -> {after}"
        case NonPurposeProposal(non_purpose):
            return f"rule out {non_purpose}"
        case ExclusionProposal(track, exclusion):
            return f"{track}: keep out {exclusion}"
        case AgeProposal(track, age):
            return f"{track}: begin at the age of {age}"
        case _:
            return f"{proposal.object}: keep at most {proposal.term.text}"


def _difference_data(found: Difference) -> dict[str, Any]:
    """Give a difference as plain data."""
    return {
        "cells": [_change_data(change) for change in found.cells],
        "terms": [{"part": term.part, "entry": term.entry} for term in found.terms],
    }


def _change_data(change: CellChange) -> dict[str, Any]:
    """Give a changed cell as plain data."""
    return {
        "track": str(change.track),
        "partner": str(change.partner),
        "category": str(change.category),
        "before": change.before,
        "after": change.after,
        "gains": [str(partner) for partner in change.gaining],
        "loses": [str(partner) for partner in change.losing],
        "effects": {
            "gains": [_effect_data(effect) for effect in change.gains],
            "loses": [_effect_data(effect) for effect in change.loses],
        },
    }


def _effect_data(effect: Effect) -> dict[str, str]:
    """Give one effect as plain data."""
    return {
        "provider": str(effect.provider),
        "consumer": str(effect.consumer),
        "action": str(effect.action),
        "stage": str(effect.stage),
        "before": effect.before,
        "after": effect.after,
    }
