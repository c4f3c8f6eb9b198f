"""The part of a plot that is about sharing: releases, repairs, looking, being refused."""

from collections.abc import Iterator

from pga.demo.lines import mention
from pga.demo.script import (
    Confirm,
    Consent,
    Correct,
    Cue,
    Decline,
    Knock,
    Open,
    Question,
    Release,
    TakeBack,
    TryBring,
    TryOpen,
    Withdraw,
    WrongCase,
)
from pga.demo.source import Raw, Youth
from pga.sharing.rules import Answer, ReleaseKind

BRINGS, NAMED = "+", "&"


def shared(youth: Youth) -> Iterator[Cue]:
    """Give the cues of releases, consents, repairs, questions and looks."""
    for row in youth.releases:
        yield from _release(row)
    for line in youth.consents:
        days, by, person, until = line.split(" ")
        yield Cue(int(days), by, Consent(person, int(until)), 40)
    for row in youth.repairs:
        yield Cue(row["day"], row["by"], _repair(row), 75)
    for asked in map(mention, youth.questions):
        yield Cue(asked.days, asked.by, Question(asked.word), 76)
    for read in map(mention, youth.reads):
        yield Cue(read.days, read.by, Open(), 55)
    for tried in map(mention, youth.tries):
        yield Cue(tried.days, tried.by, _try(tried.word), 77)
    for knocked in map(mention, youth.outsiders):
        yield Cue(knocked.days, knocked.by, Knock(), 78)


def _try(word: str) -> TryOpen | TryBring:
    """Give what somebody tries in vain: to bring a category, or to open one or a named item."""
    if word.startswith(BRINGS):
        return TryBring(word.removeprefix(BRINGS))
    if word.startswith(NAMED):
        return TryOpen(name=word.removeprefix(NAMED))
    return TryOpen(category=word)


def _release(row: Raw) -> Iterator[Cue]:
    """Give a release and what became of it."""
    name = row["id"]
    act = Release(
        name=name,
        kind=ReleaseKind(row.get("kind", ReleaseKind.CONSENT)),
        provider=row["provider"],
        about=tuple(row["about"]),
        to=tuple(row["to"]),
        until=row["until"],
        level=row.get("level", "B1"),
        youth=Answer(row.get("youth", Answer.AGREES)),
        guardians=tuple(Answer(answer) for answer in row.get("guardians", ())),
        why=row.get("why", ""),
    )
    yield Cue(row["asked"], row["asked_by"], act, 25)
    if "confirm" in row:
        yield Cue(row["confirm"], row["provider"], Confirm(name), 26)
    if "decline" in row:
        yield Cue(row["decline"], row["provider"], Decline(name), 26)
    if "withdraw" in row:
        yield Cue(row["withdraw"], row["withdraw_by"], Withdraw(name), 79)


def _repair(row: Raw) -> Correct | TakeBack | WrongCase:
    """Give a repair of an own item."""
    if row["how"] == "correct":
        return Correct(row["item"], row["title"], row["text"])
    return TakeBack(row["item"]) if row["how"] == "withdraw" else WrongCase(row["item"])
