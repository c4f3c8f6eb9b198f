"""An edition that two others approved decides from then on, and opens nothing unseen."""

from dataclasses import replace
from datetime import timedelta
from unittest.mock import patch

import pytest
from sqlalchemy import update

from audit.entries import Action, Outcome
from config.clock import FrozenClock
from config.database import db, transaction
from config.errors import ForbiddenError, InvalidInputError
from pga.agreements import editions, queries
from pga.agreements.models import Agreement, AgreementState, GuardrailEdition
from pga.agreements.rules import Need
from pga.agreements.service import adopt, limiting
from pga.agreements.service.life import AgreementNotReadyError
from pga.agreements.service.limiting import SamePersonError
from pga.agreements.service.recording import ChangedMeanwhileError
from pga.agreements.texts import broken_by
from pga.policy.catalogue_text import current
from pga.policy.codes import Category, Partner
from pga.policy.nodes import DocumentError
from pga.sharing.service.disclose import Disclosure, SharingDeniedError, disclose_one
from tests.agreements.drafts import ADVISER, LAWYER, LEAD, OFFICER, POLICE, Who, colleague
from tests.agreements.limits import (
    DPO,
    NO_ABSENCE,
    SECOND_ADVISER,
    STRICTER,
    TEXT,
    Limited,
    approve,
    in_force,
    limited,
    named,
    propose,
    row,
)
from tests.factories.fixtures import Play
from tests.factories.log import entries_of
from tests.factories.scene import INSTALLATION
from tests.factories.snapshots import Played


def look(town: Played[Limited], partner: str) -> Disclosure:
    return disclose_one(town.scene.who(partner).viewer, town.made.case)


def sees(town: Played[Limited], partner: str) -> bool:
    return town.made.item in {item.id for item in look(town, partner).items}


def running(town: Played[Limited]) -> Agreement:
    facts = look(town, "GPR").facts
    return queries.agreements_by_id([facts.agreement.id])[facts.agreement.id]


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_an_approved_edition_decides_from_the_next_look_on(play: Play, database: str) -> None:
    town = play(limited, database)
    edition_id = propose(town.scene)
    assert sees(town, "GCR")
    approve(town.scene, LAWYER, edition_id)
    assert sees(town, "GCR"), "one approval is none"
    approve(town.scene, SECOND_ADVISER, edition_id)
    assert not sees(town, "GCR")
    assert sees(town, "LPR"), "what one brought oneself stays readable"


def test_a_decision_names_the_edition_it_was_made_under(play: Play) -> None:
    town = play(limited)
    look(town, "GCR")
    in_force(town.scene)
    look(town, "GCR")
    before, after = entries_of(town.app, Action.CONSULT)[-2:]
    assert (before.facts["limits"], after.facts["limits"]) == (current().edition, "2027-1")
    (line,) = [line for line in after.lines if line.provider == "LPR" and line.category == "D04"]
    assert (line.decision, line.rule, line.code) == ("denied", "X1", "forbidden")
    refused = next(one for one in look(town, "GCR").judged if one.item.id == town.made.item)
    said = {one.id: dict(one.values) for one in refused.decision.explanation}
    assert said["This is a limit in edition %(edition)s."] == {"edition": "2027-1"}


def test_a_write_and_a_refused_write_name_the_edition_too(play: Play) -> None:
    town = play(limited)
    in_force(town.scene)
    size = len(entries_of(town.app))
    town.scene.bring("GCR", town.made.case, "D09", "help is there")
    with pytest.raises(SharingDeniedError):
        town.scene.bring("LPR", town.made.case, "D04", "absent on Tuesdays")
    decided = [one for one in entries_of(town.app)[size:] if one.lines]
    assert {one.decided for one in decided} == {Outcome.PERMIT, Outcome.DENY}
    assert {one.facts["limits"] for one in decided} == {"2027-1"}


def test_an_entry_names_the_text_that_decided_whatever_the_row_says_of_itself(play: Play) -> None:
    town = play(limited)
    signed = running(town).policy_hash
    with transaction():
        row_of = running(town)
        row_of.document = row_of.document.replace("D04: 1/R2", "D04: 1n/R2", 1)
    look(town, "GCR")
    (*_, entry) = entries_of(town.app, Action.CONSULT)
    assert entry.policy_hash == queries.table_of(running(town)).policy_hash
    assert entry.policy_hash != signed


