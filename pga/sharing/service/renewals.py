"""Releases that end soon: a task for the bound professional to ask anew, 30 days before (R-23)."""

import logging
from collections.abc import Collection, Mapping
from datetime import timedelta

from audit.entries import Action, Actor, Entry
from config import clock
from pga.cases import queries as case_rows
from pga.cases import service as cases
from pga.cases.rules import ENDED, CaseState, WorkKind
from pga.records import service as records
from pga.records.errors import CaseFaultError
from pga.sharing import queries
from pga.sharing.rules import RENEW_DAYS_BEFORE, ReleaseFact, release_holds

WORKER = Actor(person="", organisation="", partner="", role="worker", session="", auth_level="")

Where = tuple[bytes, bytes]
"""A case and its youth, by id."""

log = logging.getLogger(__name__)


def renew_tasks() -> None:
    """Let every release in effect that ends within 30 days wait for its professional, once.

    The end is that of its term or of the birthday that ends it. One entry per case that changes;
    a case that does not match the log is left for its operator.
    """
    for where, releases in _ending().items():
        try:
            _add_tasks(where, releases)
        except CaseFaultError:
            log.exception("no tasks for a faulty case", extra={"event": "renewal-waits"})


def _ending() -> Mapping[Where, list[ReleaseFact]]:
    """Find the releases that end soon and were not asked about, by running case."""
    today = clock.today()
    soon = today + timedelta(days=RENEW_DAYS_BEFORE)
    facts = queries.load_facts(queries.cases_with_releases(today), today)
    ending = {
        (case_id, known.case.subject_id): [
            fact for fact in known.releases if release_holds(fact, today) and fact.ends_on <= soon
        ]
        for case_id, known in facts.items()
        if known.is_in_force and CaseState(known.case.state) not in ENDED
    }
    ids = [fact.id for found in ending.values() for fact in found]
    asked = case_rows.with_work_about(WorkKind.RENEW_RELEASE, ids)
    waiting = {
        where: [fact for fact in found if fact.id not in asked] for where, found in ending.items()
    }
    return {where: found for where, found in waiting.items() if found}


def _add_tasks(where: Where, releases: Collection[ReleaseFact]) -> None:
    """Write the tasks of one case, for the provider alone; due on the last day."""
    case_id, subject_id = where

    def then() -> None:
        for release in releases:
            cases.add_work(
                case_id,
                cases.NewWork(
                    WorkKind.RENEW_RELEASE,
                    organisation_id=release.provider_organisation_id,
                    partner=release.provider,
                    about_id=release.id,
                    due_at=clock.end_of(release.ends_on),
                ),
            )

    entry = Entry(
        action=Action.CREATE,
        actor=WORKER,
        object=case_id.hex(),
        case_id=case_id.hex(),
        subjects=(subject_id.hex(),),
        facts={"change": "renew-releases", "tasks": len(releases)},
    )
    records.write(entry, case_id, (), then)
