"""Signed notes against the published vectors of Go's note package and of the specification."""

from base64 import b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.auditctl.notes import (
    MOST_SIGNATURES,
    KeyType,
    Note,
    NoteError,
    Signature,
    SignerKey,
    VerifierKey,
    cosigned,
    decimal,
    from_base64,
    hashes,
    parse_note,
    parse_signatures,
    parse_signer,
    parse_verifier,
)

# The example of golang.org/x/mod/sumdb/note: key, private key and note.
VKEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
SKEY = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
TEXT = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
)
LINE = (
    "\u2014 PeterNeumann "
    "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)
NOTE = f"{TEXT}\n{LINE}".encode()
# The example of C2SP signed-note: a text with an empty line in it. Its key is not published.
POEM = (
    "Ognuno sta solo sul cuor della terra\ntrafitto da un raggio di sole:\n\ned è subito sera.\n\n"
    "\u2014 quasimodo.example/salvatore "
    "NnugSzTjtVAewIS+Z/iJhUPeFDkO/5QQ2i5ddnGITLlC+EhfLW9oJKONrMouFSQU0xMcXxj99ihAQwaqP3ZekRwNtIc=\n"
)
WITNESS = SignerKey("witness.example/w1", b"w" * 32, KeyType.COSIGNATURE)
LOG = SignerKey("log.example/pga", b"l" * 32)


def test_the_reference_note_is_signed_by_its_key() -> None:
    note = parse_note(NOTE)
    assert note.text == TEXT
    assert note.signed_by([parse_verifier(VKEY)]) == {parse_verifier(VKEY): 0}


def test_our_signature_of_the_reference_text_is_the_published_one() -> None:
    key = parse_signer(SKEY)
    assert str(key.verifier) == VKEY
    assert key.export() == SKEY
    assert str(Note(TEXT, (key.sign(TEXT),))).encode() == NOTE


def test_the_example_of_the_specification_is_read_whole() -> None:
    note = parse_note(POEM.encode())
    assert note.text.endswith("\n\ned è subito sera.\n")
    assert [signature.name for signature in note.signatures] == ["quasimodo.example/salvatore"]
    assert str(note) == POEM


def test_no_flipped_byte_of_a_note_passes() -> None:
    key = parse_verifier(VKEY)
    for place in range(len(NOTE)):
        for bit in (1, 4, 64):
            changed = bytearray(NOTE)
            changed[place] ^= bit
            try:
                signers = parse_note(bytes(changed)).signed_by([key])
            except NoteError:
                continue
            assert signers == {}, place


@pytest.mark.parametrize("place", range(len(VKEY)))
def test_no_flipped_character_of_a_key_passes(place: int) -> None:
    with pytest.raises(NoteError):
        parse_verifier(VKEY[:place] + chr(ord(VKEY[place]) ^ 1) + VKEY[place + 1 :])


@pytest.mark.parametrize(
    "text",
    [
        "",
        SKEY.removeprefix("PRIVATE+KEY+"),
        SKEY[:-4],
        SKEY.replace("c74f20a3", "c74f20a4"),
        f"PRIVATE+KEY+name+c74f20a3+{b64encode(b'x' * 33).decode()}",
    ],
)
def test_what_is_no_private_key_is_refused(text: str) -> None:
    with pytest.raises(NoteError):
        parse_signer(text)


def test_a_private_key_is_not_shown_where_it_is_printed() -> None:
    assert "l" * 32 not in repr(LOG)
    assert str(LOG.verifier) in repr(LOG)


def test_a_key_without_bytes_is_refused() -> None:
    with pytest.raises(NoteError):
        parse_verifier("name+00000000+")


def test_a_signature_of_an_unknown_key_is_passed_over() -> None:
    note = parse_note(NOTE + str(LOG.sign(TEXT)).encode())
    assert note.signed_by([LOG.verifier]) == {LOG.verifier: 0}
    assert note.signed_by([WITNESS.verifier]) == {}


def test_a_wrong_signature_of_a_known_key_spoils_the_note() -> None:
    note = Note(TEXT, (LOG.sign("another text\n"), parse_signer(SKEY).sign(TEXT)))
    with pytest.raises(NoteError):
        note.signed_by([LOG.verifier, parse_verifier(VKEY)])


def test_a_cosignature_says_when_the_witness_saw_it() -> None:
    signature = WITNESS.sign(TEXT, 1679315147)
    assert Note(TEXT, (signature,)).signed_by([WITNESS.verifier]) == {WITNESS.verifier: 1679315147}
    later = Signature(signature.name, signature.key_id, b"\0" * 7 + b"\1" + signature.data[8:])
    with pytest.raises(NoteError):
        Note(TEXT, (later,)).signed_by([WITNESS.verifier])


def test_what_a_witness_signs_is_as_the_specification_writes_it() -> None:
    text = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
    assert cosigned(text, 1679315147).decode() == f"cosignature/v1\ntime 1679315147\n{text}"
    with pytest.raises(NoteError):
        cosigned(text, 2**63)


def test_a_key_for_cosignatures_has_another_id_than_the_same_key_of_a_log() -> None:
    one = SignerKey("same.example", b"s" * 32)
    other = SignerKey("same.example", b"s" * 32, KeyType.COSIGNATURE)
    assert one.verifier.key_id != other.verifier.key_id


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"text\n",
        b"text\n\n",
        b"text\n\nno signature line\n",
        b"text\n\n" + LINE.encode()[:-1],
        b"te\xffxt\n\n" + LINE.encode(),
        b"te\txt\n\n" + LINE.encode(),
        b"text\n\n" + "\u2014 name \n".encode(),
        b"text\n\n" + "\u2014 na+me AAAAAAAA\n".encode(),
        b"text\n\n" + "\u2014 name AAAAAA==\n".encode(),
        b"text\n\n" + LINE.encode() * (MOST_SIGNATURES + 1),
    ],
)
def test_what_is_no_note_is_refused(raw: bytes) -> None:
    with pytest.raises(NoteError):
        parse_note(raw)


def test_sixteen_signatures_and_more_are_read() -> None:
    assert len(parse_signatures(LINE * MOST_SIGNATURES)) == MOST_SIGNATURES


@pytest.mark.parametrize("text", ["A", "AA=A", "AB==", "AAAA\n", " AAAA", "é"])
def test_only_canonical_base64_is_read(text: str) -> None:
    with pytest.raises(NoteError):
        from_base64(text)


@pytest.mark.parametrize("text", ["", "00", "01", "+1", "-1", "1 ", "1_0", "٣", "1" * 20])
def test_only_plain_decimals_are_read(text: str) -> None:
    with pytest.raises(NoteError):
        decimal(text)


def test_a_hash_of_another_length_is_refused() -> None:
    assert hashes([b64encode(b"h" * 32).decode()]) == [b"h" * 32]
    with pytest.raises(NoteError):
        hashes([b64encode(b"h" * 31).decode()])


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=80), st.binary(max_size=90))
def test_a_note_written_and_read_back_is_the_same(text: str, data: bytes) -> None:
    note = Note(f"{text}\n", (LOG.sign(f"{text}\n"), Signature("x.example", b"idid", data + b"!")))
    assert parse_note(str(note).encode()) == note


def test_a_verifier_key_of_another_length_is_refused() -> None:
    short = VerifierKey("name", KeyType.ED25519, b"short")
    with pytest.raises(NoteError):
        parse_verifier(str(short))
