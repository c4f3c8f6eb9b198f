"""The region once it was played: every phase, a log that holds, and cases that open."""

from collections import Counter
from datetime import timedelta
from io import BytesIO

import pytest
from pypdf import PdfReader
from sqlalchemy import select

from audit import gate
from audit.entries import Action, Kind
from audit.models import audit_index
from audit.verify import State, verify
from auth import queries as accounts
from auth import service as auth
from auth.models import Membership, Organisation, Person
from config import clock
from config.database import db, stores
from config.keys import kek
from pga.agreements import queries as agreements
from pga.agreements.models import Agreement, AgreementState
from pga.agreements.rules import Step
from pga.agreements.service.desk import Colleague, sit_down
from pga.agreements.service.papers import open_scan
from pga.cases import queries as cases
from pga.cases.models import Case, WorkTask
from pga.cases.rules import PHASE_OF, CaseState, WorkKind
from pga.demo import service
from pga.demo.accounts import ACCOUNTS, PASSWORD, sign_in_name
from pga.oversight.service.agreement_check import check_agreements
from pga.sharing.service.disclose import Look, disclose_one
from pga.sharing.service.seats import Place, Viewer
from tests.conftest import MONDAY_MORNING
from tests.demo.conftest import Loaded


def viewer_of(person: str) -> Viewer:
    found = accounts.person_by_sign_in_name(sign_in_name(person))
    assert found is not None
    places = tuple(
        Place(m.id, m.organisation_id, m.municipality, m.partner, m.role)
        for m in accounts.live_memberships(found.id, clock.today())
    )
    return Viewer(found.id, "5e55", "password", places)


@pytest.mark.usefixtures("loaded")
def test_every_phase_and_both_tracks_are_in_the_region() -> None:
    rows = db.session.scalars(select(Case)).all()
    assert {PHASE_OF[CaseState(row.state)] for row in rows} == {"F0", "F1", "F2", "F3", "F4", "F5"}
    assert {row.track for row in rows} == {"youth", "money_mule"}


def test_every_case_stands_where_its_story_says(loaded: Loaded) -> None:
    found = Counter(db.session.scalars(select(Case.state)))
    assert found == Counter(youth.state for youth in loaded.region.youths.values())


@pytest.mark.usefixtures("loaded")
def test_the_log_of_the_region_verifies() -> None:
    verdict = verify(stores().audit, kek())
    assert verdict.state is State.OK, verdict


@pytest.mark.usefixtures("loaded")
def test_the_log_carries_the_times_of_the_stories() -> None:
    with stores().audit.connect() as connection:
        times = list(connection.scalars(select(audit_index.c.ts).order_by(audit_index.c.seq)))
    assert times == sorted(times)
    assert times[0] < (MONDAY_MORNING - timedelta(days=240)).isoformat()
    assert times[-1] < MONDAY_MORNING.isoformat()


@pytest.mark.usefixtures("loaded")
def test_every_case_opens_for_its_process_lead_or_its_submitter() -> None:
    lead = viewer_of("joost")
    opened = [
        disclose_one(lead, case.id, Look(Kind.OPENED))
        for case in cases.cases_of_person(lead.person_id, clock.today())
    ]
    assert len(opened) == db.session.query(Case).count()
    assert all(one.items for one in opened if PHASE_OF[CaseState(one.facts.case.state)] != "F5")


@pytest.mark.usefixtures("loaded")
def test_what_a_school_tried_in_vain_is_in_the_log() -> None:
    peter = viewer_of("peter").person_id.hex()
    refused = select(audit_index.c.action).where(
        audit_index.c.actor == peter, audit_index.c.decision == "denied"
    )
    with stores().audit.connect() as connection:
        assert {Action.CONSULT, Action.PROVIDE} <= set(connection.scalars(refused))


@pytest.mark.usefixtures("loaded")
def test_who_read_under_a_withdrawn_release_may_not_use_it_any_more() -> None:
    told = select(WorkTask.person_id).where(WorkTask.kind == WorkKind.STOP_USING)
    assert set(db.session.scalars(told)) == {viewer_of("anouk").person_id}


@pytest.mark.usefixtures("loaded")
def test_the_agreements_are_in_force_and_every_party_is_fictional() -> None:
    states = set(db.session.scalars(select(Agreement.state)))
    assert states == {AgreementState.ACTIVE}
    organisations = db.session.scalars(select(Organisation)).all()
    assert all(row.is_fictional and "(fictief)" in row.name for row in organisations)


