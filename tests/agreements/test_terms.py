"""The terms around the matrix on the web: every kind of them is read and changed in a form."""

from collections.abc import Mapping

import pytest

from pga.agreements import queries
from pga.agreements.models import AgreementState
from pga.agreements.reading import edits_of
from pga.agreements.term_forms import form_of
from pga.policy.codes import Partner, Purpose, Track
from pga.policy.document import parse
from pga.policy.editing import mark_at
from pga.policy.places import read_place
from pga.policy.terms import AgreementDocument
from tests.agreements.drafts import Drafted, drafted, set_state
from tests.factories.fixtures import Play
from tests.factories.snapshots import Played
from tests.factories.work import counted

REASON = "Zo is het in deze gemeente."
Typed = Mapping[str, str | list[str]]


@pytest.fixture
def town(play: Play) -> Played[Drafted]:
    return play(drafted)


def document(town: Played[Drafted]) -> AgreementDocument:
    return parse(queries.agreements_by_id([town.made.draft])[town.made.draft].document)


def path(town: Played[Drafted], rest: str = "") -> str:
    return f"/agreements/{town.made.draft.hex()}/terms{rest}"


def posted(town: Played[Drafted], place: str, **typed: str | list[str]) -> Typed:
    return {"place": place, "seen": mark_at(document(town), place), "reason": REASON, **typed}


def save(town: Played[Drafted], place: str, typed: Typed) -> AgreementDocument:
    town.visitor("GPR").do(path(town, "/change"), {**posted(town, place), **typed})
    return document(town)


def test_every_part_of_the_agreement_stands_on_the_page(town: Played[Drafted]) -> None:
    page = town.visitor("GPR").read(path(town))
    for heading in ("Partijen", "Doelen", "Fasen", "Grondslagen", "Hoe lang alles wordt bewaard"):
        assert f"<h2>{heading}</h2>" in page
    assert "place=party+POL" in page or "place=party%20POL" in page


def test_name_version_and_days_are_changed_without_a_reason(town: Played[Drafted]) -> None:
    none = {"reason": ""}
    assert save(town, "header name", {"text": "Andere naam", **none}).agreement.name == (
        "Andere naam"
    )
    assert save(town, "header version", {"text": "2028.1", **none}).agreement.version == "2028.1"
    days = {"valid_from": "2028-01-01", "valid_until": "2029-12-31", "evaluation": "2029-06-30"}
    now = save(town, "header period", {**days, **none}).agreement
    assert now.valid_until.isoformat() == "2029-12-31"
    row = queries.agreements_by_id([town.made.draft])[town.made.draft]
    assert (row.name, row.version, row.valid_from.isoformat()) == (
        "Andere naam",
        "2028.1",
        "2028-01-01",
    )


def test_days_that_contradict_each_other_are_refused_in_dutch(town: Played[Drafted]) -> None:
    days = {"valid_from": "2028-01-01", "valid_until": "2027-01-01", "evaluation": "2027-01-01"}
    answer = town.visitor("GPR").post(path(town, "/change"), posted(town, "header period", **days))
    assert answer.status_code == 422
    assert "De laatste dag ligt voor de eerste dag." in answer.text
    assert 'value="2028-01-01"' in answer.text


PARTY = {
    "parties.0.name": "Politie, eenheid Noord-Holland",
    "parties.0.domain": "V",
    "parties.0.represented_by": "de politiechef",
}


def test_a_party_is_named_joined_by_another_and_taken_out(town: Played[Drafted]) -> None:
    found = save(town, "party POL", PARTY).parties
    assert next(p.represented_by for p in found if p.partner is Partner.POL) == "de politiechef"
    second = {
        "parties.1.name": "Politie, landelijke eenheid",
        "parties.1.domain": "V",
        "parties.1.represented_by": "de korpschef",
    }
    found = save(town, "party POL", {**PARTY, **second}).parties
    assert len([p for p in found if p.partner is Partner.POL]) == 2
    found = save(town, "party SLH", {**PARTY, "parties.0.name": "Slachtofferhulp"}).parties
    assert Partner.SLH in {party.partner for party in found}
    found = save(town, "party SLH", {**PARTY, "remove": "true"}).parties
    assert Partner.SLH not in {party.partner for party in found}


