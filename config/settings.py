"""Settings: one frozen object, complete or the start fails with everything that is wrong."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from pathlib import Path

from config.errors import SettingsError

SHORTEST_SECRET = 32


class Mode(StrEnum):
    """What this installation is for."""

    DEMO = "demo"
    PRODUCTION = "production"
    TEST = "test"


@dataclass(frozen=True, slots=True)
class Argon2Cost:
    """What one password check costs: passes, kibibytes of memory and lanes (RFC 9106)."""

    time: int = 2
    memory_kib: int = 19 * 1024
    parallelism: int = 1


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything an installation decides; times are durations, addresses are SQLAlchemy URLs.

    `log_origin` names the log to the world, without a scheme; `register` is the address of the
    register of processing activities. `log_policy` says which witnesses
    are asked (C2SP tlog-policy), `log_readers` who else may read what the log publishes. Without
    witnesses a time stamp server with its roots (RFC 3161) and a mailbox can hold its checkpoints.
    """

    mode: Mode
    data_dir: Path
    app_url: str
    keys_url: str
    audit_url: str
    secret_key: str = field(repr=False)
    kek: str
    second_factor: bool
    session_idle: timedelta = timedelta(minutes=15)
    session_absolute: timedelta = timedelta(hours=10)
    argon2: Argon2Cost = field(default_factory=Argon2Cost)
    refusal_budget: int = 30
    log_origin: str = "localhost/audit/v1"
    register: str = ""
    log_policy: Path | None = None
    log_readers: Path | None = None
    signer_key: Path | None = None
    tsa_url: str = ""
    tsa_roots: Path | None = None
    smtp: str = ""
    log_mail: str = ""
    secure_cookies: bool = True

    def __post_init__(self) -> None:
        """Refuse a combination that would not be safe; raises SettingsError."""
        problems = _unsafe(self)
        if problems:
            raise SettingsError("; ".join(problems))

    @property
    def signer_file(self) -> Path:
        """Give where the key is that signs the log."""
        return self.signer_key or self.data_dir / "signer"

    @property
    def is_demo(self) -> bool:
        """Tell whether this installation shows the fictional region."""
        return self.mode is Mode.DEMO

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> "Settings":
        """Read the settings from PGA_ variables; without PGA_MODE this is the demo.

        Production names every store, key and secret itself; the demo keeps them in its own
        folder. Raises SettingsError that lists everything that is missing or unsafe.
        """
        try:
            mode = Mode(environ.get("PGA_MODE", Mode.DEMO))
        except ValueError as error:
            message = f"PGA_MODE must be one of: {', '.join(Mode)}"
            raise SettingsError(message) from error
        data_dir = Path(environ.get("PGA_DATA_DIR", "var")).absolute()
        names = ("PGA_APP_URL", "PGA_KEYS_URL", "PGA_AUDIT_URL", "PGA_SECRET_KEY", "PGA_KEK")
        missing = [name for name in names if not environ.get(name)]
        if mode is Mode.PRODUCTION and missing:
            message = f"missing: {', '.join(missing)}"
            raise SettingsError(message)
        defaults = dict(zip(names, _embedded(data_dir, environ, missing), strict=True))
        chosen = {name: environ.get(name) or defaults[name] for name in names}
        minutes = environ.get("PGA_SESSION_IDLE_MINUTES") or (
            "15" if mode is Mode.PRODUCTION else "60"
        )
        return cls(
            mode=mode,
            data_dir=data_dir,
            app_url=chosen["PGA_APP_URL"],
            keys_url=chosen["PGA_KEYS_URL"],
            audit_url=chosen["PGA_AUDIT_URL"],
            secret_key=chosen["PGA_SECRET_KEY"],
            kek=chosen["PGA_KEK"],
            second_factor=_is_yes(
                environ.get("PGA_SECOND_FACTOR", "no" if mode is Mode.DEMO else "yes")
            ),
            session_idle=timedelta(minutes=_whole("PGA_SESSION_IDLE_MINUTES", minutes)),
            refusal_budget=_whole("PGA_REFUSAL_BUDGET", environ.get("PGA_REFUSAL_BUDGET", "30")),
            log_origin=environ.get("PGA_LOG_ORIGIN", "localhost/audit/v1"),
            register=environ.get("PGA_REGISTER_URL", "").rstrip("/"),
            log_policy=_path(environ, "PGA_LOG_POLICY"),
            log_readers=_path(environ, "PGA_LOG_READERS"),
            signer_key=_path(environ, "PGA_SIGNER_KEY"),
            tsa_url=environ.get("PGA_TSA_URL", ""),
            tsa_roots=_path(environ, "PGA_TSA_ROOTS"),
            smtp=environ.get("PGA_SMTP", ""),
            log_mail=environ.get("PGA_LOG_MAIL", ""),
            secure_cookies=mode is Mode.PRODUCTION,
        )


def _path(environ: Mapping[str, str], name: str) -> Path | None:
    """Read the path of a file; None when it is not set."""
    return Path(environ[name]).absolute() if environ.get(name) else None


def _embedded(
    data_dir: Path, environ: Mapping[str, str], missing: list[str]
) -> tuple[str, str, str, str, str]:
    """Give the stores and secrets of the embedded installation, all in one folder."""
    secret = environ.get("PGA_SECRET_KEY", "")
    if "PGA_SECRET_KEY" in missing:
        path = data_dir / "secret"
        secret = path.read_text("ascii").strip() if path.exists() else ""
    return (
        f"sqlite:///{data_dir / 'app.db'}",
        f"sqlite:///{data_dir / 'keys.db'}",
        f"sqlite:///{data_dir / 'audit.db'}",
        secret,
        f"file:{data_dir / 'kek'}",
    )


def _unsafe(settings: Settings) -> list[str]:
    """List what makes these settings unsafe."""
    problems = []
    if len(settings.secret_key) < SHORTEST_SECRET:
        problems.append(
            f"PGA_SECRET_KEY needs at least {SHORTEST_SECRET} characters; `pga init` makes one"
        )
    if settings.mode is Mode.PRODUCTION and not settings.second_factor:
        problems.append("production does not start without a second factor")
    if settings.mode is Mode.PRODUCTION and not settings.secure_cookies:
        problems.append("production does not start without secure cookies")
    if len({settings.app_url, settings.keys_url, settings.audit_url}) < len(("app", "keys", "log")):
        problems.append("app, keys and audit must be three different databases")
    if bool(settings.tsa_url) != bool(settings.tsa_roots):
        problems.append("PGA_TSA_URL and PGA_TSA_ROOTS belong together")
    if bool(settings.log_mail) != bool(settings.smtp):
        problems.append("PGA_LOG_MAIL and PGA_SMTP belong together")
    if not settings.kek.startswith(("file:", "env:")):
        problems.append("PGA_KEK must start with file: or env:")
    return problems


def _is_yes(text: str) -> bool:
    """Read yes or no; raises SettingsError for anything else."""
    if text not in {"yes", "no"}:
        message = "PGA_SECOND_FACTOR must be yes or no"
        raise SettingsError(message)
    return text == "yes"


def _whole(name: str, text: str) -> int:
    """Read a positive whole number; raises SettingsError for anything else."""
    if not text.isdigit() or int(text) == 0:
        message = f"{name} must be a positive whole number"
        raise SettingsError(message)
    return int(text)
