# ruff: noqa: RUF001 - letters that look alike are what this file is about
"""Which Dutch names must be found under each other, and which must not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pga.records.names import fold, initial, sound, sounds, written_forms

SAME = [
    ("De Vries", "de vries"),
    ("De Vries", "Vries"),
    ("De Vries", "Devries"),
    ("van den Berg", "v.d. Berg"),
    ("van den Berg", "vd Berg"),
    ("van den Berg", "v/d Berg"),
    ("van den Berg", "Vandenberg"),
    ("van den Berg", "Van den Bergh"),
    ("'t Hart", "’t Hart"),
    ("in 't Veld", "Veld"),
    ("d'Ancona", "Dancona"),
    ("El Idrissi", "Idrissi"),
    ("Jansen-de Vries", "De Vries"),
    ("Jansen-de Vries", "Jansen - De Vries"),
    ("Jansen-de Vries", "Jansen"),
    ("Meijer", "Meyer"),
    ("Meijer", "Meier"),
    ("Meĳer", "Meijer"),
    ("Dijkstra", "Dykstra"),
    ("Kuiper", "Kuijper"),
    ("Kuiper", "Kuyper"),
    ("Brouwer", "Brauwer"),
    ("Bouman", "Bouwman"),
    ("Dekker", "Decker"),
    ("Jacobs", "Jakobs"),
    ("Zwart", "Swart"),
    ("Visser", "Fisser"),
    ("Visser", "Visscher"),
    ("Brandt", "Brand"),
    ("Brandt", "Brant"),
    ("Smit", "Schmidt"),
    ("Jansen", "Janssen"),
    ("Jansen", "Janszen"),
    ("Hendriks", "Hendrix"),
    ("Thijssen", "Tijssen"),
    ("Peters", "Peeters"),
    ("Claes", "Klaas"),
    ("Yıldız", "Yildiz"),
    ("IŞIK", "Isik"),
    ("Özdemir", "Ozdemir"),
    ("Özdemir", "Oezdemir"),
    ("Müller", "Mueller"),
    ("Bosschaert", "Bossaert"),
    ("Khattabi", "Chattabi"),
]
DIFFERENT = [
    ("Jansen", "Hansen"),
    ("Bakker", "Becker"),
    ("Mulder", "Muller"),
    ("De Boer", "De Boor"),
    ("Peters", "Pieters"),
    ("Nowak", "Novak"),
    ("Kok", "Kuik"),
    ("Van Dam", "Van Dijk"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_a_name_is_found_as_others_write_or_hear_it(one: str, other: str) -> None:
    assert sounds(one) & sounds(other)


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_names_that_only_resemble_each_other_are_not_mixed_up(one: str, other: str) -> None:
    assert not sounds(one) & sounds(other)


def test_the_written_forms_of_a_name_with_a_prefix_are_with_and_without_it() -> None:
    assert written_forms("van der Wal") == {"wal", "vanderwal"}


def test_a_double_name_is_kept_in_halves_and_whole() -> None:
    assert written_forms("De Wit-van Dam") == {
        "wit",
        "dewit",
        "dam",
        "vandam",
        "witvandam",
        "dewitvandam",
    }


def test_a_surname_that_is_only_a_prefix_keeps_its_last_word() -> None:
    assert written_forms("Van Der") == {"der", "vander"}


@pytest.mark.parametrize("text", ["", " - ", "123", "李"])
def test_a_name_without_latin_letters_has_no_form(text: str) -> None:
    assert written_forms(text) == frozenset()
    assert initial(text) == ""


@pytest.mark.parametrize(
    ("one", "other"),
    [("Youssef", "Joussef"), ("Karim", "Carim"), ("Zoë", "Soe"), ("Ömer Ali", "omer")],
)
def test_given_names_share_the_initial_that_is_heard(one: str, other: str) -> None:
    assert initial(one) == initial(other) != ""


@given(st.text(max_size=30))
def test_forms_hold_letters_a_to_z_only(text: str) -> None:
    assert all(form.isascii() and form.isalpha() and form.islower() for form in written_forms(text))


@given(st.text(max_size=30))
def test_case_never_matters(text: str) -> None:
    assert written_forms(text.upper()) == written_forms(text.upper().lower())


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyz", max_size=20))
def test_whoever_finds_a_written_form_also_finds_its_sound(form: str) -> None:
    assert (sound(form) in sounds(form)) == bool(form)
    assert fold(form) == form
