"""The end of retention of the log, once a day by the worker: a month goes when its term is over."""

import logging

from audit.entries import Actor
from audit.gate import gate
from audit.retention import Erasure, Keep, due, erase
from config import clock
from pga.records.service.destruction import read_held, read_living

SYSTEM = Actor(person="", organisation="", partner="", role="system", session="", auth_level="")

log = logging.getLogger(__name__)


def erase_what_is_due() -> list[Erasure]:
    """Erase the months whose term is over; keep what living cases need and what is on hold."""
    done = []
    for kek_id in due(gate(), clock.today()):
        keep = Keep(read_living(), read_held())
        erasure = erase(gate(), kek_id, keep, SYSTEM)
        log.info("Erased %s entries, kept %s on.", erasure.erased, erasure.kept)
        done.append(erasure)
    return done
