"""Which texts count as message ids: what a person may read, and nothing else."""

from pathlib import Path

import pytest

from pga.web import extraction

IMPORTS = "from marshmallow import fields\nfrom config.errors import ConflictError\n"


def found(tmp_path: Path, name: str, source: str) -> list[str]:
    path = tmp_path / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(source)
    return [use.message_id for use in extraction.message_ids([tmp_path])]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('_("a")', ["a"]),
        ('babel.gettext("a", n=1)', ["a"]),
        ('lazy_gettext("a")', ["a"]),
        ('ngettext("one", "many", n)', ["one"]),
        ('Message("a", {"n": 1})', ["a"]),
        ('_("a" if x else "b")', ["a", "b"]),
        ('NavItem("cases.list", "Cases", shown)', ["Cases"]),
        ('Saying("pattern", "a")', ["a"]),
        ("_(name)", []),
        ('_("")', []),
        ("_(1)", []),
        ('log("a")', []),
        ('calls[0]("a")', []),
        ('raise ValueError("a")', []),
        ('field(error="not a schema")', []),
    ],
)
def test_marks_in_python(tmp_path: Path, source: str, expected: list[str]) -> None:
    assert found(tmp_path, "views.py", source) == expected


def test_what_a_schema_refuses_with_is_read_by_people(tmp_path: Path) -> None:
    source = (
        "from marshmallow import validate\n"
        'validate.Length(min=1, error="a")\n'
        'fields.String(error_messages={"required": "b"})\n'
        'raise ValidationError("c")\n'
    )
    assert found(tmp_path, "schemas.py", source) == ["a", "b", "c"]


def test_errors_a_page_may_show_are_read_by_people_also_when_they_descend_far(
    tmp_path: Path,
) -> None:
    (tmp_path / "errors.py").write_text(
        "class ApplicationError(Exception):\n"
        "    status = 500\n"
        '    message = "its page does not say"\n'
        '    code = "no"\n'
        "class LostError(ApplicationError):\n"
        "    status = 404\n"
        '    message = "b"\n'
        "class SoftError(ApplicationError):\n"
        '    """No status."""\n'
        "class SettingsError(ApplicationError):\n"
        '    message = "on a console"\n'
        "class Other(Exception):\n"
        '    message = "not shown"\n'
    )
    source = (
        "class VeryLostError(errors.LostError):\n"
        '    message: str = "h"\n'
        "    other: int\n"
        "def act():\n"
        '    message = "c"\n'
        '    other = "not raised"\n'
        "    raise VeryLostError(message)\n"
        "def act_again():\n"
        '    raise LostError("d")\n'
        "def act_once_more():\n"
        '    raise InvalidInputError({"when": ["e"], "who": ["f", "g"]})\n'
        "class InvalidInputError(ApplicationError):\n"
        "    status = 422\n"
        "class SofterError(SoftError):\n"
        "    status, message = 409, ''\n"
        "class SoftestError(SoftError):\n"
        "    status = 409\n"
        '    message = "a"\n'
        "def start():\n"
        '    message = "on a console too"\n'
        "    raise SettingsError(message)\n"
    )
    assert sorted(found(tmp_path, "service.py", source)) == list("abcdefgh")


def test_marks_in_templates(tmp_path: Path) -> None:
    source = (
        '{{ _("a") }}{% trans name=x %}\n  b {{ name }}\n{% endtrans %}'
        "{% trans n=1 %}one{% pluralize %}{{ n }} many{% endtrans %}{{ _(label) }}"
    )
    assert found(tmp_path, "templates/room/x.html", source) == ["a", "b %(name)s", "one"]


def test_packages_of_the_look_are_not_ours(tmp_path: Path) -> None:
    assert found(tmp_path, "assets/node_modules/x/a.py", '_("a")') == []


def test_a_use_says_where_it_stands(tmp_path: Path) -> None:
    (tmp_path / "views.py").write_text('\n_("a")\n')
    assert list(extraction.message_ids([tmp_path])) == [
        extraction.Use(tmp_path / "views.py", 2, "a")
    ]
