"""The proof behind a link: an entry, what it rests on, and that it stands unchanged in the log."""

import re

import pytest
from sqlalchemy import update

from audit import proofs, queries
from audit.auditctl import tree
from audit.entries import Action, Kind, Outcome
from audit.models import audit_entry, audit_index
from config.database import stores
from config.ids import to_hex
from pga.oversight.queries import documents_by_hash
from tests.audit.tamper import Owner
from tests.oversight.conftest import Desk
from tests.oversight.test_who_saw import newest


def test_an_entry_shows_its_facts_rules_clauses_and_proof(desk_on: Desk) -> None:
    seq = newest(desk_on)
    page = desk_on.officer.read(f"/oversight/entries/{seq}?reason=complaint")
    assert "This entry stands unchanged in the log" in page
    assert "LPR&gt;GCR:D04:consult" in page
    assert "jeugd.LPR.onderwijs" in page
    assert "legally to be checked" in page
    assert "School attendance officer" in page
    proof = proofs.inclusion_proof(seq)
    assert tree.leaf_hash(proof.leaf).hex() in page
    look = desk_on.entries(actions=[Action.LOG_VIEW])[0]
    assert (look.kind, look.facts, look.reason) == (Kind.OPENED, {"entry": seq}, "complaint")
    assert look.case_id == desk_on.made.case_id.hex()


def test_adl_19_the_version_that_decided_is_found_by_the_hash_in_the_entry(desk: Desk) -> None:
    (entry,) = {
        (one.policy_hash, one.agreement_version)
        for one in desk.entries(case_id=desk.made.case_id.hex(), actions=[Action.CONSULT])
        if one.lines
    }
    policy_hash, version = entry
    (document,) = documents_by_hash({policy_hash}).values()
    assert document.agreement.version == version
    assert documents_by_hash({"0" * 64}) == {}


def test_what_the_page_shows_leads_to_the_root(desk: Desk) -> None:
    seq = newest(desk)
    page = desk.officer.read(f"/oversight/entries/{seq}")
    leaf, *steps = re.findall(r"<code>([0-9a-f]{64})</code>", page)
    *path, root = steps
    size = int(re.findall(r"Entries in the log</dt><dd>(\d+)", page)[0])
    tree.verify_inclusion(
        bytes.fromhex(leaf), seq, size, [bytes.fromhex(one) for one in path], bytes.fromhex(root)
    )


def test_an_attempt_has_a_proof_too(desk: Desk) -> None:
    person = desk.scene.who("WOC").person_id.hex()
    (attempt,) = queries.accesses(actor=person, outcome=Outcome.DENY)
    page = desk.officer.read(f"/oversight/entries/{attempt.seq}")
    assert "Not named in this case" in page
    assert desk.number() in page


def test_an_entry_outside_the_bench_looks_like_one_that_is_not_there(desk: Desk) -> None:
    elsewhere = queries.accesses(case_id=to_hex(desk.made.elsewhere_id))[0].seq
    texts = []
    for seq in (elsewhere, 10**9):
        before = len(desk.entries(limit=500))
        answer = desk.officer.get(f"/oversight/entries/{seq}")
        assert answer.status_code == 404
        assert len(desk.entries(limit=500)) == before + 1
        texts.append(
            re.sub(r'value="[^"]+"', "", answer.text).replace(f"/oversight/entries/{seq}", "")
        )
    assert texts[0] == texts[1]
    assert (
        desk.visitor("POL", "Officer").get(f"/oversight/entries/{newest(desk)}").status_code == 404
    )
    assert desk.officer.get(f"/oversight/entries/{2**60}").status_code == 404


def test_a_doctored_index_shows_on_the_page_of_the_entry(desk: Desk) -> None:
    seq = newest(desk)
    Owner(stores().audit).run(
        update(audit_index).where(audit_index.c.seq == seq).values(role="dpo")
    )
    page = desk.officer.read(f"/oversight/entries/{seq}")
    assert "The index does not match this entry" in page
    assert "Case manager of the municipality" in page


def test_an_entry_whose_log_was_changed_cannot_be_proven(desk: Desk) -> None:
    seq = newest(desk)
    Owner(stores().audit).run(
        update(audit_entry).where(audit_entry.c.seq == seq - 1).values(leaf_hash=bytes(32))
    )
    assert "This entry cannot be proven" in desk.officer.read(f"/oversight/entries/{seq}")


def test_an_entry_that_was_changed_belongs_to_nobody(desk: Desk) -> None:
    seq = newest(desk)
    Owner(stores().audit).edit_leaf(seq, b'"d":"mixed"', b'"d":"deny"')
    assert desk.officer.get(f"/oversight/entries/{seq}").status_code == 404


@pytest.mark.parametrize("action", [Action.PROVIDE, Action.TRANSITION, Action.CREATE])
def test_every_kind_of_entry_has_a_page(desk: Desk, action: Action) -> None:
    found = queries.accesses(case_id=to_hex(desk.made.case_id), actions=[action])
    assert "This entry stands unchanged" in desk.officer.read(f"/oversight/entries/{found[0].seq}")
