"""Addresses made from a pattern are those the routes have, wherever the product stands."""

import pytest
from flask import Flask, url_for

from config.ids import new_id
from pga.dossier.views.addresses import address


@pytest.mark.parametrize("root", ["", "/pga"])
def test_an_address_from_a_pattern_is_the_address_of_the_route(app: Flask, root: str) -> None:
    for case_id, part_id in ((new_id(), new_id()), (new_id(), new_id())):
        with app.test_request_context("/", environ_overrides={"SCRIPT_NAME": root}):
            assert address("dossier.case", case_id) == url_for("dossier.case", case_id=case_id)
            for endpoint, name in (("dossier.item", "item_id"), ("dossier.work_task", "task_id")):
                whole = url_for(endpoint, case_id=case_id, **{name: part_id})  # type: ignore[arg-type]
                assert address(endpoint, case_id, **{name: part_id}) == whole
                assert whole.startswith(f"{root}/cases/")
