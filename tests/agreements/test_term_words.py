"""What stands outside the matrix is said in words, for every part and entry of an agreement."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest
from flask import Flask
from flask_babel import Babel

from pga.agreements import library
from pga.agreements.term_words import EXCLUSIONS, PARTS, RETENTION, entry_name, lines, term_of
from pga.policy.codes import Exclusion, Track
from pga.policy.compile import Table
from pga.policy.diff import diff
from pga.policy.document import parse
from pga.policy.terms import AgreementDocument, RetentionObject, Term
from pga.web import catalogues
from pga.web.rooms import folders


@pytest.fixture(scope="module", autouse=True)
def dutch() -> Iterator[None]:
    catalogues.compile_all()
    app = Flask(__name__)
    everywhere = ";".join(map(str, folders()))
    Babel(app, default_locale="nl", default_translation_directories=everywhere)
    with app.app_context():
        yield


@pytest.fixture(scope="module")
def local() -> AgreementDocument:
    return parse(library.local_file("GM0361", Track.YOUTH).read_text("utf-8"))


def test_every_entry_that_can_change_has_a_name_and_says_something(
    local: AgreementDocument,
) -> None:
    mule = parse(library.local_file("GM0392", Track.MONEY_MULE).read_text("utf-8"))
    changes = diff(Table(mule), Table(local)).terms
    assert {change.part for change in changes} >= {"agreement", "parties", "purposes", "clauses"}
    for change in changes:
        assert change.part in PARTS
        assert entry_name(change.part, change.entry)
        said = [lines(term_of(document, change.part, change.entry)) for document in (mule, local)]
        assert any(said), change


def test_every_retention_object_and_exclusion_has_a_name() -> None:
    assert set(RETENTION) == set(RetentionObject)
    assert set(EXCLUSIONS) == set(Exclusion)


def said(document: AgreementDocument, part: str, entry: str) -> str:
    return " ".join(lines(term_of(document, part, entry)))


def test_a_day_a_party_and_a_target_group_are_said_in_plain_words(
    local: AgreementDocument,
) -> None:
    header = replace(local.agreement, valid_until=date(2027, 12, 31))
    assert said(replace(local, agreement=header), "agreement", "valid_until") == "31 december 2027"
    assert said(local, "parties", "POL").endswith(
        "Vertegenwoordigd door: de politiechef van de eenheid"
    )
    assert "Van 12 tot en met 23 jaar." in said(local, "tracks", "youth")
    assert "Blijft erbuiten: kinderen onder de 12, broers en zussen en radicalisering." in said(
        local, "tracks", "youth"
    )


def test_bases_are_told_once_where_all_purposes_share_them(local: AgreementDocument) -> None:
    assert said(local, "legal_bases", "youth LPR").count("Brengt in") == 1
    assert said(local, "legal_bases", "youth GPR").count("Brengt in") == 3
    assert said(local, "legal_bases", "youth BANK") == ""


def test_a_clause_says_what_it_rests_on_and_whether_a_lawyer_confirmed_it(
    local: AgreementDocument,
) -> None:
    clause = next(one for one in local.clauses if one.id == "jeugd.POL.lvb")
    open_one = " ".join(lines(clause))
    assert clause.text in open_one
    assert "Uitzondering" in open_one
    assert open_one.endswith("nog juridisch te toetsen")
    assert lines(replace(clause, verified=True))[-1] == "Bevestigd door een jurist."


def test_who_keeps_nobody_out_says_so(local: AgreementDocument) -> None:
    term = replace(local.track_terms[0], exclusions=())
    assert lines(term)[-1] == "Blijft erbuiten: niets."


@pytest.mark.parametrize(
    ("term", "text"), [("P1Y", "1 jaar"), ("P4W", "4 weken"), ("P6M", "6 maanden"), ("P?", "P?")]
)
def test_a_period_is_said_in_words(local: AgreementDocument, term: str, text: str) -> None:
    assert lines(replace(local.retention[0], term=Term(term)))[0] == text


def test_what_is_not_there_says_nothing(local: AgreementDocument) -> None:
    for part in PARTS:
        assert said(local, part, "nothing") == ""