def test_an_agreement_that_no_longer_passes_is_entered_with_what_it_breaks(play: Play) -> None:
    town = play(limited)
    agreement = running(town)
    edition_id = in_force(town.scene)
    *_, in_use, overtaken = entries_of(town.app, Action.AGREEMENT_CHANGE)
    assert (in_use.object, in_use.facts["change"]) == (edition_id.hex(), "limits_in_force")
    assert (in_use.facts["sha256"], in_use.facts["broken"]) == (row(edition_id).sha256, 1)
    assert (overtaken.object, overtaken.facts["change"]) == (agreement.id.hex(), "overtaken")
    assert (overtaken.facts["limits"], overtaken.facts["broken"]) == ("2027-1", "X1")
    (violation,) = broken_by(running(town))
    assert (violation.guardrail, violation.partner, violation.category) == (
        "X1",
        Partner.LPR,
        Category.D04,
    )
    assert violation.exposure is not None


def test_what_was_decided_before_an_edition_opens_nothing_after_it(play: Play) -> None:
    town = play(limited)
    before = running(town).epoch
    in_force(town.scene)
    assert running(town).epoch == before + 1


def test_an_edition_opens_again_what_it_no_longer_forbids(play: Play, clock: FrozenClock) -> None:
    town = play(limited)
    in_force(town.scene)
    assert not sees(town, "GCR")
    clock.move_to(clock.now() + timedelta(seconds=1))
    in_force(town.scene, named("2027-2"))
    assert sees(town, "GCR")
    assert broken_by(running(town)) == ()


def test_who_proposes_does_not_approve_and_nobody_approves_twice(play: Play) -> None:
    town = play(limited)
    edition_id = propose(town.scene)
    with pytest.raises(SamePersonError):
        approve(town.scene, ADVISER, edition_id)
    assert not approve(town.scene, DPO, edition_id)
    with pytest.raises(SamePersonError):
        approve(town.scene, DPO, edition_id)
    assert row(edition_id).in_force_since is None


@pytest.mark.parametrize("who", [LEAD, OFFICER, POLICE])
def test_others_neither_propose_nor_approve(play: Play, who: Who) -> None:
    town = play(limited)
    town.scene.who(*POLICE)
    edition_id = propose(town.scene)
    with pytest.raises(ForbiddenError):
        approve(town.scene, who, edition_id)
    with pytest.raises(ForbiddenError):
        propose(town.scene, named("2027-9") + NO_ABSENCE, who)
    with pytest.raises(ForbiddenError):
        limiting.withdraw(colleague(town.scene, who), row(edition_id))


def test_an_approval_is_of_what_was_seen_beside_the_edition_in_force(play: Play) -> None:
    town = play(limited)
    first, second = propose(town.scene), propose(town.scene, named("2027-2") + NO_ABSENCE)
    seen = editions.catalogue_in_force().sha256
    approve(town.scene, LAWYER, first)
    approve(town.scene, SECOND_ADVISER, first)
    with pytest.raises(ChangedMeanwhileError):
        limiting.approve(colleague(town.scene, LAWYER), row(second), seen)


def test_two_people_who_approve_at_once_are_not_both_the_first(play: Play) -> None:
    town = play(limited)
    edition_id = propose(town.scene)
    read_before = row(edition_id)
    db.session.expunge(read_before)
    approve(town.scene, LAWYER, edition_id)
    with pytest.raises(ChangedMeanwhileError):
        limiting.approve(colleague(town.scene, DPO), read_before, current().sha256)


def test_of_two_editions_that_come_into_force_at_once_the_second_is_looked_at_again(
    play: Play,
) -> None:
    town = play(limited)
    late = propose(town.scene, named("2027-2") + NO_ABSENCE)
    approve(town.scene, LAWYER, late)
    weigh = limiting._effect
    with patch.object(limiting, "_effect") as effect:

        def meanwhile(*asked: object) -> object:
            effect.side_effect = weigh
            in_force(town.scene)
            return weigh(*asked)

        effect.side_effect = meanwhile
        with pytest.raises(ChangedMeanwhileError):
            approve(town.scene, DPO, late)
    assert row(late).in_force_since is None
    assert editions.catalogue_in_force().edition == "2027-1"


