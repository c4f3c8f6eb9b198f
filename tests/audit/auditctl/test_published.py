"""Checkpoints, policies, proofs and tiles: what others read of a log, in the published formats."""

import re
from base64 import b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.auditctl import tree
from audit.auditctl.checkpoints import Checkpoint, open_checkpoint, parse_checkpoint
from audit.auditctl.notes import KeyType, Note, NoteError, SignerKey, parse_note
from audit.auditctl.paths import (
    LONGEST_ENTRY,
    Resource,
    decode_bundle,
    encode_bundle,
    number_path,
    parse_path,
    resources,
)
from audit.auditctl.policies import parse_policy
from audit.auditctl.receipts import LogProof, parse_proof
from audit.auditctl.tree import ProofError

# The examples of C2SP tlog-checkpoint and tlog-cosignature.
SOFA = (
    "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n"
    "\u2014 example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5"
    "/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n"
    "\u2014 witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dl"
    "rDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==\n"
)
LOG = SignerKey("log.example/pga", b"l" * 32)
OTHER = SignerKey("other.example", b"o" * 32)
WITNESSES = [
    SignerKey(f"w{number}.example", bytes([number]) * 32, KeyType.COSIGNATURE)
    for number in range(1, 4)
]
LEAVES = [tree.leaf_hash(bytes([number])) for number in range(11)]


def signed(checkpoint: Checkpoint, *signers: SignerKey) -> bytes:
    """Write a checkpoint signed by these, cosigned at second 1000."""
    text = checkpoint.text
    return str(Note(text, tuple(signer.sign(text, 1000) for signer in signers))).encode()


def head(size: int = 11) -> Checkpoint:
    return Checkpoint(LOG.name, size, tree.root(tree.append([], 0, LEAVES[:size])))


def policy(*lines: str) -> bytes:
    log = f"log {LOG.verifier} https://log.example/pga"
    witnesses = [f"witness W{n} {key.verifier}" for n, key in enumerate(WITNESSES, start=1)]
    return "\n".join(["# who is trusted", "", log, *witnesses, *lines, ""]).encode()


TWO_OF_THREE = policy("group partners 2 W1 W2 W3", "quorum partners")


def proof_of(index: int, checkpoint: bytes, extra: bytes | None = None) -> LogProof:
    def node(level: int, position: int) -> bytes:
        return tree.perfect_root(LEAVES[position << level : (position + 1) << level])

    return LogProof(index, tuple(tree.inclusion_proof(index, 11, node)), checkpoint, extra)


def test_the_example_checkpoint_of_the_specification_is_read() -> None:
    note = parse_note(SOFA.encode())
    checkpoint = parse_checkpoint(note.text)
    assert (checkpoint.origin, checkpoint.size) == ("example.com/behind-the-sofa", 20852163)
    assert checkpoint.text == note.text
    witness = note.signatures[1]
    assert int.from_bytes(witness.data[:8], "big") == 1679315147


def test_extension_lines_stay_as_they_are() -> None:
    checkpoint = Checkpoint("o.example", 0, b"r" * 32, ("extra", "more"))
    assert parse_checkpoint(checkpoint.text) == checkpoint


@pytest.mark.parametrize(
    "text",
    [
        "",
        "o\n1\n",
        "o\n1\nroot",
        "\n1\nAAAA\n",
        f"o\n01\n{b64encode(b'r' * 32).decode()}\n",
        f"o\n1\n{b64encode(b'r' * 31).decode()}\n",
        f"o\n1\n{b64encode(b'r' * 32).decode()}\n\n",
    ],
)
def test_what_is_no_checkpoint_is_refused(text: str) -> None:
    with pytest.raises(NoteError):
        parse_checkpoint(text)


def test_only_a_key_named_after_the_origin_signs_for_a_log() -> None:
    assert open_checkpoint(signed(head(), LOG), [LOG.verifier])[0] == head()
    with pytest.raises(NoteError):
        open_checkpoint(signed(head(), OTHER), [OTHER.verifier])


