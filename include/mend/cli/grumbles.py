"""`mend grumbles`: what was grumbled about and complained of. `mend warnings`: a night's warning list."""

from __future__ import annotations

import argparse
import sys
from typing import Final

from mend.cli.arguments import Subparsers, add_command, day, month
from mend.cli.heads import cells, heads
from mend.cli.home import require
from mend.cli.text import table
from mend.foundation.home import Home
from mend.foundation.schema import CODES

NO_NIGHT: Final = {"en": "no night of {} has been run\n", "zh": "{}的夜间运行尚未进行\n"}
LISTED: Final = 20  # lines of the list that are shown; the whole list is in mart_warning and its files
WARNINGS: Final = """
select
    department_code as department, rank, customer_id as customer, owner_id as owner, level,
    round(100 * probability_7_days, 1) as percent_7_days, round(100 * probability_30_days, 1) as percent_30_days,
    is_new as new, strategy_{language} as strategy, expects_{language} as expects, does_{language} as does,
    reasons_{language} as reasons
from warning_file where day_on = $day order by level desc, probability_7_days desc nulls last, customer_id
limit $listed"""


def add(subparsers: Subparsers) -> None:
    """`mend grumbles`, `mend warnings`."""
    parser = add_command(subparsers, "grumbles", "say what customers grumbled about and complained of", grumbles)
    parser.add_argument("--month", type=month, metavar="YYYY-MM", help="a month; else --from and --to")
    parser.add_argument("--from", dest="first", type=day, metavar="DAY")
    parser.add_argument("--to", dest="last", type=day, metavar="DAY")
    said = (
        "show the warning list of a night, first whom to call first: by level, then probability within 7 days, then id"
    )
    parser = add_command(subparsers, "warnings", said, warnings)
    parser.add_argument("day", type=day, metavar="DAY", help="business day, YYYY-MM-DD")
    parser.add_argument("--lang", choices=("en", "zh"), default="en")


def grumbles(arguments: argparse.Namespace, home: Home) -> None:
    from mend.errors import UsageError
    from mend.foundation.pipeline.workbench import Workbench
    from mend.grumbles.records import grumble_report

    first = arguments.month or arguments.first
    if first is None:
        raise UsageError("say which: --month YYYY-MM, or --from DAY --to DAY")
    require(home)
    with Workbench.open(home) as bench:
        report = grumble_report(home, bench, first, None if arguments.month else arguments.last)
    sys.stdout.write("\n".join([*report.lines(), ""]))


def warnings(arguments: argparse.Namespace, home: Home) -> None:
    from mend.foundation.lake.filters import equal
    from mend.foundation.pipeline.workbench import Workbench

    require(home)
    with Workbench.open(home) as bench:
        bench.view("mart_warning_capacity", where=equal("day_on", arguments.day), as_name="capacity_file")
        bench.view("mart_warning", where=equal("day_on", arguments.day), as_name="warning_file")
        words = f"select words_{arguments.lang} from capacity_file where day_on = $day order by department_code"
        said = bench.sql(words, {"day": arguments.day})
        found = bench.engine.run(WARNINGS.format(language=arguments.lang), {"day": arguments.day, "listed": LISTED})
        header, rows = [column[0] for column in found.description], found.fetchall()
    none = NO_NIGHT[arguments.lang].format(arguments.day)
    sys.stdout.write("".join(f"{line}\n" for (line,) in said) or none)
    names = CODES["department"]
    shown = [[names.get(row[0], row[:1] * 2)[arguments.lang == "zh"], *row[1:]] for row in rows]
    sys.stdout.write(table(heads(header, arguments.lang), [cells(row, arguments.lang) for row in shown]))
