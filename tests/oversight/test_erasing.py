"""The end of retention in the whole product: looks go, cases stay open, holds stay whole."""

from dataclasses import replace

from audit.verify import verify
from config.database import stores
from config.ids import from_hex, new_id, to_hex
from config.keys import kek
from pga.oversight.service.erasing import SYSTEM, erase_what_is_due
from pga.records.service.destruction import lift_hold, place_hold, read_held, read_living
from tests.oversight.conftest import Desk, wait

SIX_YEARS = 6 * 366


def test_before_its_term_nothing_is_erased(desk: Desk) -> None:
    assert erase_what_is_due() == []


def test_after_its_term_the_looks_are_gone_and_the_case_still_matches_the_log(
    desk_on: Desk,
) -> None:
    before = len(desk_on.entries())
    wait(days=SIX_YEARS)
    (erasure,) = erase_what_is_due()
    assert 0 < erasure.erased < before + erasure.kept
    assert erasure.kept == len(read_living())
    assert verify(stores().audit, kek()).is_ok


def test_what_is_on_hold_stays_whole(desk_on: Desk) -> None:
    case = from_hex(read_living()[0])
    officer = replace(SYSTEM, person=to_hex(new_id()))
    place_hold(officer, case, "objection")
    assert read_held() == [to_hex(case)]
    of_the_case = [one for one in desk_on.entries() if one.case_id == to_hex(case)]
    wait(days=SIX_YEARS)
    (erasure,) = erase_what_is_due()
    others = len(read_living()) - 1
    assert erasure.kept == len(of_the_case) + others
    left = [one for one in desk_on.entries() if one.case_id == to_hex(case)]
    assert left == of_the_case
    lift_hold(officer, case, "objection settled")
    assert read_held() == []
