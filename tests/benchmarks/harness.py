"""Measure side by side: every figure is a ratio of two things timed in turns in the same run.

A benchmark is a function with the decorator `bench`, in a file of this folder named `bench_*.py`:

    @bench(unit="x", better="lower", goal=2.0, against="a dict of the same cells")
    def decide_cell_vs_dict() -> Measured:
        return paired(lambda: decide(...), lambda: cells[...])
"""

import gc
import json
import statistics
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

Better = Literal["lower", "higher"]
ROUNDS = 21
SHORTEST_ROUND = 0.002  # seconds: below this the clock itself is measured
MICROSECONDS = 1e6


@dataclass(frozen=True, slots=True)
class Measured:
    """One figure, with the raw numbers it comes from."""

    value: float
    raw: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Benchmark:
    """What is measured, against what, and what would be good."""

    name: str
    unit: str
    better: Better
    goal: float | None
    against: str
    run: Callable[[], Measured]

    def meets(self, value: float) -> bool | None:
        """Tell whether a value reaches the goal; None without a goal."""
        if self.goal is None:
            return None
        return value <= self.goal if self.better == "lower" else value >= self.goal


registered: dict[str, Benchmark] = {}


def bench(
    *, unit: str, better: Better, goal: float | None, against: str, name: str = ""
) -> Callable[[Callable[[], Measured]], Callable[[], Measured]]:
    """Register a function as the benchmark of its name; two of one name are an error."""

    def register(run: Callable[[], Measured]) -> Callable[[], Measured]:
        called = name or run.__name__
        if called in registered:
            message = f"two benchmarks are called {called}"
            raise ValueError(message)
        registered[called] = Benchmark(called, unit, better, goal, against, run)
        return run

    return register


def paired(
    ours: Callable[[], object], theirs: Callable[[], object], *, rounds: int = ROUNDS
) -> Measured:
    """Time two calls in turns, each first as often, and give the median of the ratios.

    Both are called as often per round as it takes to fill a measurable time; the raw numbers are
    the medians in microseconds per call.
    """
    calls = max(_calls_per_round(ours), _calls_per_round(theirs))
    ours_took, theirs_took = [], []
    with _undisturbed():
        for number in range(rounds):
            if number % 2:
                theirs_took.append(_time(theirs, calls))
                ours_took.append(_time(ours, calls))
            else:
                ours_took.append(_time(ours, calls))
                theirs_took.append(_time(theirs, calls))
    ratios = [mine / other for mine, other in zip(ours_took, theirs_took, strict=True)]
    return Measured(
        statistics.median(ratios),
        {
            "ours_us": statistics.median(ours_took) * MICROSECONDS,
            "against_us": statistics.median(theirs_took) * MICROSECONDS,
            "rounds": rounds,
            "calls": calls,
            "spread": max(ratios) - min(ratios),
        },
    )


def _calls_per_round(call: Callable[[], object]) -> int:
    """Find how many calls fill the shortest round; warms up on the way."""
    calls = 1
    while _time(call, calls) * calls < SHORTEST_ROUND:
        calls *= 2
    return calls


def _time(call: Callable[[], object], calls: int) -> float:
    """Give the seconds one call takes, over a number of calls."""
    turns = range(calls)
    start = time.perf_counter()
    for _ in turns:
        call()
    return (time.perf_counter() - start) / calls


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Collect garbage now, and not while timing."""
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def run_all(names: Collection[str], say: Callable[[str], None]) -> list[dict[str, object]]:
    """Run the named benchmarks, all without names; say a line of the table after each.

    Raises KeyError for a name that is not there.
    """
    chosen = [registered[name] for name in names] or list(registered.values())
    width = max(len(one.name) for one in chosen)
    say(f"{'':{width}}  {'value':>9} {'goal':>7}   raw numbers, and against what")
    results = []
    for one in chosen:
        measured = one.run()
        results.append(
            {
                "name": one.name,
                "value": round(measured.value, 4),
                "unit": one.unit,
                "better": one.better,
                "goal": one.goal,
                "against": one.against,
                "raw": {name: round(value, 3) for name, value in measured.raw.items()},
            }
        )
        say(_line(one, measured, width))
    return results


def _line(one: Benchmark, measured: Measured, width: int) -> str:
    """Write one line of the table."""
    goal = "" if one.goal is None else f"{'≤' if one.better == 'lower' else '≥'} {one.goal:g}"
    mark = {True: "ok", False: "NO", None: "  "}[one.meets(measured.value)]
    raw = ", ".join(f"{name} {value:,.5g}" for name, value in measured.raw.items())
    value = f"{measured.value:,.3g} {one.unit}"
    return f"{one.name:{width}}  {value:>9} {goal:>7} {mark} {raw}; against {one.against}"


def write(results: list[dict[str, object]], path: Path) -> None:
    """Write the results as JSON, a list as scripts read it."""
    path.write_text(json.dumps(results, indent=2, ensure_ascii=False) + "\n", "utf-8")
