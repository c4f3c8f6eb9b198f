"""A version in force that the database owner changed is noticed against the log."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import update

from audit import readers as log
from audit.entries import Action
from auth.rules import Role
from config import clock as house_clock
from config.clock import FrozenClock
from config.database import db, stores, transaction
from pga.agreements.models import Agreement, AgreementState, Party
from pga.agreements.rules import Step
from pga.agreements.service.entered import not_as_entered
from pga.agreements.service.recording import Given
from tests.agreements.drafts import LEAD
from tests.agreements.lives import SCHOOL_HEAD, Lived, fresh, sign, signed, take, text_of
from tests.factories.fixtures import Play
from tests.factories.snapshots import Played

LAWYER = ("GPR", "Lawyer", Role.LAWYER)


@pytest.fixture
def town(play: Play) -> Played[Lived]:
    town = play(signed)
    with transaction():  # the scene let it begin today
        row = db.session.get_one(Agreement, town.made.draft)
        row.valid_from = text_of(town.made.draft).agreement.valid_from
    take(town.scene, LAWYER, town.made.draft, Step.ACTIVATE)
    return town


def doctor(agreement_id: bytes, **values: object) -> None:
    """Change a version as the owner of the database can."""
    db.session.rollback()
    with stores().app.begin() as connection:
        connection.execute(update(Agreement).where(Agreement.id == agreement_id).values(**values))


def noticed(town: Played[Lived]) -> set[bytes]:
    """Tell what is noticed, but for the model: the scene puts it in force without a step."""
    found = set(not_as_entered(log.of_action(Action.AGREEMENT_CHANGE)))
    assert town.made.model in found
    return found - {town.made.model}


def test_versions_that_went_every_step_are_as_entered(town: Played[Lived]) -> None:
    assert fresh(town.made.draft).state == AgreementState.ACTIVE
    assert noticed(town) == set()
    sign(town.scene, SCHOOL_HEAD, town.made.draft, "SCH")
    assert noticed(town) == set()


def test_a_version_that_ends_on_notice_is_as_entered(
    town: Played[Lived], clock: FrozenClock
) -> None:
    notice = Given(
        "Opzegging 4",
        house_clock.today(),
        remark="agreed",
        last_day=house_clock.today() + timedelta(days=30),
    )
    take(town.scene, LEAD, town.made.draft, Step.TERMINATE, notice)
    assert noticed(town) == set()
    clock.advance(timedelta(days=1))
    doctor(town.made.draft, valid_until=house_clock.today() + timedelta(days=300))
    assert noticed(town) == {town.made.draft}


@pytest.mark.parametrize(
    "change",
    [
        lambda row: {"valid_until": row.valid_until + timedelta(days=400)},
        lambda row: {"valid_from": row.valid_from - timedelta(days=4000)},
        lambda _: {"municipality": "GM0392"},
        lambda _: {"version": "2031.1"},
    ],
    ids=["end", "begin", "municipality", "version"],
)
def test_a_version_whose_row_says_otherwise_than_its_text_is_noticed(
    town: Played[Lived], change: Callable[[Agreement], dict[str, object]]
) -> None:
    row = fresh(town.made.draft)
    values = change(row)
    assert all(getattr(row, name) != value for name, value in values.items())
    doctor(town.made.draft, **values)
    assert noticed(town) == {town.made.draft}


def test_a_signature_that_nobody_gave_is_noticed(town: Played[Lived]) -> None:
    with stores().app.begin() as connection:
        connection.execute(
            update(Party)
            .where(Party.agreement_id == town.made.draft, Party.partner == "SCH")
            .values(signed_on=house_clock.today(), signed_by="Nobody", signed_as="head")
        )
    db.session.rollback()
    assert noticed(town) == {town.made.draft}


def test_a_version_that_was_suspended_and_runs_again_without_a_step_is_noticed(
    town: Played[Lived],
) -> None:
    take(town.scene, LEAD, town.made.draft, Step.SUSPEND)
    assert noticed(town) == set()
    doctor(town.made.draft, state=AgreementState.ACTIVE)
    assert noticed(town) == {town.made.draft}


def test_a_version_put_in_without_any_step_is_noticed(town: Played[Lived]) -> None:
    row = fresh(town.made.draft)
    values = {column.name: getattr(row, column.name) for column in Agreement.__table__.columns}
    stranger = bytes(16)
    with stores().app.begin() as connection:
        connection.execute(
            Agreement.__table__.insert().values({**values, "id": stranger})  # type: ignore[attr-defined]
        )
    db.session.rollback()
    assert noticed(town) == {stranger}
