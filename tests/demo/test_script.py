"""What the story files may hold: the notation, real keys, and nothing that points at a group."""

import re
from collections import Counter
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from functools import cache
from importlib import resources
from itertools import product

import pytest
from stdnum.nl import bsn as bsn_number

from auth.rules import Role
from pga.agreements.library import local_file
from pga.cases.rules import PHASE_OF, CaseState, age_on
from pga.demo import script
from pga.demo.cast import Cast
from pga.demo.lines import LineError, action_line, columns, log_line, mention
from pga.demo.persona import personas
from pga.demo.plot import Plot
from pga.demo.source import Youth, region
from pga.demo.stage import PlayError, Stage, perform
from pga.dossier.rules import objections
from pga.policy.codes import Category, Partner, Track
from pga.policy.document import parse
from pga.policy.terms import AgreementDocument
from pga.sharing.rules import Answer

TODAY = date(2026, 11, 2)
WORDS_WE_DO_NOT_USE = re.compile(
    r"\b(allochtoon|autochtoon|afkomst|etnisch\w*|moskee|kerk\w*|islam\w*|moslim\w*|christen\w*"
    r"|joods\w*|geloof|religie\w*|marokkaans\w*|turks\w*|antilliaans\w*|surinaams\w*|pools\w*"
    r"|migratie\w*|huidskleur)\b",
    re.IGNORECASE,
)


def test_a_log_line_names_who_may_read_it_and_how_it_is_called() -> None:
    line = log_line("62 erik D05>ilse,joost&eerste | Titel | Tekst, met komma.")
    assert (line.days, line.by, line.what, line.to) == (62, "erik", "D05", ("ilse", "joost"))
    assert (line.name, line.title, line.text) == ("eerste", "Titel", "Tekst, met komma.")


def test_a_neutral_wording_stands_without_a_text() -> None:
    line = log_line("5 tessa says conversation_held")
    assert (line.what, line.title, line.text) == ("says", "conversation_held", "")


def test_an_action_line_tells_until_when_and_since_when() -> None:
    line = action_line("samira -4 done2 @40 | Titel | Tekst")
    assert (line.person, line.due, line.done, line.agreed) == ("samira", -4, 2, 40)


@pytest.mark.parametrize("line", ["", "x ilse D05 | a | b", "5 ilse D05 | a", "5 ilse | a | b | c"])
def test_a_log_line_that_is_written_wrong_is_refused(line: str) -> None:
    with pytest.raises(LineError):
        log_line(line)


@pytest.mark.parametrize("line", ["samira 4 | a | b", "samira +4 | a", ""])
def test_an_action_line_that_is_written_wrong_is_refused(line: str) -> None:
    with pytest.raises(LineError):
        action_line(line)


@pytest.mark.parametrize("line", ["", "x ilse", "4", "4 ilse D05 more"])
def test_a_mention_that_is_written_wrong_is_refused(line: str) -> None:
    with pytest.raises(LineError):
        mention(line)


def test_columns_are_counted() -> None:
    assert list(columns("a | b | c", 3)) == ["a", "b", "c"]
    with pytest.raises(LineError):
        columns("a | b", 3)


def acts() -> list[script.Act]:
    whole = region()
    return [
        cue.act for key, youth in whole.youths.items() for cue in Plot(key, youth, whole).cues()
    ]


def test_at_least_sixty_youths_live_in_the_region_over_all_phases_and_both_tracks() -> None:
    youths = region().youths.values()
    assert len(youths) >= 60
    assert {PHASE_OF[CaseState(youth.state)] for youth in youths} == set(PHASE_OF.values())
    assert {youth.track for youth in youths} == {"youth", "money_mule"}


def test_one_case_manager_has_about_forty_youths_in_two_municipalities() -> None:
    whole = region()
    mine = [
        key
        for key, youth in whole.youths.items()
        if any(
            isinstance(cue.act, script.Name) and "ilse" in cue.act.people
            for cue in Plot(key, youth, whole).cues()
        )
    ]
    assert 36 <= len(mine) <= 44
    assert {whole.youths[key].home for key in mine} == {"alkmaar", "haarlem"}


