"""An agreement that a newer edition has overtaken runs on, with what breaks a limit shut."""

from functools import cache
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given, settings

from pga.agreements import library
from pga.policy.catalogue import Catalogue, CellSide
from pga.policy.catalogue_text import current, parse_catalogue
from pga.policy.codes import (
    ALL_MET,
    Category,
    Code,
    Partner,
    Phase,
    PolicyAction,
    Purpose,
    Stage,
    Track,
)
from pga.policy.compile import Table, standpoint
from pga.policy.decide import Situation, decide
from pga.policy.decision import Decision
from pga.policy.document import parse
from pga.policy.flows import MOMENTS, NOTHING, PARTNERS
from pga.policy.guardrails import prove_table
from pga.policy.holding import HeldTable, shut_by, table_in_force
from pga.policy.library import GUARDRAILS
from pga.policy.rights import RightState, rights_of
from pga.policy.sections import SectionState, sections
from pga.policy.terms import AgreementDocument
from pga.policy.violations import Violation, prove_text
from pga.policy.who_may import Openness, View, pairs
from tests.policy.generated import SOUND, careless

MODEL = library.model(Track.YOUTH)
NEEDS_T = "[GGD, GGZ, JHA, MEE], categories"


@cache
def edition(*changes: tuple[str, str]) -> Catalogue:
    text = GUARDRAILS.read_text("utf-8")
    for old, new in changes:
        assert text.count(old) == 1
        text = text.replace(old, new)
    return parse_catalogue(text)


def without_reader(code: str) -> Catalogue:
    """Make the edition in which one more partner may not see the citizen number."""
    kept = [one for one in ("GPR", "GCR", "GI", "RVK") if one != code]
    return edition(("[GPR, GCR, GI, RVK]", f"[{', '.join(kept)}]"))


def situation(consumer: str) -> Situation:
    """A youth of 15 whose plan is being carried out, looked at by one partner."""
    return Situation(
        track=Track.YOUTH,
        phase=Phase.F3,
        purpose=Purpose.HELP,
        consumer=Partner(consumer),
        in_force=True,
        participant=True,
        parties=frozenset(Partner),
        age=15,
    )


def ask(table: Table, provider: str, consumer: str, category: str, action: str) -> Decision:
    """Ask one question with every condition met."""
    place = Partner(provider), Category(category)
    return decide(table, situation(consumer), *place, PolicyAction(action), ALL_MET)


def test_an_agreement_that_keeps_to_the_edition_is_compiled_as_ever() -> None:
    table = table_in_force(SOUND, current())
    assert not isinstance(table, HeldTable)
    assert not table.shut


def test_what_an_edition_forbids_is_shut_by_that_limit_and_its_edition_is_named() -> None:
    before = table_in_force(MODEL, current())
    after = table_in_force(MODEL, without_reader("GCR"))
    assert ask(before, "GPR", "GCR", "D02", "consult").is_allowed
    assert ask(after, "GPR", "GI", "D02", "consult").is_allowed
    for action in ("consult", "provide"):
        found = ask(after, "GPR", "GCR", "D02", action)
        assert (found.code, found.rule, found.cut_by_law) == (Code.FORBIDDEN, "G4", True)
        said = {one.id: dict(one.values) for one in found.explanation}
        assert said["This is a limit in edition %(edition)s."] == {"edition": after.edition}
        assert said["By law: %(article)s."] == {"article": "UAVG 46"}


def test_what_breaks_no_limit_stays_as_it_was_signed() -> None:
    before = table_in_force(MODEL, current())
    after = table_in_force(MODEL, without_reader("GCR"))
    was, now = before.flows(Track.YOUTH), after.flows(Track.YOUTH)
    assert [category for category in was if was[category] != now[category]] == [Category.D02]
    assert after.policy_hash == before.policy_hash


def test_a_cell_that_lacks_a_condition_of_the_edition_is_shut_until_it_asks_it() -> None:
    stricter = edition((NEEDS_T, NEEDS_T.replace("MEE]", "MEE, SCH]")))
    table = table_in_force(SOUND, stricter)
    assert {key for key in table.shut if key[1] is Partner.SCH} == {
        (Track.YOUTH, Partner.SCH, Category.D01, CellSide.PROVIDE)
    }
    assert ask(table, "SCH", "GPR", "D01", "consult").rule == "G3"
    assert ask(table, "GPR", "SCH", "D01", "consult").is_allowed