@pytest.mark.parametrize(
    ("cosigners", "is_met"), [([], False), ([1], False), ([1, 3], True), ([1, 2, 3], True)]
)
def test_the_quorum_is_met_by_as_many_witnesses_as_it_asks(
    cosigners: list[int], *, is_met: bool
) -> None:
    trusted = parse_policy(TWO_OF_THREE)
    note = parse_note(signed(head(), LOG, *(WITNESSES[n - 1] for n in cosigners)))
    found = trusted.cosigners(note)
    assert found == {f"W{n}": 1000 for n in cosigners}
    assert trusted.is_met(found) is is_met


def test_groups_of_groups_count_each_group_once() -> None:
    lines = ("group both all W1 W2", "group any-of any both W3", "quorum any-of")
    trusted = parse_policy(policy(*lines))
    assert trusted.is_met(["W3"])
    assert trusted.is_met(["W1", "W2"])
    assert not trusted.is_met(["W1"])
    assert trusted.fewest == 1


def test_a_policy_may_ask_one_witness_or_none() -> None:
    assert parse_policy(policy("quorum none")).is_met([])
    assert [parse_policy(one).fewest for one in (policy("quorum none"), TWO_OF_THREE)] == [0, 2]
    assert not parse_policy(policy("quorum W1")).is_met([])
    assert parse_policy(policy("quorum W1")).logs == {LOG.verifier: "https://log.example/pga"}


@pytest.mark.parametrize(
    "lines",
    [
        (),
        ("quorum nobody",),
        ("quorum W1", "quorum W1"),
        ("group g 2 W1", "quorum g"),
        ("group g 0 W1", "quorum g"),
        ("group g some W1", "quorum g"),
        ("group g any later", "quorum g"),
        ("group g any W1", "group h any W1", "quorum g"),
        ("group W1 any W2", "quorum W1"),
        ("group none any W2", "quorum none"),
        ("group g any", "quorum g"),
        ("watcher W4", "quorum W1"),
        (f"log {LOG.verifier}", "quorum none"),
        (f"log {WITNESSES[0].verifier}", "quorum none"),
        (f"witness W4 {WITNESSES[0].verifier}", "quorum none"),
        (f"witness W4 {OTHER.verifier}", "quorum none"),
        (f"log {OTHER.verifier} one two", "quorum none"),
        ("log nonsense", "quorum none"),
        ("# a bell \x07", "quorum none"),
    ],
)
def test_a_policy_that_says_no_clear_thing_is_refused(lines: tuple[str, ...]) -> None:
    with pytest.raises(NoteError):
        parse_policy(policy(*lines))


def test_a_policy_may_name_things_in_any_letters() -> None:
    witness = SignerKey("w9.example", b"9" * 32, KeyType.COSIGNATURE)
    trusted = parse_policy(
        policy(f"\twitness  getuige-één  {witness.verifier} ", "quorum getuige-één")
    )
    assert trusted.is_met(["getuige-één"])


@pytest.mark.parametrize("extra", [None, b"", b"anything"])
@pytest.mark.parametrize("index", range(11))
def test_a_proof_travels_and_proves_its_entry(index: int, extra: bytes | None) -> None:
    checkpoint = signed(head(), LOG, *WITNESSES)
    proof = proof_of(index, checkpoint, extra)
    assert parse_proof(proof.encode()) == proof
    assert proof.check(LEAVES[index], parse_policy(TWO_OF_THREE)) == head()


def test_a_proof_of_another_entry_or_without_quorum_proves_nothing() -> None:
    trusted = parse_policy(TWO_OF_THREE)
    with pytest.raises(ProofError):
        proof_of(3, signed(head(), LOG, *WITNESSES)).check(LEAVES[4], trusted)
    with pytest.raises(NoteError):
        proof_of(3, signed(head(), LOG, WITNESSES[0])).check(LEAVES[3], trusted)


