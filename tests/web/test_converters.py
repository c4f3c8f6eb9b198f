"""An identifier in an address is 32 hex characters; anything else is no address at all."""

import pytest
from flask import Flask, url_for

from config.ids import new_id


def _show(case_id: bytes) -> str:
    return repr(case_id)


@pytest.fixture
def app(app: Flask) -> Flask:
    app.add_url_rule("/cases/<id:case_id>", "case", _show)
    return app


def test_an_identifier_survives_the_way_there_and_back(app: Flask) -> None:
    case_id = new_id()
    with app.test_request_context():
        address = url_for("case", case_id=case_id)
    assert address == f"/cases/{case_id.hex()}"
    assert app.test_client().get(address).get_data(as_text=True) == repr(case_id)


@pytest.mark.parametrize("text", ["1", "A" * 32, "g" * 32, "a" * 31, "a" * 33])
def test_anything_else_is_an_unknown_address(app: Flask, text: str) -> None:
    assert app.test_client().get(f"/cases/{text}").status_code == 404
