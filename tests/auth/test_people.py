"""Accounts and roles: within one's own reach, never one's own, each an entry."""

from datetime import date, timedelta

import pytest

from audit.entries import Action
from auth import queries, service
from auth.errors import NameInUseError, OutsideReachError, OwnAccountError
from auth.rules import Domain, PersonStatus, Role, Seat
from auth.service import INSTALLATION, Appointment, Authority
from config.clock import FrozenClock
from config.errors import ConflictError, InvalidInputError, NotFoundError, StoreUnavailableError
from config.ids import new_id
from tests.auth.log import break_log, entries_of
from tests.auth.world import ADDRESS, NEXT_TOWN, PASSWORD, World, code_of

TODAY = date(2026, 11, 2)


def at(seat: Seat, until: date | None = None) -> Appointment:
    return Appointment(seat, TODAY, until)


def changes(world: World) -> list[str]:
    return [str(one.facts["change"]) for one in entries_of(world.app, Action.ROLE_CHANGE)]


def create(world: World, by: Authority, seat: Seat, name: str = "nieuw@duinstede.example") -> bytes:
    _ = world
    return service.create_person(
        by, name="Nieuwe Collega", sign_in_name=name, appointment=at(seat)
    ).person_id


def test_an_administrator_opens_an_account_inside_the_own_organisation(world: World) -> None:
    admin = world.person(world.seat(Role.ORG_ADMIN, world.police))
    with world.app.app_context():
        by = world.authority(admin)
        created = service.create_person(
            by,
            name=" Nieuwe Collega ",
            sign_in_name=" Nieuw@Duinstede.example ",
            appointment=at(world.seat(Role.PROFESSIONAL, world.police)),
        )
        with pytest.raises(OutsideReachError):
            create(world, by, world.seat(Role.PROFESSIONAL), "ander@duinstede.example")
        person = queries.people_by_id([created.person_id])[created.person_id]
        assert (person.name, person.sign_in_name) == ("Nieuwe Collega", "nieuw@duinstede.example")
        assert person.status is PersonStatus.PENDING
    entry = entries_of(world.app, Action.ROLE_CHANGE)[-1]
    assert entry.facts["change"] == "account-created"
    assert entry.object == created.person_id.hex()
    assert entry.actor.person == admin.id.hex()
    assert entry.actor.organisation == world.police.hex()
    assert entry.actor.role == "org_admin"
    assert entry.facts["role"] == "professional"
    assert "Collega" not in str(entry)
    assert created.temporary_password not in str(entry)


def test_a_process_lead_stays_inside_the_own_municipality(world: World) -> None:
    lead = world.person(world.seat(Role.PROCESS_LEAD))
    with world.app.app_context():
        by = world.authority(lead)
        create(world, by, world.seat(Role.ORG_ADMIN, world.police))
        with pytest.raises(OutsideReachError):
            create(world, by, world.seat(Role.PROFESSIONAL, municipality=NEXT_TOWN), "b@c.example")
        with pytest.raises(OutsideReachError):
            create(world, by, world.seat(Role.DPO), "d@e.example")


@pytest.mark.parametrize("role", [Role.PROFESSIONAL, Role.CASE_MANAGER, Role.DPO])
def test_others_give_nothing(world: World, role: Role) -> None:
    someone = world.person(world.seat(role))
    with world.app.app_context(), pytest.raises(OutsideReachError):
        create(world, world.authority(someone), world.seat(Role.PROFESSIONAL))


def test_a_sign_in_name_belongs_to_one_account(world: World) -> None:
    known = world.person()
    with world.app.app_context(), pytest.raises(NameInUseError):
        create(world, INSTALLATION, world.seat(Role.PROFESSIONAL), known.sign_in_name.upper())


