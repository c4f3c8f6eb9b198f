"""Acts of officers: consents of works councils, the work list, and an extract for a youth."""

from datetime import timedelta
from zlib import crc32

from config import clock
from config.errors import ForbiddenError
from pga.demo.script import Judge, PrepareExtract, Scene, WorksCouncil
from pga.demo.stage import Stage, perform
from pga.oversight.extracts import Applicant
from pga.oversight.patterns import Pattern
from pga.oversight.rules import ReviewOutcome
from pga.oversight.service import extracting, review
from pga.oversight.service.bench import benches
from pga.oversight.service.extracting import Wanted

NOT_BEFORE = timedelta(days=7)
"""An officer waits a week for the answer of an employee."""
MOST_JUDGED = 12
TOLD_OVER = timedelta(days=90)
JUDGEMENTS: tuple[tuple[ReviewOutcome, str], ...] = (
    (ReviewOutcome.WORK, "De taak was telefonisch afgesproken en stond nog niet in het systeem."),
    (ReviewOutcome.EXPLAINED, "Voorbereiding van het overleg van die week, de agenda klopt."),
    (ReviewOutcome.WORK, "Collega was ziek; de vervanging is later die dag vastgelegd."),
    (ReviewOutcome.EXPLAINED, "Gevraagd door de casusregisseur, zij bevestigt dat."),
    (ReviewOutcome.MISTAKE, "Verkeerd nummer geopend en meteen gesloten. Besproken."),
)
"""What was found, as an officer writes it down: no names and nothing of what is in a case."""
SAMPLED = (ReviewOutcome.EXPLAINED, "Steekproef: deelnemer met een open taak, niets bijzonders.")


@perform.register
def consent(act: WorksCouncil, stage: Stage, scene: Scene) -> None:
    """Record that the works council of the own organisation consented, a few days before."""
    bench = benches(stage.cast.viewer(scene.by))[0]
    review.record_consent(bench, clock.today() - timedelta(days=4), act.reference)


@perform.register
def judge(act: Judge, stage: Stage, scene: Scene) -> None:
    """Let the checks run as the worker would, and judge what waited for a week."""
    _ = act
    review.scan()
    bench = benches(stage.cast.viewer(scene.by))[0]
    listed = review.work_list(bench).items
    ripe = [one.item for one in listed if one.item.happened_at <= clock.now() - NOT_BEFORE]
    for row in ripe[:MOST_JUDGED]:
        outcome, remark = JUDGEMENTS[crc32(f"{row.seq}".encode()) % len(JUDGEMENTS)]
        if row.pattern == Pattern.SAMPLE:
            outcome, remark = SAMPLED
        review.item([bench], row.id)
        try:
            review.close(bench, row, outcome, remark)
        except ForbiddenError:  # the own access: somebody else judges it
            continue


@perform.register
def prepare_extract(act: PrepareExtract, stage: Stage, scene: Scene) -> None:
    """Prepare an extract for a youth; it waits for somebody to check it line by line."""
    today = clock.today()
    wanted = Wanted(Applicant.YOUTH, today - timedelta(days=2), today - TOLD_OVER, today)
    found = benches(stage.cast.viewer(scene.by))
    extracting.prepare(found, stage.memories[act.youth].case_id, wanted)
