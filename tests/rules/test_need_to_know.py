"""Who is no participant learns nothing; every refusal is an entry (R-04, R-05)."""

from datetime import date, timedelta

import pytest

from audit.entries import Action, Kind, Outcome
from config.clock import FrozenClock
from config.errors import NotFoundError, TooManyRefusalsError
from pga.dossier.service import people, repairs
from pga.dossier.service.signals import Search, find
from pga.policy.codes import Code
from pga.records import service as records
from pga.records.service import Identity
from pga.sharing.service.changes import Act, write
from pga.sharing.service.disclose import (
    Look,
    Selection,
    SharingDeniedError,
    disclose,
    disclose_one,
    object_of_attempt,
)
from tests.factories.fixtures import Play
from tests.factories.log import entries_of
from tests.factories.scene import TOWN, Scene

WHO = Identity(surnames=("de Bruin",), given_names="Sem", born_on=date(2010, 5, 1))


def with_colleagues(scene: Scene) -> bytes:
    """Play a case with people of two organisations that have other staff as well."""
    case_id = scene.case("SCH", "WOC", "RVK", "GI", "POL", "REC")
    scene.note(case_id, "LPR", "D14", "SCH")
    scene.bring("LPR", case_id, "D04", "absent on Mondays")
    scene.who("SCH", "Colleague")
    scene.who("LPR", "Colleague")
    return case_id


def test_other_staff_of_an_organisation_see_nothing_of_its_cases(play: Play) -> None:
    played = play(with_colleagues)
    number = played.scene.desk("SCH", played.made).facts.case.number
    for partner in ("SCH", "LPR"):
        colleague = played.scene.who(partner, "Colleague").viewer
        with pytest.raises(NotFoundError):
            disclose_one(colleague, played.made)
        assert disclose(colleague, [played.made], Look()) == {}
        assert find(colleague, [TOWN], WHO) == Search()
        visitor = played.visitor(partner, "Colleague")
        for page in ("/", "/cases"):
            assert number not in visitor.read(page)
        assert number not in visitor.post("/search", {"q": number}).text.replace(
            f'value="{number}"', ""
        )


def test_a_replacement_sees_what_the_replaced_person_saw_until_it_ends(
    play: Play, clock: FrozenClock
) -> None:
    played = play(with_colleagues)
    scene, case_id = played.scene, played.made
    item_id = scene.bring("LPR", case_id, "D14", recipients=[scene.who("SCH").person_id])
    desk = scene.desk("SCH", case_id)
    mine = next(p for p in desk.facts.participants if p.partner == "SCH")
    stand_in = scene.who("SCH", "Colleague")
    people.stand_in(desk, mine.id, stand_in.person_id, desk.today + timedelta(days=1))
    found = disclose_one(stand_in.viewer, case_id)
    assert item_id in {item.id for item in found.items}
    entry = entries_of(played.app, Action.CONSULT)[-1]
    assert entry.actor.on_behalf_of == scene.who("SCH").person_id.hex()
    clock.advance(timedelta(days=2))
    with pytest.raises(NotFoundError):
        disclose_one(stand_in.viewer, case_id)


def test_a_replacement_ends_with_the_task_it_stands_for(play: Play) -> None:
    played = play(with_colleagues)
    scene, case_id = played.scene, played.made
    desk = scene.desk("SCH", case_id)
    mine = next(p for p in desk.facts.participants if p.partner == "SCH")
    stand_in = scene.who("SCH", "Colleague")
    people.stand_in(desk, mine.id, stand_in.person_id, desk.today + timedelta(days=9))
    people.end_task(scene.desk("GPR", case_id), mine.id)
    with pytest.raises(NotFoundError):
        disclose_one(stand_in.viewer, case_id)


