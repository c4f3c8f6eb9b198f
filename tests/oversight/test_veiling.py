"""A partner's officer learns of a case no more than the own staff was told (R-29)."""

import re
from dataclasses import replace

from audit.entries import Entry, Line
from pga.oversight.service.veiling import told_to_partner
from pga.sharing.service.disclose import disclose_one
from tests.factories.fixtures import Play
from tests.factories.scene import Scene
from tests.oversight.conftest import Desk, Made, overseen, wait

SECRET = ("D07", "D09", "D14")


def with_secret_help(scene: Scene) -> Made:
    """Let mental health care bring secret items, and an action that the police may read."""
    made = overseen(scene)
    case_id = made.case_id
    scene.release(case_id, "GGZ", SECRET, "GCR", "GPR")
    for category in SECRET:
        scene.bring("GGZ", case_id, category, "secret", [scene.who("GCR").person_id])
    wait(minutes=1)
    disclose_one(scene.who("POL").viewer, case_id)
    wait(minutes=1)
    return made


def told(desk: Desk, partner: str) -> str:
    """Give everything that an officer of a partner is told of the case, as text."""
    officer = desk.visitor(partner, "Officer")
    case = officer.read(f"{desk.path}?reason=incident")
    entries = sorted(set(re.findall(r"/oversight/entries/\d+", case)))
    more = [
        "/oversight/refusals?parts=true",
        "/oversight/disclosures",
        "/oversight/search?show=all",
    ]
    assert entries
    pages = [case, *(officer.read(one) for one in (*entries, *more[:2]))]
    texts = [re.sub(r"<option.*?</option>", "", page, flags=re.DOTALL) for page in pages]
    return " ".join(re.sub(r"<[^>]+>|\s+", " ", text) for text in texts)


def test_the_officer_of_a_partner_reads_nothing_of_what_stayed_closed(play: Play) -> None:
    desk = Desk(play(with_secret_help))
    seen = told(desk, "POL")
    for word in ("Health", "Mental health", "Help involved", "GGZ", "in part", "The leaf"):
        assert word not in seen, word
    whole = told(desk, "GPR")
    for word in ("Health", "Mental health"):
        assert word in whole, word


def test_the_officer_of_a_partner_finds_no_category_that_stayed_closed(play: Play) -> None:
    desk = Desk(play(with_secret_help))
    address = "/oversight/search?category=D07"
    assert "/oversight/entries/" not in desk.visitor("POL", "Officer").read(address)
    assert "/oversight/entries/" in desk.officer.read(address)


def test_plan_and_actions_of_secret_help_stand_under_the_case_manager(desk: Desk) -> None:
    (opened, *_) = [one for one in desk.entries(case_id=desk.made.case_id.hex()) if one.lines]
    reader = opened.actor.partner
    hidden = Line("GGZ", "D16", "allowed", "jeugd.GGZ.plan", "allowed", ("b" * 32,), "x")
    manager = Line("GCR", "D16", "allowed", "jeugd.GCR.plan", "allowed", ("a" * 32,), "y")
    shut = Line("GGZ", "D07", "denied", "jeugd.GGZ.D07", "condition_unmet")
    both = told_to_partner(_of(opened, hidden, manager, shut))
    assert both.lines == (Line("GCR", "D16", "allowed", "", "allowed", ("a" * 32, "b" * 32)),)
    assert both.decided == "permit"
    own = Line(reader, "D16", "allowed", "OWNER", "allowed", ("c" * 32,))
    assert told_to_partner(_of(opened, own)).lines == (own,)
    assert told_to_partner(_of(opened, shut)).decided == "deny"
    assert told_to_partner(_of(opened)).lines == ()


def _of(entry: Entry, *lines: Line) -> Entry:
    """Give an entry with other lines."""
    return replace(entry, lines=lines, outcome=None)
