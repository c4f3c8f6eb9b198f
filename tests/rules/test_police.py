"""Police and prosecution: nothing leaves without a written decision, and little to whom (R-11)."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from audit.entries import Action
from config.clock import FrozenClock
from config.database import db
from pga.dossier.rules import ItemKind
from pga.dossier.service.contributions import NewItem, bring
from pga.policy.codes import Code
from pga.sharing.models import DisclosureDecision
from pga.sharing.service import decisions
from pga.sharing.service.changes import Act, write
from pga.sharing.service.disclose import SharingDeniedError, disclose_one
from tests.factories.fixtures import Play
from tests.factories.scene import Scene

RECIPIENTS = ("GPR", "GI")


def with_police(scene: Scene) -> bytes:
    """Play a case with police, a youth institution, and the three who get no criminal data."""
    return scene.case("POL", "GI", "WOC", "SCH", "JWK")


def decided(scene: Scene) -> bytes:
    """Let the police bring a name and records under a decision that names two recipients."""
    case_id = with_police(scene)
    scene.decide(case_id, "POL", ["D01", "D05"], *RECIPIENTS)
    gi = [scene.who("GI").person_id]
    scene.bring("POL", case_id, "D01", recipients=gi)
    scene.bring("POL", case_id, "D05", recipients=gi)
    return case_id


def reads(scene: Scene, partner: str, case_id: bytes) -> set[str]:
    """Tell which categories of the police somebody can read."""
    found = disclose_one(scene.who(partner).viewer, case_id).items
    return {i.category for i in found if i.row.owner_partner == "POL" and not i.is_own}


def test_police_bring_nothing_without_a_decision_not_even_a_name(play: Play) -> None:
    played = play(with_police)
    for category in ("D01", "D05", "D13"):
        with pytest.raises(SharingDeniedError) as refused:
            played.scene.bring("POL", played.made, category)
        assert refused.value.decision is not None
        assert refused.value.decision.code is Code.CONDITION_UNMET
        assert "disclosure_decision" in refused.value.decision.missing


def test_a_decision_that_lacks_the_category_lets_police_bring_nothing(play: Play) -> None:
    played = play(with_police)
    played.scene.decide(played.made, "POL", ["D01"], *RECIPIENTS)
    played.scene.bring("POL", played.made, "D01")
    with pytest.raises(SharingDeniedError):
        played.scene.bring("POL", played.made, "D05")


def test_a_recipient_whom_the_decision_does_not_name_reads_nothing(play: Play) -> None:
    played = play(decided)
    assert reads(played.scene, "GPR", played.made) == {"D01", "D05"}
    assert reads(played.scene, "GI", played.made) == {"D01", "D05"}
    other = with_police(played.scene)
    played.scene.decide(other, "POL", ["D01", "D05"], "GPR")
    played.scene.bring("POL", other, "D05", recipients=[played.scene.who("GI").person_id])
    assert reads(played.scene, "GI", other) == set()


def test_a_decision_whose_term_is_over_closes_what_rested_on_it(
    play: Play, clock: FrozenClock
) -> None:
    played = play(decided)
    clock.advance(timedelta(days=60))
    assert reads(played.scene, "GPR", played.made) == {"D01", "D05"}
    clock.advance(timedelta(days=1))
    assert reads(played.scene, "GPR", played.made) == set()
    with pytest.raises(SharingDeniedError):
        played.scene.bring("POL", played.made, "D01")


def _no_number(row: DisclosureDecision) -> None:
    row.number = ""


def _other_article(row: DisclosureDecision) -> None:
    row.article = "WJSG_39F"


def _other_purpose(row: DisclosureDecision) -> None:
    row.purposes = ["PROTECTION"]


def _no_category(row: DisclosureDecision) -> None:
    row.categories = ["D13"]


def _no_recipient(row: DisclosureDecision) -> None:
    row.recipients = ["0" * 32]


def _other_provider(row: DisclosureDecision) -> None:
    row.provider_organisation_id = bytes(16)


def _other_case(row: DisclosureDecision) -> None:
    row.case_id, row.municipality = None, "GM0001"


def _withdrawn(row: DisclosureDecision) -> None:
    row.withdrawn_at = row.recorded_at


@pytest.mark.parametrize(
    "spoil",
    [
        _no_number,
        _other_article,
        _other_purpose,
        _no_category,
        _no_recipient,
        _other_provider,
        _other_case,
        _withdrawn,
    ],
)
def test_each_part_of_a_decision_is_checked_again_at_reading(
    play: Play, spoil: Callable[[DisclosureDecision], None]
) -> None:
    played = play(decided)
    write(
        played.scene.desk("GPR", played.made),
        Act(Action.PROVIDE),
        then=lambda: spoil(db.session.scalars(select(DisclosureDecision)).one()),
    )
    assert reads(played.scene, "GPR", played.made) == set()
    assert reads(played.scene, "GI", played.made) == set()


def test_a_structural_decision_holds_for_every_case_of_the_municipality(play: Play) -> None:
    played = play(with_police)
    scene, first = played.scene, played.made
    second = with_police(scene)
    row = decisions.record_decision(
        scene.desk("POL", first),
        decisions.NewDecision(
            article="WPG_20",
            number="2026-9",
            purposes=["HELP"],
            categories=["D01"],
            recipients=[scene.organisation("GPR")],
            authority="chief",
            valid_until=scene.desk("POL", first).today,
            is_structural=True,
        ),
    )
    decision_id = row.id
    scene.bring("POL", second, "D01")
    assert reads(scene, "GPR", second) == {"D01"}
    decisions.withdraw_decision(scene.desk("POL", first), decision_id)
    assert reads(scene, "GPR", second) == set()


@pytest.mark.parametrize("partner", ["WOC", "SCH", "JWK"])
def test_police_reach_three_partners_with_plan_and_actions_only_shown_as_cut_by_law(
    play: Play, partner: str
) -> None:
    played = play(decided)
    scene, case_id = played.scene, played.made
    reader = scene.who(partner)
    scene.decide(case_id, "POL", ["D01", "D05", "D13", "D14"], "GPR", partner)
    scene.note(case_id, "POL", "D14", "GPR", partner)
    for category in ("D01", "D05", "D13", "D14"):
        scene.bring("POL", case_id, category, recipients=[reader.person_id])
    for kind, category in ((ItemKind.INTERVENTION, "D15"), (ItemKind.ACTION, "D16")):
        bring(
            scene.desk("POL", case_id),
            NewItem(kind, category, "walked along", "", recipients=[reader.person_id]),
        )
    found = disclose_one(reader.viewer, case_id)
    own = [item for item in found.items if item.row.owner_partner == "POL"]
    assert {item.category for item in own} == {"D15", "D16"}
    assert all(item.owner is None for item in own)
    refused = [j.decision for j in found.judged if j.item.owner_partner == "POL"]
    assert {d.code for d in refused if not d.is_allowed} <= {Code.FORBIDDEN, Code.NO_RULE}
    assert any(d.cut_by_law for d in refused)
