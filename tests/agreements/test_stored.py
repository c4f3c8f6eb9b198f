"""Agreements in and out of the product by command: nothing is lost, and models are kept by two."""

from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

from config.errors import ForbiddenError
from config.ids import from_hex
from pga.agreements import library, queries
from pga.agreements.cli import agreement
from pga.agreements.models import AgreementState
from pga.agreements.rules import Need, Step
from pga.agreements.service import life
from pga.agreements.service.life import AgreementNotReadyError
from pga.agreements.service.starting import new_version_of
from pga.policy.codes import Track
from pga.policy.compile import compile_document
from pga.policy.document import parse
from tests.agreements.drafts import ADVISER, LAWYER, LEAD, Drafted, Who, desk, drafted, new_terms
from tests.agreements.lives import WHY, fresh
from tests.factories.fixtures import Play
from tests.factories.log import entries_of
from tests.factories.snapshots import Played

LOCAL = library.local_files()[1]
SECOND_ADVISER: Who = ("ZVH", "Second adviser", ADVISER[2])


def run(app: Flask, *words: object) -> Result:
    return app.test_cli_runner().invoke(agreement, [str(word) for word in words])


def imported(app: Flask, file: Path) -> bytes:
    result = run(app, "import", file)
    assert result.exit_code == 0, result.output
    return from_hex(result.output.split()[0])


@pytest.mark.parametrize(
    "file", [*library.MODELS.values(), *library.local_files()], ids=lambda file: file.stem
)
def test_what_is_taken_in_comes_out_byte_for_byte(app: Flask, file: Path) -> None:
    stored = imported(app, file)
    result = run(app, "export", stored.hex())
    assert result.stdout_bytes == file.read_bytes()


def test_a_file_is_taken_in_as_a_draft_with_an_entry(app: Flask) -> None:
    stored = imported(app, LOCAL)
    with app.app_context():
        row = fresh(stored)
        assert (row.state, row.municipality) == (AgreementState.DRAFT, LOCAL.stem[:6])
        assert row.policy_hash == compile_document(parse(row.document)).policy_hash
    entry = entries_of(app)[-1]
    assert (entry.object, entry.facts["change"]) == (stored.hex(), "import")


def test_a_local_file_follows_the_model_it_is_derived_from(app: Flask) -> None:
    model = imported(app, library.MODELS[Track.YOUTH])
    for file in library.local_files():
        stored = imported(app, file)
        with app.app_context():
            expected = model if "jeugd" in file.stem else None
            assert fresh(stored).model_id == expected


def test_the_same_version_is_not_taken_in_twice(app: Flask) -> None:
    imported(app, LOCAL)
    result = run(app, "import", LOCAL)
    assert result.exit_code == 1
    assert "is there already" in result.output


def test_a_broken_file_is_refused_with_the_line_of_every_fault(app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "broken.yaml"
    file.write_text(LOCAL.read_text("utf-8").replace("version:", "versoin:", 1), "utf-8")
    result = run(app, "import", file)
    assert result.exit_code == 1
    assert f"{file}:" in result.output
    assert "versoin" in result.output
    file.write_bytes(b"\xff\xfe")
    assert "not UTF-8 text" in run(app, "import", file).output
    with app.app_context():
        assert queries.shelf({"", LOCAL.stem[:6]}) == []


def test_what_breaks_a_limit_is_taken_in_as_a_draft_and_told(app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "limit.yaml"
    text = LOCAL.read_text("utf-8")
    file.write_text(text.replace("D07: 2t/R2t", "D07: 2/R2t", 1), "utf-8")
    result = run(app, "import", file)
    assert result.exit_code == 0
    assert "G3" in result.output


def test_an_id_that_is_none_is_bad_input_and_an_unknown_one_is_told(app: Flask) -> None:
    assert run(app, "export", "xyz").exit_code == 2
    assert run(app, "export", "00").exit_code == 2
    unknown = run(app, "export", bytes(16).hex())
    assert (unknown.exit_code, unknown.output) == (1, "Error: We cannot find this page.\n")


def test_models_of_the_library_are_published_once(app: Flask) -> None:
    assert run(app, "models").output.count(": active") == len(Track)
    assert "already" in run(app, "models").output
    listed = run(app, "list").output.splitlines()
    assert [line.split()[1] for line in listed] == ["model"] * len(Track)
    with app.app_context():
        found = {row.track: fresh(row.id).document for row in queries.shelf({""})}
    assert found == {track: library.model_text(track) for track in Track}


@pytest.fixture
def town(play: Play) -> Played[Drafted]:
    return play(drafted)


def next_model(town: Played[Drafted]) -> bytes:
    """Let the adviser draft and propose the next version of the model."""
    for who in (ADVISER, SECOND_ADVISER):
        town.scene.who(*who)
    draft = new_version_of(desk(town.scene, ADVISER, town.made.model), new_terms("2030.1"))
    life.take(desk(town.scene, ADVISER, draft.id), Step.PROPOSE_MODEL)
    return draft.id


@pytest.mark.parametrize("who", [SECOND_ADVISER, LAWYER])
def test_a_model_is_published_by_another_than_who_proposed_it(
    town: Played[Drafted], who: Who
) -> None:
    model = next_model(town)
    with pytest.raises(AgreementNotReadyError) as refused:
        life.take(desk(town.scene, ADVISER, model), Step.PUBLISH_MODEL)
    assert refused.value.needs == (Need.ANOTHER_PERSON,)
    life.take(desk(town.scene, who, model), Step.PUBLISH_MODEL)
    assert fresh(model).state == AgreementState.ACTIVE


def test_a_published_model_replaces_the_one_before_from_its_first_day(
    town: Played[Drafted],
) -> None:
    model = next_model(town)
    assert fresh(town.made.model).state == AgreementState.ACTIVE
    life.take(desk(town.scene, LAWYER, model), Step.PUBLISH_MODEL)
    assert fresh(town.made.model).state == AgreementState.ACTIVE
    life.take(desk(town.scene, ADVISER, next_draft(town)), Step.PROPOSE_MODEL)


def next_draft(town: Played[Drafted]) -> bytes:
    return new_version_of(desk(town.scene, ADVISER, town.made.model), new_terms("2031.1")).id


def test_nobody_else_touches_a_model(town: Played[Drafted]) -> None:
    model = next_model(town)
    for who, step in ((LEAD, Step.PUBLISH_MODEL), (LAWYER, Step.BACK_TO_DRAFT)):
        with pytest.raises(ForbiddenError):
            life.take(desk(town.scene, who, model), step, WHY)
    life.take(desk(town.scene, ADVISER, model), Step.BACK_TO_DRAFT, WHY)
    assert fresh(model).state == AgreementState.DRAFT
    life.take(desk(town.scene, SECOND_ADVISER, model), Step.DROP, WHY)
    assert fresh(model).state == AgreementState.TERMINATED


def test_a_model_takes_no_step_of_a_local_agreement(town: Played[Drafted]) -> None:
    with pytest.raises(ForbiddenError):
        life.take(desk(town.scene, ADVISER, town.made.model), Step.SUSPEND, WHY)
