"""The commands that let the first people in, and let somebody back in."""

import re

from click.testing import Result

from auth.cli import people
from tests.auth.world import PASSWORD, World

TEMPORARY = re.compile(r"(?:[a-z2-9]{5}-){3}[a-z2-9]{5}")
FIRST = [
    *("--organisation", "Gemeente Duinstede"),
    *("--municipality", "GM0001"),
    *("--partner", "GPR"),
    *("--role", "process_lead"),
]


def run(world: World, *arguments: str) -> Result:
    return world.app.test_cli_runner().invoke(people, arguments)


def test_the_first_process_lead_is_let_in_from_the_console(world: World) -> None:
    done = run(world, "person", "Noor van den Berg", "noor@duinstede.example", *FIRST)
    assert done.exit_code == 0
    found = TEMPORARY.search(done.output)
    assert found
    assert world.browser().sign_in("noor@duinstede.example", found.group()).status_code == 303


def test_an_organisation_is_entered_once(world: World) -> None:
    entered = ["organisation", "GGZ Duinstede", "--partner", "GGZ", "--domain", "care"]
    assert run(world, *entered).exit_code == 0
    again = run(world, *entered)
    assert again.exit_code == 1
    assert "There is an organisation with this name already." in again.output


def test_what_cannot_be_is_said_without_a_trace(world: World) -> None:
    known = world.person()
    for arguments, said in (
        (["person", "Noor", known.sign_in_name, *FIRST], "account with this e-mail address"),
        (["person", "Noor", "n@d.example", "--organisation", "X", *FIRST[2:]], "no organisation"),
        (["reset", "niemand@duinstede.example"], "there is no account"),
        (["block", "niemand@duinstede.example"], "there is no account"),
        (["unblock", known.sign_in_name], "Somebody else changed this"),
    ):
        done = run(world, *arguments)
        assert done.exit_code == 1
        assert said in done.output
        assert "Traceback" not in done.output


def test_an_account_is_blocked_reset_and_let_in_again(world: World) -> None:
    known = world.person()
    assert run(world, "block", known.sign_in_name).exit_code == 0
    assert world.browser().sign_in(known.sign_in_name).status_code == 422
    assert "Unblock this account first." in run(world, "reset", known.sign_in_name).output
    assert run(world, "unblock", known.sign_in_name.upper()).exit_code == 0
    assert world.browser().sign_in(known.sign_in_name, PASSWORD).status_code == 303
    found = TEMPORARY.search(run(world, "reset", known.sign_in_name).output)
    assert found
    assert world.browser().sign_in(known.sign_in_name, found.group()).status_code == 303
