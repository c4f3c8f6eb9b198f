"""The blind identity index: who is known, findable without a name in any database.

A token is a pseudonym: HMAC-SHA-256 under a key of its own per agreement region and kind of
index, cut to 128 bits. Keys of two regions give unequal tokens, so indexes cannot be joined. The
handle to the case is encrypted, so a dump of the index shows no case.
"""

import hmac
import os
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA512
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import ColumnElement, Connection, delete, select
from stdnum.nl.bsn import compact as compact_bsn
from stdnum.nl.bsn import is_valid as is_bsn

from config import clock
from config.errors import InvalidInputError
from config.ids import ID_BYTES, new_id
from config.keys import KekProvider
from pga.records.models import TOKEN_BYTES, identity_index
from pga.records.names import initial, sounds, written_forms
from pga.records.rules import FORMAT, NONCE_BYTES, pack

ROOT_LABEL = "pga identity index"
BSN, NAME_BIRTH, SOUND_BIRTH, SOUND_YEAR = "bsn", "name_birth", "sound_birth", "sound_year"
SHORTEST_BSN = 8
Token = tuple[str, bytes]


@dataclass(frozen=True, slots=True)
class Identity:
    """Whom to index or to seek: any of BSN, surnames (birth and partner), given names, birth date.

    Never alone: a surname counts only together with a birth date.
    """

    bsn: str | None = None
    surnames: tuple[str, ...] = ()
    given_names: str = ""
    born_on: date | None = None


class RegionIndex:
    """The index of one agreement region, by its municipality code."""

    def __init__(self, provider: KekProvider, region: str) -> None:
        """Take the root of the index keys from the provider; it is never the KEK itself."""
        self._root = provider.derive(ROOT_LABEL)
        self._region = region
        self._handles = AESGCM(self._key("handle"))

    def _key(self, use: str) -> bytes:
        info = pack(FORMAT + b" index", self._region.encode(), use.encode())
        return HKDF(SHA512(), 32, salt=None, info=info).derive(self._root)

    def tokens(self, who: Identity) -> frozenset[Token]:
        """Give every token under which this person is stored and found.

        Raises InvalidInputError for a BSN that fails the 11-test.
        """
        found: set[Token] = set()
        for index_name, values in _values(who).items():
            key = self._key(index_name)
            for value in values:
                full = hmac.digest(key, value, "sha256")
                found.add((index_name, full[:TOKEN_BYTES]))
        return frozenset(found)

    def rows(self, who: Identity, case_id: bytes) -> list[dict[str, object]]:
        """Give the rows to store, each with its own encrypted handle to the case."""
        return [
            {
                "id": new_id(),
                "region": self._region,
                "index_name": index_name,
                "token": token,
                "handle": self._seal(index_name, token, case_id),
                "created_on": clock.today(),
            }
            for index_name, token in sorted(self.tokens(who))
        ]

    def candidates(self, connection: Connection, who: Identity) -> list[bytes]:
        """Find the cases that may be about this person; compare their contents before use.

        The work is the same for a hit and for none: all tokens, one query, at least one handle.
        """
        tokens = self.tokens(who)
        rows = connection.execute(
            select(
                identity_index.c.index_name, identity_index.c.token, identity_index.c.handle
            ).where(_is_one_of(tokens))
        ).all()
        self.case_of("", bytes(TOKEN_BYTES), self._seal("", bytes(TOKEN_BYTES), bytes(ID_BYTES)))
        found = (self.case_of(*row) for row in rows)
        return sorted({case_id for case_id in found if case_id is not None})

    def remove(self, connection: Connection, who: Identity, case_id: bytes) -> int:
        """Remove the rows of a person for one case; gives how many there were."""
        rows = connection.execute(
            select(
                identity_index.c.id,
                identity_index.c.index_name,
                identity_index.c.token,
                identity_index.c.handle,
            ).where(_is_one_of(self.tokens(who)))
        )
        return delete_rows(
            connection, [row_id for row_id, *rest in rows if self.case_of(*rest) == case_id]
        )

    def case_of(self, index_name: str, token: bytes, handle: bytes) -> bytes | None:
        """Decrypt a handle; None when it was changed or belongs to another row or region."""
        nonce, sealed = handle[:NONCE_BYTES], handle[NONCE_BYTES:]
        try:
            return self._handles.decrypt(nonce, sealed, self._bound(index_name, token))
        except (InvalidTag, ValueError):
            return None

    def _seal(self, index_name: str, token: bytes, case_id: bytes) -> bytes:
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self._handles.encrypt(nonce, case_id, self._bound(index_name, token))

    def _bound(self, index_name: str, token: bytes) -> bytes:
        return pack(FORMAT + b" handle", self._region.encode(), index_name.encode(), token)


def _values(who: Identity) -> dict[str, set[bytes]]:
    """Give what is hashed per kind of index; a name is never hashed alone."""
    values: dict[str, set[bytes]] = {BSN: set(), NAME_BIRTH: set()}
    values |= {SOUND_BIRTH: set(), SOUND_YEAR: set()}
    if who.bsn is not None:
        values[BSN].add(_checked(who.bsn).encode())
    if who.born_on is None:
        return values
    day, year = who.born_on.isoformat().encode(), str(who.born_on.year).encode()
    first = initial(who.given_names).encode()
    for surname in who.surnames:
        values[NAME_BIRTH] |= {pack(form.encode(), day) for form in written_forms(surname)}
        heard = {sound.encode() for sound in sounds(surname)}
        values[SOUND_BIRTH] |= {pack(sound, day) for sound in heard}
        if first:
            values[SOUND_YEAR] |= {pack(sound, first, year) for sound in heard}
    return values


def _checked(bsn: str) -> str:
    """Give the nine digits of a BSN; raises InvalidInputError when it fails the 11-test.

    Old numbers are written with eight digits; fewer would only be filled up with zeros.
    """
    if sum(character.isdigit() for character in bsn) < SHORTEST_BSN or not is_bsn(bsn):
        raise InvalidInputError({"bsn": ["This is not a valid BSN."]})
    digits: str = compact_bsn(bsn)
    return digits


def _is_one_of(tokens: Iterable[Token]) -> ColumnElement[bool]:
    """Select rows by token; the handle then only opens for its own kind of index and region."""
    return identity_index.c.token.in_(sorted(token for _, token in tokens))


def rows_of_cases(
    connection: Connection, provider: KekProvider
) -> Iterator[tuple[bytes, date, bytes | None]]:
    """Give every row of the index as its id, its day and its case (None: does not decrypt).

    The one walk over the whole index: for shredding and sweeping, which know no name.
    """
    regions: dict[str, RegionIndex] = {}
    rows = connection.execute(
        select(
            identity_index.c.id,
            identity_index.c.created_on,
            identity_index.c.region,
            identity_index.c.index_name,
            identity_index.c.token,
            identity_index.c.handle,
        )
    )
    for row_id, created_on, region, *rest in rows:
        index = regions.get(region) or regions.setdefault(region, RegionIndex(provider, region))
        yield row_id, created_on, index.case_of(*rest)


def delete_rows(connection: Connection, row_ids: Collection[bytes]) -> int:
    """Delete rows of the index by id; gives how many."""
    if row_ids:
        connection.execute(delete(identity_index).where(identity_index.c.id.in_(row_ids)))
    return len(row_ids)
