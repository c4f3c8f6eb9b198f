"""Codes have plain words in both languages, and reasons are whole sentences."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask_babel import Babel, force_locale

from pga.agreements import library, words
from pga.agreements.law_words import EXCEPTIONS, LAWS, WAYS_OUT
from pga.policy.codes import (
    Category,
    Code,
    Condition,
    NeutralWording,
    NonPurpose,
    Partner,
    Phase,
    PolicyAction,
    Purpose,
    Track,
)
from pga.policy.compile import compile_document
from pga.policy.decide import Situation, decide
from pga.policy.explain import explain
from pga.policy.laws import Obligation, WayOut
from pga.policy.messages import TO_BE_CHECKED, Message
from pga.policy.rights import ReaderState, RightState
from pga.policy.sections import SectionState
from pga.web import catalogues
from pga.web.rooms import folders

NAMED: list[tuple[words.Names, Iterable[str]]] = [
    (words.PARTNERS, Partner),
    (words.CATEGORIES, Category),
    (words.TRACKS, Track),
    (words.PHASES, Phase),
    (words.PURPOSES, Purpose),
    (words.NON_PURPOSES, NonPurpose),
    (words.CONDITIONS, Condition),
    (words.OUTCOMES, Code),
    (words.SECTIONS, SectionState),
    (words.READERS, ReaderState),
    (words.RIGHTS, RightState),
    (words.NEUTRAL_WORDINGS, NeutralWording),
    (WAYS_OUT, WayOut),
]


@pytest.fixture(autouse=True)
def dutch() -> Iterator[None]:
    """Speak Dutch, out of the catalogues alone."""
    catalogues.compile_all()
    app = Flask(__name__)
    everywhere = ";".join(map(str, folders()))
    Babel(app, default_locale="nl", default_translation_directories=everywhere)
    with app.app_context():
        yield


@pytest.mark.parametrize(("names", "codes"), NAMED)
def test_every_code_has_a_name_in_dutch_and_in_english(
    names: words.Names, codes: Iterable[str]
) -> None:
    assert set(names) == set(codes)
    with force_locale("en"):
        english = [str(name) for name in names.values()]
    assert all(str(name) for name in names.values())
    assert all(english)


def test_every_basis_of_the_library_has_words() -> None:
    for track in Track:
        document = library.model(track)
        for row in document.legal_bases[track].values():
            for basis in (*row.provide.values(), *row.receive.values()):
                assert basis.codes <= set(LAWS)
        for clause in document.clauses:
            assert "_" not in words.exception(clause.exception) or not clause.exception
    assert words.exception("UAVG_33_1_a + BJSG").endswith("+ Bjsg")
    assert set(EXCEPTIONS) >= {"OPEN", "UAVG_33"}


def test_short_plain_names() -> None:
    assert words.partner("GGZ") == "GGZ"
    assert words.category("D04") == "Onderwijs"
    assert words.category("D07") == "Gezondheid"
    assert words.category("D12") == "Wonen"
    assert words.track("youth") == "Persoonsgerichte aanpak jeugd"
    assert words.phase("F3") == "Uitvoering"
    assert words.purpose("ORDER").startswith("Openbare orde")
    assert words.condition("weighing_note") == "een weegnotitie"
    assert words.outcome("allowed") == "Toegestaan"
    assert words.obligation(Obligation.NO_ONWARD) == "Niet doorverstrekken."
    assert words.way_out("own_task") == "eigen wettelijke taak"


def test_a_code_without_a_name_is_shown_as_it_is() -> None:
    assert words.partner("XYZ") == "XYZ"
    assert words.obligation("something") == "something"
    assert words.basis("ART_1") == "ART_1"
    assert words.basis("") == ""


def test_a_basis_is_said_with_its_alternatives() -> None:
    assert words.basis("WPG_20 | AVG_6_1_e + GEMEENTEWET_172") == (
        "Wpg 20 (samenwerkingsverband) of AVG 6(1)(e) (publieke taak) + Gemeentewet 172"
    )


def test_every_explanation_of_an_unverified_clause_ends_with_still_to_be_checked() -> None:
    table = compile_document(library.model(Track.YOUTH))
    here = Situation(
        track=Track.YOUTH,
        phase=Phase.F3,
        purpose=Purpose.HELP,
        consumer=Partner.GCR,
        in_force=True,
        participant=True,
        parties=frozenset(Partner),
        age=15,
    )
    for provider in Partner:
        for category in table.categories:
            for met in (frozenset[Condition](), frozenset(Condition)):
                found = decide(table, here, provider, category, PolicyAction.CONSULT, met)
                said = words.sentences(explain(found))
                if found.clause or found.cut_by_law:
                    assert said[-1] == "nog juridisch te toetsen"
                assert all("%(" not in sentence for sentence in said)


def test_a_sentence_says_codes_in_plain_words() -> None:
    message = Message("Way out of professional secrecy: %(secrecy)s.", (("secrecy", "own_task"),))
    assert words.sentence(message) == "Weg uit het beroepsgeheim: eigen wettelijke taak."
    assert words.sentence(TO_BE_CHECKED) == "nog juridisch te toetsen"


def test_the_catalogue_is_where_the_pages_look() -> None:
    folder = Path(words.__file__).parent / "translations"
    assert folder in folders()
