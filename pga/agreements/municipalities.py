"""The 32 municipalities of the police unit Noord-Holland, with CBS code and district.

A district has the borders of its safety region. The organisation somebody works for says nothing
about it: a role is held per municipality. Towns that merged carry the day from which they are one.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType


class District(StrEnum):
    """A district of the police unit (district), by the code of its safety region."""

    NOORD_HOLLAND_NOORD = "VR10"
    ZAANSTREEK_WATERLAND = "VR11"
    KENNEMERLAND = "VR12"

    @property
    def full_name(self) -> str:
        """Give the name of the district, the same in every language."""
        return _TITLES[self]


_TITLES = MappingProxyType(
    {
        District.NOORD_HOLLAND_NOORD: "Noord-Holland Noord",
        District.ZAANSTREEK_WATERLAND: "Zaanstreek-Waterland",
        District.KENNEMERLAND: "Kennemerland",
    }
)


@dataclass(frozen=True, slots=True)
class Municipality:
    """A municipality (gemeente) by its CBS code; the days of its term are included."""

    code: str
    name: str
    district: District
    valid_from: date | None = None
    valid_until: date | None = None

    def exists_on(self, day: date) -> bool:
        """Tell whether it is a municipality on a day."""
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_until is None or day <= self.valid_until
        )


_MERGED_ON = MappingProxyType({"GM1980": date(2022, 1, 1)})
_BY_DISTRICT = MappingProxyType(
    {
        District.NOORD_HOLLAND_NOORD: {
            "GM0361": "Alkmaar",
            "GM0373": "Bergen (NH.)",
            "GM0383": "Castricum",
            "GM0400": "Den Helder",
            "GM1980": "Dijk en Waard",
            "GM0498": "Drechterland",
            "GM0388": "Enkhuizen",
            "GM0399": "Heiloo",
            "GM1911": "Hollands Kroon",
            "GM0405": "Hoorn",
            "GM1598": "Koggenland",
            "GM0420": "Medemblik",
            "GM0432": "Opmeer",
            "GM0441": "Schagen",
            "GM0532": "Stede Broec",
            "GM0448": "Texel",
        },
        District.KENNEMERLAND: {
            "GM0375": "Beverwijk",
            "GM0377": "Bloemendaal",
            "GM0392": "Haarlem",
            "GM0394": "Haarlemmermeer",
            "GM0396": "Heemskerk",
            "GM0397": "Heemstede",
            "GM0450": "Uitgeest",
            "GM0453": "Velsen",
            "GM0473": "Zandvoort",
        },
        District.ZAANSTREEK_WATERLAND: {
            "GM0385": "Edam-Volendam",
            "GM0415": "Landsmeer",
            "GM0431": "Oostzaan",
            "GM0439": "Purmerend",
            "GM0852": "Waterland",
            "GM0880": "Wormerland",
            "GM0479": "Zaanstad",
        },
    }
)

MUNICIPALITIES = MappingProxyType(
    {
        code: Municipality(code, name, district, _MERGED_ON.get(code))
        for district, names in _BY_DISTRICT.items()
        for code, name in names.items()
    }
)


def name_of(code: str) -> str:
    """Give the name of a municipality; a code that is none stays as it is."""
    found = MUNICIPALITIES.get(code)
    return code if found is None else found.name


def municipalities_in(district: District) -> tuple[Municipality, ...]:
    """Give the municipalities of a district, in the order of their names."""
    found = (each for each in MUNICIPALITIES.values() if each.district is district)
    return tuple(sorted(found, key=lambda each: each.name))
