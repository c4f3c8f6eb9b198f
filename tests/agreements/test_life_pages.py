"""The pages on which an agreement comes into force, and what a refusal leaves of what was typed."""

import re
from io import BytesIO

import pytest

from auth import passwords
from auth.models import Person
from config.database import db, settings, transaction
from pga.agreements import queries
from pga.agreements.models import Agreement, AgreementState
from pga.agreements.service.standing import see
from tests.agreements.drafts import LAWYER, LEAD, POLICE, Who, set_state
from tests.agreements.lives import (
    CHIEF,
    MAYOR,
    SECOND,
    Lived,
    fresh,
    in_check,
    in_signing,
    made,
    party,
    sign,
    signed,
    statement,
)
from tests.auth.world import PASSWORD
from tests.factories.browserless import Visitor
from tests.factories.fixtures import Play
from tests.factories.snapshots import Played
from tests.factories.work import counted


def visitor(town: Played[Lived], who: Who) -> Visitor:
    return town.visitor(who[0], who[1])


def path(town: Played[Lived], rest: str = "") -> str:
    return f"/agreements/{town.made.draft.hex()}{rest}"


def with_password(town: Played[Lived], who: Who) -> None:
    """Give somebody a password to prove themselves with."""
    with transaction():
        person = db.session.get_one(Person, town.scene.who(*who).person_id)
        person.password_hash = passwords.hash_password(PASSWORD, person.id, settings().argon2)


def refused_fields(page: str) -> set[str]:
    """Name the fields beside which a page says what is wrong."""
    return set(re.findall(r'id="f-([a-z_]+)-error"', page))


def stated(town: Played[Lived], partner: str = "GPR", **more: str) -> dict[str, str]:
    said = statement(town.made.draft, partner)
    return {
        "seen": said.seen,
        "capacity": said.capacity,
        "function": "mayor of the town",
        "password": PASSWORD,
        **more,
    }


def test_who_may_decide_over_living_cases_finds_the_way_from_the_agreements(play: Play) -> None:
    town = play(made)
    for who in (LEAD, LAWYER, CHIEF):
        here = visitor(town, who)
        for page in ("/agreements", f"/agreements/{town.made.running.hex()}"):
            assert 'href="/changeover"' in here.read(page)
        assert 'href="/agreements" aria-current="page"' in here.read("/changeover")
    police = visitor(town, POLICE)
    for page in ("/agreements", f"/agreements/{town.made.running.hex()}"):
        assert 'href="/changeover"' not in police.read(page)
    assert police.get("/changeover").status_code == 403


def test_the_overview_parts_what_holds_from_what_is_made(play: Play) -> None:
    town = play(made)
    page = visitor(town, LEAD).read("/agreements")
    assert "Van kracht" in page
    assert "In de maak" in page
    assert "Regionale modellen" in page
    others = visitor(town, POLICE).read("/agreements")
    assert "In de maak" not in others
    assert "Regionale modellen" not in others


def test_a_version_shows_everything_its_next_step_waits_for(play: Play) -> None:
    town = play(in_signing)
    page = visitor(town, SECOND).read(path(town))
    assert "Volgende stap: In werking brengen" in page
    assert "Iedereen die niet kan ontbreken, heeft getekend" in page
    assert "hier niet verplicht" in page
    assert "nog niet getekend" in page
    assert "Geen cel overschrijdt een wettelijke grens" in page


def test_a_step_that_waits_is_refused_and_keeps_what_was_typed(play: Play) -> None:
    town = play(in_check)
    answer = visitor(town, LEAD).post(
        path(town, "/steps/record_dpia"), {"reference": "DPIA 9", "remark": "go on"}
    )
    assert answer.status_code == 422
    assert 'value="DPIA 9"' in answer.text
    assert "go on</textarea>" in answer.text
    assert refused_fields(answer.text) == {"decided_on", "outcome"}
    waits = visitor(town, LEAD).post(path(town, "/steps/activate"))
    assert waits.status_code == 409
    assert "Iemand anders wijzigde" in waits.text


