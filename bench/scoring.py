"""Score a simulated month with Mend, in Polars and in pandas; their results must be equal. A bare scan is the floor."""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from bench.check import require_equal
from bench.data import default_folder, prepared
from bench.measure import GIB, Cost, in_child

CONTENDERS: Final = {
    "scan": "bench.contenders.scan",
    "mend": "bench.contenders.mend_scoring",
    "polars": "bench.contenders.polars_scoring",
    "pandas": "bench.contenders.pandas_scoring",
}
# A contender that cannot do a size in the memory of an ordinary machine is left out there.
LARGEST: Final = {"scan": 10**9, "mend": 10**9, "polars": 20_000_000, "pandas": 20_000_000}
RESULTS: Final = "results"


def main(argv: Sequence[str] | None = None) -> None:
    given = _arguments(argv)
    for contacts in given.contacts:
        if given.profile:
            profile(contacts, given.folder)
        else:
            chosen = [name for name in given.only if contacts <= LARGEST[name]]
            print("\n".join(table(contacts, compare(contacts, given.folder, chosen, given.repeat))), flush=True)


def compare(contacts: int, folder: Path, contenders: Sequence[str], repeat: int = 1) -> dict[str, Cost]:
    """Each contender's least CPU of `repeat` runs (it is the least disturbed one), with equal results required.

    Raises:
        DifferenceError: when a contender's ledger or scores are not Mend's.
    """
    month = prepared(contacts, folder)
    output = month.folder / RESULTS
    shutil.rmtree(output, ignore_errors=True)
    costs: dict[str, Cost] = {}
    for name in contenders:
        arguments = ["--contacts", str(contacts), "--folder", str(folder), "--output", str(output / name)]
        os.environ.setdefault("POLARS_MAX_THREADS", str(month.home.threads))
        try:
            costs[name] = min((in_child(CONTENDERS[name], arguments) for _ in range(repeat)), key=lambda cost: cost.cpu)
        except subprocess.CalledProcessError as error:
            print(f"{name}: did not finish ({error})")
    for name in costs:
        if name not in ("scan", "mend") and "mend" in costs:
            rows = require_equal(output / "mend", output / name)
            print(f"{name}: the same {rows} ledger rows and scores as mend", flush=True)
    return costs


def table(contacts: int, costs: dict[str, Cost]) -> list[str]:
    """The figures as a Markdown table, ratios of CPU seconds last."""
    lines = [
        f"### {contacts:,} contacts".replace(",", " "),
        "",
        "| | wall s | CPU s | peak GiB | CPU against the scan | CPU against Mend |",
        "|---|---|---|---|---|---|",
    ]
    for name, cost in costs.items():
        against = [f"{cost.cpu / costs[other].cpu:.1f}" if other in costs else "" for other in ("scan", "mend")]
        lines.append(
            f"| {name} | {cost.wall:.1f} | {cost.cpu:.1f} | {cost.peak / GIB:.2f} | {against[0]} | {against[1]} |"
        )
    return [*lines, ""]


def profile(contacts: int, folder: Path) -> None:
    """Print what each step of Mend's scoring costs."""
    month = prepared(contacts, folder)
    cost = in_child(
        "bench.contenders.mend_steps",
        ["--contacts", str(contacts), "--folder", str(folder), "--output", str(month.folder / RESULTS / "steps")],
    )
    print(f"{contacts} contacts: {cost.wall:.1f} s wall, {cost.cpu:.1f} s CPU, {cost.peak / GIB:.2f} GiB at most")


def _arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.scoring", description=__doc__)
    parser.add_argument(
        "--contacts", type=int, nargs="+", default=[1_000_000], help="sizes of the month; 1 000 000 by default"
    )
    parser.add_argument(
        "--only",
        nargs="+",
        choices=list(CONTENDERS),
        default=list(CONTENDERS),
        metavar="CONTENDER",
        help=", ".join(CONTENDERS),
    )
    parser.add_argument(
        "--repeat", type=int, default=1, help="runs of each contender; the one with the least CPU counts"
    )
    parser.add_argument("--folder", type=Path, default=default_folder(), help="where the simulated months are kept")
    parser.add_argument("--profile", action="store_true", help="Mend's steps by their cost, instead")
    return parser.parse_args(argv)


if __name__ == "__main__":
    main()
