"""What share of the oracle's lift the complaint models reach, on worlds of other seeds than those of the tests.

python -m tests.mend.grumbles.warning.against_the_oracle --seeds 101-105 --customers 57500
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

import numpy as np
import pyarrow as pa
from tests.conftest import fresh_home
from tests.conftest import template as template_fixture
from tests.mend.grumbles.warning.tables import put_world

from mend.foundation.pipeline.workbench import Workbench
from mend.grumbles.warning.history import history, split
from mend.grumbles.warning.metrics import Metrics, measure
from mend.grumbles.warning.rules import load_rules
from mend.grumbles.warning.training import fitted
from mend.simulate.hazard_world import HazardWorld, hazard_world

RULES: Final = load_rules()[0]
DAYS: Final = 152


def figures(bench: Workbench, world: HazardWorld, horizon: int) -> tuple[Metrics, Metrics]:
    """The model's metrics and the oracle's, on the same rows of the hold-out."""
    past = history(bench, RULES, world.last_day)
    assert past is not None
    chosen = split(past, RULES, horizon)
    assert chosen is not None
    held_out = chosen.rows.filter(pa.array(chosen.is_held_out))
    truth = pa.concat_tables([_dated(world.true_probability(day, horizon), day) for day in chosen.held_out_nights])
    guess = fitted(RULES, past, chosen, horizon).probability(held_out)
    own = held_out.select(["grumble_id", "day_on", f"is_complaint_{horizon}"]).append_column("guess", pa.array(guess))
    both = own.join(truth.select(["grumble_id", "day_on", "probability"]), ["grumble_id", "day_on"], join_type="inner")
    happened = np.asarray(both[f"is_complaint_{horizon}"].to_numpy(), dtype=bool)
    return measure(both["guess"].to_numpy(), happened), measure(both["probability"].to_numpy(), happened)


def _dated(table: pa.Table, day: dt.date) -> pa.Table:
    return table.append_column("day_on", pa.array([day] * len(table), pa.date32()))


@contextmanager
def _template() -> Iterator[Any]:
    made: Any = template_fixture
    yield from made.__wrapped__()


def main(arguments: list[str]) -> None:
    """A line for each seed and horizon; then means and spreads."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", default="101-105")
    parser.add_argument("--customers", type=int, default=57_500)
    chosen = parser.parse_args(arguments)
    first, last = (int(each) for each in chosen.seeds.split("-"))
    shares: dict[int, list[float]] = {7: [], 30: []}
    with _template() as template:
        for seed in range(first, last + 1):
            world = hazard_world(seed=seed, customers=chosen.customers, days=DAYS)
            with (
                TemporaryDirectory(dir="/tmp") as folder,
                fresh_home(template, Path(folder)) as home,
                Workbench.open(home) as bench,
            ):
                put_world(bench, world)
                for horizon, found in shares.items():
                    model, oracle = figures(bench, world, horizon)
                    found.append(model.lift_5 / oracle.lift_5)
                    sys.stdout.write(
                        f"seed {seed}, {horizon} days: lift at 5 % {model.lift_5:.3f} of {oracle.lift_5:.3f} "
                        f"({found[-1]:.3f}), "
                        f"AUC {model.auc:.4f} of {oracle.auc:.4f}, {model.complaints} complaints\n"
                    )
                    sys.stdout.flush()
    for horizon, found in shares.items():
        sys.stdout.write(f"{horizon} days: mean {mean(found):.3f}, spread {stdev(found):.3f}, least {min(found):.3f}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