def test_steps_are_taken_by_form(play: Play) -> None:
    town = play(made)
    lead = visitor(town, LEAD)
    lead.do(path(town, "/steps/to_legal_check"))
    assert "Een jurist toetst elke bepaling" in lead.read(path(town, "/steps/to_legal_check"))
    lead.do(
        path(town, "/steps/record_dpia"),
        {
            "reference": "DPIA 9",
            "decided_on": "2026-11-01",
            "outcome": "low",
            "remark": "advice: go on",
        },
    )
    page = lead.read(path(town))
    assert "advice: go on" in page
    assert fresh(town.made.draft).state == AgreementState.DPIA_DONE


def test_a_step_there_is_none_of_is_not_there_and_one_of_others_is_closed(play: Play) -> None:
    town = play(signed)
    assert visitor(town, LEAD).get(path(town, "/steps/fly")).status_code == 404
    assert visitor(town, LEAD).get(path(town, "/steps/propose_model")).status_code == 404
    assert visitor(town, POLICE).get(path(town, "/steps/activate")).status_code == 403
    assert visitor(town, POLICE).post(path(town, "/steps/activate")).status_code == 403


def test_a_lawyer_confirms_and_objects_on_the_page_of_clauses(play: Play) -> None:
    town = play(in_check)
    lawyer = visitor(town, LAWYER)
    one, other = (clause.hash for clause in see(fresh(town.made.draft)).clauses[:2])
    lawyer.do(path(town, "/legal-check/confirm"), {"clauses": [one]})
    lawyer.do(path(town, "/legal-check/object"), {"clause": other, "remark": "Another article."})
    page = lawyer.read(path(town, "/legal-check"))
    assert "Another article." in page
    assert "1 bezwaar" in page
    nothing = lawyer.post(path(town, "/legal-check/confirm"))
    assert nothing.status_code == 422
    stale = lawyer.post(path(town, "/legal-check/confirm"), {"clauses": ["0" * 64]})
    assert stale.status_code == 409
    assert visitor(town, LEAD).post(path(town, "/legal-check/confirm")).status_code == 403


def test_an_organisation_is_named_and_left_out_again(play: Play) -> None:
    town = play(in_check)
    lead = visitor(town, LEAD)
    organisation = town.scene.organisation("SCH").hex()
    lead.do(path(town, "/signers"), {"partner": "SCH", "organisation": organisation})
    named = party(town.made.draft, "SCH").id.hex()
    wrong = lead.post(path(town, "/signers"), {"partner": "POL", "organisation": organisation})
    assert wrong.status_code == 422
    lead.do(path(town, f"/signers/{named}/drop"))
    assert queries.parties_of([town.made.draft])[town.made.draft] == []


def test_a_signatory_signs_by_form_and_reads_what_was_proven(play: Play) -> None:
    town = play(in_signing)
    with_password(town, MAYOR)
    mayor = visitor(town, MAYOR)
    form = path(town, f"/sign/{party(town.made.draft, 'GPR').id.hex()}")
    assert "geen handtekening op een niveau van eIDAS" in mayor.read(form)
    mayor.do(form, stated(town))
    page = mayor.read(path(town))
    assert "mayor of the town" in page
    assert "alleen het wachtwoord" in page


def test_a_wrong_password_signs_nothing_and_keeps_the_rest(play: Play) -> None:
    town = play(in_signing)
    with_password(town, MAYOR)
    form = path(town, f"/sign/{party(town.made.draft, 'GPR').id.hex()}")
    answer = visitor(town, MAYOR).post(form, stated(town, password="wrong password"))
    assert answer.status_code == 422
    assert "mayor of the town" in answer.text
    assert "wrong password" not in answer.text
    assert queries.signatures_of(town.made.draft) == []


def test_a_wrong_signer_reads_who_does_sign_and_loses_nothing(play: Play) -> None:
    town = play(in_signing)
    form = path(town, f"/sign/{party(town.made.draft, 'POL').id.hex()}")
    mayor = visitor(town, MAYOR)
    shown = mayor.get(form)
    assert shown.status_code == 403
    assert "Chief POL" in shown.text
    answer = mayor.post(form, stated(town, "POL"))
    assert answer.status_code == 403
    assert "U tekent niet voor deze partij" in answer.text
    assert "mayor of the town" in answer.text


