"""What a test sees of a case or an item that is not as it was written."""

import pytest

from audit.entries import Action
from config.database import db
from pga.records import service as records
from pga.records.errors import CaseFaultError, ItemFaultError
from tests.records.world import World


def refuses(world: World, case_id: bytes, reason: str) -> None:
    """Nothing of the case opens for anybody, and the log says why."""
    db.session.rollback()
    opened = records.open_items([world.ask(case_id)])
    assert (opened.contents, opened.faulty) == ({}, {})
    with pytest.raises(CaseFaultError) as fault:
        opened.whole()
    assert opened.failed == {case_id: fault.value}
    assert fault.value.reason == reason
    assert fault.value.case_ids == {case_id}
    assert reason in str(fault.value)
    assert world.logged()[-2:] == ["CONSULT", "outcome"]


def closes(world: World, case_id: bytes, *item_ids: bytes) -> None:
    """These items open for nobody and the log names them; what else the case holds is open."""
    db.session.rollback()
    asked = world.ask(case_id)
    opened = records.open_items([asked])
    assert opened.faulty == dict.fromkeys(item_ids, case_id)
    assert opened.contents.keys() == {item.id for item in asked.items} - set(item_ids)
    assert opened.failed == {}
    with pytest.raises(ItemFaultError):
        opened.whole()
    outcome = world.newest()
    assert (outcome.action, outcome.names) == (Action.OUTCOME, asked.receipt.event_id)
    assert outcome.reason == "integrity-fault: item"
    assert outcome.closed_items == {item_id.hex() for item_id in item_ids}
