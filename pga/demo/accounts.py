"""The accounts of the demo: one per role, all with the same easy password, none in production."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from flask import Flask

from auth.demo import DemoAccount
from config.settings import Mode, Settings
from pga.demo.source import region
from pga.policy.messages import Message

PASSWORD = "samen-rond-de-tafel"  # noqa: S105 - printed on purpose, opens made-up data alone
DOMAIN = "pga.example"  # no mail can ever arrive there (RFC 2606)

ACCOUNTS: Mapping[str, tuple[str, Message]] = MappingProxyType(
    {
        "ilse": (
            "casusregisseur",
            Message(
                "Case manager with forty youths in Alkmaar and Haarlem: see what waits, open the "
                "case of Sem, log a talk, withdraw a release."
            ),
        ),
        "joost": (
            "procesregisseur",
            Message(
                "Process lead in Alkmaar: admit a new signal, approve a weighing note, name or "
                "end a participant."
            ),
        ),
        "erik": (
            "politie",
            Message(
                "Police liaison: see what the police may bring, provide a summary on a decision "
                "and copy the line for the register."
            ),
        ),
        "maaike": (
            "ggz",
            Message(
                "Mental health professional: confirm a release or share nothing, and write "
                "advice on how to treat somebody."
            ),
        ),
        "tessa": (
            "jeugdhulp",
            Message("Youth care professional: read under a release, and let a colleague stand in."),
        ),
        "anouk": (
            "leerplicht",
            Message(
                "School attendance officer: add truancy, repair a mistake, and find what you may "
                "no longer use."
            ),
        ),
        "peter": (
            "school",
            Message("School: start a case with a signal, and see what stays closed to a school."),
        ),
        "linda": (
            "wonen",
            Message("Housing corporation: bring a housing fact; police data never open here."),
        ),
        "samira": (
            "jongerenwerk",
            Message("Youth worker: log a talk in four fields and read who will see it."),
        ),
        "jeroen": (
            "halt",
            Message("Halt: follow a Halt track and finish an action."),
        ),
        "hanna": (
            "om",
            Message(
                "Public prosecution: state where a case stands, on a decision that names its "
                "readers."
            ),
        ),
        "marjan": (
            "privacy",
            Message(
                "Privacy officer of Alkmaar: who saw Sem, what was refused, and does the log hold?"
            ),
        ),
        "aysel": (
            "privacy2",
            Message("Deputy privacy officer of Alkmaar: approve a destruction as the second."),
        ),
        "hendrik": (
            "fg",
            Message("Data protection officer of Alkmaar: watch, without ever seeing content."),
        ),
        "carla": (
            "beheer",
            Message("Administrator of Alkmaar: open an account, give a role, block somebody."),
        ),
        "rosa": (
            "zaanstad",
            Message("Case manager in Zaanstad, where the agreement ends within two weeks."),
        ),
        "jasper": (
            "jurist",
            Message("Lawyer of Alkmaar: test the clauses of a draft, and bring it into force."),
        ),
        "eline": (
            "burgemeester",
            Message("Mayor of Alkmaar: sign for the college, and apart from it as mayor."),
        ),
        "ronald": (
            "politiechef",
            Message("Police chief: sign an agreement for the police."),
        ),
        "cor": (
            "hoofdofficier",
            Message("Chief public prosecutor: sign an agreement for the prosecution."),
        ),
        "margriet": (
            "regioadviseur",
            Message(
                "Regional adviser: keep the model agreements that municipalities start from, and "
                "propose another edition of the statutory limits."
            ),
        ),
    }
)


def sign_in_name(person: str) -> str:
    """Give the sign-in name of somebody of the region; that of an account names the role."""
    return f"{ACCOUNTS[person][0] if person in ACCOUNTS else person}@{DOMAIN}"


def accounts() -> Sequence[DemoAccount]:
    """List the accounts one may try."""
    people = region().people
    return [
        DemoAccount(sign_in_name(key), PASSWORD, people[key].name, what.id)
        for key, (_, what) in ACCOUNTS.items()
    ]


def organisation_of(person: str) -> str:
    """Give the name of the organisation somebody works for first."""
    return region().organisations[region().people[person].places[0][0]].name


def init_app(app: Flask) -> None:
    """Let the sign-in page show the accounts, in the demo alone."""
    settings: Settings = app.extensions["settings"]
    if settings.mode is Mode.DEMO:
        app.extensions["demo_accounts"] = tuple(accounts())
