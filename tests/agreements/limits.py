"""A region in which editions of the limits are proposed and approved, beside a running case."""

from dataclasses import dataclass
from typing import Final

from auth.rules import Role
from pga.agreements import editions
from pga.agreements.models import GuardrailEdition
from pga.agreements.service import limiting
from pga.policy.catalogue_text import current
from pga.policy.library import GUARDRAILS
from tests.agreements.drafts import ADVISER, LAWYER, LEAD, OFFICER, Who, colleague
from tests.factories.scene import Scene

SECOND_ADVISER: Final[Who] = ("ZVH", "Second adviser", Role.REGIONAL_ADVISER)
DPO: Final[Who] = ("GPR", "DPO", Role.DPO)
TEXT: Final = GUARDRAILS.read_text("utf-8")
WHY: Final = "Attendance data turned out not to be needed at this table."
NO_ABSENCE: Final = """- code: X1
  version: 1
  kind: cell_closed
  article: AVG 5(1)(c)
  mark: verified
  text: absence stays with the attendance officer
  explanation: Data on absence is not needed at this table.
  places:
  - {partners: [LPR], categories: [D04], sides: [provide]}
"""


def named(edition: str, text: str = TEXT) -> str:
    """Give the text of a catalogue under another name."""
    return text.replace(f'edition: "{current().edition}"', f'edition: "{edition}"')


STRICTER: Final = named("2027-1") + NO_ABSENCE


@dataclass(frozen=True, slots=True)
class Limited:
    """The ids of a case, and of an item in it that the stricter edition closes."""

    case: bytes
    item: bytes


def limited(scene: Scene) -> Limited:
    """Play a case in which the attendance officer brought something; name who makes editions."""
    case_id = scene.case("LPR")
    item_id = scene.bring("LPR", case_id, "D04", "absent on Mondays")
    for who in (LEAD, LAWYER, OFFICER, ADVISER, SECOND_ADVISER, DPO):
        scene.who(*who)
    return Limited(case_id, item_id)


def propose(scene: Scene, text: str = STRICTER, who: Who = ADVISER) -> bytes:
    """Let somebody propose an edition; give its id."""
    return limiting.propose(colleague(scene, who), text, WHY).id


def row(edition_id: bytes) -> GuardrailEdition:
    """Read an edition as it is now."""
    found = editions.edition_by_id(edition_id)
    assert found is not None
    return found


def approve(scene: Scene, who: Who, edition_id: bytes) -> bool:
    """Let somebody approve an edition, having seen it beside the one in force."""
    against = editions.catalogue_in_force().sha256
    return limiting.approve(colleague(scene, who), row(edition_id), against)


def in_force(scene: Scene, text: str = STRICTER) -> bytes:
    """Bring an edition in force; give its id."""
    edition_id = propose(scene, text)
    approve(scene, LAWYER, edition_id)
    assert approve(scene, SECOND_ADVISER, edition_id)
    return edition_id
