"""Recording, confirming and withdrawing a release: what is asked, and who may know of it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from audit.entries import Action
from config.clock import FrozenClock
from config.errors import ConflictError, ForbiddenError, InvalidInputError, NotFoundError
from pga.cases import queries as cases
from pga.cases.rules import WorkKind
from pga.sharing import queries
from pga.sharing.rules import Answer, ReleaseKind
from pga.sharing.service import releases
from pga.sharing.service.disclose import disclose_one
from pga.sharing.service.releases import NewRelease, what_closes
from tests.factories.fixtures import Play
from tests.factories.log import entries_of
from tests.factories.scene import Scene
from tests.factories.snapshots import Played

TEN_DAYS = timedelta(days=10)


def with_care(scene: Scene) -> bytes:
    """Play a case with mental health care, youth care and a school."""
    scene.who("WOC")
    return scene.case("GGZ", "JHA", "SCH")


@pytest.fixture
def played(play: Play) -> Played[bytes]:
    return play(with_care)


def asked(played: Played[bytes]) -> NewRelease:
    """What a complete release says."""
    scene = played.scene
    return NewRelease(
        kind=ReleaseKind.CONSENT,
        provider_organisation_id=scene.organisation("GGZ"),
        provider="GGZ",
        categories=["D07"],
        recipients=[scene.organisation("JHA")],
        valid_until=scene.desk("GCR", played.made).today + TEN_DAYS,
        way="spoken",
        language_level="B1",
        answers={None: Answer.AGREES},
        reasons={},
    )


@pytest.mark.parametrize(
    ("field", "spoil"),
    [
        ("categories", lambda new, _: replace(new, categories=[])),
        ("categories", lambda new, _: replace(new, categories=["D99"])),
        ("recipients", lambda new, _: replace(new, recipients=[])),
        ("recipients", lambda new, _: replace(new, recipients=[bytes(16)])),
        ("recipients", lambda new, _: replace(new, recipients=[new.provider_organisation_id])),
        ("valid_until", lambda new, day: replace(new, valid_until=day - timedelta(days=1))),
        ("provider", lambda new, _: replace(new, provider="SCH")),
        ("answers", lambda new, _: replace(new, answers={})),
    ],
)
def test_a_release_beyond_the_agreement_or_without_its_parts_is_refused(
    played: Played[bytes], field: str, spoil: Callable[..., NewRelease]
) -> None:
    desk = played.scene.desk("GCR", played.made)
    with pytest.raises(InvalidInputError) as refused:
        releases.record_release(desk, spoil(asked(played), desk.today))
    assert set(refused.value.fields) == {field}
    assert queries.releases_of(played.made) == []


def test_a_release_waits_for_the_provider_who_gets_a_task(played: Played[bytes]) -> None:
    row = releases.record_release(played.scene.desk("GCR", played.made), asked(played))
    (task,) = cases.waiting_about(row.id)
    assert (task.kind, task.partner, task.person_id) == (WorkKind.CONFIRM_RELEASE, "GGZ", None)
    releases.confirm(played.scene.desk("GGZ", played.made), row.id)
    assert cases.waiting_about(row.id) == []
    actions = [e.action for e in entries_of(played.app) if e.facts.get("release") == row.id.hex()]
    assert actions == [Action.CONSENT_SET, Action.RELEASE]


@pytest.mark.parametrize("kind", [ReleaseKind.LEGAL_DUTY, ReleaseKind.CONFLICT_OF_DUTIES])
def test_only_the_bound_professional_records_a_duty_which_needs_no_answers(
    played: Played[bytes], kind: ReleaseKind
) -> None:
    new = replace(asked(played), kind=kind, answers={}, reasons={"conflict": "serious harm"})
    with pytest.raises(ForbiddenError):
        releases.record_release(played.scene.desk("GCR", played.made), new)
    row = releases.record_release(played.scene.desk("GGZ", played.made), new)
    desk = played.scene.desk("GGZ", played.made)
    assert releases.suffices(desk, row)
    assert row.confirmed_at is not None
    played.scene.bring("GGZ", played.made, "D07")
    found = disclose_one(played.scene.who("JHA").viewer, played.made)
    assert "D07" in {item.category for item in found.items}


def test_why_an_answer_was_replaced_is_sealed_and_the_providers_or_askers_own(
    played: Played[bytes],
) -> None:
    new = replace(asked(played), reasons={"youth": "very upset"})
    releases.record_release(played.scene.desk("GCR", played.made), new)
    own = disclose_one(played.scene.who("GCR").viewer, played.made)
    assert "very upset" in {str(item.content.get("youth")) for item in own.items}
    for partner in ("GGZ", "JHA", "SCH", "GPR"):
        found = disclose_one(played.scene.who(partner).viewer, played.made)
        assert "very upset" not in repr([item.content for item in found.items])


def test_what_was_answered_once_is_not_confirmed_declined_or_withdrawn_again(
    played: Played[bytes],
) -> None:
    scene, case_id = played.scene, played.made
    confirmed = scene.release(case_id, "GGZ", ["D07"], "JHA")
    declined = scene.release(case_id, "GGZ", ["D07"], "JHA", confirmed=False)
    releases.decline(scene.desk("GGZ", case_id), declined)
    for release_id in (confirmed, declined):
        for do in (releases.confirm, releases.decline):
            with pytest.raises(ConflictError):
                do(scene.desk("GGZ", case_id), release_id)
    releases.withdraw(scene.desk("SCH", case_id), confirmed)
    with pytest.raises(ConflictError):
        releases.withdraw(scene.desk("SCH", case_id), confirmed)


def test_a_release_of_another_case_is_not_there(played: Played[bytes]) -> None:
    other = played.scene.case("GGZ", "JHA")
    release_id = played.scene.release(other, "GGZ", ["D07"], "JHA")
    with pytest.raises(NotFoundError):
        releases.withdraw(played.scene.desk("GCR", played.made), release_id)
    with pytest.raises(NotFoundError):
        releases.find(played.scene.desk("GCR", played.made), bytes(16))


def test_anybody_whom_the_youth_tells_withdraws_everything_knowing_nothing(
    played: Played[bytes],
) -> None:
    scene, case_id = played.scene, played.made
    scene.release(case_id, "GGZ", ["D07"], "JHA")
    scene.release(case_id, "GGZ", ["D14"], "SCH", confirmed=False)
    releases.withdraw_all(scene.desk("LPR", case_id))
    releases.withdraw_all(scene.desk("LPR", case_id))
    rows = queries.releases_of(case_id)
    assert {row.withdrawn_by for row in rows} == {scene.who("LPR").person_id}


def test_withdrawing_everything_leaves_what_never_rested_on_consent(played: Played[bytes]) -> None:
    scene, case_id = played.scene, played.made
    duty = scene.release(
        case_id, "GGZ", ["D07"], "JHA", by="GGZ", kind=ReleaseKind.LEGAL_DUTY, answers={}
    )
    scene.release(case_id, "GGZ", ["D14"], "JHA")
    known = releases.known_to_close(scene.desk("GGZ", case_id))
    assert [row.categories for row in known] == [["D14"]]
    releases.withdraw_all(scene.desk("LPR", case_id))
    assert [r.id for r in queries.releases_of(case_id) if r.withdrawn_at is None] == [duty]


def test_a_release_is_known_to_provider_asker_and_recipients_while_it_holds(
    played: Played[bytes], clock: FrozenClock
) -> None:
    scene, case_id = played.scene, played.made

    def known(release_id: bytes) -> set[str]:
        return {
            partner
            for partner in ("GGZ", "JHA", "SCH", "GCR", "GPR", "LPR")
            if releases.may_know(
                desk := scene.desk(partner, case_id), releases.find(desk, release_id)
            )
        }

    waiting = scene.release(case_id, "GGZ", ["D07"], "JHA", confirmed=False)
    assert known(waiting) == {"GGZ", "GCR"}
    releases.confirm(scene.desk("GGZ", case_id), waiting)
    assert known(waiting) == {"GGZ", "GCR", "JHA"}
    clock.advance(timedelta(days=91))
    assert known(waiting) == {"GGZ", "GCR"}


def test_the_preview_of_a_withdrawal_is_the_same_with_and_without_items(
    played: Played[bytes],
) -> None:
    scene, case_id = played.scene, played.made
    release_id = scene.release(case_id, "GGZ", ["D07", "D09"], "JHA", "SCH")
    desk = scene.desk("GCR", case_id)
    before = what_closes(releases.find(desk, release_id))
    scene.bring("GGZ", case_id, "D07")
    assert what_closes(releases.find(desk, release_id)) == before
    assert {one.categories for one in before} == {("D07", "D09")}


def test_readers_who_opened_something_are_told_after_a_withdrawal_and_only_they(
    played: Played[bytes],
) -> None:
    scene, case_id = played.scene, played.made
    release_id = scene.release(case_id, "GGZ", ["D07", "D14"], "JHA", "SCH")
    scene.bring("GGZ", case_id, "D07")
    scene.bring("GGZ", case_id, "D07", "another")
    scene.bring("GGZ", case_id, "D14", recipients=[scene.who("SCH").person_id])
    disclose_one(scene.who("JHA").viewer, case_id)
    disclose_one(scene.who("GGZ").viewer, case_id)
    releases.withdraw(scene.desk("LPR", case_id), release_id)
    told = cases.waiting_of_kind(case_id, WorkKind.STOP_USING)
    reader = scene.who("JHA").person_id
    assert sorted((t.person_id, t.category) for t in told) == [(reader, "D07"), (reader, "D14")]
    assert {t.about_id for t in told} == {None}
