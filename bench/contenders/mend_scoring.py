"""Mend's own chain: score every day of the month in one run, then close the month. Tables of the lake, committed."""

from __future__ import annotations

from pathlib import Path

from bench.contenders.arguments import parse
from bench.data import DAYS, MONTH, unscored
from bench.measure import costing, report
from mend.damage.closing import close_month
from mend.damage.scoring import score
from mend.damage.scoring.measured import EVERYTHING
from mend.foundation.pipeline.workbench import Workbench


def main() -> None:
    given = parse(__doc__)
    month = given.month
    with unscored(month) as bench:
        with costing(month.home) as cost:
            score(month.home, bench, DAYS, loaded=DAYS, provided=EVERYTHING)
            close_month(month.home, bench, MONTH, provided=EVERYTHING)
        write_results(bench, given.output)
    report(cost, given.answer)


def write_results(bench: Workbench, output: Path) -> None:
    """Copies of ledger, exposure and scores for the comparison; not measured."""
    tables = {"mart_damage_ledger": "ledger", "mart_exposure_day": "exposure", "mart_damage_month": "month"}
    for table, name in tables.items():
        bench.view(table)
        where = f"where month = '{MONTH}'" if name == "month" else ""
        bench.execute(f"copy (select * from {table} {where}) to '{output}/{name}.parquet' (format parquet)")


if __name__ == "__main__":
    main()
