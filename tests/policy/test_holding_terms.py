"""Limits that are about no cell: a newer edition shortens what is kept, and shuts by age."""

from dataclasses import replace

import pytest

from pga.agreements import library
from pga.policy.catalogue import Catalogue
from pga.policy.catalogue_text import current, parse_catalogue
from pga.policy.codes import ALL_MET, Category, Code, Partner, Phase, PolicyAction, Purpose, Track
from pga.policy.compile import Table
from pga.policy.decide import Situation, decide, decide_screen
from pga.policy.decision import Decision
from pga.policy.holding import cut_retention, shut_below, table_in_force
from pga.policy.library import GUARDRAILS
from pga.policy.sections import SectionState, sections
from pga.policy.terms import RetentionObject
from pga.policy.violations import Violation, prove_text

TEXT = GUARDRAILS.read_text("utf-8")
MODEL = library.model(Track.YOUTH)
AGE = "no track begins under the age of 12"


def edition(old: str, new: str) -> Catalogue:
    assert TEXT.count(old) == 1
    return parse_catalogue(TEXT.replace(old, new))


FROM_14 = edition("  age: 12\n", "  age: 14\n")
SIX_MONTHS = edition("  term: P5Y\n", "  term: P6M\n")


def situation(age: int | None, track: Track = Track.YOUTH) -> Situation:
    return Situation(
        track=track,
        phase=Phase.F3,
        purpose=Purpose.HELP,
        consumer=Partner.GCR,
        in_force=True,
        participant=True,
        parties=frozenset(Partner),
        age=age,
    )


def ask(table: Table, age: int | None) -> Decision:
    where = (Partner.GPR, Category.D01, PolicyAction.CONSULT)
    return decide(table, situation(age), *where, ALL_MET)


@pytest.mark.parametrize("age", [13, None])
def test_below_the_age_of_a_limit_or_with_none_known_nothing_is_shared(age: int | None) -> None:
    table = table_in_force(MODEL, FROM_14)
    assert ask(table, 14).is_allowed
    for _ in range(2):  # what was answered about an older one answers nothing about this one
        found = ask(table, age)
        assert (found.code, found.rule, found.cut_by_law) == (Code.FORBIDDEN, "AGE", True)
    said = {one.id: dict(one.values) for one in found.explanation}
    assert said["By law: %(article)s."] == {"article": "Sv 486"}
    assert said["This is a limit in edition %(edition)s."] == {"edition": FROM_14.edition}
    cells = [(Partner.GPR, Category.D01, ALL_MET), (Partner.POL, Category.D05, ALL_MET)]
    assert decide_screen(table, situation(age), cells) == [found, found]


def test_whoever_is_old_enough_is_answered_as_ever() -> None:
    held, before = table_in_force(MODEL, FROM_14), table_in_force(MODEL, current())
    cells = [
        (provider, category, ALL_MET)
        for provider in Partner
        for category in (Category.D01, Category.D05, Category.D07)
    ]
    assert decide_screen(held, situation(14), cells) == decide_screen(before, situation(14), cells)


def test_an_age_limit_shuts_no_track_that_keeps_to_it() -> None:
    (term,) = MODEL.track_terms
    older = replace(MODEL, track_terms=(replace(term, age_from=14),))
    assert not table_in_force(older, FROM_14).by_age
    held = table_in_force(MODEL, FROM_14)
    elsewhere = decide(
        held,
        situation(13, Track.MONEY_MULE),
        *(Partner.GPR, Category.G01, PolicyAction.CONSULT),
        ALL_MET,
    )
    assert elsewhere.code is Code.NOT_IN_FORCE


def test_of_two_limits_on_age_the_highest_counts() -> None:
    (low,) = (one for one in prove_text(MODEL, FROM_14) if one.text == AGE)
    check = edition("  age: 12\n", "  age: 16\n").by_code["AGE"]
    high = replace(low, check=check)
    for found in ([low, high], [high, low]):
        assert shut_below(MODEL, found, "2027-1")[Track.YOUTH].age == 16
    other = replace(low, track=str(Track.MONEY_MULE))
    assert not shut_below(MODEL, [other, Violation("R-08", "AVG 5", "")], "2027-1")


def test_all_of_a_case_reads_as_shut_below_the_age() -> None:
    seen = sections(table_in_force(MODEL, FROM_14), situation(13))
    assert {one.state for one in seen} == {SectionState.BLOCKED}
    assert SectionState.BLOCKED not in {
        one.state for one in sections(table_in_force(MODEL, FROM_14), situation(14))
    }


def test_a_term_beyond_the_limit_is_the_limit_and_no_other_term_moves() -> None:
    table = table_in_force(MODEL, SIX_MONTHS)
    before = {one.object: one for one in MODEL.retention}
    after = {one.object: one for one in table.retention}
    cut = after.pop(RetentionObject.CASE_AFTER_CLOSING)
    was = before.pop(RetentionObject.CASE_AFTER_CLOSING)
    assert was.term.days > cut.term.days
    assert (cut.term.text, cut.basis) == ("P6M", "AVG 5(1)(e)")
    assert cut.text == SIX_MONTHS.by_code["RETENTION"].explanation
    assert after == before
    assert table.document.retention == MODEL.retention
    assert table.policy_hash == Table(MODEL).policy_hash


def test_of_two_limits_on_one_term_the_shortest_counts() -> None:
    more = """- code: RETENTION-SHORT
  version: 1
  kind: kept_at_most
  article: AVG 5(1)(e)
  mark: verified
  text: shorter
  explanation: Shorter.
  object: case_after_closing
  term: P3M
"""
    both = parse_catalogue(TEXT.replace("  term: P5Y\n", "  term: P6M\n") + more)
    broken = prove_text(MODEL, both)
    for found in (broken, broken[::-1]):
        kept = {one.object: one.term.text for one in cut_retention(MODEL, found)}
        assert kept[RetentionObject.CASE_AFTER_CLOSING] == "P3M"


def test_no_term_becomes_longer_by_an_edition() -> None:
    longer = edition("  term: P5Y\n", "  term: P9Y\n")
    assert table_in_force(MODEL, longer).retention == MODEL.retention
