"""Signing: each body for itself, by who may, in a stated capacity, for the text that was read."""

from dataclasses import replace
from datetime import timedelta

import pytest

from config import clock
from config.clock import FrozenClock
from config.database import db, transaction
from config.errors import ForbiddenError, InvalidInputError, NotFoundError
from config.ids import new_id
from pga.agreements import queries
from pga.agreements.models import Agreement, AgreementState, Capacity
from pga.agreements.rules import Deed, Need, Step
from pga.agreements.service import parties, signing
from pga.agreements.service.life import AgreementNotReadyError
from pga.agreements.service.recording import ChangedMeanwhileError
from pga.agreements.service.signing import (
    AnotherTextError,
    NotOpenForSigningError,
    Statement,
    WrongSignerError,
)
from pga.policy.codes import Category, Partner
from tests.agreements.drafts import LAWYER, LEAD, OFFICER, Who, colleague, desk, set_state
from tests.agreements.lives import (
    CHIEF,
    INVITED,
    MAYOR,
    MAYOR_ALONE,
    SCHOOL_HEAD,
    SECOND,
    Lived,
    fresh,
    in_signing,
    party,
    rewrite,
    sign,
    signed,
    statement,
    take,
    text_of,
)
from tests.agreements.matrices import with_cells
from tests.factories.fixtures import Play
from tests.factories.log import entries_of
from tests.factories.snapshots import Played


@pytest.fixture
def town(play: Play) -> Played[Lived]:
    return play(in_signing)


def attempt(town: Played[Lived], who: Who, partner: str, said: Statement | None = None) -> None:
    """Let somebody try to sign for a party, in a way that is refused before anything is proven."""
    signing.sign(
        desk(town.scene, who, town.made.draft),
        party(town.made.draft, partner).id,
        said or statement(town.made.draft, partner),
        lambda: pytest.fail("nobody is asked to prove anything for a form that is refused"),
    )


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_a_signature_holds_for_one_text_by_a_named_person(play: Play, database: str) -> None:
    played = play(in_signing, database)
    draft = played.made.draft
    sign(played.scene, MAYOR, draft, "GPR")
    (signature,) = queries.signatures_of(draft)
    assert signature.policy_hash == fresh(draft).policy_hash
    assert signature.document_hash == signing.hash_of_text(fresh(draft))
    assert (signature.name, signature.capacity, signature.proof) == ("Mayor GPR", "mayor", "totp")
    entry = entries_of(played.app)[-1]
    assert entry.facts["change"] == "sign"
    assert entry.facts["document"] == signature.document_hash
    assert "Mayor" not in str(entry.facts)


@pytest.mark.parametrize(
    ("who", "partner"),
    [
        (LEAD, "GPR"),
        (LAWYER, "GPR"),
        (CHIEF, "GPR"),
        (MAYOR, "POL"),
        (MAYOR, "BUR"),
        (MAYOR_ALONE, "GPR"),
    ],
)
def test_who_does_not_sign_for_a_party_signs_nothing(
    town: Played[Lived], who: Who, partner: str
) -> None:
    with pytest.raises(WrongSignerError):
        attempt(town, who, partner)
    assert queries.signatures_of(town.made.draft) == []
    assert party(town.made.draft, partner).signed_on is None


def test_a_signatory_of_the_same_kind_of_organisation_signs_for_its_own_alone(
    town: Played[Lived],
) -> None:
    other = town.scene.organisation("SCH", "Another school")
    parties.name_party(desk(town.scene, LEAD, town.made.draft), "SCH", other)
    theirs = next(
        one
        for one in queries.parties_of([town.made.draft])[town.made.draft]
        if one.organisation_id == other
    )
    with pytest.raises(WrongSignerError):
        signing.sign(
            desk(town.scene, SCHOOL_HEAD, town.made.draft),
            theirs.id,
            statement(town.made.draft, "SCH"),
            lambda: "totp",
        )


