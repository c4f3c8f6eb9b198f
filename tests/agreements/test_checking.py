"""The legal check: named lawyers confirm clauses as they read them, and never their own."""

from dataclasses import replace
from datetime import timedelta

import pytest

from config import clock
from config.clock import FrozenClock
from config.database import db, transaction
from config.errors import ForbiddenError, InvalidInputError
from config.ids import new_id
from pga.agreements.models import AgreementEdit, AgreementState
from pga.agreements.rules import Need, Step
from pga.agreements.service import checking
from pga.agreements.service.checking import OwnClauseError
from pga.agreements.service.life import AgreementNotReadyError
from pga.agreements.service.recording import ChangedMeanwhileError
from pga.agreements.service.standing import see
from pga.agreements.service.starting import new_version_of
from pga.policy.codes import Category, Partner
from pga.policy.document import dump
from tests.agreements.drafts import ADVISER, LAWYER, LEAD, OFFICER, Who, desk, new_terms, set_state
from tests.agreements.lives import (
    Lived,
    confirm_all,
    dpia,
    fresh,
    in_check,
    rewrite,
    take,
    text_of,
)
from tests.agreements.matrices import with_cells
from tests.factories.fixtures import Play
from tests.factories.log import entries_of
from tests.factories.snapshots import Played

CLAUSE = "jeugd.LPR.onderwijs"


@pytest.fixture
def town(play: Play) -> Played[Lived]:
    return play(in_check)


def hash_of(agreement_id: bytes, clause: str = CLAUSE) -> str:
    return next(one.hash for one in see(fresh(agreement_id)).clauses if one.clause.id == clause)


def confirm(town: Played[Lived], who: Who = LAWYER) -> None:
    checking.confirm(desk(town.scene, who, town.made.draft), [hash_of(town.made.draft)])


def is_confirmed(town: Played[Lived], clause: str = CLAUSE) -> bool:
    found = see(fresh(town.made.draft)).clauses
    return next(one.is_confirmed for one in found if one.clause.id == clause)


def edited(town: Played[Lived], who: Who, place: str, before: str = "", after: str = "") -> None:
    """Let somebody have written the last change of a place."""
    with transaction():
        row = fresh(town.made.draft)
        row.revision += 1
        db.session.add(
            AgreementEdit(
                id=new_id(),
                agreement_id=row.id,
                revision=row.revision,
                place=place,
                before=before,
                after=after,
                person_id=town.scene.who(*who).person_id,
                made_at=clock.now(),
            )
        )


def test_a_lawyer_confirms_by_name_and_on_an_entry(town: Played[Lived]) -> None:
    before = len(entries_of(town.app))
    confirm(town)
    assert is_confirmed(town)
    assert not is_confirmed(town, "jeugd.POL.politie")
    (entry,) = entries_of(town.app, since=before)
    assert entry.facts["clauses"] == CLAUSE
    assert entry.actor.person == town.scene.who(*LAWYER).person_id.hex()


@pytest.mark.parametrize("who", [LEAD, OFFICER, ADVISER])
def test_nobody_but_a_lawyer_confirms(town: Played[Lived], who: Who) -> None:
    with pytest.raises(ForbiddenError):
        confirm(town, who)


def test_a_clause_is_tested_before_the_text_is_fixed(town: Played[Lived]) -> None:
    set_state(town.made.draft, AgreementState.SIGNING)
    with pytest.raises(ForbiddenError):
        confirm(town)


@pytest.mark.parametrize("what", ["clause", "cell", "basis"])
def test_what_changes_is_to_be_tested_anew(town: Played[Lived], what: str) -> None:
    confirm(town)
    document = text_of(town.made.draft)
    if what == "clause":
        clauses = tuple(
            replace(one, text="Otherwise.") if one.id == CLAUSE else one for one in document.clauses
        )
        document = replace(document, clauses=clauses)
    elif what == "cell":
        document = with_cells(document, {(Partner.LPR, Category.D04): "1n/R2"})
    else:
        (track,) = document.tracks
        bases = dict(document.legal_bases[track])
        bases[Partner.LPR] = bases[Partner.SCH]
        document = replace(document, legal_bases={track: bases})
    rewrite(town.made.draft, document)
    assert not is_confirmed(town)


