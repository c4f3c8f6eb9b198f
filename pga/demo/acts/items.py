"""Acts on items: bring one, agree on an action, repair, ask."""

from config import clock
from pga.cases import queries as cases
from pga.demo.plot import four
from pga.demo.script import (
    Agree,
    Correct,
    Finish,
    Question,
    Scene,
    TakeBack,
    Tell,
    Tick,
    TryBring,
    WrongCase,
)
from pga.demo.stage import PlayError, Stage, perform
from pga.dossier.rules import FactType, ItemKind
from pga.dossier.service import contributions, repairs, tasks
from pga.policy.codes import BIT, Category, Condition, Partner, Track
from pga.sharing.service.changes import own_item
from pga.sharing.service.disclose import SharingDeniedError

JUDGED = frozenset({"D14", "G04"})
SEEN = frozenset({"D12", "D13", "G06", "G09"})


@perform.register
def tell(act: Tell, stage: Stage, scene: Scene) -> None:
    """Bring an item, after a weighing note where the agreement asks for one."""
    if _needs_note(act, stage, scene):
        _weigh_first(act, stage, scene)
    is_dated = act.kind not in {ItemKind.GOAL, ItemKind.YOUTH_VIEW}
    item = contributions.NewItem(
        kind=act.kind,
        category=act.category,
        title=act.title,
        text=act.text,
        happened_on=clock.today() if is_dated else None,
        fact_type=_fact_type(act) if act.kind is ItemKind.CONTRIBUTION else None,
        recipients=stage.ids(act.to),
        extra={"own_words": act.own_words} if act.own_words else None,
    )
    item_id = contributions.bring(stage.desk(scene), item)
    if act.name:
        stage.memory(scene).items[act.name] = item_id


def _needs_note(act: Tell, stage: Stage, scene: Scene) -> bool:
    """Tell whether the agreement asks this provider for a weighing note that is not there yet."""
    youth = stage.youth(scene)
    place = stage.cast.place(scene.by, youth.home)
    document = stage.cast.documents[place.municipality, Track(youth.track)]
    cell = document.cell(Track(youth.track), Partner(place.partner), Category(act.category))
    return bool(cell.provide.need & BIT[Condition.WEIGHING_NOTE]) and (
        (place.organisation_id, act.category) not in stage.memory(scene).weighed
    )


def _weigh_first(act: Tell, stage: Stage, scene: Scene) -> None:
    """Write the note that a contribution needs, for everybody who takes part in the case."""
    texts = stage.cast.region.texts["notes"]
    answers = four(texts[(len(act.text) + len(scene.youth)) % len(texts)])
    desk = stage.desk(scene)
    own = desk.seat.organisation_id
    readers = {p.organisation_id for p in desk.facts.participants} - {own}
    named = set(stage.organisations(act.to, scene))
    stage.weigh(scene, act.category, sorted(readers | named), answers)
    stage.memory(scene).weighed.add((own, act.category))


def _fact_type(act: Tell) -> FactType:
    """Keep facts, observations and judgements apart."""
    if act.category in JUDGED:
        return FactType.JUDGEMENT
    return FactType.OBSERVATION if act.category in SEEN else FactType.FACT


@perform.register
def agree(act: Agree, stage: Stage, scene: Scene) -> None:
    """Agree on an action."""
    stage.memory(scene).items[act.name] = contributions.plan_action(
        stage.desk(scene),
        act.title,
        act.text,
        stage.cast.day(act.due),
        stage.cast.people[act.person],
    )


@perform.register
def finish(act: Finish, stage: Stage, scene: Scene) -> None:
    """Mark an action as done."""
    contributions.finish_action(stage.desk(scene), stage.memory(scene).items[act.name])


@perform.register
def correct(act: Correct, stage: Stage, scene: Scene) -> None:
    """Correct an own item."""
    desk = stage.desk(scene)
    item_id = stage.memory(scene).items[act.name]
    line = own_item(desk, item_id)
    content: dict[str, object] = {
        "title": act.title,
        "text": act.text,
        "happened_on": clock.local_day(line.created_at).isoformat(),
        "fact_type": FactType.FACT,
    }
    repairs.correct(desk, item_id, content, line.row_version)


@perform.register
def take_back(act: TakeBack, stage: Stage, scene: Scene) -> None:
    """Withdraw an own item."""
    repairs.withdraw_item(stage.desk(scene), stage.memory(scene).items[act.name])


@perform.register
def wrong_case(act: WrongCase, stage: Stage, scene: Scene) -> None:
    """Put an own item down as of the wrong case."""
    repairs.wrong_case(stage.desk(scene), stage.memory(scene).items[act.name])


@perform.register
def ask(act: Question, stage: Stage, scene: Scene) -> None:
    """Ask the case manager about a closed section."""
    contributions.ask_case_manager(stage.desk(scene), act.category)


@perform.register
def tick(act: Tick, stage: Stage, scene: Scene) -> None:
    """Mark what waits for somebody in a case as done."""
    viewer, case_id = stage.cast.viewer(scene.by), stage.memory(scene).case_id
    places = [(place.organisation_id, place.partner) for place in viewer.places]
    for task in cases.open_work(viewer.person_id, places, [case_id]):
        if task.kind == act.kind:
            tasks.finish(stage.desk(scene), task.id)


@perform.register
def try_to_bring(act: TryBring, stage: Stage, scene: Scene) -> None:
    """Try to bring what this organisation may bring to nobody; the refusal is an entry."""
    item = contributions.NewItem(
        kind=ItemKind.CONTRIBUTION,
        category=act.category,
        title="Wat ik hierover weet",
        text="Dit hoort waarschijnlijk niet bij onze organisatie.",
        happened_on=clock.today(),
        fact_type=FactType.OBSERVATION,
    )
    try:
        contributions.bring(stage.desk(scene), item)
    except SharingDeniedError:
        return
    raise PlayError(scene, "this was not refused")
