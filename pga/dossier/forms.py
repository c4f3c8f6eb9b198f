"""What the writing pages work out beside the form: who will read it, and what a draft holds."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from werkzeug.datastructures import MultiDict

from auth import queries as people
from config import clock
from pga.agreements import words as codes
from pga.cases.models import Participant
from pga.cases.rules import is_running
from pga.policy.codes import Condition
from pga.sharing.service.changes import Desk, readers
from pga.sharing.service.disclose import SharingDeniedError
from pga.sharing.service.judge import judge
from pga.sharing.service.veil import Veil


@dataclass(frozen=True, slots=True)
class Readers:
    """Who will read a new item, as far as its author may know (Dit kunnen lezen).

    `names` read it; `nameable` read it once they are named for it; `conditional` is a pair of a
    name and what is needed first.
    """

    known: Sequence[Participant]
    names: Sequence[str] = ()
    nameable: Sequence[tuple[str, str]] = ()
    conditional: Sequence[tuple[str, str]] = field(default=())


def readers_of(desk: Desk, category: str, named: Sequence[str] = ()) -> Readers:
    """Work out who will read an item of a category; the engine decides, the veil names.

    A participant bound by secrecy whom the author may not know is never among them, whether or
    not there is one (R-29). Two queries for the names.
    """
    veil = Veil.of(desk.facts, desk.seat, judge(desk.facts, desk.seat, desk.today), desk.today)
    known = [
        p
        for p in veil.participants(desk.facts.participants, desk.viewer.person_id)
        if is_running(p.from_on, p.until_on, p.ended_on, clock.today())
    ]
    if not category:
        return Readers(known)
    shown = {p.id for p in known}
    found = [r for r in readers(desk, category, named) if r.participant.id in shown]
    persons = people.people_by_id({r.participant.person_id for r in found})
    organisations = people.organisations_by_id({r.participant.organisation_id for r in found})

    def name(participant: Participant) -> str:
        person = persons.get(participant.person_id)
        organisation = organisations.get(participant.organisation_id)
        parts = [person.name if person else "", organisation.name if organisation else ""]
        return ", ".join(part for part in parts if part)

    named_set = set(named)
    return Readers(
        known=known,
        names=sorted({name(r.participant) for r in found if r.decision.is_allowed}),
        nameable=sorted(
            {
                (r.participant.person_id.hex(), name(r.participant))
                for r in found
                if Condition.NAMED_RECIPIENT in r.decision.conditions
                or r.participant.person_id.hex() in named_set
            },
            key=lambda pair: pair[1],
        ),
        conditional=sorted(
            {
                (name(r.participant), ", ".join(codes.condition(c) for c in r.decision.missing))
                for r in found
                if r.decision.missing and set(r.decision.missing) != {Condition.NAMED_RECIPIENT}
            }
        ),
    )


def why_denied(denied: SharingDeniedError) -> list[str]:
    """Say why nothing may be added, to show beside a field: what was typed stays on the page."""
    if denied.decision is None:
        return ["Nothing is shared here: the agreement is not in force for your organisation."]
    return codes.sentences(denied.decision.explanation)


def draft_content(posted: MultiDict[str, str]) -> dict[str, object]:
    """Give what a draft keeps of a form: all of it but the token."""
    return {
        name: texts if len(texts) > 1 else texts[0]
        for name, texts in posted.to_dict(flat=False).items()
        if name != "csrf_token"
    }