def test_what_a_newcomer_must_see_is_in_the_stories() -> None:
    kinds = Counter(type(act) for act in acts())
    apart = {script.LookAtList, script.OpenLate}
    apart |= {script.WorksCouncil, script.Judge, script.PrepareExtract}
    assert set(kinds) | apart == set(script.Act.__args__)
    releases = [act for act in acts() if isinstance(act, script.Release)]
    assert any(release.youth is Answer.DISAGREES for release in releases)
    assert sum(0 <= release.until <= 14 for release in releases) >= 5
    decisions = [act for act in acts() if isinstance(act, script.Decide)]
    assert {d.article for d in decisions} == {"WPG_20", "WPG_19", "WJSG_39F"}
    assert any(decision.until < 0 for decision in decisions)


def test_every_role_works_in_the_region() -> None:
    assert {role for p in region().people.values() for *_, role in p.places} == set(Role)


def test_every_name_of_a_youth_and_of_a_professional_is_used_once() -> None:
    names = [" ".join(youth.name) for youth in region().youths.values()]
    names += [person.name for person in region().people.values()]
    assert not [name for name, times in Counter(names).items() if times > 1]


def test_the_persona_of_a_youth_has_the_age_of_the_story_all_through_the_case() -> None:
    whole = region()
    for day in (TODAY, date(2028, 2, 29), date(2027, 3, 1)):
        for key, persona in personas(whole, day).items():
            youth = whole.youths[key]
            assert age_on(persona.born_on, day) == youth.age
            if youth.birthday_in is None:
                opened = day - timedelta(days=youth.opened)
                assert age_on(persona.born_on, opened) == youth.age, key


def test_citizen_numbers_come_from_the_test_range_and_belong_to_nobody() -> None:
    numbers = [persona.bsn for persona in personas(region(), TODAY).values() if persona.bsn]
    assert numbers
    assert len(set(numbers)) == len(numbers)
    assert all(bsn_number.is_valid(number) and number.startswith("9999") for number in numbers)


def test_no_text_names_ethnicity_or_religion_or_what_a_text_may_not_hold() -> None:
    folder = resources.files("pga.demo").joinpath("data", "youths")
    for name in ("stories", "alkmaar", "haarlem", "zaanstad"):
        text = folder.joinpath(f"{name}.yaml").read_text("utf-8")
        assert not WORDS_WE_DO_NOT_USE.findall(text)
        assert not objections(text)


def test_every_organisation_says_that_it_is_fictional() -> None:
    for organisation in region().organisations.values():
        told = asdict(organisation)
        assert "(fictief)" in told["name"]
        assert "(fictief)" in told["signed_as"]


@cache
def agreement(code: str, track: Track) -> AgreementDocument:
    return parse(local_file(code, track).read_text("utf-8"))


def consults(youth: Youth, person: str, category: str) -> str:
    """Give the sign of the cell with which somebody's organisation consults a category."""
    partner = Partner(region().people[person].place_in(youth.home)[1])
    document = agreement(region().towns[youth.home].code, Track(youth.track))
    return document.cell(Track(youth.track), partner, Category(category)).consult.sign


def test_no_release_names_a_reader_to_whom_the_agreement_never_opens_the_subject() -> None:
    for youth in region().youths.values():
        for row in youth.releases:
            for person, category in product(row["to"], row["about"]):
                assert consults(youth, person, category) != "X", (youth.name, row)


def test_an_act_that_nobody_knows_how_to_play_is_not_passed_over() -> None:
    scene = script.Scene(datetime(2026, 11, 2, 9, tzinfo=UTC), "sem", "ilse", script.Open())
    with pytest.raises(PlayError, match="sem, ilse"):
        perform(object(), Stage(Cast(region(), TODAY), {}, {}), scene)
