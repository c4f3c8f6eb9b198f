"""What a seal is bound to and when a case is whole, as pure rules."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pga.records.rules import (
    Blob,
    BlobError,
    Intent,
    Leaf,
    Match,
    Place,
    State,
    associated_data,
    compare_with_log,
    digest_facts,
    join_blob,
    join_leaves,
    manifest_message,
    pack,
    read_content,
    split_blob,
    split_leaves,
    write_content,
)

fields = st.lists(st.binary(max_size=24), max_size=6)
ids = st.binary(min_size=16, max_size=16)
leaves = st.lists(
    st.builds(
        Leaf,
        ids,
        st.integers(0, 2**40),
        st.binary(min_size=16, max_size=16),
        st.binary(min_size=32, max_size=32),
    ),
    max_size=6,
    unique_by=lambda leaf: (leaf.row_id, leaf.row_version),
)
PLACE = Place("GM0361", b"c" * 16, "D05", "sealed_item.blob")


@given(fields, fields)
def test_two_lists_of_fields_never_pack_to_the_same_bytes(
    one: list[bytes], other: list[bytes]
) -> None:
    assert (pack(*one) == pack(*other)) == (one == other)


def test_moving_a_border_between_fields_changes_the_associated_data() -> None:
    assert pack(b"ab", b"c") != pack(b"a", b"bc")


@given(
    st.tuples(st.text(max_size=6), ids, st.text(max_size=4), st.text(max_size=12)),
    st.tuples(st.text(max_size=6), ids, st.text(max_size=4), st.text(max_size=12)),
    st.tuples(ids, st.integers(0, 2**60), st.binary(min_size=8, max_size=8)),
    st.tuples(ids, st.integers(0, 2**60), st.binary(min_size=8, max_size=8)),
)
def test_associated_data_differs_when_any_part_of_the_place_or_row_differs(
    place: tuple[str, bytes, str, str],
    other_place: tuple[str, bytes, str, str],
    row: tuple[bytes, int, bytes],
    other_row: tuple[bytes, int, bytes],
) -> None:
    first = associated_data(Place(*place).prefix(), *row)
    second = associated_data(Place(*other_place).prefix(), *other_row)

    assert (first == second) == ((place, row) == (other_place, other_row))


def test_associated_data_has_the_published_form() -> None:
    def field(value: bytes) -> bytes:
        return len(value).to_bytes(4, "big") + value

    found = associated_data(PLACE.prefix(), b"r" * 16, 3, b"k" * 8)

    assert found == b"".join(
        field(value)
        for value in (
            b"bz1",
            b"GM0361",
            b"c" * 16,
            b"D05",
            b"sealed_item.blob",
            b"r" * 16,
            (3).to_bytes(8, "big"),
            b"k" * 8,
        )
    )


@given(
    st.binary(min_size=8, max_size=8),
    st.binary(min_size=12, max_size=12),
    st.binary(min_size=16, max_size=64),
)
def test_a_blob_reads_back_as_it_was_written(kid: bytes, nonce: bytes, sealed: bytes) -> None:
    blob = Blob(kid, nonce, sealed)

    assert split_blob(join_blob(blob)) == blob


@pytest.mark.parametrize(
    "stored",
    [b"", b"\x01\x01" + b"x" * 35, b"\x02\x01" + b"x" * 36, b"\x01\x02" + b"x" * 36],
)
def test_another_format_algorithm_or_length_is_no_blob(stored: bytes) -> None:
    with pytest.raises(BlobError):
        split_blob(stored)


@given(leaves, leaves, st.integers(0, 2**40), st.integers(0, 2**40))
def test_the_manifest_differs_when_any_row_or_the_version_differs(
    one: list[Leaf], other: list[Leaf], version: int, other_version: int
) -> None:
    first = manifest_message(b"c" * 16, version, join_leaves(one))
    second = manifest_message(b"c" * 16, other_version, join_leaves(other))

    assert (first == second) == ((sorted(one), version) == (sorted(other), other_version))


@given(leaves)
def test_leaves_read_back_sorted_whatever_the_order_of_writing(found: list[Leaf]) -> None:
    assert split_leaves(join_leaves(found)) == sorted(found)
    assert join_leaves(found) == join_leaves(found[::-1])


def test_half_a_leaf_is_no_leaf() -> None:
    with pytest.raises(BlobError):
        split_leaves(b"x" * 71)


def test_the_manifest_of_one_case_is_not_that_of_another() -> None:
    assert manifest_message(b"c" * 16, 1, b"") != manifest_message(b"d" * 16, 1, b"")


def test_plain_columns_differ_in_digest_when_any_value_differs() -> None:
    values = ("POL", None, 1, ["a", "b"])

    assert digest_facts(values) == digest_facts(values)
    assert digest_facts(values) != digest_facts(("POL", "", 1, ["a", "b"]))
    assert digest_facts(values) != digest_facts(("POL", None, 1, ["a,b"]))


OLD, NOW, NEXT = State(6, "aa"), State(7, "bb"), State(8, "cc")


@pytest.mark.parametrize(
    ("found", "applied", "intents", "expected"),
    [
        (NOW, NOW, [], Match.APPLIED),
        (NOW, NOW, [Intent("e", 7, NEXT)], Match.APPLIED),
        (NEXT, NOW, [Intent("d", 7, State(8, "dd")), Intent("e", 7, NEXT)], Match.UNCONFIRMED),
        (State(1, "aa"), None, [Intent("e", 0, State(1, "aa"))], Match.UNCONFIRMED),
        (OLD, NOW, [], Match.FAULT),
        (State(7, "xx"), NOW, [], Match.FAULT),
        (State(8, "bb"), NOW, [Intent("e", 7, NEXT)], Match.FAULT),
        (NEXT, NOW, [Intent("e", 6, NEXT)], Match.FAULT),
        (NOW, None, [], Match.FAULT),
    ],
)
def test_a_case_opens_at_its_newest_applied_state_or_at_one_newer_intent(
    found: State, applied: State | None, intents: list[Intent], expected: Match
) -> None:
    match, intent = compare_with_log(found, applied, intents)

    assert match is expected
    assert (intent is not None) == (expected is Match.UNCONFIRMED)
    assert intent is None or intent.result == found


@given(st.dictionaries(st.text(max_size=8), st.text(max_size=20) | st.integers() | st.none()))
def test_content_reads_back_as_it_was_written(content: dict[str, object]) -> None:
    assert read_content(bytearray(write_content(content))) == content


def test_content_is_written_the_same_whatever_the_order_of_its_fields() -> None:
    assert write_content({"b": 1, "a": "é"}) == write_content({"a": "é", "b": 1})
    assert date(2026, 1, 1).isoformat() in write_content({"on": "2026-01-01"}).decode()