def test_an_attempt_from_outside_is_one_entry_that_does_not_name_the_case(play: Play) -> None:
    played = play(with_colleagues)
    outsider = played.scene.who("SCH", "Colleague")
    for address in (played.made, bytes(16)):
        before = len(entries_of(played.app))
        with pytest.raises(NotFoundError):
            disclose_one(outsider.viewer, address)
        (entry,) = entries_of(played.app, since=before)
        assert (entry.action, entry.kind, entry.decided) == (
            Action.CONSULT,
            Kind.OPENED,
            Outcome.DENY,
        )
        assert entry.object == object_of_attempt(address)
        assert entry.case_id is None
        assert address.hex() not in repr(entry)


def test_beyond_a_budget_attempts_get_another_answer_and_one_entry(
    play: Play, clock: FrozenClock
) -> None:
    played = play(with_colleagues)
    outsider = played.scene.who("SCH", "Colleague").viewer
    budget = played.app.extensions["settings"].refusal_budget
    for _ in range(budget):
        with pytest.raises(NotFoundError):
            disclose_one(outsider, bytes(16))
    before = len(entries_of(played.app))
    for _ in range(3):
        with pytest.raises(TooManyRefusalsError):
            disclose_one(outsider, bytes(16))
    assert len(entries_of(played.app, since=before)) == 1
    clock.advance(timedelta(hours=1, seconds=1))
    with pytest.raises(NotFoundError):
        disclose_one(outsider, bytes(16))


def test_a_read_says_of_which_kind_it_was_and_a_refused_item_is_an_entry(play: Play) -> None:
    played = play(with_colleagues)
    scene, case_id = played.scene, played.made
    for kind in Kind:
        disclose(scene.who("GCR").viewer, [case_id], Look(kind))
        assert entries_of(played.app)[-1].kind is kind
    hidden = scene.bring("LPR", case_id, "D04")
    before = len(entries_of(played.app))
    with pytest.raises(SharingDeniedError):
        disclose_one(scene.who("WOC").viewer, case_id, Look(select=_only(hidden)))
    (entry,) = entries_of(played.app, since=before)
    assert entry.decided is Outcome.DENY
    assert {line.code for line in entry.lines} <= {Code.NO_RULE, Code.CONDITION_UNMET}


def _only(item_id: bytes) -> Selection:
    return Selection(item_ids=frozenset({item_id}))


def test_an_item_that_is_closed_and_one_that_is_not_there_get_the_same_answer(play: Play) -> None:
    played = play(with_colleagues)
    hidden = played.scene.bring("LPR", played.made, "D04")
    visitor = played.visitor("WOC")
    pages = []
    for item in (hidden, bytes(16)):
        page = visitor.get(f"/cases/{played.made.hex()}/items/{item.hex()}")
        assert page.status_code == 403
        pages.append(page.text.replace(item.hex(), ""))
    assert pages[0] == pages[1]


def test_only_items_that_were_opened_stand_in_the_entry_by_id(play: Play) -> None:
    played = play(with_colleagues)
    scene, case_id = played.scene, played.made
    one = scene.bring("LPR", case_id, "D04")
    other = scene.bring("LPR", case_id, "D04")
    disclose_one(scene.who("GCR").viewer, case_id, Look(select=_only(one)))
    entry = entries_of(played.app, Action.CONSULT)[-1]
    assert one.hex() in entry.allowed_items
    assert other.hex() not in repr(entry)


BSN_READERS = {"GPR", "GCR", "GI", "RVK"}


def test_the_citizen_number_is_read_by_four_partners_only(play: Play) -> None:
    played = play(with_colleagues)
    scene, case_id = played.scene, played.made
    everyone = ("GPR", "GCR", "SCH", "WOC", "RVK", "GI", "POL", "REC", "LPR")
    write(
        scene.desk("GPR", case_id),
        Act(Action.PROVIDE),
        [
            records.Create(
                category="D02",
                kind="bsn",
                content={"bsn": "111222333"},
                owner_organisation_id=scene.organisation("GPR"),
                owner_partner="GPR",
                author_person_id=scene.who("GPR").person_id,
                purpose="HELP",
                recipients=[scene.who(partner).person_id.hex() for partner in everyone],
            )
        ],
    )
    readers = {
        partner
        for partner in everyone
        if "D02" in {i.category for i in disclose_one(scene.who(partner).viewer, case_id).items}
    }
    assert readers == BSN_READERS


