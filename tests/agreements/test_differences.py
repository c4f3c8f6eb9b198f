"""A difference between two agreements is told in words: who reads more, who less, and when."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask_babel import Babel

from pga.agreements import library
from pga.agreements.differences import Story, Turn, sentence, story_of, summary
from pga.policy.codes import Category, Partner, Track
from pga.policy.compile import Table, compile_document
from pga.policy.diff import diff
from pga.web import catalogues
from pga.web.rooms import folders
from tests.agreements.matrices import Cells, with_cells


@pytest.fixture(scope="module", autouse=True)
def dutch() -> Iterator[None]:
    catalogues.compile_all()
    app = Flask(__name__)
    everywhere = ";".join(map(str, folders()))
    Babel(app, default_locale="nl", default_translation_directories=everywhere)
    with app.app_context():
        yield


@pytest.fixture(scope="module")
def model() -> Table:
    return compile_document(library.model(Track.YOUTH))


def changed(table: Table, cells: Cells) -> Table:
    """Compile the same agreement with other cells."""
    return Table(with_cells(table.document, cells))


def story(before: Table, cells: Cells) -> Story:
    return story_of(diff(before, changed(before, cells)).cells)


def said(found: Story) -> dict[Partner, list[str]]:
    return {who: [sentence(one) for one in all_told] for who, all_told in found.reading.items()}


def test_who_gains_is_told_what_from_whom_when_and_if_what(model: Table) -> None:
    opened = story(model, {(Partner.JWK, Category.D04): "X/R2n"})
    assert said(opened)[Partner.JWK][2] == (
        "Krijgt vanaf het casusoverleg tot de nazorg extra: Onderwijs, van School, mits er is: "
        "genoemd als lezer of actiehouder en een vrijgave uit het beroepsgeheim."
    )
    assert list(opened.reading) == opened.going(Turn.GAINS) == [Partner.JWK]
    assert summary(opened) == "Meer voor: Jongerenwerk."


def test_who_gets_something_sooner_without_condition_is_told_so(model: Table) -> None:
    sooner = story(model, {(Partner.GCR, Category.D04): "-/R1"})
    assert said(sooner) == {
        Partner.GCR: ["Krijgt in de triage extra: Onderwijs, van Leerplicht."],
    }


def test_who_loses_is_told_from_whom_and_since_when(model: Table) -> None:
    closed = story(model, {(Partner.DJI, Category.D06): "X/R2n"})
    assert said(closed)[Partner.GCR] == [
        "Ziet vanaf het casusoverleg niet meer: Justitie, van Justitiële inrichting."
    ]
    assert said(closed)[Partner.DJI][0].endswith(
        "niet meer: Justitie, van een andere organisatie van dezelfde soort."
    )
    assert closed.going(Turn.GAINS) == []
    assert summary(closed) == "Minder voor: 7 partners."


def test_a_condition_that_falls_away_or_comes_instead_is_told_with_both(model: Table) -> None:
    fewer = story(model, {(Partner.POL, Category.D04): "X/R2"})
    assert said(fewer)[Partner.POL][1] == (
        "Ziet vanaf het casusoverleg tot de nazorg zonder voorwaarde: Onderwijs, van Leerplicht. "
        "Eerst nodig: genoemd als lezer of actiehouder."
    )
    other = story(model, {(Partner.WOC, Category.D12): "1t/R2n"})
    assert said(other)[Partner.GCR][0] == (
        "Ziet vanaf het casusoverleg met een andere voorwaarde: Wonen, van Woningcorporatie. "
        "Eerst nodig: een weegnotitie. Nu nodig: een vrijgave uit het beroepsgeheim."
    )
    assert Partner.GCR in other.going(Turn.OTHERWISE)
    assert summary(other) == "Anders voor: 13 partners."


def test_bringing_sooner_or_later_is_told_apart_when_no_reader_notices(model: Table) -> None:
    later = story(model, {(Partner.LPR, Category.D04): "2/R2"})
    assert later.reading == {}
    assert [sentence(one) for one in later.bringing[Partner.LPR]] == [
        "Mag in de triage niet meer inbrengen: Onderwijs."
    ]
    sooner = story(changed(model, {(Partner.LPR, Category.D04): "2/R2"}), {})
    assert sooner.is_empty
    assert summary(later) == "Niemand ziet hierdoor meer of minder."


def test_a_school_may_bring_sooner_what_others_read_as_before(model: Table) -> None:
    sooner = story(model, {(Partner.SCH, Category.D04): "1t/o"})
    assert [sentence(one) for one in sooner.bringing[Partner.SCH]] == [
        "Mag in de triage nu ook inbrengen: Onderwijs."
    ]


def test_readers_for_whom_the_same_changes_are_told_together(model: Table) -> None:
    closed = story(model, {(Partner.LPR, Category.D04): "X/R2"})
    together = {sentence(one): len(one.consumers) for one in closed.together}
    assert together["Ziet vanaf het casusoverleg niet meer: Onderwijs, van Leerplicht."] == 2
    assert sum(together.values()) == len(closed.reading)


def test_two_changed_cells_that_bring_about_the_same_are_told_once(model: Table) -> None:
    both = story(
        model, {(Partner.LPR, Category.D04): "1n/R2", (Partner.POL, Category.D04): "X/R2nt"}
    )
    from_attendance = [one for one in both.reading[Partner.POL] if one.providers == {Partner.LPR}]
    assert len(from_attendance) == 1
    assert from_attendance[0].turn is Turn.LOSES


def test_many_providers_are_counted_and_not_listed(model: Table) -> None:
    opened = story(model, {(Partner.BUR, Category.D14): "X/R2"})
    assert any("partners, mits er is" in line for line in said(opened)[Partner.BUR])
