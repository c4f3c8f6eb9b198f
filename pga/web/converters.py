"""Parts of addresses: `<id:case_id>` is an identifier of 16 bytes, written as 32 hex characters."""

from flask import Flask
from werkzeug.routing import BaseConverter

from config.ids import ID_BYTES, from_hex, to_hex


class IdConverter(BaseConverter):
    """An identifier in an address; anything else is an unknown address."""

    regex = f"[0-9a-f]{{{2 * ID_BYTES}}}"

    def to_python(self, value: str) -> bytes:
        """Read the identifier; the expression let nothing else through."""
        return from_hex(value)

    def to_url(self, value: bytes) -> str:
        """Write the identifier."""
        return to_hex(value)


def init_app(app: Flask) -> None:
    """Register the converter under its short name."""
    app.url_map.converters["id"] = IdConverter