def test_the_college_signs_for_both_its_tasks_and_the_mayor_apart(town: Played[Lived]) -> None:
    for partner in ("GPR", "GCR"):
        sign(town.scene, MAYOR, town.made.draft, partner)
    sign(town.scene, MAYOR_ALONE, town.made.draft, "BUR")
    bodies = {one.body for one in queries.signatures_of(town.made.draft)}
    assert bodies == {"GPR", "GCR", "BUR"}


def test_a_mandate_without_number_scope_and_day_signs_nothing(town: Played[Lived]) -> None:
    bare = replace(statement(town.made.draft), capacity=Capacity.MANDATE)
    with pytest.raises(InvalidInputError) as refused:
        attempt(town, MAYOR, "GPR", bare)
    assert set(refused.value.fields) == {"mandate_number", "mandate_scope", "mandate_on"}
    whole = replace(bare, deed=Deed("M-7", "agreements on youth", clock.today()))
    at = desk(town.scene, MAYOR, town.made.draft)
    signing.sign(at, party(town.made.draft, "GPR").id, whole, lambda: "totp")
    (signature,) = queries.signatures_of(town.made.draft)
    assert (signature.mandate_number, signature.mandate_on) == ("M-7", clock.today())


def test_a_text_that_changed_since_it_was_read_is_not_signed(town: Played[Lived]) -> None:
    said = statement(town.made.draft)
    changed = with_cells(text_of(town.made.draft), {(Partner.LPR, Category.D04): "1n/R2"})
    rewrite(town.made.draft, changed)
    with pytest.raises(AnotherTextError):
        attempt(town, MAYOR, "GPR", said)
    assert queries.signatures_of(town.made.draft) == []


def test_a_party_signs_once(town: Played[Lived]) -> None:
    sign(town.scene, MAYOR, town.made.draft, "GPR")
    with pytest.raises(NotOpenForSigningError):
        attempt(town, MAYOR, "GPR")


def test_of_two_who_sign_for_one_party_at_the_same_moment_one_does(town: Played[Lived]) -> None:
    draft, scene = town.made.draft, town.scene

    def meanwhile() -> str:
        sign(scene, MAYOR, draft, "GPR")
        return "totp"

    at, said = desk(scene, MAYOR, draft), statement(draft)
    with pytest.raises(NotOpenForSigningError):
        signing.sign(at, party(draft, "GPR").id, said, meanwhile)
    assert len(queries.signatures_of(draft)) == 1


def test_others_sign_at_the_same_moment(town: Played[Lived]) -> None:
    draft, scene = town.made.draft, town.scene

    def meanwhile() -> str:
        sign(scene, CHIEF, draft, "POL")
        return "totp"

    at, said = desk(scene, MAYOR, draft), statement(draft)
    signing.sign(at, party(draft, "GPR").id, said, meanwhile)
    assert {one.body for one in queries.signatures_of(draft)} == {"GPR", "POL"}


def test_what_went_back_to_draft_meanwhile_is_not_signed(town: Played[Lived]) -> None:
    draft, scene = town.made.draft, town.scene

    def meanwhile() -> str:
        take(scene, LEAD, draft, Step.BACK_TO_DRAFT)
        return "totp"

    at, said = desk(scene, MAYOR, draft), statement(draft)
    db.session.expunge(at.agreement)
    with pytest.raises(ChangedMeanwhileError):
        signing.sign(at, party(draft, "GPR").id, said, meanwhile)
    assert queries.signatures_of(draft) == []


@pytest.mark.parametrize(
    "state", [AgreementState.DRAFT, AgreementState.DPIA_DONE, AgreementState.SUSPENDED]
)
def test_only_a_version_that_is_being_signed_or_holds_is_signed(
    town: Played[Lived], state: AgreementState
) -> None:
    set_state(town.made.draft, state)
    with pytest.raises(NotOpenForSigningError):
        attempt(town, MAYOR, "GPR")


