"""Passwords: equal work for everybody, and what is too easy to guess."""

import pytest
from argon2 import PasswordHasher, extract_parameters

from auth import passwords
from auth.errors import WeakPasswordError
from config.settings import Argon2Cost

SENTENCE = "vier losse woorden hier"
SOMEBODY = b"s" * 16

pytestmark = pytest.mark.usefixtures("in_app")


def test_a_password_fits_its_own_hash_and_no_other(cheap_argon2: Argon2Cost) -> None:
    hashed = passwords.hash_password(SENTENCE, SOMEBODY, cheap_argon2)
    assert hashed.startswith("$argon2id$")
    assert passwords.fits(SENTENCE, SOMEBODY, hashed, cheap_argon2)
    assert not passwords.fits(SENTENCE + ".", SOMEBODY, hashed, cheap_argon2)


def test_a_hash_copied_to_another_account_fits_nothing(cheap_argon2: Argon2Cost) -> None:
    hashed = passwords.hash_password(SENTENCE, SOMEBODY, cheap_argon2)
    assert not passwords.fits(SENTENCE, b"o" * 16, hashed, cheap_argon2)


def test_a_hash_that_was_made_without_the_key_of_the_installation_fits_nothing(
    cheap_argon2: Argon2Cost,
) -> None:
    made = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(SENTENCE)
    assert not passwords.fits(SENTENCE, SOMEBODY, made, cheap_argon2)


def test_the_same_password_never_has_the_same_hash(cheap_argon2: Argon2Cost) -> None:
    assert passwords.hash_password(SENTENCE, SOMEBODY, cheap_argon2) != passwords.hash_password(
        SENTENCE, SOMEBODY, cheap_argon2
    )


def test_without_an_account_the_same_work_is_done_in_vain(
    cheap_argon2: Argon2Cost, monkeypatch: pytest.MonkeyPatch
) -> None:
    checked: list[str] = []
    real = PasswordHasher.verify

    def noted(hasher: PasswordHasher, hashed: str, password: str) -> bool:
        checked.append(hashed)
        return real(hasher, hashed, password)

    monkeypatch.setattr(PasswordHasher, "verify", noted)
    stored = passwords.hash_password(SENTENCE, SOMEBODY, cheap_argon2)
    assert not passwords.fits("not this one", SOMEBODY, stored, cheap_argon2)
    assert not passwords.fits("not this one", SOMEBODY, None, cheap_argon2)
    of_account, of_nobody = map(extract_parameters, checked)
    assert of_account == of_nobody


def test_a_broken_hash_fits_nothing(cheap_argon2: Argon2Cost) -> None:
    assert not passwords.fits(SENTENCE, SOMEBODY, "no hash", cheap_argon2)


def test_a_very_long_password_fits_nothing(cheap_argon2: Argon2Cost) -> None:
    hashed = passwords.hash_password("a" * passwords.LONGEST, SOMEBODY, cheap_argon2)
    assert not passwords.fits("a" * (passwords.LONGEST + 1), SOMEBODY, hashed, cheap_argon2)


def test_the_same_letters_from_another_keyboard_fit(cheap_argon2: Argon2Cost) -> None:
    hashed = passwords.hash_password("één mooie zin hier", SOMEBODY, cheap_argon2)
    assert passwords.fits("e\u0301e\u0301n mooie zin hier", SOMEBODY, hashed, cheap_argon2)


def test_a_dearer_setting_asks_for_a_new_hash(cheap_argon2: Argon2Cost) -> None:
    hashed = passwords.hash_password(SENTENCE, SOMEBODY, cheap_argon2)
    assert not passwords.needs_new_hash(hashed, cheap_argon2)
    assert passwords.needs_new_hash(hashed, Argon2Cost(time=2, memory_kib=8, parallelism=1))


def test_a_temporary_password_is_strong_and_can_be_read_out() -> None:
    made = {passwords.temporary_password() for _ in range(50)}
    assert len(made) == 50
    for password in made:
        passwords.refuse_weak(password, ())
        assert not set(password) & set("il1o0")


@pytest.mark.parametrize(
    "password",
    [
        SENTENCE,
        "correct horse battery staple",
        "paarse olifant fietst",
        "7fJ!x92-Qpl0",
        "gemeentelijke regenjas op maandag",
    ],
)
def test_a_sentence_of_words_is_accepted(password: str) -> None:
    passwords.refuse_weak(password, ("Anna de Boer", "anna.deboer@duinstede.example"))


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("kort", "at least 12"),
        ("a" * 300, "at most 256"),
        ("aaaaaaaaaaaa", "repeats"),
        ("abababababab", "repeats"),
        ("Welkom2026!!", "many people"),
        ("welkom01WELKOM", "many people"),
        ("Wachtwoord123", "many people"),
        ("1qaz2wsx3edc", "many people"),
        ("September2026!", "many people"),
        ("annadeboer12", "your name"),
        ("duinstede-26", "your name"),
    ],
)
def test_a_password_that_is_easy_to_guess_is_refused(password: str, why: str) -> None:
    about = ("Annadeboer", "anna.deboer@duinstede.example")
    with pytest.raises(WeakPasswordError) as refused:
        passwords.refuse_weak(password, about)
    assert why in refused.value.fields["new"][0]
