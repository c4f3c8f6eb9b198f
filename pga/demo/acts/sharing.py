"""Acts of sharing: releases, decisions, consent, and looking, also where nothing opens."""

from audit.entries import Kind
from config import clock
from config.errors import NotFoundError
from pga.demo.script import (
    Confirm,
    Consent,
    Decide,
    Decline,
    Knock,
    LookAtList,
    Open,
    OpenLate,
    Parents,
    Release,
    Scene,
    TryOpen,
    Withdraw,
)
from pga.demo.stage import PlayError, Stage, perform
from pga.dossier.work import running_files
from pga.policy.codes import PURPOSES
from pga.sharing.rules import Answer, GuardianKind
from pga.sharing.service import decisions, guardians, releases, voluntary
from pga.sharing.service.disclose import (
    Look,
    Selection,
    SharingDeniedError,
    disclose_one,
)

REGISTER = "brp"


@perform.register
def parents(act: Parents, stage: Stage, scene: Scene) -> None:
    """Record who holds parental authority, from the register."""
    for name in act.names:
        guardian = guardians.add_guardian(
            stage.desk(scene),
            guardians.NewGuardian(GuardianKind.PARENTAL_AUTHORITY, name, REGISTER, clock.today()),
        )
        stage.memory(scene).guardians.append(guardian.id)


@perform.register
def decide(act: Decide, stage: Stage, scene: Scene) -> None:
    """Record a decision to provide."""
    recipients = (
        [stage.cast.organisations[key] for key in act.to]
        if act.is_structural
        else stage.organisations(act.to, scene)
    )
    new = decisions.NewDecision(
        article=act.article,
        number=act.number,
        purposes=sorted({str(purpose) for track in PURPOSES.values() for purpose in track}),
        categories=act.about,
        recipients=recipients,
        authority=act.authority,
        valid_until=stage.cast.day(act.until),
        conditions=act.conditions,
        is_structural=act.is_structural,
    )
    decisions.record_decision(stage.desk(scene), new)


@perform.register
def release(act: Release, stage: Stage, scene: Scene) -> None:
    """Record a release; who must answer besides the youth was recorded before."""
    memory, home = stage.memory(scene), stage.youth(scene).home
    provider = stage.cast.place(act.provider, home)
    answers: dict[bytes | None, Answer] = {None: act.youth}
    answers.update(zip(memory.guardians, act.guardians, strict=False))
    new = releases.NewRelease(
        kind=act.kind,
        provider_organisation_id=provider.organisation_id,
        provider=provider.partner,
        categories=act.about,
        recipients=stage.organisations(act.to, scene),
        valid_until=stage.cast.day(act.until),
        way="spoken",
        language_level=act.level,
        answers=answers,
        reasons={"why": act.why} if act.why else {},
    )
    memory.releases[act.name] = releases.record_release(stage.desk(scene), new).id


@perform.register
def confirm(act: Confirm, stage: Stage, scene: Scene) -> None:
    """Confirm a release as the bound professional."""
    releases.confirm(stage.desk(scene), stage.memory(scene).releases[act.name])


@perform.register
def decline(act: Decline, stage: Stage, scene: Scene) -> None:
    """Keep silent as the bound professional."""
    releases.decline(stage.desk(scene), stage.memory(scene).releases[act.name])


@perform.register
def withdraw(act: Withdraw, stage: Stage, scene: Scene) -> None:
    """Withdraw a release for the youth."""
    releases.withdraw(stage.desk(scene), stage.memory(scene).releases[act.name])


@perform.register
def consent(act: Consent, stage: Stage, scene: Scene) -> None:
    """Record consent to voluntary help."""
    place = stage.cast.place(act.person, stage.youth(scene).home)
    voluntary.record_consent(
        stage.desk(scene),
        place.organisation_id,
        place.partner,
        "spoken",
        stage.cast.day(act.until),
    )


@perform.register
def open_case(act: Open, stage: Stage, scene: Scene) -> None:
    """Open the case, as the case page does."""
    _ = act
    disclose_one(stage.cast.viewer(scene.by), stage.memory(scene).case_id, Look(Kind.OPENED))


@perform.register
def open_late(act: OpenLate, stage: Stage, scene: Scene) -> None:
    """Open a case of the own story late in the evening, as the case page does."""
    case_id = stage.memories[act.youth].case_id
    disclose_one(stage.cast.viewer(scene.by), case_id, Look(Kind.OPENED))


@perform.register
def try_to_open(act: TryOpen, stage: Stage, scene: Scene) -> None:
    """Try to open one closed item by its address; the refusal is an entry."""
    chosen = _chosen(act, stage, scene)
    if not chosen:
        raise PlayError(scene, "there is nothing of this category yet")
    look = Look(Kind.OPENED, Selection(item_ids=chosen))
    try:
        disclose_one(stage.cast.viewer(scene.by), stage.memory(scene).case_id, look)
    except SharingDeniedError:
        return
    raise PlayError(scene, "this was not refused")


def _chosen(act: TryOpen, stage: Stage, scene: Scene) -> frozenset[bytes]:
    """Give addresses that are closed to somebody: of a named item, or of a whole category."""
    if act.name:
        return frozenset({stage.memory(scene).items[act.name]})
    items = stage.desk(scene).facts.items
    return frozenset(item.id for item in items if item.category == act.category)


@perform.register
def knock(act: Knock, stage: Stage, scene: Scene) -> None:
    """Try the address of a case without a seat in it; the refusal is an entry."""
    _ = act
    try:
        disclose_one(stage.cast.viewer(scene.by), stage.memory(scene).case_id, Look(Kind.OPENED))
    except NotFoundError:
        return
    raise PlayError(scene, "this was not refused")


@perform.register
def look_at_list(act: LookAtList, stage: Stage, scene: Scene) -> None:
    """Look at the own work list: every case one takes part in, one entry each."""
    _ = act
    running_files(stage.cast.viewer(scene.by))