def test_a_party_of_another_version_is_not_there(town: Played[Lived]) -> None:
    at = desk(town.scene, MAYOR, town.made.draft)
    for other in (party(town.made.running, "GPR").id, new_id()):
        with pytest.raises(NotFoundError):
            signing.sign(at, other, statement(town.made.draft), lambda: "totp")


def test_who_signs_after_it_came_into_force_takes_part_from_then_on(
    play: Play, clock: FrozenClock
) -> None:
    played = play(signed)
    scene, draft = played.scene, played.made.draft
    take(scene, SECOND, draft, Step.ACTIVATE)
    assert not queries.has_signed(party(draft, "SCH"), clock.now().date())
    clock.advance(timedelta(days=3))
    sign(scene, SCHOOL_HEAD, draft, "SCH")
    joined = party(draft, "SCH")
    assert queries.has_signed(joined, clock.now().date())
    assert not queries.has_signed(joined, clock.now().date() - timedelta(days=1))


def test_a_party_that_has_not_signed_does_not_count_for_coming_into_force(
    town: Played[Lived],
) -> None:
    sign(town.scene, SCHOOL_HEAD, town.made.draft, "SCH")
    sign(town.scene, MAYOR, town.made.draft, "GPR")
    with pytest.raises(AgreementNotReadyError) as refused:
        take(town.scene, SECOND, town.made.draft, Step.ACTIVATE)
    assert refused.value.needs == (Need.MINIMUM_SIGNED,)


def test_a_page_can_say_who_signs_for_a_party(town: Played[Lived]) -> None:
    agreement = fresh(town.made.draft)
    names = {
        partner: [
            one.person.name
            for one in signing.signatories_of(agreement, party(agreement.id, partner))
        ]
        for partner in ("GPR", "BUR", "POL", "SCH")
    }
    assert names == {
        "GPR": ["Mayor GPR"],
        "BUR": ["Mayor alone BUR"],
        "POL": ["Chief POL"],
        "SCH": ["Head SCH"],
    }


def test_parties_are_named_by_who_drafts_and_only_organisations_of_that_kind(
    town: Played[Lived],
) -> None:
    scene, draft = town.scene, town.made.draft
    with pytest.raises(ForbiddenError):
        parties.name_party(desk(scene, OFFICER, draft), "SCH", scene.organisation("SCH", "Other"))
    for partner, organisation in (
        ("SCH", scene.organisation("POL")),
        ("SCH", scene.organisation("SCH")),
        ("BANK", scene.organisation("SCH")),
    ):
        with pytest.raises(InvalidInputError):
            parties.name_party(desk(scene, LEAD, draft), partner, organisation)
    assert sorted(one.partner for one in queries.parties_of([draft])[draft]) == sorted(INVITED)


def test_who_has_not_signed_can_be_left_out_again_and_who_signed_not(
    town: Played[Lived],
) -> None:
    scene, draft = town.scene, town.made.draft
    sign(scene, MAYOR, draft, "GPR")
    with pytest.raises(InvalidInputError):
        parties.drop_party(desk(scene, LEAD, draft), party(draft, "GPR").id)
    parties.drop_party(desk(scene, LEAD, draft), party(draft, "SCH").id)
    assert "SCH" not in {one.partner for one in queries.parties_of([draft])[draft]}
    with pytest.raises(NotFoundError):
        parties.drop_party(desk(scene, LEAD, draft), new_id())


def test_to_an_ended_version_no_party_is_added(town: Played[Lived]) -> None:
    set_state(town.made.draft, AgreementState.TERMINATED)
    with pytest.raises(ForbiddenError):
        parties.name_party(
            desk(town.scene, LEAD, town.made.draft),
            "SCH",
            town.scene.organisation("SCH", "Other"),
        )


def test_a_signatory_elsewhere_signs_nothing_here(town: Played[Lived]) -> None:
    with transaction():
        db.session.get_one(Agreement, town.made.draft).municipality = "GM0400"
    signer = colleague(town.scene, MAYOR)
    elsewhere = fresh(town.made.draft)
    assert signing.seat_of_signer(signer, elsewhere, party(elsewhere.id, "GPR")) is None
