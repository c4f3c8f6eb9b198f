"""The data files of the region, read into plain values; an unknown key is an error."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from typing import Any

import yaml

from pga.policy.codes import Track

Raw = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Organisation:
    """An organisation of the region, and where its agreements are signed by whom."""

    name: str
    partners: Sequence[str]
    domain: str
    signs: Sequence[str]
    signed_by: str
    signed_as: str


@dataclass(frozen=True, slots=True)
class Professional:
    """Somebody who works in the region; a place is organisation, towns, partner, role."""

    name: str
    places: Sequence[tuple[str, Sequence[str], str, str]]

    def place_in(self, town: str) -> tuple[str, str]:
        """Give the organisation and partner code for which this person works in a town."""
        return next((org, partner) for org, towns, partner, _ in self.places if town in towns)


@dataclass(frozen=True, slots=True)
class Town:
    """A municipality of the region, who leads there, and when its agreements end."""

    code: str
    city: str
    postcode: str
    ends_in: Mapping[str, int]
    lead: str
    second: str
    manager: str
    officer: str
    streets: Sequence[str]


@dataclass(frozen=True, slots=True)
class Youth:
    """A fictional youth and the story of one case; see the files for what the lines mean."""

    name: tuple[str, str, str]
    age: int
    home: str
    opened: int
    state: str
    by: str
    signal: Raw
    track: str = "youth"
    birthday_in: int | None = None
    bsn: bool = False
    exact: bool = False
    pace: float = 1.0
    manager: str = ""
    team: Sequence[str] = ()
    informed: str = ""
    delay: Raw | None = None
    review: str = ""
    restricted: int | None = None
    ended: int = 0
    reason: str = ""
    aftercare: str = ""
    weighing: Raw | None = None
    view: str = ""
    guardians: Sequence[str] = ()
    goals: Sequence[str] = ()
    decisions: Sequence[str] = ()
    actions: Sequence[str] = ()
    releases: Sequence[Raw] = ()
    disclosures: Sequence[Raw] = ()
    log: Sequence[str] = ()
    repairs: Sequence[Raw] = ()
    reads: Sequence[str] = ()
    tries: Sequence[str] = ()
    outsiders: Sequence[str] = ()
    questions: Sequence[str] = ()
    answered: Sequence[str] = ()
    consents: Sequence[str] = ()
    replacements: Sequence[Raw] = ()
    left: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Region:
    """Everything the files say."""

    organisations: Mapping[str, Organisation]
    people: Mapping[str, Professional]
    towns: Mapping[str, Town]
    youths: Mapping[str, Youth]
    decisions: Sequence[Raw]
    texts: Mapping[str, Sequence[Any]]

    @property
    def tracks(self) -> tuple[Track, ...]:
        """Give the tracks in which youths of this region are."""
        used = {youth.track for youth in self.youths.values()}
        return tuple(track for track in Track if track in used)

    def only(self, *keys: str) -> "Region":
        """Give the part of the region in which these youths live, with them alone in it."""
        youths = {key: self.youths[key] for key in keys}
        towns = {key: self.towns[key] for key in {youth.home for youth in youths.values()}}
        people = {}
        for key, person in self.people.items():
            places = [
                (organisation, [town for town in found if town in towns], partner, role)
                for organisation, found, partner, role in person.places
            ]
            if kept := [place for place in places if place[1]]:
                people[key] = Professional(person.name, kept)
        return replace(
            self,
            people=people,
            towns=towns,
            youths=youths,
            decisions=[row for row in self.decisions if row["youth"] in youths],
        )


@cache
def region() -> Region:
    """Read the whole region from its files."""
    youths: dict[str, Youth] = {}
    for name in ("stories", "alkmaar", "haarlem", "zaanstad"):
        for key, raw in _read(f"youths/{name}.yaml").items():
            youths[key] = Youth(**{**raw, "name": tuple(raw["name"])})
    return Region(
        organisations={
            key: Organisation(**raw) for key, raw in _read("organisations.yaml").items()
        },
        people={key: Professional(**raw) for key, raw in _read("people.yaml").items()},
        towns={key: Town(**raw) for key, raw in _read("places.yaml").items()},
        youths=youths,
        decisions=_read("decisions.yaml"),
        texts=_read("texts.yaml"),
    )


def _read(name: str) -> Any:  # noqa: ANN401 - what YAML holds is known by its reader
    """Read one data file."""
    text = resources.files("pga.demo").joinpath("data", *name.split("/")).read_text("utf-8")
    return yaml.safe_load(text)
