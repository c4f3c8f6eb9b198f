"""Who may give, end, block and reset what, and how sign-in behaves: the pure rules."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auth.rules import (
    LONGEST_WAIT,
    MAY_GIVE,
    NOT_FROM_A_LEAD,
    PATIENCE,
    AuthLevel,
    Counted,
    PersonStatus,
    Role,
    Seat,
    SignInStep,
    can_block,
    can_end,
    can_give,
    can_reset,
    is_live,
    network_of,
    only_one,
    partner_fits_role,
    reaches,
    safe_next,
    step_after_password,
    wait_after,
)

HERE, THERE = "GM0001", "GM0002"
TOWN, POLICE = b"t" * 16, b"p" * 16

seats = st.builds(
    Seat,
    st.sampled_from([TOWN, POLICE]),
    st.sampled_from([HERE, THERE]),
    st.sampled_from(["GPR", "POL"]),
    st.sampled_from(Role),
)


def seat(role: Role, organisation: bytes = TOWN, municipality: str = HERE) -> Seat:
    return Seat(organisation, municipality, "GPR", role)


@given(seats, seats, seats)
def test_nobody_hands_out_more_than_they_hold(holder: Seat, given_away: Seat, target: Seat) -> None:
    if can_give(holder, given_away):
        if reaches(given_away, target):
            assert reaches(holder, target)
        if can_give(given_away, target) and target.role not in NOT_FROM_A_LEAD:
            assert can_give(holder, target)


@given(seats, seats)
def test_only_administrators_and_process_leads_give_or_end_anything(
    holder: Seat, target: Seat
) -> None:
    if holder.role not in MAY_GIVE:
        assert not reaches(holder, target)
        assert not can_give(holder, target)
        assert not can_end(holder, target)


@given(seats, seats)
def test_whatever_may_be_given_may_be_ended(holder: Seat, target: Seat) -> None:
    if can_give(holder, target):
        assert can_end(holder, target)


@given(seats, seats)
def test_nobody_gives_or_ends_outside_their_municipality(holder: Seat, target: Seat) -> None:
    if holder.municipality != target.municipality:
        assert not can_end(holder, target)


def test_an_administrator_stays_inside_the_own_organisation() -> None:
    admin = seat(Role.ORG_ADMIN, POLICE)
    assert can_give(admin, seat(Role.PROFESSIONAL, POLICE))
    assert not can_give(admin, seat(Role.PROFESSIONAL, TOWN))


def test_a_process_lead_gives_roles_to_people_of_every_organisation_here() -> None:
    lead = seat(Role.PROCESS_LEAD)
    assert can_give(lead, seat(Role.PROFESSIONAL, POLICE))
    assert can_give(lead, seat(Role.ORG_ADMIN, POLICE))


@pytest.mark.parametrize("watcher", sorted(NOT_FROM_A_LEAD))
def test_a_lead_neither_appoints_nor_removes_who_watches_tests_or_signs(watcher: Role) -> None:
    lead = seat(Role.PROCESS_LEAD)
    assert not can_give(lead, seat(watcher))
    assert not can_end(lead, seat(watcher))


def test_an_employer_ends_a_role_it_could_not_give() -> None:
    admin = seat(Role.ORG_ADMIN)
    assert not can_give(admin, seat(Role.PROCESS_LEAD))
    assert can_end(admin, seat(Role.PROCESS_LEAD))


def test_an_account_with_a_role_elsewhere_cannot_be_blocked() -> None:
    admin = [seat(Role.ORG_ADMIN)]
    assert can_block(admin, [seat(Role.PROFESSIONAL)])
    assert not can_block(
        admin, [seat(Role.PROFESSIONAL), seat(Role.PROFESSIONAL, municipality=THERE)]
    )


def test_an_account_without_any_role_is_covered_by_nobody() -> None:
    assert not can_block([seat(Role.ORG_ADMIN)], [])
    assert not can_reset([seat(Role.ORG_ADMIN)], [])


def test_resetting_reaches_no_further_than_giving() -> None:
    admin = [seat(Role.ORG_ADMIN)]
    assert can_block(admin, [seat(Role.PROCESS_LEAD)])
    assert not can_reset(admin, [seat(Role.PROCESS_LEAD)])
    assert can_reset(admin, [seat(Role.CASE_MANAGER)])


def test_only_the_municipality_leads_the_process() -> None:
    assert partner_fits_role("GPR", Role.PROCESS_LEAD)
    assert not partner_fits_role("POL", Role.PROCESS_LEAD)
    assert partner_fits_role("ZVH", Role.REGIONAL_ADVISER)
    assert not partner_fits_role("GPR", Role.REGIONAL_ADVISER)
    assert partner_fits_role("POL", Role.PROFESSIONAL)


def test_the_last_day_of_a_membership_counts() -> None:
    first, last = date(2026, 1, 1), date(2026, 3, 31)
    days = [date(2025, 12, 31), first, last, date(2026, 4, 1)]
    assert [is_live(first, last, is_ended=False, on=day) for day in days] == [
        False,
        True,
        True,
        False,
    ]
    assert is_live(first, None, is_ended=False, on=date(2030, 1, 1))
    assert not is_live(first, None, is_ended=True, on=first)


@pytest.mark.parametrize(
    ("status", "level", "enrolled", "needed", "step"),
    [
        (PersonStatus.ACTIVE, AuthLevel.PASSWORD, False, False, None),
        (PersonStatus.ACTIVE, AuthLevel.PASSWORD, True, False, SignInStep.CODE),
        (PersonStatus.ACTIVE, AuthLevel.TOTP, True, True, None),
        (PersonStatus.ACTIVE, AuthLevel.PASSWORD, False, True, SignInStep.ENROLMENT),
        (PersonStatus.PENDING, AuthLevel.PASSWORD, False, True, SignInStep.NEW_PASSWORD),
        (PersonStatus.PENDING, AuthLevel.PASSWORD, True, True, SignInStep.CODE),
    ],
)
def test_what_follows_on_a_right_password(
    status: PersonStatus,
    level: AuthLevel,
    enrolled: bool,  # noqa: FBT001
    needed: bool,  # noqa: FBT001
    step: SignInStep | None,
) -> None:
    found = step_after_password(status, level, is_enrolled=enrolled, needs_second_factor=needed)
    assert found is step


def test_the_first_failures_are_free_and_then_waiting_doubles_to_a_quarter() -> None:
    patience = PATIENCE[Counted.NAME]
    waits = [wait_after(failures, patience) for failures in range(1, 12)]
    assert waits[:4] == [timedelta(0)] * 4
    assert waits[4:7] == [timedelta(seconds=30), timedelta(minutes=1), timedelta(minutes=2)]
    assert waits[-1] == LONGEST_WAIT
    assert wait_after(100_000, patience) == LONGEST_WAIT


def test_fewer_than_a_hundred_guesses_a_day_are_possible() -> None:
    assert timedelta(days=1) / LONGEST_WAIT < 100


@pytest.mark.parametrize(
    "target", ["/", "/cases/0123?tab=2", "/a//b", "/a#b", "/%5C%5Cevil.example"]
)
def test_one_goes_on_to_a_path_of_this_site(target: str) -> None:
    assert safe_next(target) == target


@pytest.mark.parametrize(
    "target",
    [
        None,
        "",
        "cases",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "https://evil.example/",
        "javascript:alert(1)",
        "/a\r\nSet-Cookie: x",
        "/\t/evil.example",
        "/a b",
        " /a",
        "/" + "a" * 2000,
    ],
)
def test_nobody_is_sent_to_another_site(target: str | None) -> None:
    assert safe_next(target) is None


@pytest.mark.parametrize(
    ("access_point", "network"),
    [
        ("192.0.2.7", "192.0.2.7/32"),
        ("2001:db8:1:2:aaaa::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:bbbb::2", "2001:db8:1:2::/64"),
        ("127.0.0.1", None),
        ("::1", None),
        ("", None),
        ("not an address", None),
    ],
)
def test_attempts_are_counted_by_the_network_they_come_from(
    access_point: str, network: str | None
) -> None:
    assert network_of(access_point) == network


def test_what_differs_is_not_named() -> None:
    assert only_one(["POL", "POL"]) == "POL"
    assert only_one(["POL", "GGZ"]) == ""
    assert only_one([]) == ""
