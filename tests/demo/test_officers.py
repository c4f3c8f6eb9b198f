"""The bench of an officer is worth looking at in the region: consents, findings, a request."""

import pytest
from sqlalchemy import select

from config import clock
from config.database import db
from pga.demo.officers import CONSENTED, overseers
from pga.demo.source import Region, region
from pga.oversight.models import CitizenExtract, ExtractLine, MonitoringConsent, ReviewItem
from pga.oversight.patterns import Pattern


@pytest.mark.usefixtures("loaded")
def test_works_councils_consented_before_anybody_was_checked() -> None:
    consents = db.session.scalars(select(MonitoringConsent)).all()
    assert len(consents) >= 3
    assert all(one.reference.endswith("(fictief)") for one in consents)
    checked = set(db.session.scalars(select(ReviewItem.organisation)))
    assert checked <= {one.organisation_id.hex() for one in consents}
    first = min(one.consented_on for one in consents)
    found = db.session.scalars(select(ReviewItem.found_at)).all()
    assert all(clock.local_day(at) > first for at in found)


@pytest.mark.usefixtures("loaded")
def test_findings_were_judged_with_a_reason_and_some_still_wait() -> None:
    rows = db.session.scalars(select(ReviewItem)).all()
    judged = [row for row in rows if row.closed_at is not None]
    assert judged
    assert len(judged) < len(rows)
    assert all(row.remark and row.closed_by.hex() != row.person for row in judged if row.closed_by)


@pytest.mark.usefixtures("loaded")
def test_who_opened_a_case_late_in_the_evening_is_asked_about_it() -> None:
    rows = db.session.scalars(
        select(ReviewItem).where(ReviewItem.pattern == Pattern.UNUSUAL_HOUR)
    ).all()
    assert [row.happened_at.astimezone(clock.AMSTERDAM).hour for row in rows] == [23]


@pytest.mark.usefixtures("loaded")
def test_the_reports_of_more_than_one_month_have_findings() -> None:
    found = db.session.scalars(select(ReviewItem.happened_at)).all()
    assert len({clock.local_day(at).replace(day=1) for at in found}) > 1


@pytest.mark.usefixtures("loaded")
def test_an_extract_for_sem_waits_to_be_checked() -> None:
    (extract,) = db.session.scalars(select(CitizenExtract))
    assert extract.released_at is None
    lines = db.session.scalars(select(ExtractLine)).all()
    assert len(lines) > 5
    assert {line.ruling for line in lines} == {""}


def test_officers_who_do_not_live_in_a_part_of_the_region_do_nothing_there(town: Region) -> None:
    assert set(overseers(town)) < set(overseers(region()))
    assert set(CONSENTED) <= set(region().people)