def test_of_two_administrators_at_the_same_moment_one_opens_the_account(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = world.person()

    def not_yet(_: str) -> None:
        """Look before the other one committed."""

    monkeypatch.setattr(queries, "person_by_sign_in_name", not_yet)
    with world.app.app_context(), pytest.raises(NameInUseError):
        create(world, INSTALLATION, world.seat(Role.PROFESSIONAL), known.sign_in_name)


@pytest.mark.parametrize(("name", "sign_in_name"), [(" ", "a@b.example"), ("A", " ")])
def test_an_account_has_a_name_and_a_sign_in_name(
    world: World, name: str, sign_in_name: str
) -> None:
    with world.app.app_context(), pytest.raises(InvalidInputError):
        service.create_person(
            INSTALLATION,
            name=name,
            sign_in_name=sign_in_name,
            appointment=at(world.seat(Role.PROFESSIONAL)),
        )


def test_a_role_fits_its_organisation(world: World) -> None:
    with world.app.app_context():
        wrong = {
            "organisation": Seat(new_id(), "GM0001", "GPR", Role.PROFESSIONAL),
            "partner": Seat(world.town, "GM0001", "POL", Role.PROFESSIONAL),
            "role": Seat(world.police, "GM0001", "POL", Role.PROCESS_LEAD),
        }
        for field, seat in wrong.items():
            with pytest.raises(InvalidInputError) as refused:
                create(world, INSTALLATION, seat)
            assert set(refused.value.fields) == {field}


def test_a_role_does_not_end_before_it_begins(world: World) -> None:
    known = world.person()
    with world.app.app_context(), pytest.raises(InvalidInputError):
        service.add_membership(
            INSTALLATION,
            known.id,
            at(world.seat(Role.DPO), until=TODAY - timedelta(days=1)),
        )


def test_the_same_role_is_given_once_for_the_same_days(world: World) -> None:
    known = world.person(world.seat(Role.DPO))
    seat = world.seat(Role.CASE_MANAGER)
    with world.app.app_context():
        first = at(seat, until=date(2026, 11, 30))
        service.add_membership(INSTALLATION, known.id, first)
        with pytest.raises(InvalidInputError):
            service.add_membership(INSTALLATION, known.id, at(seat))
        later = Appointment(seat, date(2026, 12, 1))
        service.add_membership(INSTALLATION, known.id, later)
        before = Appointment(seat, date(2026, 10, 1), date(2026, 11, 1))
        service.add_membership(INSTALLATION, known.id, before)
        assert len(world.memberships(known)) == 4


def test_an_ended_role_can_be_given_again(world: World) -> None:
    known = world.person(world.seat(Role.DPO))
    with world.app.app_context():
        (membership,) = world.memberships(known)
        service.end_membership(INSTALLATION, membership.id)
        service.end_membership(INSTALLATION, membership.id)
        service.add_membership(INSTALLATION, known.id, at(world.seat(Role.DPO)))
    assert changes(world)[-2:] == ["role-ended", "role-given"]


def test_whoever_is_not_there_gets_no_role_and_loses_none(world: World) -> None:
    with world.app.app_context():
        with pytest.raises(NotFoundError):
            service.add_membership(INSTALLATION, new_id(), at(world.seat(Role.DPO)))
        with pytest.raises(NotFoundError):
            service.end_membership(INSTALLATION, new_id())
        with pytest.raises(NotFoundError):
            service.block_person(INSTALLATION, new_id())


def test_nobody_changes_their_own_account(world: World) -> None:
    lead = world.person(world.seat(Role.PROCESS_LEAD), world.seat(Role.ORG_ADMIN))
    with world.app.app_context():
        by = world.authority(lead)
        (membership, *_) = world.memberships(lead)
        for act in (
            lambda: service.add_membership(by, lead.id, at(world.seat(Role.CASE_MANAGER))),
            lambda: service.end_membership(by, membership.id),
            lambda: service.block_person(by, lead.id),
            lambda: service.unblock_person(by, lead.id),
            lambda: service.reset_sign_in(by, lead.id),
        ):
            with pytest.raises(OwnAccountError):
                act()


def test_a_role_out_of_reach_is_not_ended(world: World) -> None:
    lead = world.person(world.seat(Role.PROCESS_LEAD))
    watcher = world.person(world.seat(Role.PRIVACY_OFFICER))
    far = world.person(world.seat(Role.PROFESSIONAL, municipality=NEXT_TOWN))
    with world.app.app_context():
        for known in (watcher, far):
            (membership,) = world.memberships(known)
            with pytest.raises(OutsideReachError):
                service.end_membership(world.authority(lead), membership.id)


def test_an_account_with_a_role_elsewhere_is_not_blocked_or_reset(world: World) -> None:
    admin = world.person(world.seat(Role.ORG_ADMIN))
    both = world.person(
        world.seat(Role.PROFESSIONAL), world.seat(Role.PROFESSIONAL, municipality=NEXT_TOWN)
    )
    with world.app.app_context():
        by = world.authority(admin)
        for act in (service.block_person, service.unblock_person, service.reset_sign_in):
            with pytest.raises(OutsideReachError):
                act(by, both.id)


def test_after_the_last_role_ended_the_earlier_ones_decide_who_may_unblock(world: World) -> None:
    admin = world.person(world.seat(Role.ORG_ADMIN))
    known = world.person(world.seat(Role.PROFESSIONAL))
    with world.app.app_context():
        by = world.authority(admin)
        service.block_person(by, known.id)
        service.block_person(by, known.id)
        (membership,) = world.memberships(known)
        service.end_membership(by, membership.id)
        service.unblock_person(by, known.id)
        assert world.read(known).status is PersonStatus.ACTIVE
        with pytest.raises(ConflictError):
            service.unblock_person(by, known.id)
    assert changes(world)[-3:] == ["account-blocked", "role-ended", "account-unblocked"]


def test_whoever_still_had_a_temporary_password_must_still_replace_it(world: World) -> None:
    known, _ = world.pending(world.seat(Role.PROFESSIONAL))
    with world.app.app_context():
        service.block_person(INSTALLATION, known.id)
        with pytest.raises(ConflictError):
            service.reset_sign_in(INSTALLATION, known.id)
        service.unblock_person(INSTALLATION, known.id)
        assert world.read(known).status is PersonStatus.PENDING


def test_a_reset_drops_the_second_factor_and_every_session(
    world: World, clock: FrozenClock
) -> None:
    known = world.person()
    secret = world.enrol(known)
    clock.advance(timedelta(minutes=1))
    browser = world.signed_in(known)
    browser.post("/sign-in/code", {"code": code_of(secret)})
    with world.app.app_context():
        temporary = service.reset_sign_in(INSTALLATION, known.id)
        assert not world.read(known).is_enrolled
    assert browser.get("/desk").status_code == 303
    assert world.browser().sign_in(known.sign_in_name, PASSWORD).status_code == 422
    assert world.browser().sign_in(known.sign_in_name, temporary).status_code == 303
    assert changes(world)[-1] == "sign-in-reset"


def test_without_an_entry_nothing_changes(world: World) -> None:
    known = world.person()
    with world.app.app_context():
        (membership,) = world.memberships(known)
        membership_id = membership.id
    break_log(world.app)
    with world.app.app_context():
        for act in (
            lambda: service.block_person(INSTALLATION, known.id),
            lambda: service.reset_sign_in(INSTALLATION, known.id),
            lambda: service.end_membership(INSTALLATION, membership_id),
            lambda: service.add_membership(INSTALLATION, known.id, at(world.seat(Role.DPO))),
            lambda: create(world, INSTALLATION, world.seat(Role.DPO)),
            lambda: service.create_organisation(
                name="Halt Duinstede", partners=("HLT",), domain=Domain.SOCIAL
            ),
        ):
            with pytest.raises(StoreUnavailableError):
                act()
        assert world.read(known).status is PersonStatus.ACTIVE
        assert len(world.memberships(known)) == 1
        assert queries.organisation_by_name("Halt Duinstede") is None
    assert world.browser().sign_in(known.sign_in_name).status_code == 503


@pytest.mark.parametrize(
    ("name", "partners", "field"),
    [
        (" ", ("HLT",), "name"),
        ("Gemeente Duinstede", ("HLT",), "name"),
        ("Halt", (), "partners"),
        ("Halt", ("halt",), "partners"),
    ],
)
def test_an_organisation_has_its_own_name_and_partner_codes(
    world: World, name: str, partners: tuple[str, ...], field: str
) -> None:
    with world.app.app_context(), pytest.raises(InvalidInputError) as refused:
        service.create_organisation(name=name, partners=partners, domain=Domain.SOCIAL)
    assert set(refused.value.fields) == {field}


def test_an_installation_signs_its_own_acts(world: World) -> None:
    entry = entries_of(world.app, Action.ROLE_CHANGE)[0]
    assert entry.facts["change"] == "organisation-created"
    assert entry.actor.role == "installation"
    assert entry.actor.person == ""


def test_the_log_never_holds_the_address_of_the_sign_in(world: World) -> None:
    known = world.person()
    with world.app.app_context():
        service.sign_in(known.sign_in_name, PASSWORD, access_point=ADDRESS)
    assert known.sign_in_name not in str(entries_of(world.app))
