"""A municipality in a box: parties, people and cases, made through the real services."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Final, TypedDict, Unpack

from audit.entries import Actor
from auth.models import Domain, Membership, Organisation, Person, PersonStatus
from auth.rules import Role
from auth.service import entries
from config import clock
from config.database import db, transaction
from config.ids import new_id
from pga.agreements import queries as agreements
from pga.agreements import service as agreement_service
from pga.agreements.models import Agreement
from pga.cases.rules import CaseState, ParticipantTask
from pga.dossier.rules import ItemKind, StepReason
from pga.dossier.service import people, steps
from pga.dossier.service.aftercare import Aftercare
from pga.dossier.service.contributions import NewItem, bring
from pga.dossier.service.signals import start
from pga.sharing.rules import Answer, GuardianKind, ReleaseKind
from pga.sharing.service import decisions, guardians, releases
from pga.sharing.service.changes import Desk, sit_down
from pga.sharing.service.decisions import QUESTIONS, NewDecision, NewNote
from pga.sharing.service.releases import NewRelease
from pga.sharing.service.seats import Place, Viewer
from tests.factories.paper import localise, new_signal

LIBRARY = Path("pga/agreements/library")
TOWN: Final = "GM0361"
FILES: Final = MappingProxyType({"youth": "pga-jeugd.yaml", "money_mule": "geldezel.yaml"})
AGREED: Final[Mapping[bytes | None, Answer]] = MappingProxyType({None: Answer.AGREES})
INSTALLATION = Actor(
    person="", organisation="", partner="", role="installation", session="", auth_level=""
)
FIELDS: Final = MappingProxyType(
    {
        "GPR": Domain.ADMINISTRATION,
        "POL": Domain.SECURITY,
        "GGZ": Domain.CARE,
        "JHA": Domain.CARE,
        "SCH": Domain.SOCIAL,
        "WOC": Domain.SOCIAL,
    }
)


@dataclass(frozen=True, slots=True)
class Staff:
    """Somebody who works in the scene."""

    person_id: bytes
    membership_id: bytes
    organisation_id: bytes
    partner: str
    role: str
    municipality: str = TOWN

    @property
    def place(self) -> Place:
        return Place(
            self.membership_id, self.organisation_id, self.municipality, self.partner, self.role
        )

    @property
    def viewer(self) -> Viewer:
        return Viewer(self.person_id, "5e55", "password", (self.place,))


class Terms(TypedDict, total=False):
    """What a release may say otherwise than usual; `days` is how long it runs."""

    kind: ReleaseKind
    days: int
    answers: Mapping[bytes | None, Answer]
    reasons: Mapping[str, str]
    purpose: str


@dataclass(slots=True)
class Scene:
    """One municipality with a signed agreement; people are made when first asked for."""

    municipality: str = TOWN
    organisations: dict[str, bytes] = field(default_factory=dict)
    staff: dict[str, Staff] = field(default_factory=dict)

    def organisation(self, partner: str, name: str = "") -> bytes:
        """Give the organisation of a partner; GPR, GCR and BUR are one municipality."""
        key = name or ("GPR" if partner in {"GCR", "BUR"} else partner)
        if key not in self.organisations:
            row = Organisation(
                id=new_id(),
                name=name or f"Organisation {key} {new_id().hex()[:6]}",
                partner_codes="BUR GCR GPR" if key == "GPR" else partner,
                domain=FIELDS.get(key, Domain.CARE),
                is_fictional=True,
            )
            with transaction():
                db.session.add(row)
            self.organisations[key] = row.id
        return self.organisations[key]

    def who(self, partner: str, name: str = "", role: Role = Role.PROFESSIONAL) -> Staff:
        """Give somebody of a partner; the same person for the same name."""
        key = f"{partner}/{name}"
        if key not in self.staff:
            organisation_id = self.organisation(partner)
            person = Person(
                id=new_id(),
                name=f"{name or 'First'} {partner}",
                sign_in_name=f"{partner}-{name}-{new_id().hex()}".lower(),
                password_hash="-",
                language="nl",
                status=PersonStatus.ACTIVE,
                created_at=clock.now(),
            )
            chosen = Role.PROCESS_LEAD if partner == "GPR" and not name else role
            membership = Membership(
                id=new_id(),
                person_id=person.id,
                organisation_id=organisation_id,
                municipality=self.municipality,
                partner=partner,
                role=chosen,
                from_on=clock.today(),
            )
            person_id, membership_id = person.id, membership.id
            entered = entries.role_facts(membership)
            entries.account_changed(entries.NOBODY, person_id, entries.ACCOUNT_CREATED, entered)
            with transaction():
                db.session.add(person)
                db.session.flush()
                db.session.add(membership)
            self.staff[key] = Staff(
                person_id, membership_id, organisation_id, partner, chosen, self.municipality
            )
        return self.staff[key]

    def sign(
        self,
        track: str = "youth",
        partners: Sequence[str] = (
            *("GPR", "GCR", "POL", "OM", "HLT", "REC", "GI", "RVK", "VT", "GGD", "GGZ", "JHA"),
            *("LPR", "SCH", "JWK", "MEE", "WOC", "DJI"),
        ),
        days: int = 365,
    ) -> Agreement:
        """Sign and activate the model agreement with these partners, in force for so many days."""
        text = (LIBRARY / FILES[track]).read_text("utf-8")
        text = localise(text, self.municipality, clock.today(), days)
        agreement = agreement_service.adopt(
            text,
            [agreement_service.PartyToSign(self.organisation(p), p) for p in partners],
            INSTALLATION,
        )
        for party in agreements.parties_of([agreement.id])[agreement.id]:
            agreement_service.sign(party, agreement, "Somebody", "director", INSTALLATION)
        agreement_service.activate(agreement, INSTALLATION)
        return agreement

    def signal(
        self, by: str = "LPR", track: str = "youth", born_on: date = date(2010, 5, 1)
    ) -> bytes:
        """Start a case with a signal; the process lead gets a seat."""
        self.who("GPR")
        submitter = self.who(by)
        return start(
            submitter.viewer, submitter.place, new_signal(self.municipality, track, born_on)
        )

    def case(
        self,
        *partners: str,
        state: CaseState = CaseState.IN_PROGRESS,
        track: str = "youth",
        born_on: date = date(2010, 5, 1),
    ) -> bytes:
        """Play a case up to a state, with these partners at the table."""
        case_id = self.signal(track=track, born_on=born_on)
        if state is CaseState.SIGNAL:
            return case_id
        for target in (CaseState.ADMISSIBLE, CaseState.TRIAGE):
            steps.take(self.desk("GPR", case_id), target)
        self.join(case_id, *partners)
        if state is CaseState.TRIAGE:
            return case_id
        self.note(case_id, "GPR", "CASE", "GPR", approver="Second")
        for target in (CaseState.DECIDED, CaseState.INFORMING):
            steps.take(self.desk("GPR", case_id), target)
        steps.record_informed(self.desk("GPR", case_id), clock.today())
        steps.take(self.desk("GPR", case_id), CaseState.MEETING)
        self.join(case_id, "GCR", task=ParticipantTask.CASE_MANAGEMENT)
        steps.take(self.desk("GPR", case_id), CaseState.PLAN_DRAFT)
        if state is CaseState.PLAN_DRAFT:
            return case_id
        self.plan(case_id, track)
        steps.take(self.desk("GCR", case_id), CaseState.IN_PROGRESS)
        for target in _after_start(state):
            reason = StepReason.GOALS_REACHED
            keeps = self.aftercare("LPR") if target is CaseState.AFTERCARE else None
            steps.take(self.desk("GPR", case_id), target, reason, keeps)
        return case_id

    def aftercare(self, partner: str, days: int = 90) -> Aftercare:
        """Say that somebody of a partner keeps contact after the approach."""
        who = self.who(partner)
        until_on = clock.today() + timedelta(days=days)
        return Aftercare(who.person_id, who.organisation_id, partner, until_on)

    def plan(self, case_id: bytes, track: str = "youth") -> None:
        """Give a case a goal, the youth's view and one action."""
        plan, actions = ("D15", "D16") if track == "youth" else ("G12", "G13")
        manager = self.who("GCR")
        for kind in (ItemKind.GOAL, ItemKind.YOUTH_VIEW):
            bring(self.desk("GCR", case_id), NewItem(kind, plan, f"{kind} title", f"{kind} text"))
        bring(
            self.desk("GCR", case_id),
            NewItem(
                ItemKind.ACTION,
                actions,
                "Call the mentor",
                "",
                due_on=clock.today() + timedelta(days=7),
                responsible_person_id=manager.person_id,
            ),
        )

    def join(
        self,
        case_id: bytes,
        *partners: str,
        task: ParticipantTask = ParticipantTask.CONTRIBUTION,
        days: int = 180,
    ) -> None:
        """Name somebody of each of these partners in a case."""
        for partner in partners:
            staff = self.who(partner)
            if any(
                p.person_id == staff.person_id for p in self.desk("GPR", case_id).facts.participants
            ):
                continue
            people.name_participant(
                self.desk("GPR", case_id),
                people.NewPerson(
                    staff.person_id,
                    staff.organisation_id,
                    partner,
                    task,
                    clock.today() + timedelta(days=days),
                ),
            )

    def desk(self, partner: str, case_id: bytes, name: str = "") -> Desk:
        """Let somebody sit down at a case."""
        return sit_down(self.who(partner, name).viewer, case_id)

    def bring(
        self,
        partner: str,
        case_id: bytes,
        category: str,
        text: str = "text",
        recipients: Sequence[bytes] = (),
    ) -> bytes:
        """Let a partner bring a contribution."""
        return bring(
            self.desk(partner, case_id),
            NewItem(
                ItemKind.CONTRIBUTION,
                category,
                f"{category} of {partner}",
                text,
                recipients=recipients,
            ),
        )

    def note(
        self, case_id: bytes, partner: str, category: str, *recipients: str, approver: str = ""
    ) -> bytes:
        """Let a partner write a weighing note, perhaps approved by a colleague."""
        row = decisions.record_note(
            self.desk(partner, case_id),
            NewNote(
                category,
                [self.organisation(recipient) for recipient in recipients],
                dict.fromkeys(QUESTIONS, "because"),
                clock.today() + timedelta(days=90),
            ),
        )
        note_id = row.id
        if approver:
            self.seat(case_id, partner, approver)
            decisions.approve_note(self.desk(partner, case_id, approver), note_id)
        return note_id

    def seat(self, case_id: bytes, partner: str, name: str) -> None:
        """Let a partner name a colleague in a case."""
        colleague = self.who(partner, name)
        people.name_participant(
            self.desk(partner, case_id),
            people.NewPerson(
                colleague.person_id,
                colleague.organisation_id,
                partner,
                ParticipantTask.PROCESS,
                clock.today() + timedelta(days=90),
            ),
        )

    def decide(
        self,
        case_id: bytes,
        partner: str,
        categories: Sequence[str],
        *recipients: str,
        days: int = 60,
        article: str = "",
    ) -> bytes:
        """Let police or prosecution record a decision for this case."""
        desk = self.desk(partner, case_id)
        row = decisions.record_decision(
            desk,
            NewDecision(
                article=article or {"POL": "WPG_19", "OM": "WJSG_39F"}.get(partner, "PBW"),
                number="2026-1",
                purposes=["HELP", "ORDER", "PROTECTION", "PREVENTION"],
                categories=list(categories),
                recipients=[self.organisation(recipient) for recipient in recipients],
                authority="chief",
                valid_until=clock.today() + timedelta(days=days),
            ),
        )
        return row.id

    def release(
        self,
        case_id: bytes,
        provider: str,
        categories: Sequence[str],
        *recipients: str,
        by: str = "GCR",
        confirmed: bool = True,
        **terms: Unpack[Terms],
    ) -> bytes:
        """Record a release that the youth agreed to, confirmed by the professional or not."""
        row = releases.record_release(
            self.desk(by, case_id),
            NewRelease(
                kind=terms.get("kind", ReleaseKind.CONSENT),
                provider_organisation_id=self.organisation(provider),
                provider=provider,
                categories=list(categories),
                recipients=[self.organisation(recipient) for recipient in recipients],
                valid_until=clock.today() + timedelta(days=terms.get("days", 90)),
                way="spoken",
                language_level="B1",
                answers=terms.get("answers", AGREED),
                reasons=terms.get("reasons", {}),
                purpose=terms.get("purpose"),
            ),
        )
        release_id = row.id
        if confirmed and by != provider:
            releases.confirm(self.desk(provider, case_id), release_id)
        return release_id

    def guardian(
        self, case_id: bytes, *, institution: str = "", is_disputed: bool = False
    ) -> bytes:
        """Record who holds authority over the youth: a parent, or a guardian institution."""
        made = guardians.add_guardian(
            self.desk("GCR", case_id),
            guardians.NewGuardian(
                kind=GuardianKind.GUARDIAN if institution else GuardianKind.PARENTAL_AUTHORITY,
                name="Anna Bruin",
                source="brp",
                checked_on=clock.today(),
                organisation_id=self.organisation(institution) if institution else None,
                is_disputed=is_disputed,
            ),
        )
        return made.id


def _after_start(state: CaseState) -> tuple[CaseState, ...]:
    """Tell which steps lead from the running plan to a state."""
    return {
        CaseState.SCALED_DOWN: (CaseState.SCALED_DOWN,),
        CaseState.AFTERCARE: (CaseState.SCALED_DOWN, CaseState.AFTERCARE),
        CaseState.CLOSED: (CaseState.SCALED_DOWN, CaseState.CLOSED),
    }.get(state, ())