def test_a_signature_without_its_mandate_is_told_field_by_field(play: Play) -> None:
    town = play(in_signing)
    form = path(town, f"/sign/{party(town.made.draft, 'GPR').id.hex()}")
    answer = visitor(town, MAYOR).post(form, stated(town, capacity="mandate"))
    assert answer.status_code == 422
    assert refused_fields(answer.text) == {"mandate_number", "mandate_scope", "mandate_on"}
    assert "mayor of the town" in answer.text


def test_a_text_that_changed_is_told_and_what_was_typed_is_kept(play: Play) -> None:
    town = play(in_signing)
    form = path(town, f"/sign/{party(town.made.draft, 'GPR').id.hex()}")
    answer = visitor(town, MAYOR).post(form, stated(town, seen="0" * 64))
    assert answer.status_code == 409
    assert "De tekst is gewijzigd" in answer.text
    assert "mayor of the town" in answer.text


def test_who_signed_does_not_sign_again(play: Play) -> None:
    town = play(signed)
    form = path(town, f"/sign/{party(town.made.draft, 'POL').id.hex()}")
    assert visitor(town, CHIEF).post(form, stated(town, "POL")).status_code == 409


def test_a_paper_is_uploaded_and_given_back(play: Play) -> None:
    town = play(in_signing)
    with_password(town, LEAD)
    lead = visitor(town, LEAD)
    police = party(town.made.draft, "POL").id.hex()
    form = path(town, f"/paper/{police}")
    filled = stated(town, "POL", name="R. Chief", signed_on="2026-11-01")
    bare = lead.post(form, filled)
    assert bare.status_code == 422
    assert "Kies een bestand." in bare.text
    content = b"%PDF-1.7 signed by hand"
    sent = {**filled, "csrf_token": lead.token, "scan": (BytesIO(content), "scan.pdf")}
    answer = lead._alone(
        lambda: lead.client.post(
            form,
            data=sent,
            headers={"Sec-Fetch-Site": "same-origin"},
            content_type="multipart/form-data",
        )
    )
    assert answer.status_code == 303, refused_fields(answer.text)
    (signature,) = queries.signatures_of(town.made.draft)
    assert signature.paper_id is not None
    given = lead.get(path(town, f"/paper/{police}/{signature.paper_id.hex()}"))
    assert given.data == content
    assert visitor(town, POLICE).get(form).status_code == 403
    assert (
        visitor(town, POLICE)
        .get(path(town, f"/paper/{police}/{signature.paper_id.hex()}"))
        .status_code
        == 404
    )


def test_before_the_end_the_page_warns(play: Play) -> None:
    town = play(made)
    with transaction():
        row = db.session.get_one(Agreement, town.made.running)
        row.valid_until = row.valid_from.replace(year=2026, month=12, day=20)
    lead = visitor(town, LEAD)
    assert "Loopt binnen drie maanden af" in lead.read(f"/agreements/{town.made.running.hex()}")
    assert "Loopt binnen drie maanden af" in lead.read("/agreements")


@pytest.mark.parametrize("rest", ["", "/legal-check", "/signers", "/steps/activate"])
def test_a_page_costs_the_same_whoever_signed(play: Play, rest: str) -> None:
    town = play(in_signing)
    lead = visitor(town, LEAD)

    def cost() -> int:
        lead.read(path(town, rest))
        with counted(town.app) as statements:
            lead.read(path(town, rest))
        return sum(statements.values())

    before = cost()
    for partner, who in (("GPR", MAYOR), ("GCR", MAYOR), ("POL", CHIEF)):
        sign(town.scene, who, town.made.draft, partner)
    assert cost() == before
    assert before <= 14


def test_outside_its_municipality_no_page_of_it_is_there(play: Play) -> None:
    town = play(in_signing)
    with transaction():
        db.session.get_one(Agreement, town.made.draft).municipality = "GM0400"
    for rest in ("", "/legal-check", "/signers", "/pdf", "/steps/activate"):
        assert visitor(town, LEAD).get(path(town, rest)).status_code == 404


def test_a_suspended_version_says_so(play: Play) -> None:
    town = play(made)
    set_state(town.made.running, AgreementState.SUSPENDED)
    page = visitor(town, LEAD).read(f"/agreements/{town.made.running.hex()}")
    assert "Opgeschort" in page
    assert "Weer in werking brengen" in page
