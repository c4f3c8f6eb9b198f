"""An identifier is 16 random bytes, shown as 32 hex characters."""

import pytest

from config.ids import from_hex, new_id, to_hex


def test_no_two_identifiers_are_alike() -> None:
    assert len({new_id() for _ in range(1000)}) == 1000


def test_an_identifier_is_read_back_as_it_was_written() -> None:
    made = new_id()
    assert len(made) == 16
    assert from_hex(to_hex(made)) == made


@pytest.mark.parametrize("text", ["", "00" * 15, "00" * 17, "zz" * 16, " ".join(["00"] * 16)])
def test_what_is_no_identifier_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="hex"):
        from_hex(text)
