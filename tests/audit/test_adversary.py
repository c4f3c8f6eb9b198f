"""The owner of the log's database with every right: who notices what, and when.

The parties: the signer (before it signs), a witness of a partner (when it is asked to cosign), and
an auditor who kept an export (when the next one comes). Each deed is covered up as well as its
owner can: tree, head, tiles, even the rows of checkpoints.
"""

import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, insert, select

from audit.auditctl.__main__ import main as auditctl
from audit.auditctl.notes import KeyType, SignerKey
from audit.auditctl.witness import Reply, Request, Witness
from audit.gate import Gate
from audit.models import audit_checkpoint, audit_head
from audit.publishing import Publication, export, policy_text
from audit.reading import TamperedError
from audit.signing import Signer
from audit.verify import quiet
from config.clock import FrozenClock
from tests.audit.conftest import read_of
from tests.audit.tamper import NUMBERED, Owner

KEY = SignerKey("log.example/pga", b"k" * 32)
WITNESS = SignerKey("witness.example", b"w" * 32, KeyType.COSIGNATURE)
SIGNED, LATER = 300, 340


class Parties:
    """A log that was signed, cosigned and exported, and that grew since."""

    def __init__(self, gate: Gate, clock: FrozenClock, folder: Path) -> None:
        self.gate, self.clock, self.folder = gate, clock, folder
        self.signer = Signer(gate.engine, [KEY])
        self.witness = Witness(
            folder / "witness.db", WITNESS, {KEY.name: KEY.verifier}, lambda: 1_700_000_000
        )
        gate.record_many([read_of() for _ in range(SIGNED)])
        self.signer.sign(clock.now())
        assert self.ask(0).status == 200
        self.export("kept")
        gate.record_many([read_of() for _ in range(LATER - SIGNED)])

    def ask(self, old: int) -> Reply:
        """Ask the witness to cosign what is published now."""
        with self.gate.engine.connect() as connection:
            published = Publication(connection)
            proof = tuple(published.consistency(min(old, published.signed.size)))
            return self.witness.add_checkpoint(Request(old, proof, published.signed.note).encode())

    def export(self, name: str) -> Path:
        export(self.gate.engine, self.folder / name, policy_text([KEY.verifier]), quiet)
        return self.folder / name

    def sign(self) -> None:
        self.clock.advance(timedelta(seconds=5))
        self.signer.sign(self.clock.now())

    def forget_checkpoints(self, owner: Owner) -> None:
        """Remove what was signed, so that the signer has nothing to hold the log against."""
        owner.run(delete(audit_checkpoint))

    def auditor_notices(self) -> bool:
        """Hold the checkpoint the auditor kept against a new export."""
        new = self.export("new")
        return auditctl(["consistency", str(self.folder / "kept" / "checkpoint"), str(new)]) == 1


@pytest.fixture
def parties(gate: Gate, clock: FrozenClock, tmp_path: Path) -> Parties:
    return Parties(gate, clock, tmp_path)


def edit(owner: Owner) -> None:
    owner.edit_leaf(7, b'"v":1', b'"v":2')
    owner.cover()


def delete_in_the_middle(owner: Owner) -> None:
    owner.remove(100)
    for table in NUMBERED:
        owner.renumber(table, {number: number - 1 for number in range(101, LATER)})
    owner.cover()


def swap(owner: Owner) -> None:
    owner.swap(3, 200)
    owner.cover()


def put_in_between(owner: Owner) -> None:
    owner.push_in(50)
    owner.cover()


def cut_below_what_was_signed(owner: Owner) -> None:
    owner.cut(SIGNED - 10)
    owner.cover()


DEEDS = [edit, delete_in_the_middle, swap, put_in_between, cut_below_what_was_signed]


@pytest.mark.parametrize("deed", DEEDS)
def test_the_signer_notices_before_it_signs(
    parties: Parties, deed: Callable[[Owner], None]
) -> None:
    deed(Owner(parties.gate.engine))
    with pytest.raises(TamperedError):
        parties.sign()


@pytest.mark.parametrize("deed", DEEDS)
def test_with_the_key_and_without_memory_the_witness_notices(
    parties: Parties, deed: Callable[[Owner], None]
) -> None:
    owner = Owner(parties.gate.engine)
    deed(owner)
    parties.forget_checkpoints(owner)
    parties.sign()
    assert parties.ask(SIGNED).status in {400, 409, 422}


@pytest.mark.parametrize("deed", DEEDS)
def test_with_the_key_and_without_memory_the_auditor_notices(
    parties: Parties, deed: Callable[[Owner], None]
) -> None:
    owner = Owner(parties.gate.engine)
    deed(owner)
    parties.forget_checkpoints(owner)
    parties.sign()
    assert parties.auditor_notices()


def test_a_database_rolled_back_whole_is_noticed_by_the_witness_and_the_auditor(
    parties: Parties,
) -> None:
    owner = Owner(parties.gate.engine)
    owner.cut(200)
    owner.cover()
    parties.forget_checkpoints(owner)
    parties.sign()
    parties.gate.record_many([read_of() for _ in range(150)])
    parties.sign()
    reply = parties.ask(200)
    assert (reply.status, reply.text) == (409, f"{SIGNED}\n")
    assert parties.ask(SIGNED).status == 422
    assert parties.auditor_notices()


def test_a_fork_that_is_signed_twice_is_proof_against_the_owner(parties: Parties) -> None:
    parties.sign()
    with parties.gate.engine.connect() as connection:
        honest = Publication(connection).signed
    assert parties.ask(SIGNED).status == 200
    owner = Owner(parties.gate.engine)
    edit(owner)
    parties.forget_checkpoints(owner)
    parties.sign()
    with parties.gate.engine.connect() as connection:
        forked = Publication(connection).signed
    # Two roots of one size under one name and key: nobody but the owner of the key can do that.
    assert (honest.size, honest.root) != (forked.size, forked.root)
    assert honest.size == forked.size
    assert parties.ask(LATER).status == 409


def test_what_was_cut_since_the_last_signature_is_the_honest_residual(parties: Parties) -> None:
    owner = Owner(parties.gate.engine)
    owner.cut(SIGNED)
    owner.cover()
    parties.sign()
    assert parties.ask(SIGNED).status == 200
    assert not parties.auditor_notices()


def test_a_checkpoint_set_back_in_the_table_is_noticed_by_the_witness(parties: Parties) -> None:
    parties.sign()
    assert parties.ask(SIGNED).status == 200
    owner = Owner(parties.gate.engine)
    rows = [dict(row._mapping) for row in owner.read(select(audit_checkpoint))]
    owner.run(delete(audit_checkpoint))
    owner.run(insert(audit_checkpoint), rows[:1])
    assert parties.ask(SIGNED).text == f"{LATER}\n"


def test_an_export_with_a_forged_tile_says_which(parties: Parties) -> None:
    kept = parties.folder / "kept"
    shutil.copytree(kept, parties.folder / "forged")
    tile = parties.folder / "forged/tile/0/000"
    tile.write_bytes(bytes(32) + tile.read_bytes()[32:])
    assert auditctl(["verify", str(kept)]) == 0
    assert auditctl(["verify", str(parties.folder / "forged")]) == 1


def test_the_head_alone_says_nothing_to_anybody_outside(parties: Parties) -> None:
    owner = Owner(parties.gate.engine)
    parties.sign()
    owner.run(audit_head.update().values(root=bytes(32)))
    with parties.gate.engine.connect() as connection:
        published = Publication(connection)
        assert published.signed.size == LATER
    assert parties.ask(SIGNED).status == 200
