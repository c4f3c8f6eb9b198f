"""Addresses of cases and of what is in them; a list has hundreds, so a pattern is built once."""

from functools import lru_cache
from typing import Any

from flask import request, url_for

from config.ids import ID_BYTES

ANY_CASE = bytes(ID_BYTES)
ANY_PART = bytes([255]) * ID_BYTES


def address(endpoint: str, case_id: bytes, **part: bytes) -> str:
    """Give what `url_for` gives for a case, or for one thing in it such as `item_id`."""
    if not part:
        before, after = _around_case(request.script_root, endpoint)
        return f"{before}{case_id.hex()}{after}"
    ((name, part_id),) = part.items()
    before, between, after = _around_part(request.script_root, endpoint, name)
    return f"{before}{case_id.hex()}{between}{part_id.hex()}{after}"


@lru_cache(maxsize=256)
def _around_case(_root: str, endpoint: str) -> tuple[str, str]:
    """Build the address of a case where the product stands, and cut the case out."""
    before, after = url_for(endpoint, case_id=ANY_CASE).split(ANY_CASE.hex())
    return before, after


@lru_cache(maxsize=256)
def _around_part(_root: str, endpoint: str, name: str) -> tuple[str, str, str]:
    """Build the address of something in a case, and cut both out."""
    values: dict[str, Any] = {"case_id": ANY_CASE, name: ANY_PART}
    made = url_for(endpoint, **values)
    before, rest = made.split(ANY_CASE.hex())
    between, after = rest.split(ANY_PART.hex())
    return before, between, after
