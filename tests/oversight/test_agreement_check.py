"""Every night agreements and limits are held against the log, and officers see what is not so."""

from collections.abc import Callable

import pytest
from sqlalchemy import text

from config.database import stores
from config.ids import new_id
from pga.agreements import editions
from pga.oversight.service import record_check
from pga.oversight.service.agreement_check import check_agreements
from pga.policy.document import parse
from pga.policy.writing import hash_of
from tests.agreements.limits import Limited, in_force, limited
from tests.factories.fixtures import Play
from tests.factories.snapshots import Played


def tamper(statement: str, **values: object) -> None:
    """Write in the app store as its owner can."""
    with stores().app.begin() as connection:
        connection.execute(text(statement), values)


def agreement_of(town: Played[Limited]) -> bytes:
    return town.scene.desk("GPR", town.made.case).facts.agreement.id


def test_what_was_entered_is_found_as_it_was_entered(play: Play) -> None:
    town = play(limited)
    assert check_agreements() == ()
    in_force(town.scene)
    assert check_agreements() == ()


CHANGES = {
    "the text alone": "UPDATE agreement SET document = replace(document, 'X/R2n', 'X/R1n')",
    "no text at all": "UPDATE agreement SET document = 'nothing'",
    "the hash alone": "UPDATE agreement SET policy_hash = 'f'",
}


@pytest.mark.parametrize("how", CHANGES)
def test_an_agreement_in_force_that_was_changed_in_the_table_shows(play: Play, how: str) -> None:
    town = play(limited)
    agreement_id = agreement_of(town)
    tamper(f"{CHANGES[how]} WHERE id = :id", id=agreement_id)
    assert check_agreements() == (f"agreement: {agreement_id.hex()}",)


def test_text_and_hash_changed_together_show_by_the_log(play: Play) -> None:
    town = play(limited)
    agreement_id = agreement_of(town)
    tamper(CHANGES["the text alone"] + " WHERE id = :id", id=agreement_id)
    row = next(one for one in editions.versions_in_use() if one.id == agreement_id)
    tamper(
        "UPDATE agreement SET policy_hash = :h WHERE id = :id",
        h=hash_of(parse(row.document)),
        id=agreement_id,
    )
    assert check_agreements() == (f"agreement: {agreement_id.hex()}",)


def put_in_place(town: Played[Limited]) -> bytes:
    """Put an edition in force of which nobody approved anything."""
    real = in_force(town.scene)
    planted = new_id()
    tamper(
        "INSERT INTO guardrail_edition (id, edition, document, sha256, reason, proposed_by, "
        "proposed_at, in_force_since) SELECT :new, 'planted', document, sha256, reason, "
        "proposed_by, proposed_at, '2099-01-01' FROM guardrail_edition WHERE id = :id",
        new=planted,
        id=real,
    )
    return planted


def change_the_text(town: Played[Limited]) -> bytes:
    """Change the text of the edition in force."""
    edition_id = in_force(town.scene)
    tamper("UPDATE guardrail_edition SET document = 'x' || document WHERE id = :id", id=edition_id)
    editions._stored.cache_clear()  # another process has not read it yet
    return edition_id


@pytest.mark.parametrize("plant", [put_in_place, change_the_text])
def test_an_edition_nobody_approved_shows(
    play: Play, plant: Callable[[Played[Limited]], bytes]
) -> None:
    town = play(limited)
    planted = plant(town)
    assert check_agreements() == (f"limits: {planted.hex()}",)


def test_the_officer_reads_what_is_wrong_and_the_night_says_so(play: Play) -> None:
    town = play(limited)
    tamper(CHANGES["the hash alone"] + " WHERE id = :id", id=agreement_of(town))
    found = record_check.check_now()
    assert found.problems == 1
    assert record_check.faulty_rules(found) == ["agreement"]
    page = town.visitor("GPR", "Officer").read("/oversight")
    assert "De tekst van een geldende afspraak is niet wat in het logboek staat" in page
