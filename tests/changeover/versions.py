"""Versions and living cases for the tests of the changeover, the cases as skeletons alone."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from types import MappingProxyType

from sqlalchemy import insert

from config import clock
from config.database import db, transaction
from config.ids import new_id
from pga.agreements import queries as agreements
from pga.agreements import service as agreement_service
from pga.agreements.models import Agreement, AgreementState
from pga.cases.models import Case, Participant
from pga.cases.rules import CaseState, ParticipantTask
from pga.policy.cells import parse_cell
from pga.policy.codes import Category, Partner, Track
from pga.policy.document import dump, parse
from tests.factories.scene import INSTALLATION, Scene

Cells = Mapping[tuple[str, str], str]
WIDER: Cells = MappingProxyType({("JWK", "D04"): "X/R2", ("POL", "D12"): "X/R1"})
"""Youth work comes to see education, and police housing, each from others."""


def current(scene: Scene, track: Track = Track.YOUTH) -> Agreement:
    """Give the version in force."""
    found = agreements.in_force(scene.municipality, track, clock.today())
    assert found is not None
    return found


def rewritten(text: str, version: str, cells: Cells) -> str:
    """Write a text with some cells otherwise, under another version."""
    document = parse(text)
    track = document.tracks[0]
    matrix = {partner: dict(row) for partner, row in document.matrix[track].items()}
    for (partner, category), cell in cells.items():
        matrix.setdefault(Partner(partner), {})[Category(category)] = parse_cell(cell)
    return dump(
        replace(
            document,
            agreement=replace(document.agreement, version=version),
            matrix={**document.matrix, track: matrix},
        )
    )


def drafted(scene: Scene, cells: Cells = WIDER, version: str = "2.0") -> Agreement:
    """Draft the next version of the one in force, with some cells otherwise."""
    before = current(scene)
    text = rewritten(before.document, version, cells)
    draft = Agreement(
        id=new_id(),
        municipality=before.municipality,
        track=before.track,
        name=before.name,
        version=version,
        state=AgreementState.DRAFT,
        document=text,
        policy_hash="0" * 64,
        valid_from=before.valid_from,
        valid_until=before.valid_until,
        previous_id=before.id,
        created_at=clock.now(),
    )
    with transaction():
        db.session.add(draft)
    return draft


def signing(scene: Scene, cells: Cells = WIDER, version: str = "2.0", *gone: str) -> Agreement:
    """Bring the next version to signing; all who take part now sign it, but those left out."""
    before = current(scene)
    parties = agreements.parties_of([before.id])[before.id]
    invited = [
        agreement_service.PartyToSign(party.organisation_id, party.partner) for party in parties
    ]
    text = rewritten(before.document, version, cells)
    target = agreement_service.adopt(text, invited, INSTALLATION)
    for party in agreements.parties_of([target.id])[target.id]:
        if party.partner not in gone:
            agreement_service.sign(party, target, "Somebody", "director", INSTALLATION)
    return target


def crowd(
    scene: Scene,
    count: int,
    partners: Sequence[str] = (),
    state: CaseState = CaseState.IN_PROGRESS,
    agreement: Agreement | None = None,
) -> list[bytes]:
    """Add living cases as skeletons, in which the process lead and these partners take part."""
    under = agreement or current(scene)
    today, at = clock.today(), clock.now()
    staff = [scene.who(partner) for partner in ("GPR", *partners)]
    ids = [new_id() for _ in range(count)]
    cases = [
        {
            "id": case_id,
            "number": case_id.hex()[:12],
            "subject_id": new_id(),
            "municipality": under.municipality,
            "track": under.track,
            "agreement_id": under.id,
            "state": state,
            "purpose": "HELP",
            "submitter_organisation_id": scene.organisation("LPR"),
            "opened_at": at,
            "version": 0,
            "manifest": b"",
            "epoch": 1,
        }
        for case_id in ids
    ]
    people = [
        {
            "id": new_id(),
            "case_id": case_id,
            "person_id": one.person_id,
            "organisation_id": one.organisation_id,
            "partner": one.partner,
            "task": ParticipantTask.CONTRIBUTION,
            "purpose": "HELP",
            "from_on": today,
            "until_on": today + timedelta(days=180),
            "added_by": staff[0].person_id,
        }
        for case_id in ids
        for one in staff
    ]
    with transaction():
        db.session.execute(insert(Case), cases)
        db.session.execute(insert(Participant), people)
    return ids
