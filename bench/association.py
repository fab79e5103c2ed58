"""Clusters and association of a month (customers : grumbles : complaints = 20 : 10 : 1), and the window counts alone
beside pandas.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Final

import duckdb

from bench.association_data import prepared
from bench.check import DifferenceError
from bench.data import default_folder
from bench.measure import GIB, Cost, in_child

CONTENDERS: Final = {
    "mend": "bench.contenders.mend_association",
    "mend, counts alone": "bench.contenders.mend_window_counts",
    "pandas, counts alone": "bench.contenders.pandas_window_counts",
}
LARGEST_FOR_PANDAS: Final = 10_000_000
COLUMNS: Final = """window_days, grumble_type_code, complaint_type_code,
    grumble_day_count, complaint_day_count, both_day_count, before_count, nearest_count"""


def main(argv: Sequence[str] | None = None) -> None:
    given = _arguments(argv)
    costs: dict[int, dict[str, Cost]] = {}
    for customers in given.customers:
        chosen = [name for name in CONTENDERS if not name.startswith("pandas") or customers <= given.pandas_up_to]
        costs[customers] = compare(customers, given.folder, chosen)
        print("\n".join(table(customers, costs[customers])), flush=True)
    for smaller, larger in pairwise(sorted(costs)):
        growth = costs[larger]["mend"].cpu / costs[smaller]["mend"].cpu
        print(f"mend: {larger / smaller:.0f} times the customers cost {growth:.1f} times the CPU seconds")


def compare(customers: int, folder: Path, contenders: Sequence[str]) -> dict[str, Cost]:
    """Each contender's cost, the counts required to be equal.

    Raises:
        DifferenceError: when pandas counts otherwise than Mend.
    """
    month = prepared(customers, folder)
    output = month.folder / "results"
    shutil.rmtree(output, ignore_errors=True)
    costs: dict[str, Cost] = {}
    for name in contenders:
        arguments = [
            "--customers",
            str(customers),
            "--folder",
            str(folder),
            "--output",
            str(output / name.replace(", ", "-")),
        ]
        try:
            costs[name] = in_child(CONTENDERS[name], arguments)
        except subprocess.CalledProcessError as error:
            print(f"{name}: did not finish ({error})")
    if "pandas, counts alone" in costs:
        rows = require_equal_counts(output / "mend-counts alone", output / "pandas-counts alone")
        print(f"pandas: the same {rows} rows of counts as mend", flush=True)
    return costs


def require_equal_counts(first: Path, second: Path) -> int:
    """Compare the counts of two contenders row by row; gives the rows.

    Raises:
        DifferenceError: with the first rows that only one has.
    """
    with duckdb.connect() as connection:
        one, other = (
            f"select {COLUMNS} from read_parquet('{folder / 'counts.parquet'}')" for folder in (first, second)
        )
        differing = connection.execute(
            f"select * from (({one} except {other}) union all ({other} except {one})) order by all limit 6"
        ).fetchall()
        if differing:
            raise DifferenceError(f"counts: {first.name} and {second.name} differ: {differing}")
        return int(connection.execute(f"select count(*) from ({one})").fetchall()[0][0])


def table(customers: int, costs: dict[str, Cost]) -> list[str]:
    """The figures as a Markdown table."""
    lines = [
        f"### {customers:,} customers".replace(",", " "),
        "",
        "| | wall s | CPU s | peak GiB |",
        "|---|---|---|---|",
    ]
    for name, cost in costs.items():
        lines.append(f"| {name} | {cost.wall:.1f} | {cost.cpu:.1f} | {cost.peak / GIB:.2f} |")
        if "tests" in cost.notes:
            lines.append(f"| … of it features and clusters | | {cost.notes['clusters_cpu']:.1f} | |")
            lines.append(
                f"| … of it association ({cost.notes['tests']:.0f} tests) | | {cost.notes['association_cpu']:.1f} | |"
            )
    return [*lines, ""]


def _arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.association", description=__doc__)
    parser.add_argument(
        "--customers", type=int, nargs="+", default=[100_000, 1_000_000], help="sizes; 100 000 and 1 000 000 by default"
    )
    parser.add_argument(
        "--pandas-up-to", type=int, default=LARGEST_FOR_PANDAS, help="largest size that pandas is given"
    )
    parser.add_argument("--folder", type=Path, default=default_folder(), help="where the prepared months are kept")
    return parser.parse_args(argv)


if __name__ == "__main__":
    main()
