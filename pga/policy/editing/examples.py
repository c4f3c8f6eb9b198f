"""Changes of examples; what an example asks is its name, so that one question has one answer."""

from dataclasses import dataclass, replace
from types import MappingProxyType

from pga.policy.codes import Track
from pga.policy.document.extras import example
from pga.policy.editing.kinds import Kind, Reading, Spot, follower, placed, track_of
from pga.policy.errors import OtherPlaceError, UnknownPlaceError
from pga.policy.places import BECOMES, Place, PlaceKind, questions_of
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
        """Put the example in its place, a new one behind the others."""
        track_of(document, self.place)
        new = () if self.example is None else (self.example,)
        spot = Spot(str(self.place), ahead_of)
        return replace(document, examples=placed(document.examples, new, self._name_of, spot))

    def _name_of(self, one: Example) -> str:
        """Name the place of an example."""
        return _name(one)


@dataclass(frozen=True, slots=True)
class ReaskedChange(ExampleChange):
    """An example that comes to ask something else (ander voorbeeld), as one change.

    `question` is what it asked, `asks` what it will ask; `example` may be either, to go there or
    back, or none. Raises OtherPlaceError where two examples ask them both.
    """

    asks: str

    @property
    def place(self) -> Place:
        """Give the place of both questions."""
        return Place(PlaceKind.REASKED, self.track, name=f"{self.question}{BECOMES}{self.asks}")

    def _name_of(self, one: Example) -> str:
        """Name the place of an example: this one for whatever asks either question."""
        return str(self.place) if _asks(self.place, one) else _name(one)


def reasked(was: str, example: Example) -> ReaskedChange:
    """Give the change that puts an example in the place of one that asked something else."""
    return ReaskedChange(example.track, was, example, example.question)


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


def _made(reading: Reading) -> Example | None:
    """Read the example that is to stand at a place; None for none."""
    if reading.node is None:
        return None
    document = reading.document
    of_track = {track: document.purposes(track) for track in document.tracks}
    return example(reading.read, reading.node, of_track)


def _read_example(reading: Reading) -> ExampleChange:
    """Read an example."""
    made = _made(reading)
    if made is not None and _name(made) != str(reading.place):
        raise OtherPlaceError
    return ExampleChange(reading.track, reading.place.name, made)


def _asks(place: Place, one: Example) -> bool:
    """Tell whether an example stands at a place."""
    return one.track is place.track and one.question in questions_of(place)


def _reasked(document: AgreementDocument, place: Place) -> object:
    """Give the example that asks either question of a place."""
    track_of(document, place)
    found = [example_data(one) for one in document.examples if _asks(place, one)]
    if len(found) > 1:
        raise OtherPlaceError
    return found[0] if found else None


def _read_reasked(reading: Reading) -> ReaskedChange:
    """Read an example that asks either question of a place."""
    questions = questions_of(reading.place)
    if len(questions) != 2 or len(set(questions)) != 2:  # noqa: PLR2004 - there and back
        raise UnknownPlaceError
    _reasked(reading.document, reading.place)
    made = _made(reading)
    if made is not None and not _asks(reading.place, made):
        raise OtherPlaceError
    was, asks = questions
    return ReaskedChange(reading.track, was, made, asks)


def _reasked_follower(document: AgreementDocument, place: Place) -> str:
    """Name the example that follows the one at a place."""
    mine = {_name(one) for one in document.examples if _asks(place, one)}
    return follower([_name(one) for one in document.examples], mine)


def _follower(document: AgreementDocument, place: Place) -> str:
    """Name the example that follows the one at a place."""
    return follower([_name(one) for one in document.examples], {str(place)})


KINDS = MappingProxyType(
    {
        PlaceKind.EXAMPLE: Kind(_example, _read_example, _follower),
        PlaceKind.REASKED: Kind(_reasked, _read_reasked, _reasked_follower),
    }
)
