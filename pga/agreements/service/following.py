"""A draft follows its model: what the region changed is adopted one place at a time.

Nothing comes over by itself. When all has been adopted or left, the draft says that it follows the
new model; from then on a next one is compared with that.
"""

from dataclasses import dataclass, replace

from config.errors import NotFoundError
from pga.agreements.models import Agreement
from pga.agreements.reading import newest_model
from pga.agreements.service import drafting
from pga.agreements.service.desk import Desk
from pga.agreements.texts import table_of_text
from pga.policy.places import read_place
from pga.policy.terms import AgreementDocument
from pga.policy.threeway import ThreeWay, adopt, compare


@dataclass(frozen=True, slots=True)
class Moved:
    """A model that moved since a draft was derived from it, beside the draft (nieuw model)."""

    model: Agreement
    compared: ThreeWay


def moved(agreement: Agreement) -> Moved | None:
    """Compare a version with its model and with the newest one; None when there is no newer."""
    base = drafting.model_of(agreement)
    newest = newest_model(agreement.track)
    if base is None or newest is None or newest.id == agreement.model_id:
        return None
    return Moved(newest, compare(base, _text(newest), _text(agreement)))


def adopt_place(desk: Desk, place: str, *, seen: str) -> Agreement:
    """Let the draft say at a place what the newest model says; the reason to depart goes.

    Who drafts adopts the text, who tests the examples; what a lawyer confirmed elsewhere is never
    adopted. Raises ForbiddenError, NotFoundError for a place where nothing differs, EditError where
    one place is not enough, and what `drafting.write` raises.
    """
    where = read_place(place)
    actor, found = drafting.author_of(desk, where.kind), _moved(desk)
    if where not in {one.place for one in found.compared.places}:
        raise NotFoundError
    model = found.compared.model

    def propose(document: AgreementDocument) -> drafting.Proposed:
        return drafting.proposed(document, adopt(model, document, where))

    reason = f"{found.model.name} {found.model.version}"
    return drafting.write(desk, actor, propose, seen=seen, reason=reason)


def follow(desk: Desk) -> Agreement:
    """Say that the draft follows the newest model from now on; what still differs deviates."""
    found = _moved(desk)

    def propose(document: AgreementDocument) -> drafting.Proposed:
        made = drafting.proposed(document, found.compared.followed)
        return replace(made, model_id=found.model.id)

    return drafting.write(desk, desk.drafter(), propose)


def _moved(desk: Desk) -> Moved:
    """Compare with the newest model; raises NotFoundError when there is no newer."""
    found = moved(desk.agreement)
    if found is None:
        raise NotFoundError
    return found


def _text(agreement: Agreement) -> AgreementDocument:
    """Give what a version says."""
    return table_of_text(agreement.document).document
