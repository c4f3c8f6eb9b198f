"""Codes of the second factor: right now, once, and shown as a picture."""

from datetime import UTC, datetime, timedelta
from urllib.parse import unquote

import pyotp
from hypothesis import given
from hypothesis import strategies as st

from auth import second_factor

AT = datetime(2026, 11, 2, 9, tzinfo=UTC)
SECRET = second_factor.secret_of(bytes(range(32)))


def code(at: datetime = AT) -> str:
    return pyotp.TOTP(SECRET).at(at)


def step(at: datetime = AT) -> int:
    return int(at.timestamp()) // 30


def test_the_code_of_this_moment_is_accepted() -> None:
    assert second_factor.accepted_step(SECRET, code(), AT, None) == step()


def test_a_code_may_be_typed_with_a_space() -> None:
    spaced = f"{code()[:3]} {code()[3:]}"
    assert second_factor.accepted_step(SECRET, spaced, AT, None) == step()


def test_one_step_of_drift_is_allowed_and_two_are_not() -> None:
    half_a_minute = timedelta(seconds=30)
    for drift in (-1, 1):
        moved = AT + drift * half_a_minute
        assert second_factor.accepted_step(SECRET, code(moved), AT, None) == step(moved)
    for drift in (-2, 2):
        moved = AT + drift * half_a_minute
        assert second_factor.accepted_step(SECRET, code(moved), AT, None) is None


def test_a_code_that_was_used_is_refused() -> None:
    assert second_factor.accepted_step(SECRET, code(), AT, step()) is None


def test_a_code_older_than_the_last_one_used_is_refused() -> None:
    before = AT - timedelta(seconds=30)
    assert second_factor.accepted_step(SECRET, code(before), AT, step()) is None


@given(st.text(max_size=20))
def test_anything_else_is_refused_without_an_error(typed: str) -> None:
    if typed.replace(" ", "") not in {code(AT + timedelta(seconds=30 * n)) for n in (-1, 0, 1)}:
        assert second_factor.accepted_step(SECRET, typed, AT, None) is None


def test_the_app_gets_160_bits_to_scan_or_to_type_over() -> None:
    assert len(SECRET) == 32
    assert second_factor.spaced(SECRET).replace(" ", "") == SECRET
    drawn = unquote(second_factor.picture(SECRET, "anna@duinstede.example"))
    assert drawn.startswith("data:image/svg+xml")
    assert "<svg" in drawn


def test_two_seeds_differ() -> None:
    assert second_factor.new_seed() != second_factor.new_seed()
