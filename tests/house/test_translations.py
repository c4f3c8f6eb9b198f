"""Every text a person may read is English in the code and Dutch in a catalogue of its room."""

import re

from pga.web import catalogues, extraction
from pga.web.rooms import rooms

# Words that are Dutch and never English; a message id that holds one is half translated.
DUTCH = re.compile(
    r"\b(?:het|een|niet|geen|voor|naar|wordt|worden|deze|zijn|heeft|kunt|kunnen|moet|mag|bij|uit"
    r"|nog|ook|maar|dat|wie|wat|waar|waarom|welke|tot|u|uw|jongere|gemeente|zorg|aanpak)\b"
    r"|[ëïöüáéíóú]",
    re.IGNORECASE,
)


def test_every_message_id_has_one_good_dutch() -> None:
    assert [str(fault) for fault in catalogues.faults()] == []


def test_message_ids_are_english() -> None:
    dutch = {
        f"{use.path.name}:{use.line}: {use.message_id}"
        for use in extraction.message_ids(rooms())
        if DUTCH.search(use.message_id)
    }
    assert dutch == set()
