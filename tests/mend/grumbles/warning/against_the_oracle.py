"""How near the complaint models come to the truth on fresh nights, on worlds of other seeds than those of the tests;
with --drift, a month after the base rate has moved.

python -m tests.mend.grumbles.warning.against_the_oracle --seeds 101-110
python -m tests.mend.grumbles.warning.against_the_oracle --seeds 101-105 --drift 0.8 --drift-on 2026-08-01
"""

from __future__ import annotations

import argparse
import datetime as dt
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import mean, stdev
from tempfile import TemporaryDirectory
from typing import Any, Final

from tests.conftest import fresh_home
from tests.conftest import template as template_fixture
from tests.mend.grumbles.warning.fresh_nights import Fresh, train_and_look, world_until

from mend.foundation.pipeline.workbench import Workbench

MONTH: Final = "2026-08"


@contextmanager
def _template() -> Iterator[Any]:
    made: Any = template_fixture
    yield from made.__wrapped__()


def figures(fresh: Fresh) -> dict[str, float]:
    """What is averaged over seeds."""
    found = fresh.calibration
    return {
        "lift at 5 % of the oracle's": fresh.model.lift_5 / fresh.oracle.lift_5,
        "AUC of the oracle's": fresh.model.auc / fresh.oracle.auc,
        "truth over expected": fresh.truth_over_expected,
        "observed over expected": found.ratio.value if found.ratio else float("nan"),
        "calibration slope": found.slope.value if found.slope else float("nan"),
    }


def main(arguments: list[str]) -> None:
    """A line for each seed and horizon; then means and spreads."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", default="101-105")
    parser.add_argument("--customers", type=int, default=57_500)
    parser.add_argument("--drift", type=float, default=0.0)
    parser.add_argument("--drift-on", type=dt.date.fromisoformat)
    chosen = parser.parse_args(arguments)
    first, last = (int(each) for each in chosen.seeds.split("-"))
    every: dict[int, list[dict[str, float]]] = {}
    with _template() as template:
        for seed in range(first, last + 1):
            world = world_until(MONTH, seed, chosen.customers, drift=chosen.drift, drift_on=chosen.drift_on)
            with (
                TemporaryDirectory(dir="/tmp") as folder,
                fresh_home(template, Path(folder)) as home,
                Workbench.open(home) as bench,
            ):
                for fresh in train_and_look(home, bench, world, MONTH):
                    every.setdefault(fresh.horizon, []).append(figures(fresh))
                    said = ", ".join(f"{name} {value:.3f}" for name, value in figures(fresh).items())
                    sys.stdout.write(f"seed {seed}, {fresh.horizon} days: {said}; {fresh.decision}\n")
                    sys.stdout.flush()
    for horizon, found in every.items():
        for name in found[0]:
            values = [each[name] for each in found]
            spread = stdev(values) if len(values) > 1 else 0.0
            sys.stdout.write(
                f"{horizon} days, {name}: mean {mean(values):.3f}, spread {spread:.3f}, "
                f"from {min(values):.3f} to {max(values):.3f}\n"
            )


if __name__ == "__main__":
    main(sys.argv[1:])
