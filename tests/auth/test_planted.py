"""Whoever owns the database plants accounts and sessions: none of them signs anybody in."""

import os
from datetime import timedelta

import pytest
from argon2 import PasswordHasher
from sqlalchemy import text

from auth.rules import AuthLevel
from auth.tokens import fingerprint, new_token
from config import clock
from config.database import stores
from tests.auth.world import World

TAMPERED = "a login session is not as it was opened"


def own(world: World, statement: str, **values: object) -> None:
    """Write in the app store as its owner can."""
    with world.app.app_context(), stores().app.begin() as connection:
        connection.execute(text(statement), values)


def test_a_session_that_was_put_in_for_somebody_opens_nothing(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    victim, token, at = world.person(), new_token(), clock.now()
    own(
        world,
        "INSERT INTO login_session (id, token_hash, seal, person_id, auth_level, created_at, "
        "last_seen_at, absolute_end_at) "
        "VALUES (:id, :hash, :seal, :person, :level, :at, :at, :end)",
        id=os.urandom(16),
        hash=fingerprint(token),
        seal=os.urandom(32),
        person=victim.id,
        level=AuthLevel.TOTP,
        at=f"{at:%Y-%m-%d %H:%M:%S.%f}",
        end=f"{at + timedelta(hours=9):%Y-%m-%d %H:%M:%S.%f}",
    )
    thief = world.browser()
    thief.carry(token)
    assert thief.get("/account").status_code == 303
    assert TAMPERED in caplog.text


CHANGES = {
    "to another person": "person_id = :victim",
    "to a higher level": "auth_level = 'totp'",
    "to a later end": "absolute_end_at = '2099-01-01 00:00:00.000000'",
    "to no seal": "seal = NULL",
}


@pytest.mark.parametrize("how", CHANGES)
def test_an_own_session_that_was_changed_counts_no_more(world: World, how: str) -> None:
    victim, thief = world.person(), world.signed_in(world.person())
    assert thief.get("/account").status_code == 200
    values = {"victim": victim.id} if ":victim" in CHANGES[how] else {}
    own(world, f"UPDATE login_session SET {CHANGES[how]}", **values)  # noqa: S608 - our own words
    assert thief.get("/account").status_code == 303


def test_a_password_that_was_put_in_for_somebody_signs_nobody_in(world: World) -> None:
    victim, thief = world.person(), world.person()
    password = "vier eigen woorden gekozen"
    own(
        world,
        "UPDATE person SET password_hash = :hash WHERE id = :id",
        hash=PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(password),
        id=victim.id,
    )
    assert world.browser().sign_in(victim.sign_in_name, password).status_code == 422
    own(
        world,
        "UPDATE person SET password_hash = (SELECT password_hash FROM person WHERE id = :mine) "
        "WHERE id = :id",
        mine=thief.id,
        id=victim.id,
    )
    assert world.browser().sign_in(victim.sign_in_name).status_code == 422
    assert world.browser().sign_in(thief.sign_in_name).status_code == 303