def test_no_flipped_byte_of_a_proof_passes() -> None:
    trusted = parse_policy(TWO_OF_THREE)
    raw = proof_of(5, signed(head(), LOG, WITNESSES[0], WITNESSES[1])).encode()
    for place in range(len(raw)):
        changed = bytearray(raw)
        changed[place] ^= 1
        with pytest.raises((NoteError, ProofError)):
            parse_proof(bytes(changed)).check(LEAVES[5], trusted)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"c2sp.org/tlog-proof@v1\n\nx",
        b"c2sp.org/tlog-proof@v2\nindex 1\n\nx",
        b"c2sp.org/tlog-proof@v1\nindex 1\n",
        b"c2sp.org/tlog-proof@v1\nextra AA==\n\nx",
        b"c2sp.org/tlog-proof@v1\nindex \xff\n\nx",
        b"c2sp.org/tlog-proof@v1\nindex 1\nAAAA\n\nx",
    ],
)
def test_what_is_no_proof_is_refused(raw: bytes) -> None:
    with pytest.raises(NoteError):
        parse_proof(raw)


def test_the_number_of_a_tile_is_written_as_the_specification_shows() -> None:
    assert number_path(1234067) == "x001/x234/067"
    assert number_path(0) == "000"
    assert number_path(1000) == "x001/000"


def test_a_log_of_seventy_thousand_entries_has_the_tiles_the_specification_counts() -> None:
    found = [one for one in resources(70_000) if one.level is not None]
    full = [one.level for one in found if one.width == 256]
    partial = {one.level: one.width for one in found if one.width != 256}
    assert (full.count(0), full.count(1)) == (273, 1)
    assert partial == {0: 112, 1: 17, 2: 1}
    bundles = [one for one in resources(70_000) if one.level is None]
    assert len(bundles) == 274


def test_a_log_of_256_entries_has_one_full_tile_and_one_hash_above_it() -> None:
    assert [(one.level, one.width) for one in resources(256)] == [(0, 256), (None, 256), (1, 1)]


@given(st.one_of(st.none(), st.integers(0, 63)), st.integers(0, 10**12), st.integers(1, 256))
def test_a_path_written_and_read_back_is_the_same(
    level: int | None, number: int, width: int
) -> None:
    resource = Resource(level, number, width)
    assert parse_path(resource.path) == resource


@pytest.mark.parametrize(
    "path",
    [
        *("tile/64/000", "tile/00/000", "tile/0/00", "tile/0/x000/001", "tile/0/001.p/0"),
        *("tile/0/001.p/256", "tile/0/001.p/257", "tile/0/001.p/01", "tile/0/001/", "tile/8/0/001"),
        *(
            "tile/entries/../000",
            "tile/0/x001",
            "tile/0/1234",
            "checkpoint",
            "tile/0/\u0660\u0660\u0661",
        ),
    ],
)
def test_any_other_path_is_refused(path: str) -> None:
    with pytest.raises(NoteError):
        parse_path(path)


@given(st.lists(st.binary(max_size=40), max_size=20))
def test_a_bundle_written_and_read_back_is_the_same(entries: list[bytes]) -> None:
    assert decode_bundle(encode_bundle(entries)) == entries


def test_a_bundle_that_ends_too_soon_or_holds_too_much_is_refused() -> None:
    whole = encode_bundle([b"one", b"two"])
    for end in (1, 4, 6, 9):
        with pytest.raises(NoteError):
            decode_bundle(whole[:end])
    with pytest.raises(NoteError):
        encode_bundle([b"x" * (LONGEST_ENTRY + 1)])


def test_no_document_of_the_log_tells_more_than_its_format() -> None:
    assert re.fullmatch(r"[\x20-\x7e\n\u2014]+", signed(head(), LOG).decode())
