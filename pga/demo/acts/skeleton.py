"""Acts on the skeleton of a case: the signal, its steps, its people, its clocks."""

from datetime import timedelta
from zlib import crc32

from config import clock
from pga.demo.script import (
    Approve,
    Delay,
    End,
    FileIdentity,
    FileNumber,
    Inform,
    Name,
    Restrict,
    Review,
    Scene,
    StandIn,
    Start,
    Step,
    Weigh,
)
from pga.demo.source import Youth
from pga.demo.stage import Stage, perform
from pga.dossier.service import people, signals, steps
from pga.dossier.service.aftercare import LONGEST_AFTERCARE_DAYS, Aftercare
from pga.sharing.service import decisions

WHOLE_CASE = "CASE"


@perform.register
def start(act: Start, stage: Stage, scene: Scene) -> None:
    """Start a case with a signal."""
    _ = act
    region, youth = stage.cast.region, stage.youth(scene)
    persona = stage.personas[scene.youth]
    why = region.texts["not_informed"]
    signal = signals.NewSignal(
        municipality=region.towns[youth.home].code,
        track=youth.track,
        first_name=persona.first_name,
        prefix=persona.prefix,
        surname=persona.surname,
        born_on=persona.born_on,
        address=persona.address,
        postcode=persona.postcode,
        city=persona.city,
        reason=youth.signal["reason"],
        goal=youth.signal["goal"],
        tried=youth.signal["tried"],
        urgency=youth.signal["urgency"],
        known_partners=_known(stage, youth),
        is_informed=False,
        why_not_informed=youth.signal.get("why_not", why[crc32(scene.youth.encode()) % len(why)]),
        bsn=persona.bsn or None,
    )
    viewer = stage.cast.viewer(scene.by)
    place = stage.cast.place(scene.by, youth.home)
    stage.memory(scene).case_id = signals.start(viewer, place, signal)


def _known(stage: Stage, youth: Youth) -> str:
    """Say which organisations the submitter knows of: the first two that bear no secret."""
    region = stage.cast.region
    places = [region.people[person].place_in(youth.home) for person in youth.team]
    names = [region.organisations[key].name for key, partner in places if partner in {"LPR", "SCH"}]
    return ", ".join(names)


@perform.register
def step(act: Step, stage: Stage, scene: Scene) -> None:
    """Take a step."""
    keeps_contact = None
    if act.keeps_contact:
        place = stage.cast.place(act.keeps_contact, stage.youth(scene).home)
        keeps_contact = Aftercare(
            person_id=stage.cast.people[act.keeps_contact],
            organisation_id=place.organisation_id,
            partner=place.partner,
            until_on=clock.today() + timedelta(days=LONGEST_AFTERCARE_DAYS),
        )
    steps.take(stage.desk(scene), act.target, act.reason, keeps_contact)


@perform.register
def file_identity(act: FileIdentity, stage: Stage, scene: Scene) -> None:
    """File who the youth is, for everybody named to work with the youth."""
    persona = stage.personas[scene.youth]
    identity = steps.NewIdentity(
        first_name=persona.first_name,
        prefix=persona.prefix,
        surname=persona.surname,
        born_on=persona.born_on,
        address=persona.address,
        postcode=persona.postcode,
        city=persona.city,
    )
    steps.file_identity(stage.desk(scene), identity, stage.ids(act.readers))


@perform.register
def file_number(act: FileNumber, stage: Stage, scene: Scene) -> None:
    """File the citizen number where the plan needs it (UAVG 46)."""
    bsn = stage.personas[scene.youth].bsn
    steps.file_bsn(stage.desk(scene), bsn, stage.ids((act.reader,)))


@perform.register
def name(act: Name, stage: Stage, scene: Scene) -> None:
    """Name people in a case."""
    for person in act.people:
        place = stage.cast.place(person, stage.youth(scene).home)
        new = people.NewPerson(
            person_id=stage.cast.people[person],
            organisation_id=place.organisation_id,
            partner=place.partner,
            task=act.task,
            until_on=clock.today() + timedelta(days=act.days),
        )
        people.name_participant(stage.desk(scene), new)


@perform.register
def end(act: End, stage: Stage, scene: Scene) -> None:
    """End somebody's task."""
    desk = stage.desk(scene)
    people.end_task(desk, stage.participant(desk, act.person))


@perform.register
def stand_in(act: StandIn, stage: Stage, scene: Scene) -> None:
    """Let somebody stand in."""
    desk = stage.desk(scene)
    people.stand_in(
        desk,
        stage.participant(desk, act.person),
        stage.cast.people[act.instead],
        stage.cast.day(act.until),
    )


@perform.register
def weigh(act: Weigh, stage: Stage, scene: Scene) -> None:
    """Write the weighing note over the whole case."""
    youth = stage.youth(scene)
    town = stage.cast.region.towns[youth.home]
    readers = stage.organisations((town.lead, youth.by, *youth.team), scene)
    stage.memory(scene).note_id = stage.weigh(scene, WHOLE_CASE, readers, act.answers)


@perform.register
def approve(act: Approve, stage: Stage, scene: Scene) -> None:
    """Approve that note as a second person."""
    _ = act
    decisions.approve_note(stage.desk(scene), stage.memory(scene).note_id)


@perform.register
def inform(act: Inform, stage: Stage, scene: Scene) -> None:
    """Record that the youth was informed."""
    _ = act
    steps.record_informed(stage.desk(scene), clock.today())


@perform.register
def delay(act: Delay, stage: Stage, scene: Scene) -> None:
    """Put informing off."""
    officer = stage.cast.region.towns[stage.youth(scene).home].officer
    steps.record_delay(
        stage.desk(scene), act.reason, stage.cast.day(act.until), stage.cast.people[officer]
    )


@perform.register
def review(act: Review, stage: Stage, scene: Scene) -> None:
    """Look again at whether the case is needed."""
    _ = act
    steps.record_review(stage.desk(scene))


@perform.register
def restrict(act: Restrict, stage: Stage, scene: Scene) -> None:
    """Restrict the case until the objection is decided."""
    _ = act
    steps.set_restriction(stage.desk(scene), is_restricted=True)
