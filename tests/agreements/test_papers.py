"""Signatures on paper: recorded by name, the scan sealed, opened by few and on an entry."""

from datetime import timedelta

import pytest

from audit.entries import Action, Kind
from config import clock
from config.database import db, transaction
from config.errors import ForbiddenError, InvalidInputError, NotFoundError
from config.ids import new_id
from config.keys import KeyUnavailableError
from pga.agreements import queries
from pga.agreements.models import Party, SignedPaper
from pga.agreements.service import signing
from pga.agreements.service.papers import LARGEST, Scan, open_scan, read_scan
from pga.agreements.service.signing import OnPaper
from tests.agreements.drafts import LAWYER, LEAD, OFFICER, POLICE, Who, desk
from tests.agreements.lives import (
    CHIEF,
    MAYOR,
    SCHOOL_HEAD,
    Lived,
    in_signing,
    party,
    statement,
)
from tests.factories.fixtures import Play
from tests.factories.log import entries_of
from tests.factories.snapshots import Played

CONTENT = b"%PDF-1.7 the signature of the chief"


def on_paper(content: bytes = CONTENT, days: int = 0) -> OnPaper:
    day = clock.today() + timedelta(days=days)
    return OnPaper("R. Chief", day, read_scan(content))


def record(played: Played[Lived], who: Who = LEAD, paper: OnPaper | None = None) -> bytes:
    """Record that the police signed on paper; give the id of the scan."""
    signature = signing.record_paper(
        desk(played.scene, who, played.made.draft),
        party(played.made.draft, "POL").id,
        statement(played.made.draft, "POL"),
        paper or on_paper(),
        lambda: "totp",
    )
    assert signature.paper_id is not None
    return signature.paper_id


@pytest.fixture
def town(play: Play) -> Played[Lived]:
    return play(in_signing)


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_a_scan_is_sealed_and_opens_as_it_was(play: Play, database: str) -> None:
    played = play(in_signing, database)
    paper_id = record(played)
    row = db.session.get_one(SignedPaper, paper_id)
    assert CONTENT not in row.sealed
    assert CONTENT[5:20] not in row.sealed
    before = len(entries_of(played.app))
    found = open_scan(desk(played.scene, LEAD, played.made.draft), party_of(played), paper_id)
    assert found == Scan(CONTENT, "application/pdf")
    (entry,) = entries_of(played.app, since=before)
    assert (entry.action, entry.kind, entry.object) == (
        Action.CONSULT,
        Kind.OPENED,
        paper_id.hex(),
    )


def party_of(played: Played[Lived], partner: str = "POL") -> Party:
    return party(played.made.draft, partner)


def test_who_signed_on_paper_takes_part_from_the_day_it_is_recorded(town: Played[Lived]) -> None:
    record(town, paper=on_paper(days=-20))
    (signature,) = queries.signatures_of(town.made.draft)
    assert (signature.name, signature.paper_on) == (
        "R. Chief",
        clock.today() - timedelta(days=20),
    )
    assert signature.person_id == town.scene.who(*LEAD).person_id
    assert party_of(town).signed_on == clock.today()


@pytest.mark.parametrize("who", [CHIEF, OFFICER, MAYOR])
def test_a_paper_is_recorded_by_who_leads_the_process_alone(town: Played[Lived], who: Who) -> None:
    with pytest.raises(ForbiddenError):
        record(town, who)


def test_a_paper_of_a_day_to_come_is_refused(town: Played[Lived]) -> None:
    with pytest.raises(InvalidInputError) as refused:
        record(town, paper=on_paper(days=1))
    assert set(refused.value.fields) == {"signed_on"}


@pytest.mark.parametrize(
    ("who", "may"),
    [
        (LEAD, True),
        (LAWYER, True),
        (OFFICER, True),
        (CHIEF, True),
        (SCHOOL_HEAD, False),
        (POLICE, False),
        (MAYOR, False),
    ],
)
def test_a_scan_opens_for_its_makers_its_officer_and_its_own_party(
    town: Played[Lived], who: Who, *, may: bool
) -> None:
    paper_id = record(town)
    at, before = desk(town.scene, who, town.made.draft), len(entries_of(town.app))
    if may:
        assert open_scan(at, party_of(town), paper_id).content == CONTENT
        return
    with pytest.raises(NotFoundError):
        open_scan(at, party_of(town), paper_id)
    assert len(entries_of(town.app)) == before


def test_a_scan_of_another_party_or_none_is_not_there(town: Played[Lived]) -> None:
    paper_id = record(town)
    at = desk(town.scene, LEAD, town.made.draft)
    for party_, asked in ((party_of(town, "SCH"), paper_id), (party_of(town), new_id())):
        with pytest.raises(NotFoundError):
            open_scan(at, party_, asked)


def test_a_scan_put_at_another_party_does_not_open(town: Played[Lived]) -> None:
    paper_id, school = record(town), party_of(town, "SCH")
    with transaction():
        db.session.get_one(SignedPaper, paper_id).party_id = school.id
    with pytest.raises(KeyUnavailableError):
        open_scan(desk(town.scene, LEAD, town.made.draft), party_of(town, "SCH"), paper_id)


def test_a_changed_scan_does_not_open(town: Played[Lived]) -> None:
    paper_id = record(town)
    with transaction():
        row = db.session.get_one(SignedPaper, paper_id)
        row.sealed = row.sealed[:-1] + bytes([row.sealed[-1] ^ 1])
    with pytest.raises(KeyUnavailableError):
        open_scan(desk(town.scene, LEAD, town.made.draft), party_of(town), paper_id)


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (b"%PDF-1.4", "application/pdf"),
        (b"\x89PNG\r\n\x1a\n1", "image/png"),
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
    ],
)
def test_a_scan_is_known_by_its_first_bytes(content: bytes, media_type: str) -> None:
    assert read_scan(content) == Scan(content, media_type)


@pytest.mark.parametrize("content", [b"", b"<html>", b"MZ", b"%PDF-" + bytes(LARGEST)])
def test_anything_else_is_no_scan(content: bytes) -> None:
    with pytest.raises(InvalidInputError):
        read_scan(content)
