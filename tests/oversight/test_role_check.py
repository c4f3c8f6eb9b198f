"""Every night roles and decisions for a municipality are held against the log."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select, text

from auth.models import Membership
from auth.rules import Role, Seat
from auth.service import people
from auth.service.entries import INSTALLATION
from config import clock
from config.database import db, stores
from config.ids import new_id
from pga.oversight.service import record_check
from pga.oversight.service.role_check import check_roles
from pga.sharing.models import DisclosureDecision
from pga.sharing.service import decisions
from tests.factories.fixtures import Play
from tests.factories.scene import Scene


def decided(scene: Scene) -> bytes:
    """Let the police decide for every case of the municipality, and make an officer to be told."""
    scene.who("GPR", "Officer", Role.PRIVACY_OFFICER)
    case_id = scene.case("POL")
    desk = scene.desk("POL", case_id)
    new = decisions.NewDecision(
        article="WPG_20",
        number="2026-9",
        purposes=["HELP"],
        categories=["D01"],
        recipients=[scene.organisation("GPR")],
        authority="chief",
        valid_until=desk.today + timedelta(days=30),
        is_structural=True,
    )
    decisions.record_decision(desk, new)
    return case_id


def given(scene: Scene) -> bytes:
    """Give somebody a role for a while, as an administrator does."""
    seat = Seat(scene.organisation("SCH"), scene.municipality, "SCH", Role.PROFESSIONAL)
    today = clock.today()
    term = people.Appointment(seat, today, today + timedelta(days=9))
    made = people.create_person(INSTALLATION, name="A", sign_in_name="a@b", appointment=term)
    return db.session.scalars(
        select(Membership.id).where(Membership.person_id == made.person_id)
    ).one()


def tamper(statement: str, **values: object) -> None:
    """Write in the app store as its owner can."""
    with stores().app.begin() as connection:
        connection.execute(text(statement), values)


def test_roles_and_decisions_are_found_as_they_were_entered(play: Play) -> None:
    town = play(decided)
    assert check_roles() == ()
    membership_id = given(town.scene)
    assert check_roles() == ()
    people.end_membership(INSTALLATION, membership_id)
    decision = db.session.scalars(select(DisclosureDecision)).one()
    decisions.withdraw_decision(town.scene.desk("POL", town.made), decision.id)
    assert check_roles() == ()


ROLES = {
    "a longer term": "UPDATE membership SET until_on = '2099-01-01' WHERE id = :id",
    "another role": "UPDATE membership SET role = 'dpo' WHERE id = :id",
    "another person": "UPDATE membership SET person_id = (SELECT person_id FROM membership "
    "WHERE id <> :id LIMIT 1) WHERE id = :id",
}


@pytest.mark.parametrize("change", ROLES)
def test_a_role_that_nobody_gave_so_shows(play: Play, change: str) -> None:
    membership_id = given(play(decided).scene)
    tamper(ROLES[change], id=membership_id)
    assert check_roles() == (f"role: {membership_id.hex()}",)


def test_a_role_that_was_put_in_shows(play: Play) -> None:
    play(decided)
    planted = new_id()
    tamper(
        "INSERT INTO membership (id, person_id, organisation_id, municipality, partner, role, "
        "from_on) SELECT :new, person_id, organisation_id, municipality, partner, role, from_on "
        "FROM membership LIMIT 1",
        new=planted,
    )
    assert check_roles() == (f"role: {planted.hex()}",)


def test_a_role_that_was_ended_and_holds_again_shows(play: Play) -> None:
    membership_id = given(play(decided).scene)
    people.end_membership(INSTALLATION, membership_id)
    tamper("UPDATE membership SET ended_at = NULL WHERE id = :id", id=membership_id)
    assert check_roles() == (f"role: {membership_id.hex()}",)


def widen(scene: Scene, case_id: bytes) -> bytes:
    """Let the decision open more than was decided."""
    _ = scene, case_id
    tamper("""UPDATE disclosure_decision SET categories = '["D05"]'""")
    return db.session.scalars(select(DisclosureDecision.id)).one()


def put_in(scene: Scene, case_id: bytes) -> bytes:
    """Make the decision of one case one of every case."""
    scene.decide(case_id, "POL", ["D05"], "GPR")
    planted = select(DisclosureDecision.id).where(DisclosureDecision.case_id == case_id)
    decision_id = db.session.scalars(planted).one()
    tamper("UPDATE disclosure_decision SET case_id = NULL WHERE id = :id", id=decision_id)
    return decision_id


def take_back_the_withdrawal(scene: Scene, case_id: bytes) -> bytes:
    """Let a withdrawn decision hold again."""
    decision_id = db.session.scalars(select(DisclosureDecision.id)).one()
    decisions.withdraw_decision(scene.desk("POL", case_id), decision_id)
    tamper("UPDATE disclosure_decision SET withdrawn_at = NULL")
    return decision_id


@pytest.mark.parametrize("plant", [widen, put_in, take_back_the_withdrawal])
def test_a_decision_for_a_municipality_that_nobody_took_so_shows(
    play: Play, plant: Callable[[Scene, bytes], bytes]
) -> None:
    town = play(decided)
    planted = plant(town.scene, town.made)
    assert check_roles() == (f"decision: {planted.hex()}",)


def test_the_officer_reads_what_is_wrong_with_roles_and_decisions(play: Play) -> None:
    town = play(decided)
    widen(town.scene, town.made)
    tamper("UPDATE membership SET from_on = '2020-01-01' WHERE partner = 'POL'")
    assert record_check.check_now().problems == 2
    page = town.visitor("GPR", "Officer").read("/oversight")
    assert "Iemand heeft een rol die niemand heeft gegeven" in page
    assert "Een besluit voor alle casussen van een gemeente is niet wat in het logboek" in page
