"""Compile an agreement to a decision table.

A table has rooms: everything one recipient may ask in one stage for one purpose. A room is made
whole when it is first entered and never changes; in it, one look-up by provider, category and
action gives the outcomes of a cell, one for each set of conditions that is missing, with their
explanation. That a room is made late changes no answer: it depends on the agreement alone.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import product
from typing import Final

from pga.policy import messages
from pga.policy.codes import (
    CATEGORIES,
    Category,
    Code,
    Partner,
    PolicyAction,
    Purpose,
    Stage,
    Track,
    conditions_in,
)
from pga.policy.decision import ALLOWED, DENIED, NOT_IN_FORCE, Decision, refusal
from pga.policy.grounds import Clauses, Flow
from pga.policy.laws import FOR_READERS
from pga.policy.limits import PAIR_LIMITS
from pga.policy.terms import AgreementDocument
from pga.policy.verdict import Question, Verdict, judge
from pga.policy.violations import GuardrailError, prove_text
from pga.policy.writing import hash_of

EXCHANGES: Final = (PolicyAction.PROVIDE, PolicyAction.CONSULT)
_ARTICLE = {limit.code: limit.article for limit in PAIR_LIMITS}

Key = tuple[Partner, Category, PolicyAction]
Room = dict[Key, "Outcomes"]


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


@cache
def standpoint(
    track: Track, stage: Stage, purpose: Purpose | None, consumer: Partner, *, under_12: bool
) -> Standpoint:
    """Give the one standpoint with these values."""
    return Standpoint(track, stage, purpose, consumer, under_12)


class Outcomes(dict[int, Decision]):
    """The decisions of one cell by the mask of what is missing; 0 is the answer when nothing is."""

    __slots__ = ("_rule", "need")

    def __init__(self, need: int, rule: Callable[[int], Decision]) -> None:
        """Keep what is asked and how to rule; a decision is made when it is first needed."""
        super().__init__()
        self.need = need
        self._rule = rule

    def __missing__(self, missing: int) -> Decision:
        """Rule on a set of missing conditions, once."""
        decision = self[missing] = self._rule(missing)
        return decision


@dataclass(frozen=True, slots=True)
class Ruling:
    """A verdict with all that its decisions are made from."""

    clauses: Clauses
    asked: Question
    purpose: Purpose | None
    verdict: Verdict
    provided: int

    def decide(self, missing: int) -> Decision:
        """Make the decision for what is missing."""
        verdict = self.verdict
        if verdict.code is Code.ALLOWED and self.purpose is not None:
            return self._permit(self.purpose, missing)
        if verdict.code is Code.FORBIDDEN:
            said = (messages.REASONS[verdict.why], messages.cut_by(_ARTICLE[verdict.rule]))
            return refusal(verdict.code, verdict.rule, said, verified=False, cut_by_law=True)
        clause = self.clauses.of(self.asked.track, verdict.speaks, self.asked.category)
        said = (messages.REASONS[verdict.why],)
        if clause is None or verdict.why not in messages.FROM_CLAUSE:
            return refusal(verdict.code, verdict.rule, said)
        said = (*said, messages.closed_by(clause.id))
        return refusal(verdict.code, verdict.rule, said, clause=clause.id, verified=clause.verified)

    def _permit(self, purpose: Purpose, missing: int) -> Decision:
        """Make the decision of a rule that permits, with or without its conditions met."""
        asked, verdict = self.asked, self.verdict
        flow = Flow(asked.track, purpose, asked.provider, asked.consumer, asked.category)
        grounds = self.clauses.grounds(flow, self.provided)
        obligations = grounds.obligations
        if asked.action is PolicyAction.CONSULT:
            obligations = tuple(o for o in obligations if o in FOR_READERS)
        clause = "" if grounds.clause is None else grounds.clause.id
        conditions = conditions_in(verdict.need)
        lacking = conditions_in(missing)
        said = [messages.UNMET[condition] for condition in lacking]
        if clause:
            opening = messages.asked_by if lacking else messages.allowed_by
            said.append(opening(clause, asked.action))
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


def _out_of_force(_missing: int) -> Decision:
    """Answer for a track that the agreement does not cover (R-01)."""
    return NOT_IN_FORCE


_OUT_OF_FORCE = Outcomes(0, _out_of_force)


class Rooms(dict[Standpoint, Room]):
    """The rooms of one table, each made when it is first entered."""

    __slots__ = ("_table",)

    def __init__(self, table: "Table") -> None:
        """Start with no room made."""
        super().__init__()
        self._table = table

    def __missing__(self, where: Standpoint) -> Room:
        """Make a room and keep it."""
        room = self[where] = self._table.make_room(where)
        return room


class Table:
    """The decision table of one version of an agreement.

    `document` is what it was compiled from, `policy_hash` the SHA-256 of what that says. A table
    of an agreement that breaks a cell limit can be made, to prove it; `compile_document` refuses.
    """

    def __init__(self, document: AgreementDocument) -> None:
        """Index the agreement; rooms follow when they are entered."""
        self.document = document
        self.version = document.agreement.version
        self.policy_hash = hash_of(document)
        self.tracks = frozenset(document.tracks)
        self.categories = frozenset(c for track in document.tracks for c in CATEGORIES[track])
        self.clauses = Clauses(document)
        self.rooms = Rooms(self)
        self._shared: dict[tuple[Verdict, Question, Purpose | None], Outcomes] = {}
        self._closed: dict[tuple[Verdict, Category], Outcomes] = {}

    def make_room(self, where: Standpoint) -> Room:
        """Make a room without keeping it; the outcomes in it are shared between rooms."""
        room: Room = {}
        for provider, category, action in _keys(where.track):
            asked = Question(
                where.track,
                where.stage,
                provider,
                where.consumer,
                category,
                action,
                where.under_12,
            )
            room[provider, category, action] = self._outcomes(asked, where.purpose)
        return room

    def standpoints(self) -> Iterator[Standpoint]:
        """Give every standpoint from which this agreement can be asked."""
        for track in self.document.tracks:
            purposes = (*self.document.purposes(track), None)
            for stage, purpose, consumer, under_12 in product(
                Stage, purposes, Partner, (False, True)
            ):
                yield standpoint(track, stage, purpose, consumer, under_12=under_12)

    def _outcomes(self, asked: Question, purpose: Purpose | None) -> Outcomes:
        """Give the outcomes of a cell; what is closed in the same way shares them."""
        if asked.track not in self.tracks:
            return _OUT_OF_FORCE
        verdict = judge(self.document, asked, purpose)
        if verdict.code is not Code.ALLOWED:
            closed = (verdict, asked.category)
            if closed not in self._closed:
                ruling = Ruling(self.clauses, asked, None, verdict, 0)
                self._closed[closed] = Outcomes(0, ruling.decide)
            return self._closed[closed]
        shared = (verdict, asked._replace(stage=Stage.FULL, under_12=False), purpose)
        if shared not in self._shared:
            provided = self._provided(asked, verdict)
            ruling = Ruling(self.clauses, asked, purpose, verdict, provided)
            self._shared[shared] = Outcomes(verdict.need, ruling.decide)
        return self._shared[shared]

    def _provided(self, asked: Question, verdict: Verdict) -> int:
        """Give what is asked of the provider, apart from what is asked of the recipient."""
        if asked.category is Category.SIGNAL:
            return verdict.need
        return self.document.cell(asked.track, asked.provider, asked.category).provide.need


def compile_document(document: AgreementDocument) -> Table:
    """Compile an agreement to its table.

    Raises GuardrailError when a cell limit or another limit on the text refuses the agreement:
    there is no table of such an agreement to decide with.
    """
    violations = prove_text(document)
    if violations:
        raise GuardrailError(violations)
    return Table(document)


@cache
def _keys(track: Track) -> tuple[Key, ...]:
    """Give every key of a room of a track."""
    return tuple(product(Partner, (*CATEGORIES[track], Category.SIGNAL), EXCHANGES))