def test_what_is_withdrawn_or_in_force_takes_no_further_step(play: Play) -> None:
    town = play(limited)
    edition_id = propose(town.scene)
    with pytest.raises(ForbiddenError):
        limiting.withdraw(colleague(town.scene, SECOND_ADVISER), row(edition_id))
    limiting.withdraw(colleague(town.scene, ADVISER), row(edition_id))
    for who in (LAWYER, SECOND_ADVISER):
        with pytest.raises(ChangedMeanwhileError):
            approve(town.scene, who, edition_id)
    with pytest.raises(ChangedMeanwhileError):
        limiting.withdraw(colleague(town.scene, ADVISER), row(edition_id))
    changes = [one.facts["change"] for one in entries_of(town.app, Action.AGREEMENT_CHANGE)]
    assert changes[-2:] == ["propose_limits", "withdraw_limits"]


REFUSED = {
    "same": (TEXT, "This says the same as the edition in force."),
    "name": (TEXT + NO_ABSENCE, "There is an edition with this name already."),
    "long": (named("2027-" + "1" * 20) + NO_ABSENCE, "The name of an edition has at most 20"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_an_edition_that_cannot_be_one_is_refused(play: Play, case: str) -> None:
    town = play(limited)
    text, said = REFUSED[case]
    with pytest.raises(InvalidInputError) as refused:
        propose(town.scene, text)
    assert any(one.startswith(said) for one in refused.value.fields["text"])


def test_a_limit_that_asks_something_else_under_its_old_version_is_named_with_its_line(
    play: Play,
) -> None:
    town = play(limited)
    with pytest.raises(DocumentError) as refused:
        propose(town.scene, named("2027-1").replace("[GPR, GCR, GI, RVK]", "[GPR, GCR, RVK]"))
    (problem,) = refused.value.problems
    assert TEXT.splitlines()[problem.line - 1] == "- code: G4"
    assert "G4 asks something else" in problem.text
    assert editions.editions() == []


def test_a_text_that_is_no_catalogue_and_one_without_a_reason_are_refused(play: Play) -> None:
    town = play(limited)
    with pytest.raises(DocumentError):
        propose(town.scene, STRICTER.replace("kind: cell_closed", "kind: anything"))
    with pytest.raises(InvalidInputError):
        limiting.propose(colleague(town.scene, ADVISER), STRICTER, "")
    assert editions.editions() == []


@pytest.mark.parametrize("part", ["document", "sha256"])
def test_an_edition_changed_in_the_table_is_noticed_and_nothing_is_shared(
    play: Play, part: str
) -> None:
    town = play(limited)
    edition_id = in_force(town.scene)
    other = {
        "document": STRICTER.replace("[LPR]", "[SCH]").replace("X1", "X9"),
        "sha256": "0" * 64,
    }
    editions._stored.cache_clear()
    with transaction():
        db.session.execute(
            update(GuardrailEdition)
            .where(GuardrailEdition.id == edition_id)
            .values({part: other[part]})
        )
    page = town.visitor("GCR").get(f"/cases/{town.made.case.hex()}")
    assert page.status_code == 503
    editions._stored.cache_clear()


def test_no_draft_leaves_the_draft_under_a_limit_it_breaks(play: Play) -> None:
    town = play(limited)
    in_force(town.scene)
    agreement = running(town)
    text = agreement.document.replace(f"version: '{agreement.version}'", "version: '9.9'")
    with pytest.raises(AgreementNotReadyError) as refused:
        adopt(text, [], INSTALLATION)
    assert refused.value.needs == (Need.LIMITS_PROVEN,)
    assert agreement.state == AgreementState.ACTIVE


def test_the_effect_is_told_of_every_version_that_is_in_use(play: Play) -> None:
    town = play(limited)
    found = limiting.weigh(colleague(town.scene, ADVISER), STRICTER)
    assert [change.code for change in found.changes] == ["X1"]
    assert {one.agreement.id for one in found.broken} == {running(town).id}
    stored = limiting.proposal_of(colleague(town.scene, LAWYER), row(propose(town.scene)))
    assert replace(stored, touched=()) == replace(found, touched=())
    assert [one.effect for one in stored.touched] == [one.effect for one in found.touched]
