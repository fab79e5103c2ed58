"""The tables of nights' warning lists: the list in words, the line of each type and cluster, the routed problems, the
departments' time.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from mend.foundation.lake import StoredFile
from mend.foundation.lake.filters import one_of
from mend.foundation.pipeline import model as models
from mend.foundation.pipeline.workbench import Workbench
from mend.grumbles.warning.line import capacity_rows
from mend.grumbles.warning.rule_tables import make
from mend.grumbles.warning.rules import Rules

# In the order of their commits: with the last, the nights count as made.
TABLES: Final = ("mart_warning", "mart_warning_line", "mart_routed_problem", "mart_warning_capacity")


@dataclass
class Drafts:
    """Files of a run's tables that no reader sees before they are committed."""

    files: dict[str, list[StoredFile]] = field(default_factory=lambda: {table: [] for table in TABLES})

    def commit(self, bench: Workbench, nights: Sequence[dt.date]) -> None:
        """Put the files in place of all that the tables had of these nights, a commit for each table."""
        for table in TABLES if nights else ():
            bench.lake.replace(table, one_of("day_on", nights), self.files[table])


def write_tables(bench: Workbench, rules: Rules, nights: Mapping[dt.date, tuple[str, str]], drafts: Drafts) -> None:
    """Write the tables of these nights from `listed`, `candidate`, `taxonomy`, `item_of_type` and the rules' tables.

    Args:
        nights: each night's digest of its list, and of the lists it was made from.
    """
    bench.view("mart_grumble_level", days=nights, as_name="level_row")
    make(bench, "made_night", "day_on date", [(day,) for day in nights])
    bench.engine.connection.register("_capacity", capacity_rows(bench, rules, nights))
    queries = {
        "mart_warning": models.load("grumbles/warning", "warning"),
        "mart_warning_line": models.load("grumbles/warning", "warning_line"),
        "mart_routed_problem": models.load("grumbles/warning", "routed_problem"),
        "mart_warning_capacity": "select * from _capacity",
    }
    values = {"mart_warning": {"recent_days": rules.open.recent_days}}
    for table, query in queries.items():
        drafts.files[table] += bench.write(table, query, values.get(table))
