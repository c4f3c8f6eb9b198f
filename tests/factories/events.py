"""What ends somebody's access, each through the service that ends it in life."""

from collections.abc import Callable

from auth.service import INSTALLATION
from auth.service.people import block_person, end_membership
from config import clock
from config.database import db, transaction
from pga.agreements import queries as agreements
from pga.agreements import service as agreement_service
from pga.agreements.models import Agreement, AgreementState
from pga.cases import queries as cases
from pga.dossier.service import people
from pga.sharing import queries
from pga.sharing.service import releases
from tests.factories.scene import INSTALLATION as HOST
from tests.factories.scene import Scene

Event = Callable[[Scene, bytes, str], None]


def release_withdrawn(scene: Scene, case_id: bytes, partner: str) -> None:
    """The youth withdraws every release, at the attendance officer's."""
    _ = partner
    for row in queries.releases_of(case_id):
        releases.withdraw(scene.desk("LPR", case_id), row.id)


def role_ended(scene: Scene, case_id: bytes, partner: str) -> None:
    """The employer ends the role."""
    _ = case_id
    end_membership(INSTALLATION, scene.who(partner).membership_id)


def account_blocked(scene: Scene, case_id: bytes, partner: str) -> None:
    """The account is blocked, which ends its sessions."""
    _ = case_id
    block_person(INSTALLATION, scene.who(partner).person_id)


def task_ended(scene: Scene, case_id: bytes, partner: str) -> None:
    """The process lead, who named this person in the case, ends the task."""
    desk = scene.desk("GPR", case_id)
    mine = next(p for p in desk.facts.participants if p.partner == partner)
    people.end_task(desk, mine.id)


def agreement_ended(scene: Scene, case_id: bytes, partner: str) -> None:
    """The municipality terminates the agreement."""
    _ = partner
    agreement = scene.desk("GCR", case_id).facts.agreement
    agreement_service.end(agreement, AgreementState.TERMINATED, HOST)


def agreement_runs_out(scene: Scene, case_id: bytes, partner: str) -> None:
    """This is the last day of the agreement."""
    _ = partner, scene
    agreement_id = cases.cases_by_id([case_id])[case_id].agreement_id
    with transaction():
        db.session.get_one(Agreement, agreement_id).valid_until = clock.today()


def party_leaves(scene: Scene, case_id: bytes, partner: str) -> None:
    """A party leaves the agreement today."""
    desk = scene.desk("GPR", case_id)
    agreement = desk.facts.agreement
    parties = agreements.parties_of([agreement.id])[agreement.id]
    party = next(party for party in parties if party.partner == partner)
    agreement_service.leave(party, agreement, desk.today, HOST)
