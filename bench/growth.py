"""Whether a night costs more with the nights before it: the damage chain of a small centre, night after night.

At this size nearly all of a night is what does not depend on its rows: statements, and commits to a lake that remembers
every one before.
"""

from __future__ import annotations

import argparse
import datetime as dt
import statistics
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from bench.data import DAYS, MONTH
from bench.measure import Cost, costing
from mend.damage import scoring
from mend.foundation import operations, server
from mend.foundation.home import Home
from mend.foundation.pipeline.workbench import Workbench
from mend.intake import core
from mend.intake.extract import extract, load_source
from mend.simulate import simulate

DIRT: Final = 8.0  # times the usual: even a few hundred customers have late and corrected rows each day
WEEK: Final = 7


def main(argv: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.growth", description=__doc__)
    parser.add_argument("--customers", type=int, default=250)
    given = parser.parse_args(argv)
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)  # root's embedded server runs as another user and passes through
        inbox = Path(folder) / "world"
        simulate(inbox, given.customers, MONTH, 2, seed=5, dirty=DIRT)
        home = Home.at(Path(folder) / "home", {"MEND_ZONE": "Asia/Shanghai"})
        home.prepare()
        server.start(home)
        try:
            operations.upgrade(home.database_url)
            print("\n".join(table(given.customers, [night(home, inbox, day) for day in DAYS])))
        finally:
            server.remove(home)


def night(home: Home, inbox: Path, day: dt.date) -> Cost:
    """Extraction, core load and scoring of one business date."""
    with costing(home) as cost, Workbench.open(home) as bench:
        extract(home, bench, load_source(home, "simulator"), [day], [inbox])
        core.load(home, bench, [day])
        core.reconcile(home, bench, [day])
        scoring.score(home, bench, [day])
    return cost


def table(customers: int, nights: Sequence[Cost]) -> list[str]:
    """The first and the last week of the nights as a Markdown table. The very first night finds nothing before it and
    is left out.
    """
    weeks = {"second to eighth night": nights[1 : 1 + WEEK], "last seven nights": nights[-WEEK:]}
    means = {name: statistics.mean(cost.cpu for cost in costs) for name, costs in weeks.items()}
    first, last = means.values()
    return [
        f"### {len(nights)} nights one after the other at {customers} customers",
        "",
        "| | CPU s a night |",
        "|---|---|",
        *(f"| {name} | {mean:.2f} |" for name, mean in means.items()),
        "",
        f"The last are {last / first:.2f} times the first.",
        "",
    ]


if __name__ == "__main__":
    main()
