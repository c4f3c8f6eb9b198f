"""The envelope: what opens, what never opens, and what is left of a key."""

import gc
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pga.records.envelope import (
    COMMITMENT_BYTES,
    CaseRoot,
    SealError,
    WrappedDataKey,
    check_commitment,
    commit_to,
    fresh_key,
    root_binding,
    wipe,
)
from pga.records.rules import Place

CASE, OTHER = b"c" * 16, b"d" * 16
ROOT = bytes(range(32))
ROW = b"r" * 16
PLACE = Place("GM0361", CASE, "D05", "sealed_item.blob")


def open_root(case_id: bytes = CASE) -> CaseRoot:
    return CaseRoot(case_id, bytearray(ROOT))


@pytest.fixture
def wrapped() -> WrappedDataKey:
    with open_root() as root:
        return root.new_data_key("D05", 1)[1]


@given(st.binary(max_size=200), st.integers(0, 2**60))
@settings(max_examples=40)
def test_a_sealed_value_opens_in_its_own_place(plain: bytes, version: int) -> None:
    with open_root() as root:
        key, stored = root.new_data_key("D05", 1)
        blob = key.seal(PLACE.prefix(), ROW, version, plain)

        assert root.unwrap(stored).open(PLACE.prefix(), ROW, version, blob) == plain


@pytest.mark.parametrize(
    "place",
    [
        Place("GM0392", CASE, "D05", "sealed_item.blob"),
        Place("GM0361", OTHER, "D05", "sealed_item.blob"),
        Place("GM0361", CASE, "D15", "sealed_item.blob"),
        Place("GM0361", CASE, "D05", "item_version.blob"),
    ],
)
def test_a_value_moved_to_another_tenant_case_category_or_column_does_not_open(
    place: Place,
) -> None:
    with open_root() as root:
        key, _ = root.new_data_key("D05", 1)
        blob = key.seal(PLACE.prefix(), ROW, 1, b"noted")

        with pytest.raises(SealError):
            key.open(place.prefix(), ROW, 1, blob)


@pytest.mark.parametrize(("row_id", "version"), [(b"q" * 16, 1), (ROW, 2), (ROW, 0)])
def test_a_value_moved_to_another_row_or_version_does_not_open(row_id: bytes, version: int) -> None:
    with open_root() as root:
        key, _ = root.new_data_key("D05", 1)
        blob = key.seal(PLACE.prefix(), ROW, 1, b"noted")

        with pytest.raises(SealError):
            key.open(PLACE.prefix(), row_id, version, blob)


def test_changing_any_byte_of_a_sealed_value_is_noticed() -> None:
    with open_root() as root:
        key, _ = root.new_data_key("D05", 1)
        blob = key.seal(PLACE.prefix(), ROW, 1, b"noted")

        for place in range(len(blob)):
            changed = bytearray(blob)
            changed[place] ^= 1
            with pytest.raises(SealError):
                key.open(PLACE.prefix(), ROW, 1, bytes(changed))
        with pytest.raises(SealError):
            key.open(PLACE.prefix(), ROW, 1, blob[:-1])


def test_the_same_value_sealed_twice_looks_different() -> None:
    with open_root() as root:
        key, _ = root.new_data_key("D05", 1)

        assert len({key.seal(PLACE.prefix(), ROW, 1, b"noted") for _ in range(8)}) == 8


def test_a_data_key_opens_only_for_its_case_category_generation_and_id(
    wrapped: WrappedDataKey,
) -> None:
    moved = [
        replace(wrapped, category="D15"),
        replace(wrapped, generation=2),
        replace(wrapped, kid=b"k" * 8),
        replace(wrapped, wrapped=wrapped.wrapped[:-1]),
        replace(wrapped, wrapped=b""),
    ]
    with open_root() as root:
        root.unwrap(wrapped)
        for stored in moved:
            with pytest.raises(SealError):
                root.unwrap(stored)
    with open_root(OTHER) as other, pytest.raises(SealError):
        other.unwrap(wrapped)


def test_a_data_key_that_does_not_meet_its_commitment_is_refused(wrapped: WrappedDataKey) -> None:
    with open_root() as root, pytest.raises(SealError):
        root.unwrap(replace(wrapped, commitment=bytes(COMMITMENT_BYTES)))


def test_a_commitment_holds_for_one_key_and_one_key_id() -> None:
    _, commitment = commit_to(bytearray(ROOT), b"k" * 8)

    check_commitment(bytearray(ROOT), b"k" * 8, commitment)
    for key, kid in ((fresh_key(), b"k" * 8), (bytearray(ROOT), b"j" * 8)):
        with pytest.raises(SealError):
            check_commitment(key, kid, commitment)


def test_the_manifest_key_belongs_to_one_case_and_is_gone_after_use() -> None:
    with open_root() as root, open_root(OTHER) as other:
        mine = root.manifest(b"rows")

        assert mine != other.manifest(b"rows")
    with open_root() as again:
        assert again.manifest(b"rows") == mine
    assert again.manifest(b"rows") != mine


def test_raw_keys_are_overwritten_once_they_are_in_use() -> None:
    raw = bytearray(ROOT)
    root = CaseRoot(CASE, raw)
    root.close()
    data = bytearray(ROOT)
    commit_to(data, b"k" * 8)

    gc.collect()
    assert raw == data == bytes(32)


def test_wiping_overwrites_every_key() -> None:
    keys = [fresh_key(), fresh_key()]

    wipe(*keys)

    assert keys == [bytearray(32), bytearray(32)]


def test_a_root_key_is_bound_to_its_tenant_and_case() -> None:
    assert len({root_binding(t, c) for t in ("GM0361", "GM0392") for c in (CASE, OTHER)}) == 4
