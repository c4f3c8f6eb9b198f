"""The change of the whole text, as when a file takes the place of a draft."""

from dataclasses import dataclass
from types import MappingProxyType

from pga.policy.document import read_document
from pga.policy.editing.kinds import Kind, Reading
from pga.policy.errors import MissingPartError
from pga.policy.places import Place, PlaceKind
from pga.policy.terms import AgreementDocument
from pga.policy.writing import to_data


@dataclass(frozen=True, slots=True)
class DocumentChange:
    """Another whole text.

    Whether it fits, in the same municipality and the same tracks, is for the caller to see.
    """

    document: AgreementDocument

    @property
    def place(self) -> Place:
        """Give the place of the whole text."""
        return Place(PlaceKind.DOCUMENT)

    @property
    def data(self) -> object:
        """Give the whole text as plain data."""
        return to_data(self.document)

    def put(self, _document: AgreementDocument, _ahead_of: str) -> AgreementDocument:
        """Put the text in the place of all that was there."""
        return self.document


def _document(document: AgreementDocument, _place: Place) -> object:
    """Give the whole text."""
    return to_data(document)


def _read_document(reading: Reading) -> DocumentChange:
    """Read a whole text. Raises MissingPartError when parts of it are missing."""
    made = None if reading.node is None else read_document(reading.read, reading.node)
    if made is None:
        raise MissingPartError
    return DocumentChange(made)


KINDS = MappingProxyType({PlaceKind.DOCUMENT: Kind(_document, _read_document)})