def test_half_a_party_is_refused_beside_its_field(town: Played[Drafted]) -> None:
    half = {**PARTY, "parties.1.name": "Nog een"}
    answer = town.visitor("GPR").post(path(town, "/change"), {**posted(town, "party POL"), **half})
    assert answer.status_code == 422
    assert 'value="Nog een"' in answer.text
    assert answer.text.count("field__error") == 2


@pytest.mark.parametrize(
    "place", ["purpose youth HELP", "phase F2", "non_purpose BENEFITS_SANCTION"]
)
def test_words_are_changed_with_the_reason_to_leave_the_model(
    town: Played[Drafted], place: str
) -> None:
    visitor = town.visitor("GPR")
    without = visitor.post(path(town, "/change"), posted(town, place, text="Anders.", reason=""))
    assert without.status_code == 422
    assert "Zeg waarom." in without.text
    now = save(town, place, {"text": "Anders."})
    assert now.reasons[place] == REASON
    assert "Anders." in visitor.read(path(town))
    assert REASON in visitor.read(path(town))


def test_what_is_ruled_out_can_be_taken_out_and_added(town: Played[Drafted]) -> None:
    place = "non_purpose BENEFITS_SANCTION"
    now = save(town, place, {"text": "x", "remove": "true"})
    assert "BENEFITS_SANCTION" not in {term.code for term in now.non_purposes}
    page = town.visitor("GPR").read(path(town))
    assert "Toevoegen" in page
    now = save(town, place, {"text": "Toch niet."})
    assert "Toch niet." in {term.text for term in now.non_purposes}


def test_a_purpose_is_never_left_without_words(town: Played[Drafted]) -> None:
    answer = town.visitor("GPR").post(
        path(town, "/change"), posted(town, "purpose youth HELP", text="")
    )
    assert answer.status_code == 422
    assert edits_of(town.made.draft, most=2) == []


def test_whom_a_track_is_for_is_changed(town: Played[Drafted]) -> None:
    typed: Typed = {
        "age_from": "14",
        "age_until": "20",
        "target_group": "Jongeren uit deze gemeente.",
        "exclusions": ["RADICALISATION", "UNDER_12"],
    }
    (term,) = save(town, "track youth", typed).track_terms
    assert (term.age_from, term.age_until) == (14, 20)
    assert [str(code) for code in term.exclusions] == ["UNDER_12", "RADICALISATION"]


def test_the_bases_of_a_partner_are_chosen_purpose_by_purpose(town: Played[Drafted]) -> None:
    visitor = town.visitor("GPR")
    page = visitor.read(path(town, "/change?place=basis%20youth%20LPR"))
    assert page.count('name="bases.') == 3 * 3
    basis = "AVG_6_1_e + RMC"
    rows: dict[str, str] = {}
    for number, purpose in enumerate(document(town).purposes(Track.YOUTH)):
        rows[f"bases.{number}.purpose"] = purpose
        rows[f"bases.{number}.provide"] = basis
        rows[f"bases.{number}.receive"] = basis
    found = save(town, "basis youth LPR", rows).legal_bases[Track.YOUTH][Partner.LPR]
    assert {str(one) for one in found.provide.values()} == {basis}
    assert str(found.receive[Purpose.HELP]) == basis
    wrong = {**rows, "bases.0.provide": "TOEVAL"}
    answer = visitor.post(path(town, "/change"), {**posted(town, "basis youth LPR"), **wrong})
    assert answer.status_code == 422
    assert "Kies uit de lijst." in answer.text


def test_how_long_something_is_kept_is_changed_and_added(town: Played[Drafted]) -> None:
    typed = {"count": "2", "unit": "Y", "text": "Twee jaar na sluiting.", "basis": "AVG 5(1)(e)"}
    kept = {
        term.object: term for term in save(town, "retention case_after_closing", typed).retention
    }
    assert kept["case_after_closing"].term.text == "P2Y"  # type: ignore[index]
    page = town.visitor("GPR").read(path(town, "/change?place=retention%20case_after_closing"))
    assert 'value="2"' in page


