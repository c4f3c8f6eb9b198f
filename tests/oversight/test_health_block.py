"""The officer reads how the log stands, as it is; the proof of an entry can be taken away."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from audit.anchors import MAIL, STAMP
from audit.auditctl.policies import parse_policy
from audit.auditctl.receipts import parse_proof
from audit.auditctl.tree import leaf_hash
from audit.entries import Action, Kind
from audit.gate import gate
from audit.proofs import inclusion_proof
from audit.publishing import policy_text
from audit.signing import Signer
from config import clock
from config.clock import FrozenClock
from config.database import stores
from tests.audit.tamper import Owner
from tests.audit.test_standing import cosign, hold
from tests.audit.test_witnessing import KEYS, LOG
from tests.oversight.conftest import Desk, counting, wait
from tests.oversight.test_who_saw import newest


def sign() -> None:
    Signer(stores().audit, [LOG]).sign(clock.now())


def block(desk: Desk) -> str:
    """Read the block on the start page."""
    page = desk.officer.read("/oversight")
    return page.split('id="health"', 1)[1].split("</section>", 1)[0]


@pytest.fixture
def trust(desk: Desk, tmp_path: Path) -> Callable[[str], None]:
    """Let the installation trust a policy."""

    def trust(text: str) -> None:
        path = tmp_path / "policy"
        path.write_text(text)
        app = desk.played.app
        app.extensions["settings"] = replace(app.extensions["settings"], log_policy=path)

    return trust


def test_a_log_that_nobody_signed_or_holds_says_so(desk: Desk) -> None:
    said = block(desk)
    assert "nothing signed yet" in said
    assert "no witness is asked" in said
    assert "Nobody outside holds a checkpoint" in said
    assert "Entries wait too long for a signature." in said


def test_a_signed_log_tells_up_to_where_and_raises_no_alarm_over_it(desk: Desk) -> None:
    sign()
    said = block(desk)
    assert "entries, signed at" in said
    assert "<dd>nothing</dd>" in said
    assert "Entries wait too long" not in said


def test_asked_witnesses_that_stay_away_are_an_alarm(
    desk: Desk, trust: Callable[[str], None]
) -> None:
    witnesses = "".join(f"witness W{n} {key.verifier}\n" for n, key in enumerate(KEYS))
    trust(f"log {LOG.verifier}\n{witnesses}group g 2 W0 W1 W2\nquorum g\n")
    sign()
    said = block(desk)
    assert "2 of 3 must sign; never enough signed" in said
    assert "Too few witnesses signed in the last day." in said


def test_a_policy_that_cannot_be_read_is_no_good_news(
    desk: Desk, trust: Callable[[str], None]
) -> None:
    trust("witness nonsense\n")
    said = block(desk)
    assert "The file that names the witnesses cannot be read." in said
    assert "no witness is asked" not in said


def test_a_quorum_and_what_is_held_elsewhere_are_told_with_how_far_they_are(
    desk: Desk, trust: Callable[[str], None]
) -> None:
    witnesses = "".join(f"witness W{n} {key.verifier}\n" for n, key in enumerate(KEYS, start=1))
    trust(f"log {LOG.verifier}\n{witnesses}group g 2 W1 W2 W3\nquorum g\n")
    frozen = clock._installed[-1]
    assert isinstance(frozen, FrozenClock)
    sign()
    cosign(gate(), frozen, "W1", "W2")
    hold(gate(), frozen, STAMP)
    hold(gate(), frozen, MAIL)
    said = block(desk)
    assert "2 of 3 must sign; enough signed up to" in said
    assert "time stamp at" in said
    assert "by mail at" in said
    assert "Nobody outside holds" not in said
    assert "behind" not in said
    desk.officer.read("/oversight/review")
    assert "one entry behind" in block(desk)


def test_a_verification_that_found_something_is_told_as_it_was(desk: Desk) -> None:
    Owner(stores().audit).edit_leaf(5, b'"k":', b'"K":')
    desk.officer.do("/oversight/verify")
    assert "not as it was written" in block(desk)


def test_the_last_verification_and_an_overdue_one_are_told(desk: Desk) -> None:
    assert "The daily verification of the log is overdue." in block(desk)
    desk.officer.do("/oversight/verify")
    said = block(desk)
    assert "entries: whole, at" in said
    assert "is overdue" not in said


def test_a_clock_that_was_set_back_is_told(desk: Desk) -> None:
    wait(minutes=3)
    desk.officer.read("/oversight/review")  # an entry of now
    assert "runs on" in block(desk)
    with clock.use(FrozenClock(clock.now() - timedelta(minutes=2))):
        said = block(desk)
    assert "was set back 120 seconds" in said
    assert "The clock of the program was set back." in said


def test_the_block_costs_the_same_queries_however_long_the_log(desk: Desk) -> None:
    desk.officer.read("/oversight")
    with counting() as few:
        desk.officer.read("/oversight")
    for _ in range(5):
        desk.officer.read("/oversight/review")
    with counting() as many:
        desk.officer.read("/oversight")
    assert len(many) == len(few)


def test_the_proof_of_an_entry_holds_outside_the_program(desk_on: Desk) -> None:
    seq = newest(desk_on)
    sign()
    answer = desk_on.officer.get(f"/oversight/entries/{seq}/proof")
    assert answer.status_code == 200
    assert f"entry-{seq}.tlog-proof" in answer.headers["Content-Disposition"]
    proof = parse_proof(bytes(answer.data))
    trusted = parse_policy(policy_text([LOG.verifier]).encode())
    leaf = inclusion_proof(seq).leaf
    assert proof.index == seq
    assert proof.check(leaf_hash(leaf), trusted).size > seq
    assert f"/oversight/entries/{seq}/proof" in desk_on.officer.read(f"/oversight/entries/{seq}")


def test_taking_a_proof_away_is_an_entry_and_waits_for_a_checkpoint(desk: Desk) -> None:
    seq = newest(desk)
    assert desk.officer.get(f"/oversight/entries/{seq}/proof").status_code == 404
    sign()
    desk.officer.get(f"/oversight/entries/{seq}/proof?reason=complaint")
    (look, *_) = desk.entries(actions=[Action.LOG_VIEW])
    assert (look.kind, look.reason, look.facts) == (Kind.EXPORTED, "complaint", {"entry": seq})


def test_nobody_takes_away_the_proof_of_an_entry_outside_the_bench(desk: Desk) -> None:
    sign()
    outside = desk.visitor("WOC", "Officer")
    seq = newest(desk)
    own = desk.scene.who("WOC").person_id.hex()
    told = desk.entries(limit=1)[0]
    answer = outside.get(f"/oversight/entries/{seq}/proof")
    assert (answer.status_code == 200) == (told.actor.person == own)
    assert outside.get("/oversight/entries/3/proof").status_code == 404
