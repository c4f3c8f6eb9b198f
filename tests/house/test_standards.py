"""Every numbered statement of the standards for logs has its test, or says why it is not ours."""

from tests.house.documents import DOCS, Table, named_tests, tables

NOT_OURS = "not ours:"
STATEMENTS = {
    "Authorization Decision Log": [f"ADL-{number}" for number in range(1, 22)],
    "Logboek Dataverwerkingen": [f"LDV-{number}" for number in range(1, 14)],
}


def statements() -> dict[str, Table]:
    return {one.heading: one for one in tables(DOCS / "standards.md")}


def test_every_statement_stands_once_and_in_order() -> None:
    assert {name: one.column("Statement") for name, one in statements().items()} == STATEMENTS


def test_a_statement_names_its_test_or_says_why_it_is_not_ours() -> None:
    unproven = []
    for one in statements().values():
        for number, *_, how, shown in one.rows:
            why = shown.partition(NOT_OURS)[2].strip()
            if not how or not (named_tests(shown) or why):
                unproven.append(number)
    assert unproven == []
