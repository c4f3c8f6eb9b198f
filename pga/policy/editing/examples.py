"""Changes of examples; what an example asks is its name, so that one question has one answer."""

from dataclasses import dataclass, replace
from types import MappingProxyType

from pga.policy.codes import Track
from pga.policy.document.extras import example
from pga.policy.editing.kinds import Kind, Reading, Spot, follower, placed, track_of
from pga.policy.errors import OtherPlaceError
from pga.policy.places import Place, PlaceKind
from pga.policy.terms import AgreementDocument, Example
from pga.policy.writing import example_data


@dataclass(frozen=True, slots=True)
class ExampleChange:
    """Another answer or sentence for a question, a new example, or none."""

    track: Track
    question: str
    example: Example | None

    @property
    def place(self) -> Place:
        """Give the place of the question."""
        return Place(PlaceKind.EXAMPLE, self.track, name=self.question)

    @property
    def data(self) -> object:
        """Give the example; None for none."""
        return None if self.example is None else example_data(self.example)

    def put(self, document: AgreementDocument, ahead_of: str) -> AgreementDocument:
        """Put the example, a new one behind the others."""
        track_of(document, self.place)
        new = () if self.example is None else (self.example,)
        spot = Spot(str(self.place), ahead_of)
        return replace(document, examples=placed(document.examples, new, _name, spot))


def example_change(changed: Example) -> ExampleChange:
    """Give the change that puts an example at the place of its question."""
    return ExampleChange(changed.track, changed.question, changed)


def _name(one: Example) -> str:
    """Name the place of an example."""
    return str(example_change(one).place)


def _example(document: AgreementDocument, place: Place) -> object:
    """Give the example at a place."""
    track_of(document, place)
    found = (example_data(one) for one in document.examples if _name(one) == str(place))
    return next(found, None)


def _read_example(reading: Reading) -> ExampleChange:
    """Read an example."""
    made, document = None, reading.document
    if reading.node is not None:
        of_track = {track: document.purposes(track) for track in document.tracks}
        made = example(reading.read, reading.node, of_track)
    if made is not None and _name(made) != str(reading.place):
        raise OtherPlaceError
    return ExampleChange(reading.track, reading.place.name, made)


def _follower(document: AgreementDocument, place: Place) -> str:
    """Name the example that follows the one at a place."""
    return follower([_name(one) for one in document.examples], {str(place)})


KINDS = MappingProxyType({PlaceKind.EXAMPLE: Kind(_example, _read_example, _follower)})