@pytest.mark.parametrize(
    "place",
    [
        "cell youth POL D05",
        "header derived_from",
        "phase F9",
        "track money_mule",
        "x",
        "",
        "purpose youth PREVENTION",
        "basis money_mule LPR",
    ],
)
def test_what_is_no_term_has_no_form(town: Played[Drafted], place: str) -> None:
    visitor = town.visitor("GPR")
    assert visitor.get(path(town, f"/change?place={place}")).status_code == 404
    assert visitor.post(path(town, "/change"), {"place": place}).status_code == 404


def test_who_does_not_draft_reads_terms_and_changes_none(town: Played[Drafted]) -> None:
    officer = town.visitor("GPR", "Officer")
    assert "/terms/change" not in officer.read(path(town))
    assert officer.get(path(town, "/change?place=phase%20F2")).status_code == 403
    answer = officer.post(path(town, "/change"), posted(town, "phase F2", text="x"))
    assert answer.status_code == 403


def test_past_its_draft_the_terms_are_fixed_and_nothing_typed_is_lost(
    town: Played[Drafted],
) -> None:
    typed = posted(town, "phase F2", text="Mijn eigen woorden.")
    set_state(town.made.draft, AgreementState.SIGNING)
    answer = town.visitor("GPR").post(path(town, "/change"), typed)
    assert answer.status_code == 409
    assert "Maak een nieuwe versie." in answer.text
    assert "Mijn eigen woorden." in answer.text


def test_two_drafters_on_one_term_lose_nothing(town: Played[Drafted]) -> None:
    mine = posted(town, "phase F2", text="Mijn woorden.")
    save(town, "phase F2", {"text": "Andere woorden."})
    answer = town.visitor("GPR", "Lawyer").post(path(town, "/change"), mine)
    assert answer.status_code == 409
    assert "Mijn woorden." in answer.text
    assert mark_at(document(town), "phase F2") in answer.text


def test_a_place_that_is_no_term_is_filled_in_nowhere() -> None:
    assert form_of(read_place("cell youth POL D05")) is None
    assert form_of(read_place("header derived_from")) is None


def test_the_terms_cost_the_same_whatever_they_say(town: Played[Drafted]) -> None:
    visitor = town.visitor("GPR")
    visitor.read(path(town))
    with counted(town.app) as few:
        visitor.read(path(town))
    save(town, "party SLH", {**PARTY, "parties.0.name": "Slachtofferhulp"})
    with counted(town.app) as many:
        visitor.read(path(town))
    assert many == few
    assert sum(few.values()) <= 8


def test_a_retention_term_is_taken_out_but_never_that_of_a_closed_case(
    town: Played[Drafted],
) -> None:
    typed = {"count": "1", "unit": "Y", "text": "x", "basis": "y", "remove": "true"}
    kept = {term.object for term in save(town, "retention audit_log", typed).retention}
    assert "audit_log" not in kept
    visitor = town.visitor("GPR")
    page = visitor.read(path(town, "/change?place=retention%20release_records"))
    assert 'name="remove"' in page
    closed = "retention case_after_closing"
    assert 'name="remove"' not in visitor.read(path(town, f"/change?place={closed}"))
    answer = visitor.post(path(town, "/change"), {**posted(town, closed), **typed})
    assert answer.status_code == 422


def test_two_drafters_on_one_term_see_what_the_other_wrote(town: Played[Drafted]) -> None:
    mine = posted(town, "phase F2", text="Mijn woorden.")
    town.visitor("GPR", "Lawyer").do(
        path(town, "/change"), posted(town, "phase F2", text="Haar woorden.")
    )
    answer = town.visitor("GPR").post(path(town, "/change"), mine)
    assert answer.status_code == 409
    assert "Lawyer GPR wijzigde dit op" in answer.text
    assert "Haar woorden." in answer.text
    assert "Mijn woorden." in answer.text