@pytest.mark.usefixtures("loaded")
def test_every_account_signs_in_with_the_printed_password_and_no_other_does() -> None:
    for key in ACCOUNTS:
        if accounts.person_by_sign_in_name(sign_in_name(key)) is not None:
            opened = auth.sign_in(sign_in_name(key), PASSWORD, access_point="test")
            assert opened.login.auth_level == "password"
    waiting = db.session.scalars(select(Person).where(Person.status == "pending")).all()
    assert len(waiting) == db.session.query(Person).count() - len(_accounts_here())


def _accounts_here() -> list[str]:
    return [key for key in ACCOUNTS if accounts.person_by_sign_in_name(sign_in_name(key))]


@pytest.mark.usefixtures("loaded")
def test_a_case_manager_works_where_her_memberships_are() -> None:
    ilse = viewer_of("ilse")
    assert {place.partner for place in ilse.places} == {"GCR"}
    assert db.session.query(Membership).filter_by(person_id=ilse.person_id).count() == 1


def test_progress_is_told_from_nothing_to_all(loaded: Loaded) -> None:
    assert loaded.told[0] == (0, loaded.scenes)
    assert loaded.told[-1] == (loaded.scenes, loaded.scenes)
    assert [done for done, _ in loaded.told] == sorted(done for done, _ in loaded.told)


@pytest.mark.usefixtures("loaded")
def test_a_region_is_not_loaded_over_what_is_there() -> None:
    assert service.loaded() is service.Loaded.PARTLY
    with pytest.raises(service.DemoNotEmptyError):
        service.load(print)


@pytest.mark.usefixtures("loaded")
def test_the_log_can_be_written_after_the_play() -> None:
    assert gate.gate().health().is_ok


def _versions() -> list[Agreement]:
    return list(db.session.scalars(select(Agreement).where(Agreement.municipality != "")))


@pytest.mark.usefixtures("loaded")
def test_every_agreement_went_the_whole_way_by_more_than_one_person() -> None:
    for agreement in _versions():
        steps = agreements.steps_of([agreement.id])
        assert [one.what for one in steps] == [
            *("import", Step.TO_LEGAL_CHECK, Step.RECORD_DPIA, Step.OPEN_SIGNING, Step.ACTIVATE)
        ]
        days = [clock.local_day(one.taken_at) for one in steps]
        assert days == sorted(days)
        assert days[0] < days[2] < days[3] < days[4]
        assert steps[3].person_id != steps[4].person_id
        assert steps[2].reference.startswith("DPIA ")
        assert steps[2].remark


@pytest.mark.usefixtures("loaded")
def test_every_party_signed_the_text_that_is_in_force_here_or_on_paper() -> None:
    for agreement in _versions():
        signatures = agreements.signatures_of(agreement.id)
        parties = agreements.parties_of([agreement.id])[agreement.id]
        assert {one.party_id for one in signatures} == {party.id for party in parties}
        assert {one.policy_hash for one in signatures} == {agreement.policy_hash}
        on_paper = {one.body for one in signatures if one.paper_id is not None}
        assert {"GPR", "GCR", "POL", "OM"}.isdisjoint(on_paper)
        assert "HLT" in on_paper
        assert len(agreements.papers_of(agreement.id)) == len(on_paper)


@pytest.mark.usefixtures("loaded")
def test_what_decides_in_the_region_is_what_was_entered() -> None:
    assert check_agreements() == ()


def test_the_scan_of_a_signature_on_paper_opens(loaded: Loaded) -> None:
    agreement = _versions()[0]
    paper = agreements.papers_of(agreement.id)[0]
    party = next(
        one
        for one in agreements.parties_of([agreement.id])[agreement.id]
        if one.id == paper.party_id
    )
    town = loaded.region.towns["alkmaar"]
    lead = viewer_of(town.lead)
    held = tuple(accounts.live_memberships(lead.person_id, clock.today()))
    db.session.expunge_all()  # the list of papers comes without the scans
    desk = sit_down(Colleague(lead.person_id, "5e55", "password", held), agreement.id)
    scan = open_scan(desk, party, paper.id)
    assert scan.media_type == "application/pdf"
    assert "Handtekeningblad" in PdfReader(BytesIO(scan.content)).pages[0].extract_text()
