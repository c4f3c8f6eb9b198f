"""Whom a page may name: secret help, security partners and the case manager (R-29)."""

import pytest

from pga.cases.rules import CaseState
from pga.dossier.rules import ItemKind
from pga.dossier.service import steps
from pga.dossier.service.contributions import NewItem, bring
from pga.sharing.service import releases
from pga.sharing.service.disclose import Disclosure, disclose_one
from pga.sharing.service.veil import UNTOLD
from tests.factories.events import party_leaves
from tests.factories.fixtures import Play
from tests.factories.scene import Scene
from tests.factories.snapshots import Played


def at_the_table(scene: Scene) -> bytes:
    """Play a case in which the case manager named mental health care, and others take part."""
    case_id = scene.case("GGD", "JHA", "POL", "SCH", "WOC", "HLT")
    scene.join(case_id, "GGZ")
    return case_id


@pytest.fixture
def played(play: Play) -> Played[bytes]:
    return play(at_the_table)


def look(played: Played[bytes], partner: str) -> Disclosure:
    return disclose_one(played.scene.who(partner).viewer, played.made)


def known(played: Played[bytes], partner: str) -> set[str]:
    """Tell whom somebody sees taking part."""
    found = look(played, partner)
    person_id = played.scene.who(partner).person_id
    return {p.partner for p in found.veil.participants(found.facts.participants, person_id)}


OPEN = {"GPR", "GCR", "LPR", "POL", "SCH", "WOC", "HLT"}


def test_secret_help_is_seen_by_itself_and_by_who_named_it(played: Played[bytes]) -> None:
    assert known(played, "SCH") == OPEN
    assert known(played, "GCR") == OPEN
    assert known(played, "GGZ") == OPEN | {"GGZ"}
    assert known(played, "GPR") == OPEN | {"GGZ", "GGD", "JHA"}


def test_who_may_consult_help_involved_of_a_provider_knows_that_provider(
    played: Played[bytes],
) -> None:
    played.scene.release(played.made, "GGD", ["D09"], "JHA", "SCH")
    assert known(played, "JHA") == OPEN | {"JHA", "GGD"}
    assert known(played, "SCH") == OPEN
    played.scene.bring("GGD", played.made, "D09", recipients=[played.scene.who("SCH").person_id])
    assert known(played, "SCH") == OPEN | {"GGD"}
    assert known(played, "WOC") == OPEN


def plan(played: Played[bytes], by: str, title: str, *readers: str) -> bytes:
    """Let somebody log in the plan what these may read."""
    recipients = [played.scene.who(reader).person_id for reader in readers]
    new = NewItem(ItemKind.INTERVENTION, "D15", title, "", recipients=recipients)
    return bring(played.scene.desk(by, played.made), new)


def owners(played: Played[bytes], partner: str) -> dict[bytes, str | None]:
    """Tell the partner named beside each item, None where it stands under the case manager."""
    return {i.id: i.owner[1] if i.owner else None for i in look(played, partner).items}


def test_plan_items_stand_under_the_case_manager_where_the_owner_may_not_be_known(
    played: Played[bytes],
) -> None:
    readers = ("SCH", "HLT", "GGZ")
    secret = plan(played, "GGZ", "conversation_held", *readers)
    police = plan(played, "POL", "walked along", *readers)
    manager = plan(played, "GCR", "talk", *readers)
    officer = plan(played, "LPR", "talk", *readers)
    school, halt, care = (owners(played, partner) for partner in readers)
    assert [school[i] for i in (secret, police, manager, officer)] == [None, None, None, "LPR"]
    assert [halt[i] for i in (secret, police, manager, officer)] == [None, "POL", None, "LPR"]
    assert [care[i] for i in (secret, police, manager)] == ["GGZ", "POL", None]
    assert owners(played, "GCR")[manager] == "GCR"


def test_what_stands_under_the_case_manager_tells_the_basis_of_the_case_manager(
    played: Played[bytes],
) -> None:
    secret = plan(played, "GGZ", "conversation_held", "SCH")
    manager = plan(played, "GCR", "talk", "SCH")
    told = {item.id: item.decision for item in look(played, "SCH").items}
    assert told[secret] == told[manager]
    judged = {j.item.id: j.decision for j in look(played, "SCH").judged}
    assert judged[secret] != judged[manager]


def test_without_a_signature_of_the_case_manager_nothing_is_told_of_the_basis(
    played: Played[bytes],
) -> None:
    secret = plan(played, "GGZ", "conversation_held", "SCH")
    party_leaves(played.scene, played.made, "GCR")
    told = {item.id: item.decision for item in look(played, "SCH").items}
    assert told[secret] == UNTOLD


def test_the_money_mule_track_has_no_such_subject_so_secret_help_stays_unknown(
    play: Play,
) -> None:
    played = play(money_mule)
    assert "MEE" not in known(played, "GCR")
    assert "MEE" in known(played, "MEE")


def money_mule(scene: Scene) -> bytes:
    """Play a case of the money-mule track with client support."""
    scene.sign("money_mule", ("GPR", "GCR", "POL", "OM", "HLT", "MEE", "LPR"))
    case_id = scene.signal(track="money_mule")
    for target in (CaseState.ADMISSIBLE, CaseState.TRIAGE):
        steps.take(scene.desk("GPR", case_id), target)
    scene.join(case_id, "MEE", "GCR")
    return case_id


def money_mules(scene: Scene) -> bytes:
    """Play a case of the money-mule track with client support at the table."""
    scene.sign("money_mule", ("GPR", "GCR", "POL", "OM", "HLT", "LPR", "MEE"))
    return scene.case("MEE", "POL", "HLT", track="money_mule")


def test_without_a_category_for_help_a_release_tells_who_helps_and_only_its_readers(
    play: Play,
) -> None:
    played = play(money_mules)
    scene, case_id = played.scene, played.made

    def seen_by(partner: str) -> bool:
        found = disclose_one(scene.who(partner).viewer, case_id)
        people = found.veil.participants(found.facts.participants, bytes(16))
        return "MEE" in {one.partner for one in people}

    assert not any(seen_by(partner) for partner in ("GCR", "POL", "HLT", "LPR"))
    release_id = scene.release(case_id, "MEE", ["G08"], "GCR", purpose="PREVENTION")
    item_id = scene.bring("MEE", case_id, "G08", "needs short sentences")
    assert seen_by("GCR")
    assert not any(seen_by(partner) for partner in ("POL", "HLT", "LPR"))
    (item,) = [
        one for one in disclose_one(scene.who("GCR").viewer, case_id).items if one.id == item_id
    ]
    assert item.owner == (scene.organisation("MEE"), "MEE")
    releases.withdraw(scene.desk("GCR", case_id), release_id)
    assert not seen_by("GCR")
