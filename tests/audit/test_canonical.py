"""The canonical form agrees byte for byte with an independent implementation of RFC 8785."""

import json

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from audit import canonical
from audit.canonical import LARGEST_WHOLE, CanonicalError

KEYS = st.text(st.characters(max_codepoint=127), max_size=12)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=24)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-LARGEST_WHOLE, LARGEST_WHOLE) | TEXTS,
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(KEYS, inner, max_size=5),
    max_leaves=25,
)


@given(VALUES)
def test_every_value_is_written_as_the_reference_library_writes_it(value: object) -> None:
    assert canonical.encode(value) == rfc8785.dumps(value)  # type: ignore[arg-type]


@given(VALUES)
def test_what_is_written_reads_back_the_same(value: object) -> None:
    assert canonical.decode(canonical.encode(value)) == value


@pytest.mark.parametrize(
    "value",
    [
        1.0,
        float("nan"),
        LARGEST_WHOLE + 1,
        -LARGEST_WHOLE - 1,
        {"é": 1},
        {1: 1},
        {"deep": [{"set": {1}}]},
        b"bytes",
        "\ud800",
        ["\udfff"],
    ],
)
def test_a_value_outside_the_profile_has_no_canonical_form(value: object) -> None:
    with pytest.raises(CanonicalError):
        canonical.encode(value)


@pytest.mark.parametrize(
    "data",
    [b'{"b":1,"a":2}', b'{"a": 1}', b'{"a":1,"a":1}', b"1.0", b"[1,]", b"\xff", b"", b'"\\u0041"'],
)
def test_bytes_in_another_form_are_refused(data: bytes) -> None:
    with pytest.raises(CanonicalError):
        canonical.decode(data)


def test_a_nesting_that_exhausts_the_reader_is_refused() -> None:
    with pytest.raises(CanonicalError):
        canonical.decode(b"[" * 100_000)


def test_control_characters_take_the_short_form_of_the_standard() -> None:
    assert canonical.encode('\b\t\n\f\r\x00\x1f\x7f"\\/é') == (
        b'"\\b\\t\\n\\f\\r\\u0000\\u001f\x7f\\"\\\\/\xc3\xa9"'
    )
    assert json.loads(canonical.encode("\u2028")) == "\u2028"
