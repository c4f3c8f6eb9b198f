"""Who a fictional youth is: birth date, address and a citizen number from the test range."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from zlib import crc32

from stdnum.nl import bsn as bsn_number

from pga.cases.rules import birthday
from pga.demo.source import Region, Youth

TEST_RANGE = "9999"  # numbers of the test range of the persons register belong to nobody
YEAR = 365
SOONEST, LATEST = 45, 340
HOUSES = 90
LETTERS = ("XA", "XB", "XC", "XD")


@dataclass(frozen=True, slots=True)
class Persona:
    """What a register would know of a youth."""

    first_name: str
    prefix: str
    surname: str
    born_on: date
    address: str
    postcode: str
    city: str
    bsn: str


def personas(region: Region, today: date) -> dict[str, Persona]:
    """Give every youth of the region a persona; the same one every time."""
    numbers = citizen_numbers()
    return {
        key: _persona(key, youth, region, today, next(numbers))
        for key, youth in region.youths.items()
    }


def citizen_numbers() -> Iterator[str]:
    """Give citizen numbers of the test range that pass the 11-test."""
    for number in range(100_000):
        text = f"{TEST_RANGE}{number:05d}"
        if bsn_number.is_valid(text):
            yield text


def _persona(key: str, youth: Youth, region: Region, today: date, bsn: str) -> Persona:
    """Give one youth a persona."""
    town, seed = region.towns[youth.home], crc32(key.encode())
    first_name, prefix, surname = youth.name
    return Persona(
        first_name=first_name,
        prefix=prefix,
        surname=surname,
        born_on=_born_on(youth, today, seed),
        address=f"{town.streets[seed % len(town.streets)]} {seed % HOUSES + 1}",
        postcode=f"{town.postcode} {LETTERS[seed % len(LETTERS)]}",
        city=town.city,
        bsn=bsn if youth.bsn else "",
    )


def _born_on(youth: Youth, today: date, seed: int) -> date:
    """Choose a birth date, so that the age was the same all through the case.

    A story that says how many days off the next birthday is, decides itself.
    """
    ahead = youth.birthday_in
    if ahead is None:
        room = max(min(LATEST, YEAR - youth.opened - 10) - SOONEST, 1)
        ahead = SOONEST + seed % room
    next_one = today + timedelta(days=ahead)
    turns = youth.age + 1
    first = date(next_one.year - turns, next_one.month, min(next_one.day, 28))
    return first if birthday(first, turns) > today else first + timedelta(days=1)