@settings(max_examples=10)
@given(careless())
def test_whatever_was_signed_what_still_opens_keeps_to_every_limit(
    document: AgreementDocument,
) -> None:
    table = table_in_force(document, current())
    assert prove_table(table) == ()


@settings(max_examples=10)
@given(careless())
def test_holding_only_closes(document: AgreementDocument) -> None:
    bare, held = Table(document), table_in_force(document, current())
    for track in document.tracks:
        for category, square in held.flows(track).items():
            for row, was in zip(square, bare.flows(track)[category], strict=True):
                assert all(now in {before, NOTHING} for now, before in zip(row, was, strict=True))


def test_decisions_and_flows_of_a_held_agreement_say_the_same() -> None:
    table = table_in_force(MODEL, without_reader("GCR"))
    for stage, consumer in product(Stage, (Partner.GCR, Partner.GI, Partner.SCH)):
        where = standpoint(Track.YOUTH, stage, Purpose.HELP, consumer, under_12=False)
        for (provider, category, action), verdict in table.verdicts(where).items():
            row = table.flows(Track.YOUTH)[category][PARTNERS.index(provider)]
            need = row[PARTNERS.index(consumer)][MOMENTS.index((stage, action))]
            assert need == verdict.asks


def test_a_basis_that_is_consent_shuts_its_clause_or_the_whole_row() -> None:
    clause = next(one for one in SOUND.clauses if one.partner is Partner.POL)
    of_clause = Violation("R-24", "AVG 6", "", clause.track, clause.partner, clause=clause.id)
    shut = shut_by(SOUND, [of_clause])
    assert {key[2] for key in shut} == set(clause.categories)
    assert {key[3] for key in shut} == set(CellSide)
    of_row = shut_by(SOUND, [Violation("R-24", "AVG 6", "", clause.track, clause.partner)])
    assert {Category.SIGNAL, Category.D16} <= {key[2] for key in of_row}
    assert set(of_row.values()) == {"R-24"}


def test_what_a_text_lacks_as_a_whole_shuts_no_cell() -> None:
    assert not shut_by(SOUND, [Violation("R-08", "AVG 5", "", proposal=None)])


def test_people_read_that_the_law_closed_it() -> None:
    table = table_in_force(MODEL, without_reader("GCR"))
    rights = {one.category: one for one in rights_of(table, Track.YOUTH, Partner.GCR)}
    assert rights[Category.D02].see.state is RightState.NO
    assert rights[Category.D01].see.state is RightState.YES
    seen = {one.category: one for one in sections(table, situation("GCR"))}
    assert seen[Category.D02].state is SectionState.CUT_BY_LAW


def test_who_may_get_what_from_whom_says_that_the_law_closed_it() -> None:
    table = table_in_force(MODEL, without_reader("GCR"))
    view = View(Track.YOUTH, Stage.FULL)
    found = {(one.provider, one.consumer): one.openness for one in pairs(table, view, Category.D02)}
    assert found[Partner.GPR, Partner.GCR] is Openness.CUT_BY_LAW
    assert found[Partner.GPR, Partner.GI] is Openness.CONDITIONAL


@pytest.mark.parametrize("file", library.local_files(), ids=lambda file: file.stem)
def test_every_local_agreement_closes_what_an_edition_closes_and_no_more(file: Path) -> None:
    document = parse(file.read_text("utf-8"))
    stricter = edition((NEEDS_T, NEEDS_T.replace("MEE]", "MEE, SCH]")))
    table = table_in_force(document, stricter)
    broken = prove_text(document, stricter)
    assert {(one.partner, one.category) for one in broken} == {key[1:3] for key in table.shut}
    is_youth = document.tracks == (Track.YOUTH,)
    assert {key[1] for key in table.shut} == ({Partner.SCH} if is_youth else set())
    assert prove_table(table) == ()
