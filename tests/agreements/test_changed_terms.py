"""What changes outside the matrix is said in whole sentences, for whoever decides on it."""

from collections.abc import Iterator
from dataclasses import replace
from types import MappingProxyType

import pytest
from flask import Flask
from flask_babel import force_locale

from pga.agreements import library
from pga.agreements.changed_terms import changed_terms, sentence
from pga.agreements.term_words import PARTS
from pga.policy.codes import Category, Partner, Phase, PolicyAction, Track
from pga.policy.compile import Table
from pga.policy.diff import diff
from pga.policy.places import Place, PlaceKind
from pga.policy.terms import AgreementDocument, Example, Remark, RetentionObject, Term

BARE = replace(library.model(Track.YOUTH), examples=())
EXAMPLE = Example(
    "School ziet geen politiegegevens.",
    *(Track.YOUTH, Phase.F3, Partner.POL, Partner.SCH, Category.D05, PolicyAction.CONSULT),
    may=False,
)
NON_PURPOSE = str(Place(PlaceKind.NON_PURPOSE, name="INVESTIGATION"))


def with_remark(text: str) -> AgreementDocument:
    row = MappingProxyType({Category.D04: Remark(reason=text)})
    rows = MappingProxyType({Partner.SCH: row})
    return replace(BARE, remarks=MappingProxyType({Track.YOUTH: rows}))


def with_term(text: str) -> AgreementDocument:
    about = RetentionObject.CASE_AFTER_CLOSING
    kept = [replace(one, term=Term(text)) if one.object is about else one for one in BARE.retention]
    return replace(BARE, retention=tuple(kept))


@pytest.fixture(autouse=True)
def in_dutch(app: Flask) -> Iterator[None]:
    with app.test_request_context(), force_locale("nl"):
        yield


@pytest.mark.parametrize(
    ("before", "after", "part", "said"),
    [
        (
            BARE,
            with_remark("Dit is hier nodig."),
            "Opmerkingen bij cellen",
            "Nieuw: “School: Onderwijs”. Er staat: Dit is hier nodig.",
        ),
        (
            with_remark("Dit is hier nodig."),
            BARE,
            "Opmerkingen bij cellen",
            "Vervallen: “School: Onderwijs”. Er stond: Dit is hier nodig.",
        ),
        (
            BARE,
            replace(BARE, reasons={NON_PURPOSE: "Zo wil de raad het."}),
            "Redenen om van het model af te wijken",
            "Nieuw: “Waar het niet voor is · Opsporing”. Er staat: Zo wil de raad het.",
        ),
        (
            replace(BARE, examples=(replace(EXAMPLE, may=True),)),
            replace(BARE, examples=(EXAMPLE,)),
            "Voorbeelden",
            (
                "Gewijzigd: “School ziet geen politiegegevens”. "
                "Er stond: “School mag in de uitvoering zien: Politiegegevens van Politie”. "
                "Er komt te staan: "
                "“School mag in de uitvoering niet zien: Politiegegevens van Politie”."
            ),
        ),
        (
            BARE,
            with_term("P6M"),
            "Hoe lang alles wordt bewaard",
            (
                "Gewijzigd: “Een casus nadat die is gesloten”. "
                "Er stond: “1 jaar”. Er komt te staan: “6 maanden”."
            ),
        ),
    ],
)
def test_each_change_of_the_text_is_a_sentence_that_says_what_was_and_what_becomes(
    before: AgreementDocument, after: AgreementDocument, part: str, said: str
) -> None:
    ((key, (line,)),) = changed_terms(
        diff(Table(before), Table(after)).terms, before, after
    ).items()
    assert (str(PARTS[key]), sentence(line)) == (part, said)
