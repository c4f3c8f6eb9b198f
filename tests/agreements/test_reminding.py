"""Who leads an agreement is reminded of its end and of what the law closed in it, in time."""

from datetime import date

import pytest

from config import clock as time
from pga.agreements import queries
from pga.agreements.rules import Reminder, months_before
from pga.agreements.service import reminding
from pga.policy.codes import Track
from tests.agreements.drafts import ADVISER, LAWYER, LEAD, OFFICER, POLICE, Who, colleague
from tests.agreements.limits import SECOND_ADVISER, Limited, approve, in_force, limited, propose
from tests.agreements.lives import ending_on
from tests.factories.fixtures import Play
from tests.factories.scene import TOWN
from tests.factories.snapshots import Played
from tests.factories.work import counted


def running(town: Played[Limited]) -> bytes:
    _ = town
    found = queries.in_force(TOWN, Track.YOUTH, time.today())
    assert found is not None
    return found.id


def day_after_months(months: int) -> date:
    """Give the first day that lies no more than so many months ahead."""
    day = time.today().replace(day=1)
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, time.today().day)


def reminded(town: Played[Limited], who: Who) -> list[Reminder]:
    found = reminding.waiting_for(colleague(town.scene, who)).agreements
    return [one for row in found for one in row.reminders]


@pytest.mark.parametrize(
    ("months", "expected"),
    [(6, [Reminder.ENDS_IN_SIX_MONTHS]), (3, [Reminder.ENDS_IN_THREE_MONTHS]), (7, [])],
)
def test_the_process_lead_is_reminded_six_and_three_months_ahead(
    play: Play, months: int, expected: list[Reminder]
) -> None:
    town = play(limited)
    day = day_after_months(months)
    assert months_before(day, months) == time.today()
    ending_on(running(town), day)
    assert reminded(town, LEAD) == expected


def test_the_list_shows_it_with_a_way_to_the_agreement(play: Play) -> None:
    town = play(limited)
    agreement_id = running(town)
    ending_on(agreement_id, day_after_months(3))
    page = town.visitor("GPR").read("/")
    assert "Loopt binnen drie maanden af" in page
    assert f'href="/agreements/{agreement_id.hex()}"' in page
    assert "Loopt binnen drie maanden af" not in town.visitor("GCR").read("/")


@pytest.mark.parametrize("who", [ADVISER, LAWYER, OFFICER, POLICE])
def test_others_are_not_reminded_of_a_term_that_they_do_not_lead(play: Play, who: Who) -> None:
    town = play(limited)
    ending_on(running(town), day_after_months(3))
    assert reminded(town, who) == []


def test_process_lead_and_adviser_hear_that_an_edition_closed_part_of_an_agreement(
    play: Play,
) -> None:
    town = play(limited)
    in_force(town.scene)
    for who in (LEAD, ADVISER):
        (found,) = reminding.waiting_for(colleague(town.scene, who)).agreements
        assert (found.agreement.id, found.broken) == (running(town), 1)
        assert "overschrijdt een wettelijke grens" in town.visitor(who[0], who[1]).read("/")
    assert not reminding.waiting_for(colleague(town.scene, OFFICER))


def test_who_can_approve_hears_that_an_edition_waits_until_it_does_not(play: Play) -> None:
    town = play(limited)
    edition_id = propose(town.scene)
    for who, waits in ((LAWYER, True), (SECOND_ADVISER, True), (ADVISER, False), (LEAD, False)):
        found = reminding.waiting_for(colleague(town.scene, who)).editions
        assert [row.id for row in found] == ([edition_id] if waits else [])
    page = town.visitor(*LAWYER[:2]).read("/")
    assert f'href="/agreements/limits/{edition_id.hex()}"' in page
    approve(town.scene, LAWYER, edition_id)
    assert not reminding.waiting_for(colleague(town.scene, LAWYER))


def test_who_has_no_such_role_costs_no_query(play: Play) -> None:
    town = play(limited)
    police = colleague(town.scene, POLICE)
    with counted(town.app) as cost:
        assert not reminding.waiting_for(police)
    assert not cost
