"""The library: the two model agreements and the local agreements derived from them, as files.

A model is what a municipality starts from. A local file is one whole version of an agreement, as
it would be signed; `pga.policy.derive` makes one, and once signed it does not follow its model.
"""

from pathlib import Path
from types import MappingProxyType

from pga.policy.codes import Track
from pga.policy.document import AgreementDocument, parse

FOLDER = Path(__file__).parent
LOCAL = FOLDER / "local"
MODELS = MappingProxyType(
    {
        Track.YOUTH: FOLDER / "pga-jeugd.yaml",
        Track.MONEY_MULE: FOLDER / "geldezel.yaml",
    }
)
_TRACK_IN_NAME = MappingProxyType({Track.YOUTH: "jeugd", Track.MONEY_MULE: "geldezel"})


def model_text(track: Track) -> str:
    """Read the text of the model of a track."""
    return MODELS[track].read_text("utf-8")


def model(track: Track) -> AgreementDocument:
    """Read the model of a track."""
    return parse(model_text(track))


def local_files() -> tuple[Path, ...]:
    """Give the files of the local agreements, one per municipality and track."""
    return tuple(sorted(LOCAL.glob("*.yaml")))


def local_file(municipality: str, track: Track) -> Path:
    """Give the file of a local agreement, by CBS code and track."""
    return LOCAL / f"{municipality}-{_TRACK_IN_NAME[track]}.yaml"
