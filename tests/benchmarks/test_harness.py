"""The harness that benchmarks rest on gives ratios that can be believed."""

import json
import time
from pathlib import Path

import pytest

from tests.benchmarks import harness
from tests.benchmarks.harness import Measured, bench, paired, run_all


@pytest.fixture(autouse=True)
def own_register(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(harness, "registered", {})


def test_a_call_that_waits_five_times_as_long_has_a_ratio_of_five() -> None:
    measured = paired(lambda: time.sleep(0.005), lambda: time.sleep(0.001), rounds=5)
    assert 3 < measured.value < 6
    assert measured.raw["ours_us"] > measured.raw["against_us"] > 1000


def test_two_equal_calls_take_turns_in_going_first() -> None:
    order: list[str] = []

    def called(name: str) -> None:
        order.append(name)
        time.sleep(0.0025)

    paired(lambda: called("ours"), lambda: called("theirs"), rounds=4)
    assert order[2:] == ["ours", "theirs", "theirs", "ours"] * 2


def test_a_quick_call_is_repeated_until_it_can_be_measured() -> None:
    measured = paired(lambda: None, lambda: None, rounds=3)
    assert measured.raw["calls"] * measured.raw["ours_us"] > 500


def test_results_are_written_as_scripts_read_them(tmp_path: Path) -> None:
    @bench(unit="x", better="lower", goal=2.0, against="a dict")
    def decide_cell_vs_dict() -> Measured:
        return Measured(1.23456, {"ours_us": 2.5})

    lines: list[str] = []
    harness.write(run_all([], lines.append), tmp_path / "bench.json")
    assert json.loads((tmp_path / "bench.json").read_text()) == [
        {
            "name": "decide_cell_vs_dict",
            "value": 1.2346,
            "unit": "x",
            "better": "lower",
            "goal": 2.0,
            "against": "a dict",
            "raw": {"ours_us": 2.5},
        }
    ]
    assert "1.23 x" in lines[1]
    assert "≤ 2 ok" in lines[1]


@pytest.mark.parametrize(
    ("better", "value", "mark"),
    [("lower", 2.1, "NO"), ("lower", 2.0, "ok"), ("higher", 1.9, "NO"), ("higher", 2.0, "ok")],
)
def test_the_table_shows_whether_the_goal_is_reached(
    better: harness.Better, value: float, mark: str
) -> None:
    bench(unit="x", better=better, goal=2.0, against="y", name="one")(lambda: Measured(value))
    lines: list[str] = []
    run_all(["one"], lines.append)
    assert f" 2 {mark} " in lines[1]


def test_two_benchmarks_of_one_name_are_refused() -> None:
    bench(unit="x", better="lower", goal=None, against="y", name="one")(lambda: Measured(1))
    with pytest.raises(ValueError, match="two benchmarks are called one"):
        bench(unit="x", better="lower", goal=None, against="y", name="one")(lambda: Measured(1))
