"""Closed by default: no address of the product is without a guard, and no guard without one."""

from flask import Flask

from auth.guards import everyone
from tests.conftest import MakeApp

OPEN_TO_EVERYONE = {"agreements_public", "health", "sign_in", "web"}


def guarded(app: Flask) -> set[str]:
    """Give what each address is guarded by: its blueprint, or itself outside any."""
    endpoints = {rule.endpoint for rule in app.url_map.iter_rules()}
    return {endpoint.rpartition(".")[0] or endpoint for endpoint in endpoints}


def test_every_address_has_a_guard_and_every_guard_an_address(app: Flask) -> None:
    assert guarded(app) == set(app.extensions["guards"])


def test_what_is_open_to_everyone_is_named_here(app: Flask) -> None:
    found = {name for name, guard in app.extensions["guards"].items() if guard is everyone}
    assert found == OPEN_TO_EVERYONE


def test_two_apps_can_be_made_in_one_process(app: Flask, app_on: MakeApp) -> None:
    assert set(app_on("sqlite").blueprints) == set(app.blueprints)