@pytest.mark.parametrize("born_on", [date(2015, 1, 1), None], ids=["under 12", "unknown"])
def test_a_child_or_unknown_age_closes_criminal_data_to_everybody(
    play: Play, born_on: date | None
) -> None:
    played = play(with_colleagues)
    scene, case_id = played.scene, played.made
    scene.decide(case_id, "POL", ["D05"], "GPR", "GI")
    scene.bring("POL", case_id, "D05", recipients=[scene.who("GI").person_id])
    read = [j for j in disclose_one(scene.who("GPR").viewer, case_id).judged if not j.is_own]
    assert {j.item.category for j in read if j.is_allowed} >= {"D05"}
    _be_born(scene, case_id, born_on)
    for partner in ("GPR", "GI"):
        judged = disclose_one(scene.who(partner).viewer, case_id).judged
        refused = [j.decision for j in judged if j.item.category == "D05"]
        assert {(d.code, d.cut_by_law) for d in refused} == {(Code.FORBIDDEN, True)}
    with pytest.raises(SharingDeniedError):
        scene.bring("POL", case_id, "D05")


def _be_born(scene: Scene, case_id: bytes, born_on: date | None) -> None:
    """Let the register say another birth date."""
    desk = scene.desk("GPR", case_id)

    def then() -> None:
        desk.facts.case.born_on = born_on

    write(desk, Act(Action.UPDATE), (), then)


def test_a_housing_corporation_reads_its_own_debts_item_and_no_partner_with_a_closed_cell(
    play: Play,
) -> None:
    played = play(with_colleagues)
    scene, case_id = played.scene, played.made
    everyone = ("GPR", "GCR", "SCH", "RVK", "GI", "POL", "REC", "LPR")
    with pytest.raises(SharingDeniedError):
        scene.bring("WOC", case_id, "D11")
    scene.note(case_id, "WOC", "D11", *everyone)
    named = [scene.who(partner).person_id for partner in everyone]
    item_id = scene.bring("WOC", case_id, "D11", recipients=named)
    readers = {
        partner
        for partner in (*everyone, "WOC")
        if item_id in {i.id for i in disclose_one(scene.who(partner).viewer, case_id).items}
    }
    assert readers == {"WOC", "GPR", "GCR", "GI", "RVK", "REC"}


def test_one_weighing_note_serves_until_its_review_date(play: Play, clock: FrozenClock) -> None:
    played = play(with_colleagues)
    scene, case_id = played.scene, played.made
    school = [scene.who("SCH").person_id]
    first, second = (scene.bring("LPR", case_id, "D14", recipients=school) for _ in range(2))
    with pytest.raises(SharingDeniedError):
        scene.bring("SCH", case_id, "D14", recipients=[scene.who("LPR").person_id])
    clock.advance(timedelta(days=90))
    assert {first, second} <= {i.id for i in disclose_one(scene.who("SCH").viewer, case_id).items}
    scene.bring("LPR", case_id, "D14", recipients=school)
    clock.advance(timedelta(days=1))
    assert "D14" not in {i.category for i in disclose_one(scene.who("SCH").viewer, case_id).items}
    with pytest.raises(SharingDeniedError):
        scene.bring("LPR", case_id, "D14", recipients=school)


def test_who_read_an_item_hears_only_that_it_can_no_longer_be_used(play: Play) -> None:
    played = play(with_colleagues)
    scene, case_id = played.scene, played.made
    item_id = scene.bring("LPR", case_id, "D14", recipients=[scene.who("SCH").person_id])
    disclose_one(scene.who("SCH").viewer, case_id)
    told = repairs.withdraw_item(scene.desk("LPR", case_id), item_id)
    school = [task for task in told if task.person_id == scene.who("SCH").person_id]
    assert [(task.kind, task.category, task.about_id) for task in school] == [
        ("stop_using", "D14", None)
    ]
    assert item_id not in {i.id for i in disclose_one(scene.who("SCH").viewer, case_id).items}
