"""Compile an agreement to a decision table.

A table has rooms: everything one recipient may ask in one stage for one purpose. A room is made
whole when it is first entered. In it, provider, category and action lead to the outcomes of a
cell: one decision for each set of conditions that is met, with its explanation, made once. That
things are made late changes no answer: it depends on the agreement alone.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import product
from types import MappingProxyType
from typing import NamedTuple

from pga.policy import messages
from pga.policy.catalogue import Catalogue, CellSide, Check
from pga.policy.catalogue_text import current
from pga.policy.codes import (
    CATEGORIES,
    EVERY_MET,
    Category,
    Code,
    Met,
    Partner,
    PolicyAction,
    Purpose,
    Stage,
    Track,
    conditions_in,
    mask_of,
)
from pga.policy.decision import ALLOWED, DENIED, NOT_IN_FORCE, UNKNOWN, Decision, refusal
from pga.policy.flows import Flows, flows_of
from pga.policy.grounds import Clauses, Flow
from pga.policy.laws import FOR_READERS
from pga.policy.limits import limits_of
from pga.policy.messages import Message
from pga.policy.terms import AgreementDocument
from pga.policy.verdict import EXCHANGES, Question, Verdict, verdict_of, without_purpose
from pga.policy.violations import GuardrailError, prove_text
from pga.policy.writing import hash_of

__all__ = ["EXCHANGES", "Outcomes", "Standpoint", "Table", "compile_document", "standpoint"]

Key = tuple[Partner, Category, PolicyAction]
Room = dict[Key, "Outcomes"]
Answers = dict[Met, Decision]
Shut = Mapping[tuple[Track, Partner, Category, CellSide], str]
"""Sides of cells that a limit shuts whatever is written, each with the code of the limit."""


class AgeLimit(NamedTuple):
    """From which age a limit lets anything be shared, and what is answered below it."""

    age: int
    refusal: Decision


@dataclass(frozen=True, slots=True, eq=False)
class Standpoint:
    """From where a table is asked: the name of a room.

    Made by `standpoint()` only, which gives the same object for the same values; so a room is
    found by identity.
    """

    track: Track
    stage: Stage
    purpose: Purpose | None
    consumer: Partner
    under_12: bool

    @property
    def apart_from_purpose(self) -> tuple[Track, Stage, Partner, bool]:
        """Give what a verdict depends on."""
        return self.track, self.stage, self.consumer, self.under_12


@cache
def standpoint(
    track: Track, stage: Stage, purpose: Purpose | None, consumer: Partner, *, under_12: bool
) -> Standpoint:
    """Give the one standpoint with these values."""
    return Standpoint(track, stage, purpose, consumer, under_12)


class Outcomes:
    """The decisions of one cell: `answers` by the conditions that are met, as mask or as set."""

    __slots__ = ("_rule", "answers", "can_open", "need")

    def __init__(self, need: int, rule: Callable[[int], Decision], *, can_open: bool) -> None:
        """Keep what is asked and how to rule; a decision is made when it is first needed.

        `can_open` tells whether all conditions together open it.
        """
        self.need = need
        self.can_open = can_open
        self.answers: Answers = {}
        self._rule = rule

    def answer(self, met: Met) -> Decision:
        """Rule on these conditions, once; what the cell does not ask makes no difference."""
        counts = self.need & (met if isinstance(met, int) else mask_of(met))
        decision = self.answers.get(counts)
        if decision is None:
            decision = self.answers[counts] = self._rule(self.need & ~counts)
        if met in EVERY_MET:
            self.answers[met] = decision
        return decision


@dataclass(frozen=True, slots=True)
class Ruling:
    """A verdict with all that its decisions are made from."""

    clauses: Clauses
    where: Standpoint
    key: Key
    verdict: Verdict
    provided: int
    catalogue: Catalogue

    def decide(self, missing: int) -> Decision:
        """Make the decision for what is missing."""
        verdict, purpose = self.verdict, self.where.purpose
        if verdict.code is Code.ALLOWED and purpose is not None:
            return self._permit(purpose, missing)
        if verdict.code is Code.FORBIDDEN:
            return cut_by_law(self.catalogue.by_code[verdict.rule], self.catalogue.edition)
        reason = messages.REASONS[verdict.why]
        clause = self.clauses.of(self.where.track, verdict.speaks, self.key[1])
        if clause is None or verdict.why not in messages.FROM_CLAUSE:
            return refusal(verdict.code, verdict.rule, (reason,))
        return refusal(
            verdict.code,
            verdict.rule,
            (reason, messages.closed_by(clause.id)),
            clause=clause.id,
            verified=clause.verified,
        )

    def _permit(self, purpose: Purpose, missing: int) -> Decision:
        """Make the decision of a rule that permits, with or without its conditions met."""
        where, verdict = self.where, self.verdict
        provider, category, action = self.key
        flow = Flow(where.track, purpose, provider, where.consumer, category)
        grounds = self.clauses.grounds(flow, self.provided)
        obligations = grounds.obligations
        if action is PolicyAction.CONSULT:
            obligations = tuple(o for o in obligations if o in FOR_READERS)
        clause = "" if grounds.clause is None else grounds.clause.id
        conditions = conditions_in(verdict.need)
        lacking = conditions_in(missing)
        said = [messages.UNMET[condition] for condition in lacking]
        if clause:
            opening = messages.asked_by if lacking else messages.allowed_by
            said.append(opening(clause, action))
        if not lacking:
            said.extend(messages.MET[condition] for condition in conditions)
        said.extend(messages.grounds(grounds.legal_basis, grounds.exception, grounds.secrecy))
        said.extend(messages.obliged(obligations))
        if not grounds.verified:
            said.append(messages.TO_BE_CHECKED)
        return Decision(
            decision=DENIED if lacking else ALLOWED,
            code=Code.CONDITION_UNMET if lacking else Code.ALLOWED,
            rule=verdict.rule,
            clause=clause,
            legal_basis=grounds.legal_basis,
            exception_9_10=grounds.exception,
            secrecy=grounds.secrecy,
            conditions=conditions,
            missing=lacking,
            obligations=obligations,
            verified=grounds.verified,
            explanation=tuple(said),
        )


def cut_by_law(check: Check, edition: str) -> Decision:
    """Give the refusal of a limit, which names its article and its edition."""
    return refusal(
        Code.FORBIDDEN,
        check.code,
        (
            Message(check.explanation),
            messages.cut_by(check.article),
            messages.of_edition(edition),
        ),
        verified=check.is_verified,
        cut_by_law=True,
    )


def _out_of_force(_missing: int) -> Decision:
    """Answer for a track that the agreement does not cover (R-01)."""
    return NOT_IN_FORCE


_OUT_OF_FORCE = Outcomes(0, _out_of_force, can_open=False)


class Table:
    """The decision table of one version of an agreement.

    `document` is what it was compiled from, `policy_hash` the SHA-256 of what that says, and
    `catalogue` the edition of the limits that cut it: without one, that of the program. A table of
    an agreement that breaks a cell limit can be made, to prove it; `compile_document` refuses.
    `shut` are sides of cells that the law shuts in spite of what they say, `by_age` the tracks that
    it shuts below an age, and `retention` the terms as the law lets them be (`pga.policy.holding`).
    """

    shut: Shut = MappingProxyType({})

    def __init__(self, document: AgreementDocument, catalogue: Catalogue | None = None) -> None:
        """Index the agreement; rooms follow when they are entered."""
        self.document = document
        self.catalogue = current() if catalogue is None else catalogue
        self.edition = self.catalogue.edition
        self.limits = limits_of(self.catalogue)
        self.version = document.agreement.version
        self.policy_hash = hash_of(document)
        self.tracks = frozenset(document.tracks)
        self.categories = frozenset(c for track in document.tracks for c in CATEGORIES[track])
        self.clauses = Clauses(document)
        self.retention = document.retention
        self.by_age: Mapping[Track, AgeLimit] = {}
        self.rooms: dict[Standpoint, dict[Key, Answers]] = {}
        self._made: dict[Standpoint, Room] = {}
        self._shared: dict[tuple[object, ...], Outcomes] = {}
        self._flows: dict[Track, Flows] = {}

    def answer(self, where: Standpoint, key: Key, met: Met) -> Decision:
        """Answer what `rooms` does not hold yet, and let it hold it; never raises."""
        room = self.room(where)
        return room[key].answer(met) if key in room else UNKNOWN

    def room(self, where: Standpoint) -> Room:
        """Enter a room; it is made when it is first entered."""
        room = self._made.get(where)
        if room is None:
            room = self.make_room(where, self.verdicts(where))
            # A reader of `_made` may count on `rooms`, so that one is filled first. Where the law
            # shuts by age, what is kept by standpoint alone answers nobody.
            if not self.by_age:
                self.rooms[where] = {key: outcomes.answers for key, outcomes in room.items()}
            self._made[where] = room
        return room

    def verdicts(self, where: Standpoint) -> dict[Key, Verdict]:
        """Judge every key from a standpoint, whatever its purpose."""
        track, stage, consumer, under_12 = where.apart_from_purpose
        return {
            key: self.verdict(Question(track, stage, key[0], consumer, *key[1:], under_12))
            for key in _keys(track)
        }

    def verdict(self, asked: Question) -> Verdict:
        """Judge one question, whatever the purpose."""
        return verdict_of(self.document, asked, self.limits)

    def make_room(self, where: Standpoint, verdicts: Mapping[Key, Verdict]) -> Room:
        """Make a room of these verdicts without keeping it; outcomes are shared between rooms."""
        if where.track not in self.tracks:
            return dict.fromkeys(verdicts, _OUT_OF_FORCE)
        is_known = where.purpose in self.document.purposes(where.track)
        shared, room = self._shared, {}
        for key, given in verdicts.items():
            verdict = given if is_known else without_purpose(given)
            if verdict.code is Code.ALLOWED:
                same: tuple[object, ...] = (verdict, key, where.consumer, where.purpose)
            else:
                same = (verdict, key[1], where.track)
            outcomes = shared.get(same)
            if outcomes is None:
                outcomes = shared[same] = self._outcomes(where, key, verdict)
            room[key] = outcomes
        return room

    def flows(self, track: Track) -> Flows:
        """Give what every flow of a track asks, made once: the verdicts of all rooms as masks."""
        found = self._flows.get(track)
        if found is None:
            found = self._flows[track] = flows_of(self.document, self.limits, track)
        return found

    def standpoints(self) -> Iterator[tuple[Standpoint, ...]]:
        """Give every standpoint from which this agreement can be asked, purposes side by side."""
        for track in self.document.tracks:
            purposes = (*self.document.purposes(track), None)
            for stage, consumer, under_12 in product(Stage, Partner, (False, True)):
                yield tuple(
                    standpoint(track, stage, purpose, consumer, under_12=under_12)
                    for purpose in purposes
                )

    def _outcomes(self, where: Standpoint, key: Key, verdict: Verdict) -> Outcomes:
        """Make the outcomes of a cell out of its verdict."""
        provided = self._provided(where.track, key, verdict)
        rule = Ruling(self.clauses, where, key, verdict, provided, self.catalogue).decide
        return Outcomes(verdict.need, rule, can_open=verdict.code is Code.ALLOWED)

    def _provided(self, track: Track, key: Key, verdict: Verdict) -> int:
        """Give what is asked of the provider, apart from what is asked of the recipient."""
        if key[1] is Category.SIGNAL:
            return verdict.need
        return self.document.cell(track, key[0], key[1]).provide.need


def compile_document(document: AgreementDocument, catalogue: Catalogue | None = None) -> Table:
    """Compile an agreement to its table, under an edition of the limits or that of the program.

    Raises GuardrailError when a cell limit or another limit on the text refuses the agreement:
    there is no table of such an agreement to decide with.
    """
    violations = prove_text(document, catalogue)
    if violations:
        raise GuardrailError(violations)
    return Table(document, catalogue)


@cache
def _keys(track: Track) -> tuple[Key, ...]:
    """Give every key of a room of a track."""
    return tuple(product(Partner, (*CATEGORIES[track], Category.SIGNAL), EXCHANGES))
