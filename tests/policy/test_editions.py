"""Another edition of the limits: what it says otherwise, and what it does to agreements."""

from pga.policy.catalogue import Catalogue
from pga.policy.catalogue_text import current, parse_catalogue
from pga.policy.cells import parse_cell
from pga.policy.codes import Category, Partner, Stage, Track
from pga.policy.compile import Table
from pga.policy.diff import diff
from pga.policy.editions import catalogue_diff, effect_of
from pga.policy.library import GUARDRAILS
from tests.policy.generated import SOUND, with_cell

TEXT = GUARDRAILS.read_text("utf-8")


def edition(old: str, new: str) -> Catalogue:
    """Read the catalogue with one piece of text another."""
    assert TEXT.count(old) == 1
    return parse_catalogue(TEXT.replace(old, new))


def without(code: str) -> Catalogue:
    """Read the catalogue without one check."""
    head, *checks = TEXT.split("- code: ")
    kept = [check for check in checks if not check.startswith(f"{code}\n")]
    assert len(kept) == len(checks) - 1
    return parse_catalogue("- code: ".join([head, *kept]))


CHILDREN = 'of unknown age."\n  categories: [D05,'


def test_an_edition_does_not_differ_from_itself() -> None:
    assert catalogue_diff(current(), current()) == ()
    assert all(effect.is_empty for effect in effect_of(current(), [SOUND]))


def test_a_check_that_is_left_out_or_added_is_told() -> None:
    (gone,) = catalogue_diff(current(), without("G4"))
    assert (gone.code, gone.after, gone.is_unversioned) == ("G4", None, False)
    (added,) = catalogue_diff(without("G4"), current())
    assert (added.code, added.before) == ("G4", None)


def test_what_a_check_says_otherwise_is_told_key_by_key() -> None:
    words = edition("article: UAVG 46\n  mark: to_verify", "article: UAVG 46(1)\n  mark: verified")
    (change,) = catalogue_diff(current(), words)
    assert (change.code, change.parts) == ("G4", ("article", "mark"))
    assert not change.is_unversioned


def test_a_check_that_asks_otherwise_under_the_same_version_is_told() -> None:
    (change,) = catalogue_diff(current(), edition("[GPR, GCR, GI, RVK]", "[GPR, GCR, RVK]"))
    assert change.parts == ("places",)
    assert change.is_unversioned
    raised = edition("- code: G4\n  version: 1", "- code: G4\n  version: 2")
    (change,) = catalogue_diff(current(), raised)
    assert change.parts == ("version",)
    assert not change.is_unversioned


def test_a_stricter_edition_names_the_agreements_and_cells_that_break() -> None:
    reads = with_cell(SOUND, Track.YOUTH, Partner.GI, Category.D02, parse_cell("X/X"))
    stricter = edition("[GPR, GCR, GI, RVK]", "[GCR, GI, RVK]")
    (effect,) = effect_of(stricter, [reads])
    assert [(each.guardrail, each.partner, each.category) for each in effect.breaks] == [
        ("G4", Partner.GPR, Category.D02)
    ]
    assert effect.mends == ()
    assert {(one.category, one.effect.consumer, one.is_loss) for one in effect.flows} == {
        (Category.D02, Partner.GPR, True)
    }
    (back,) = effect_of(current(), [reads], against=stricter)
    assert (back.mends, back.breaks) == (effect.breaks, ())


def test_without_a_pair_limit_the_flows_it_cut_open() -> None:
    (effect,) = effect_of(without("P1"), [SOUND])
    assert effect.breaks == ()
    opened = {
        (change.effect.provider, change.effect.consumer, change.category)
        for change in effect.flows
        if change.is_gain and not change.under_12
    }
    assert opened == {
        (Partner.POL, Partner.SCH, Category.D01),
        (Partner.POL, Partner.WOC, Category.D01),
    }
    assert {change.effect.before for change in effect.flows} == {"closed"}


def test_a_limit_for_young_children_moves_theirs_alone() -> None:
    (effect,) = effect_of(edition(CHILDREN, CHILDREN.replace("[D05,", "[D01, D05,")), [SOUND])
    assert effect.flows
    assert {(change.category, change.under_12) for change in effect.flows} == {(Category.D01, True)}
    assert all(change.is_loss and change.effect.after == "closed" for change in effect.flows)


def test_a_condition_that_the_law_adds_to_a_signal_is_a_loss() -> None:
    stricter = edition("[GGD, GGZ, JHA, MEE], categories", "[GGD, GGZ, JHA, MEE, SCH], categories")
    (effect,) = effect_of(stricter, [SOUND])
    assert {each.guardrail for each in effect.breaks} == {"G3"}
    (signal, *_) = [change for change in effect.flows if change.category is Category.SIGNAL]
    assert (signal.effect.provider, signal.effect.stage) == (Partner.SCH, Stage.INTAKE)
    assert (signal.effect.before, signal.effect.after) == ("open", "secrecy_release")
    assert signal.is_loss
    assert not signal.is_gain


def test_a_comparison_of_two_tables_shows_what_other_limits_move() -> None:
    found = diff(Table(SOUND), Table(SOUND, without("P1")))
    assert found.cells == ()
    assert found.flows
    assert not found.is_empty
