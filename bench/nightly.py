"""What one more night costs: scoring a day on top of the days before it, against scoring the whole month."""

from __future__ import annotations

import argparse
import datetime as dt
from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import Final

from bench.data import DAYS, Month, default_folder, prepared, unscored
from bench.measure import GIB, Cost, costing
from bench.steps import Steps
from mend.damage.scoring import score
from mend.damage.scoring.measured import EVERYTHING
from mend.foundation.lake import StoredFile
from mend.foundation.lake.filters import all_of, at_least, equal, every_row
from mend.foundation.periods import ONE_DAY
from mend.foundation.pipeline.workbench import Workbench

NIGHTS: Final = (DAYS[2], DAYS[len(DAYS) // 2], DAYS[-1])
DAY_COLUMNS: Final = {
    "core_contact": "started_on",
    "core_ticket": "opened_on",
    "core_ticket_version": "opened_on",
    "core_survey_reply": "replied_on",
    "core_callback_booking": "requested_on",
    "core_repair_action": "done_on",
    "core_change": "arrived_on",
    "raw_ticket": "arrived_on",
    "raw_callback_booking": "arrived_on",
}
AT_MOST: Final = 1 / 15


def main(argv: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.nightly", description=__doc__)
    parser.add_argument("--contacts", type=int, default=10_000_000)
    parser.add_argument("--folder", type=Path, default=default_folder(), help="where the simulated months are kept")
    parser.add_argument(
        "--days", type=dt.date.fromisoformat, nargs="+", default=NIGHTS, help="nights to score: days of the month"
    )
    parser.add_argument("--profile", action="store_true", help="the steps of each night by their cost, too")
    parser.add_argument("--again", type=int, metavar="N", help="instead: N whole days again, as late rows ask for")
    given = parser.parse_args(argv)
    month = prepared(given.contacts, given.folder)
    if given.again:
        cost = again(month, DAYS[10 : 10 + given.again])
        print(f"{given.again} whole days again: {cost.wall:.1f} s, {cost.cpu:.1f} CPU s, {cost.peak / GIB:.2f} GiB")
        return
    nights = {
        f"{day}{', late contacts too' if with_late else ''}": night(month, day, with_late, given.profile)
        for day in given.days
        for with_late in (False, True)
    }
    print("\n".join(table(given.contacts, whole_month(month), nights)))


def whole_month(month: Month) -> Cost:
    """Score every day in one run, in this process, after its imports."""
    with unscored(month) as bench:
        restore(bench, month)
        with costing(month.home) as cost:
            score(month.home, bench, DAYS, loaded=DAYS, provided=EVERYTHING)
    return cost


def again(month: Month, days: Sequence[dt.date]) -> Cost:
    """Score these days again when the whole month is scored: what late rows on each of them cost."""
    with unscored(month) as bench:
        restore(bench, month)
        score(month.home, bench, DAYS, loaded=DAYS, provided=EVERYTHING)
    with Workbench.open(month.home) as bench, costing(month.home) as cost:
        score(month.home, bench, days, loaded=DAYS, provided=EVERYTHING)
    return cost


def night(month: Month, day: dt.date, with_late: bool = True, with_steps: bool = False) -> Cost:
    """Score one day when the days before it are scored and the days after it have not arrived.

    Args:
        with_late: some contacts of the days before arrive with it (one in a thousand, up to three days late).
        with_steps: print the night's steps by their cost.
    """
    until = [each for each in DAYS if each <= day]
    try:
        with unscored(month) as bench:
            restore(bench, month)
            hide_after(bench, until[-2])
            score(month.home, bench, until[:-1], loaded=until[:-1], provided=EVERYTHING)
            restore(bench, month)
            hide_after(bench, day)
            if not with_late:
                forget_late(bench, day)
        steps = Steps()
        with (
            Workbench.open(month.home) as bench,
            costing(month.home) as cost,
            steps.watching() if with_steps else nullcontext(),
        ):
            score(month.home, bench, [day], loaded=until, provided=EVERYTHING)
        if with_steps:
            print("\n".join([f"{day}:", *steps.lines(cost.cpu)]), flush=True)
        return cost
    finally:
        with Workbench.open(month.home) as bench:
            restore(bench, month)


def hide_after(bench: Workbench, day: dt.date) -> None:
    """Take the days after this one out of the core tables; their files stay on the disk."""
    for table, column in DAY_COLUMNS.items():
        bench.lake.replace(table, at_least(column, day + ONE_DAY), [])


def forget_late(bench: Workbench, day: dt.date) -> None:
    """Take the contacts of earlier days out of the register of what this day brought."""
    where = all_of(equal("record_code", "contact"), equal("arrived_on", day))
    bench.view("core_change", where=where, as_name="arrived")
    bench.replace(
        "core_change",
        "select * from arrived where record_code = 'contact' and arrived_on = subject_on and arrived_on = $day",
        where,
        {"day": day},
    )


def restore(bench: Workbench, month: Month) -> None:
    """Every file of the prepared month is in its core table again."""
    for table in DAY_COLUMNS:
        if {file.path.removeprefix("file://") for file in bench.lake.files(table)} != set(month.files[table]):
            bench.lake.replace(table, every_row(), [StoredFile(f"file://{path}") for path in month.files[table]])


def table(contacts: int, whole: Cost, nights: dict[str, Cost]) -> list[str]:
    """The figures as a Markdown table."""
    lines = [
        f"### One more night at {contacts:,} contacts a month".replace(",", " "),
        "",
        "| | wall s | CPU s | share of the month |",
        "|---|---|---|---|",
        f"| the whole month | {whole.wall:.1f} | {whole.cpu:.1f} | |",
    ]
    for name, cost in nights.items():
        share = cost.cpu / whole.cpu
        lines.append(
            f"| {name} | {cost.wall:.1f} | {cost.cpu:.1f} | "
            f"1/{1 / share:.1f}{'' if share <= AT_MOST else ', too much'} |"
        )
    return [*lines, ""]


if __name__ == "__main__":
    main()
