"""`make bench`: run the benchmarks, print the table and write bench.json."""

import importlib
import sys
from pathlib import Path

from tests.benchmarks import harness

HERE = Path(__file__).parent
RESULTS = HERE.parents[1] / "bench.json"


def main(names: list[str]) -> int:
    """Run the named benchmarks, all without names; 2 for a name that is not there."""
    for path in sorted(HERE.glob("bench_*.py")):
        importlib.import_module(f"tests.benchmarks.{path.stem}")
    unknown = set(names) - harness.registered.keys()
    if unknown or not harness.registered:
        sys.stderr.write(f"unknown: {', '.join(sorted(unknown))}\n")
        sys.stderr.write(f"there are: {', '.join(harness.registered)}\n")
        return 2
    results = harness.run_all(names, lambda line: print(line, flush=True))  # noqa: T201
    harness.write(results, RESULTS)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
