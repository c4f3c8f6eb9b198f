"""Consent to voluntary help: a record of its own that opens nothing and few may know of (R-24)."""

from datetime import timedelta

import pytest

from config.errors import InvalidInputError, NotFoundError
from pga.policy.codes import Code
from pga.sharing.service import voluntary
from pga.sharing.service.disclose import SharingDeniedError
from tests.factories.fixtures import Play
from tests.factories.scene import Scene


def with_consent(scene: Scene) -> tuple[bytes, bytes]:
    """Let the attendance officer record that the youth wants help of mental health care."""
    case_id = scene.case("GGZ", "JHA")
    desk = scene.desk("LPR", case_id)
    until = desk.today + timedelta(days=30)
    row = voluntary.record_consent(desk, scene.organisation("GGZ"), "GGZ", "spoken", until)
    return case_id, row.id


def test_consent_to_help_is_known_to_who_asked_and_who_helps(play: Play) -> None:
    played = play(with_consent)
    case_id, consent_id = played.made
    known = {
        partner
        for partner in ("LPR", "GGZ", "JHA", "GPR", "GCR")
        if consent_id
        in {row.id for row in voluntary.known_consents(played.scene.desk(partner, case_id))}
    }
    assert known == {"LPR", "GGZ"}


def test_consent_to_help_opens_nothing(play: Play) -> None:
    played = play(with_consent)
    with pytest.raises(SharingDeniedError) as refused:
        played.scene.bring("GGZ", played.made[0], "D07")
    assert refused.value.decision is not None
    assert refused.value.decision.code is Code.CONDITION_UNMET


def test_consent_to_help_is_withdrawn_once_by_who_knows_of_it(play: Play) -> None:
    played = play(with_consent)
    case_id, consent_id = played.made
    with pytest.raises(NotFoundError):
        voluntary.withdraw_consent(played.scene.desk("JHA", case_id), consent_id)
    voluntary.withdraw_consent(played.scene.desk("GGZ", case_id), consent_id)
    (row,) = voluntary.known_consents(played.scene.desk("LPR", case_id))
    assert row.withdrawn_by == played.scene.who("GGZ").person_id
    with pytest.raises(NotFoundError):
        voluntary.withdraw_consent(played.scene.desk("GGZ", case_id), consent_id)


def test_consent_names_a_party_and_a_day_to_come(play: Play) -> None:
    played = play(with_consent)
    desk = played.scene.desk("GCR", played.made[0])
    yesterday = desk.today - timedelta(days=1)
    with pytest.raises(InvalidInputError) as refused:
        voluntary.record_consent(desk, bytes(16), "GGZ", "spoken", yesterday)
    assert set(refused.value.fields) == {"provider", "valid_until"}
