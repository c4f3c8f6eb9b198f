"""Every text a person may read is English in the code and Dutch in a catalogue of its room."""

import re

import pytest

from pga.web import catalogues
from pga.web.rooms import ROOT

pytestmark = pytest.mark.unmeasured

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
    # Every message id of the code stands in a catalogue, or the test above fails.
    dutch = {
        f"{source.relative_to(ROOT)}: {form}"
        for source in catalogues._sources(ROOT)
        for message in catalogues._read(source)
        for form in catalogues._forms(message.id)
        if DUTCH.search(form)
    }
    assert dutch == set()
