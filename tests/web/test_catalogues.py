"""Catalogues: every message id has one good Dutch, and changed ones are compiled anew."""

import os
from pathlib import Path

import pytest

from pga.web import catalogues
from pga.web.catalogues import Fault
from pga.web.rooms import folders

HEAD = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A house with two rooms that speak and a folder that is no room."""
    for room in ("auth", "pga/cases"):
        (tmp_path / room / "translations/nl/LC_MESSAGES").mkdir(parents=True)
        (tmp_path / room / "__init__.py").write_text('"""A room."""\n')
    (tmp_path / "pga" / "not_a_room").mkdir()
    (tmp_path / "pga/mute").mkdir()
    (tmp_path / "pga/mute/__init__.py").write_text('"""A room."""\n')
    return tmp_path


def write(house: Path, room: str, entries: str) -> Path:
    path = house / room / "translations/nl/LC_MESSAGES/messages.po"
    path.write_text(HEAD + entries)
    return path


def test_a_catalogue_is_compiled_once_until_it_changes(house: Path) -> None:
    source = write(house, "auth", 'msgid "Yes."\nmsgstr "Ja."\n')
    assert catalogues.compile_all(house) == 1
    assert catalogues.compile_all(house) == 0
    later = source.with_suffix(".mo").stat().st_mtime + 5
    os.utime(source, (later, later))
    assert catalogues.compile_all(house) == 1


def test_only_rooms_that_speak_are_read(house: Path) -> None:
    assert folders(house) == [
        house / "auth/translations",
        house / "pga/cases/translations",
    ]


@pytest.mark.parametrize(
    ("entries", "what"),
    [
        ('msgid "Yes."\nmsgstr ""\n', "has no Dutch"),
        ('#, fuzzy\nmsgid "Yes."\nmsgstr "Ja."\n', "is marked fuzzy"),
        ('msgid "Yes."\nmsgstr "Ja, %(name)s."\n', "has other values than its Dutch"),
        (
            'msgid "Yes."\nmsgid_plural "%(num)s yes."\nmsgstr[0] "%(num)s ja."\nmsgstr[1] ""\n',
            "has no Dutch",
        ),
    ],
)
def test_a_bad_translation_is_found(house: Path, entries: str, what: str) -> None:
    write(house, "auth", entries)
    where = "auth/translations/nl/LC_MESSAGES/messages.po"
    assert catalogues.faults(house) == [Fault(where, "Yes.", what)]


def test_a_plural_may_name_its_number_in_one_form_only(house: Path) -> None:
    write(
        house,
        "auth",
        'msgid "One."\nmsgid_plural "%(num)s."\nmsgstr[0] "Een."\nmsgstr[1] "%(num)s."\n',
    )
    assert catalogues.faults(house) == []


def test_one_message_id_has_one_dutch_in_the_whole_house(house: Path) -> None:
    write(house, "auth", 'msgid "closed"\nmsgstr "dicht"\n')
    write(house, "pga/cases", 'msgid "closed"\nmsgstr "gesloten"\n')
    assert [fault.what for fault in catalogues.faults(house)] == [
        "is translated differently elsewhere"
    ]


def test_a_message_id_without_dutch_is_found_where_it_is_used(house: Path) -> None:
    (house / "auth/views.py").write_text('_("Nobody said this.")\n')
    assert [str(fault) for fault in catalogues.faults(house)] == [
        "auth/views.py:1: has no Dutch: 'Nobody said this.'"
    ]


def test_a_room_may_use_what_another_room_translated(house: Path) -> None:
    write(house, "auth", 'msgid "Yes."\nmsgstr "Ja."\n')
    (house / "pga/cases/views.py").write_text('_("Yes.")\n')
    assert catalogues.faults(house) == []


def test_the_command_compiles_or_lists_what_is_missing(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert catalogues.main([]) == 0
    assert "catalogues compiled." in capsys.readouterr().out
    monkeypatch.setattr(catalogues, "faults", list)
    assert catalogues.main(["--missing"]) == 0
    monkeypatch.setattr(catalogues, "faults", lambda: [Fault("a.py:1", "Yes.", "has no Dutch")])
    assert catalogues.main(["--missing"]) == 1
    assert capsys.readouterr().out == "0 faults.\na.py:1: has no Dutch: 'Yes.'\n1 faults.\n"