def test_a_change_elsewhere_leaves_a_confirmation_standing(town: Played[Lived]) -> None:
    confirm(town)
    document = with_cells(text_of(town.made.draft), {(Partner.POL, Category.D12): "X/R1"})
    rewrite(town.made.draft, document)
    assert is_confirmed(town)


def test_a_clause_that_changed_meanwhile_is_not_confirmed(town: Played[Lived]) -> None:
    read = hash_of(town.made.draft)
    rewrite(
        town.made.draft,
        with_cells(text_of(town.made.draft), {(Partner.LPR, Category.D04): "1n/R2"}),
    )
    with pytest.raises(ChangedMeanwhileError):
        checking.confirm(desk(town.scene, LAWYER, town.made.draft), [read])


def test_confirming_nothing_is_told(town: Played[Lived]) -> None:
    with pytest.raises(InvalidInputError):
        checking.confirm(desk(town.scene, LAWYER, town.made.draft), [])


@pytest.mark.parametrize(
    "place",
    [
        f"clause youth LPR {CLAUSE}",
        "cell youth LPR D04",
        "row youth LPR",
        "clauses youth LPR",
        "basis youth LPR",
    ],
)
def test_who_wrote_the_last_change_of_a_clause_does_not_confirm_it(
    town: Played[Lived], place: str
) -> None:
    edited(town, LAWYER, place)
    with pytest.raises(OwnClauseError) as refused:
        confirm(town)
    assert refused.value.clauses == (CLAUSE,)
    edited(town, LEAD, place)
    confirm(town)


@pytest.mark.parametrize(
    "place",
    [
        "clause youth LPR jeugd.LPR.plan",
        "cell youth LPR D05",
        "cell youth SCH D04",
        "header name",
        f"verified youth LPR {CLAUSE}",
    ],
)
def test_a_change_of_something_else_leaves_a_lawyer_free(town: Played[Lived], place: str) -> None:
    edited(town, LAWYER, place)
    confirm(town)


def test_who_read_in_a_whole_text_does_not_confirm_what_changed_in_it(
    town: Played[Lived],
) -> None:
    before = text_of(town.made.draft)
    after = with_cells(before, {(Partner.LPR, Category.D04): "1n/R2"})
    rewrite(town.made.draft, after)
    edited(town, LAWYER, "document", dump(before), dump(after))
    with pytest.raises(OwnClauseError):
        confirm(town)
    at = desk(town.scene, LAWYER, town.made.draft)
    checking.confirm(at, [hash_of(town.made.draft, "jeugd.POL.politie")])


def test_an_objection_has_a_reason_and_holds_the_version_up(
    town: Played[Lived], clock: FrozenClock
) -> None:
    at = desk(town.scene, LAWYER, town.made.draft)
    with pytest.raises(InvalidInputError):
        checking.object_to(at, hash_of(town.made.draft), "")
    checking.object_to(at, hash_of(town.made.draft), "The article is another.")
    with pytest.raises(AgreementNotReadyError) as refused:
        take(town.scene, LEAD, town.made.draft, Step.RECORD_DPIA, dpia())
    assert refused.value.needs == (Need.NO_OBJECTION,)
    clock.advance(timedelta(minutes=5))
    confirm(town)
    take(town.scene, LEAD, town.made.draft, Step.RECORD_DPIA, dpia())


def test_what_a_lawyer_confirmed_word_for_word_counts_in_the_next_version(
    town: Played[Lived],
) -> None:
    confirm_all(town.scene, town.made.draft)
    set_state(town.made.draft, AgreementState.ACTIVE)
    later = new_version_of(desk(town.scene, LEAD, town.made.draft), new_terms("2030"))
    assert all(one.is_confirmed for one in see(later).clauses)
    changed = with_cells(text_of(later.id), {(Partner.LPR, Category.D04): "1n/R2"})
    rewrite(later.id, changed)
    open_ = [one.clause.id for one in see(fresh(later.id)).clauses if not one.is_confirmed]
    assert open_ == [CLAUSE]


def test_every_lawyer_may_test_a_proposed_model(town: Played[Lived]) -> None:
    set_state(town.made.model, AgreementState.SIGNING)
    at = desk(town.scene, LAWYER, town.made.model)
    assert checking.may_check(at)
    checking.confirm(at, [see(at.agreement).clauses[0].hash])
    assert not checking.may_check(desk(town.scene, LEAD, town.made.model))
