"""An installation starts with complete and safe settings, or says everything that is wrong."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from config.errors import SettingsError
from config.settings import Mode, Settings

SECRET = "s" * 32
PRODUCTION = {
    "PGA_MODE": "production",
    "PGA_APP_URL": "postgresql+psycopg://app@db/app",
    "PGA_KEYS_URL": "postgresql+psycopg://keys@vault/keys",
    "PGA_AUDIT_URL": "postgresql+psycopg://audit@db/audit",
    "PGA_SECRET_KEY": SECRET,
    "PGA_KEK": "env:KEK",
}


def refusal(environ: dict[str, str]) -> str:
    with pytest.raises(SettingsError) as refused:
        Settings.from_environment(environ)
    return str(refused.value)


def test_without_a_mode_it_is_the_demo_in_one_folder(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text(f"{SECRET}\n")
    settings = Settings.from_environment({"PGA_DATA_DIR": str(tmp_path)})
    assert settings.is_demo
    assert settings.app_url == f"sqlite:///{tmp_path / 'app.db'}"
    assert settings.kek == f"file:{tmp_path / 'kek'}"
    assert settings.secret_key == SECRET
    assert settings.session_idle == timedelta(minutes=60)
    assert not settings.second_factor
    assert not settings.secure_cookies


def test_production_names_everything_itself() -> None:
    settings = Settings.from_environment(PRODUCTION)
    assert settings.mode is Mode.PRODUCTION
    assert not settings.is_demo
    assert settings.keys_url == PRODUCTION["PGA_KEYS_URL"]
    assert settings.session_idle == timedelta(minutes=15)
    assert settings.second_factor
    assert settings.secure_cookies


def test_production_lists_all_that_is_missing() -> None:
    said = refusal({"PGA_MODE": "production", "PGA_KEK": "env:KEK"})
    assert said == "missing: PGA_APP_URL, PGA_KEYS_URL, PGA_AUDIT_URL, PGA_SECRET_KEY"


def test_production_does_not_start_without_a_second_factor() -> None:
    said = refusal(PRODUCTION | {"PGA_SECOND_FACTOR": "no"})
    assert said == "production does not start without a second factor"


def test_production_does_not_start_without_secure_cookies() -> None:
    with pytest.raises(SettingsError, match="without secure cookies"):
        replace(Settings.from_environment(PRODUCTION), secure_cookies=False)


def test_everything_unsafe_is_said_at_once() -> None:
    same = dict.fromkeys(("PGA_APP_URL", "PGA_KEYS_URL", "PGA_AUDIT_URL"), "sqlite:///one.db")
    said = refusal(PRODUCTION | same | {"PGA_SECRET_KEY": "short", "PGA_KEK": "in my head"})
    assert said.split("; ")[0] == "PGA_SECRET_KEY needs at least 32 characters"
    assert "three different databases" in said
    assert "PGA_KEK must start with file: or env:" in said


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("PGA_MODE", "holiday", "PGA_MODE must be one of: demo, production, test"),
        ("PGA_SECOND_FACTOR", "maybe", "PGA_SECOND_FACTOR must be yes or no"),
        ("PGA_REFUSAL_BUDGET", "0", "PGA_REFUSAL_BUDGET must be a positive whole number"),
        ("PGA_SESSION_IDLE_MINUTES", "-5", "PGA_SESSION_IDLE_MINUTES must be a positive"),
    ],
)
def test_a_setting_that_means_nothing_is_refused(name: str, value: str, said: str) -> None:
    assert refusal(PRODUCTION | {name: value}).startswith(said)


def test_a_demo_without_a_secret_says_how_to_make_one(tmp_path: Path) -> None:
    assert "`pga init` makes one" in refusal({"PGA_DATA_DIR": str(tmp_path)})


def test_the_secret_is_not_shown_with_the_settings() -> None:
    assert SECRET not in repr(Settings.from_environment(PRODUCTION))


@pytest.mark.parametrize(
    ("alone", "said"),
    [
        ({"PGA_TSA_URL": "https://tsa.example"}, "PGA_TSA_URL and PGA_TSA_ROOTS"),
        ({"PGA_TSA_ROOTS": "roots.pem"}, "PGA_TSA_URL and PGA_TSA_ROOTS"),
        ({"PGA_LOG_MAIL": "fg@gemeente.example"}, "PGA_LOG_MAIL and PGA_SMTP"),
    ],
)
def test_what_holds_checkpoints_elsewhere_is_set_whole(alone: dict[str, str], said: str) -> None:
    assert said in refusal(PRODUCTION | alone)


def test_the_log_has_a_name_and_a_key_of_its_own(tmp_path: Path) -> None:
    chosen = {"PGA_LOG_ORIGIN": "pga.example/audit/v1", "PGA_LOG_POLICY": "policy"}
    settings = Settings.from_environment(PRODUCTION | chosen | {"PGA_DATA_DIR": str(tmp_path)})
    assert settings.log_origin == "pga.example/audit/v1"
    assert settings.log_policy == Path("policy").absolute()
    assert settings.signer_file == tmp_path / "signer"
    assert settings.log_readers is None
