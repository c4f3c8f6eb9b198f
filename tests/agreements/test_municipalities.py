"""The municipalities of the police unit and their districts."""

from datetime import date

from pga.agreements.municipalities import (
    MUNICIPALITIES,
    District,
    Municipality,
    municipalities_in,
    name_of,
)


def test_there_are_32_municipalities_in_three_districts() -> None:
    sizes = {district: len(municipalities_in(district)) for district in District}
    assert sizes == {
        District.NOORD_HOLLAND_NOORD: 16,
        District.KENNEMERLAND: 9,
        District.ZAANSTREEK_WATERLAND: 7,
    }
    assert len(MUNICIPALITIES) == 32


def test_a_district_has_a_name_and_its_municipalities_stand_in_order() -> None:
    assert District.KENNEMERLAND.full_name == "Kennemerland"
    names = [each.name for each in municipalities_in(District.KENNEMERLAND)]
    assert names == sorted(names)
    assert "Uitgeest" in names


def test_a_code_has_a_name_and_an_unknown_code_stays_itself() -> None:
    assert name_of("GM0361") == "Alkmaar"
    assert name_of("GM9999") == "GM9999"


def test_a_merged_municipality_exists_from_its_first_day() -> None:
    merged = MUNICIPALITIES["GM1980"]
    assert not merged.exists_on(date(2021, 12, 31))
    assert merged.exists_on(date(2022, 1, 1))
    ended = Municipality("GM0001", "Gone", District.KENNEMERLAND, valid_until=date(2021, 12, 31))
    assert ended.exists_on(date(2021, 12, 31))
    assert not ended.exists_on(date(2022, 1, 1))
