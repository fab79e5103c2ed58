"""The warning lists of nights, each made from its graded grumbles and from the lists of the quiet period before it."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from mend import models
from mend.calendar import ONE_DAY
from mend.home import Home
from mend.lake.filters import all_of, at_least, at_most, equal
from mend.warning.charts import line_picture
from mend.warning.line import write_capacity
from mend.warning.rule_tables import rule_tables
from mend.warning.rules import Rules, rules_on
from mend.workbench import Workbench


@dataclass(frozen=True)
class Derived:
    """Nights whose lists were made, and the rows of the lists that were asked for."""

    nights: tuple[dt.date, ...]
    listed: int
    new: int


def derive_lists(home: Home, bench: Workbench, versions: Sequence[Rules], days: Sequence[dt.date]) -> Derived:
    """Make the lists of these days, oldest first, and of every later night that was made from other lists than now stand before it.

    Whether a customer is new, and so what her case takes, follows from the lists of the quiet period before; a night that is run again
    may change the nights after it. Each night keeps a digest of the lists it was made from, so nights in any order end as one run over
    them all does, also when a run died between two of them.
    """
    asked = set(days)
    known = _known_nights(bench)
    nights: list[dt.date] = []
    listed = new = 0
    for day in sorted(asked | {each for each in known if asked and each > min(asked)}):
        rules = rules_on(day, versions)
        source = _source_digest(known, day, rules.warning.quiet_days)
        if day not in asked and known[day][1] == source:
            continue
        known[day] = (_derive(home, bench, rules, day, source), source)
        nights.append(day)
        rows, fresh = bench.sql("select count(*), count(case when is_new then 1 end) from listed")[0]
        listed, new = listed + int(rows) * (day in asked), new + int(fresh) * (day in asked)
    return Derived(tuple(nights), listed, new)


def _known_nights(bench: Workbench) -> dict[dt.date, tuple[str, str]]:
    """Of each night that was made: the digest of its list, and of the lists that it was made from."""
    bench.view("mart_warning_capacity", as_name="capacity_night")
    found = bench.sql("select day_on, any_value(list_digest), any_value(derived_from) from capacity_night group by day_on")
    return {day: (own, source) for day, own, source in found}


def _source_digest(known: dict[dt.date, tuple[str, str]], day: dt.date, quiet_days: int) -> str:
    before = [night for night in sorted(known) if day - quiet_days * ONE_DAY <= night < day]
    return hashlib.sha256("\n".join(f"{night} {known[night][0]}" for night in before).encode()).hexdigest()


def _list_digest(bench: Workbench) -> str:
    digest = hashlib.sha256()
    rows = bench.engine.run("select concat_ws('|', customer_id, department_code, owner_id, first_warned_on) from warning order by 1")
    while block := rows.fetchmany(50_000):
        digest.update("".join(f"{row[0]}\n" for row in block).encode())
    return digest.hexdigest()


def _derive(home: Home, bench: Workbench, rules: Rules, day: dt.date, source: str) -> str:
    """Make one night's list and what goes with it; gives the digest of the list."""
    _open(bench, rules, day)
    for name, values in _values(rules, day).items():
        bench.execute(f"create or replace temp table {name} as {models.load('warning', name)}", values)
    tonight = equal("day_on", day)
    bench.replace("mart_warning", "select * from warning", tonight)
    bench.replace("mart_warning_line", models.load("warning", "warning_line"), tonight, {"day": day})
    bench.replace("mart_routed_problem", "select * from routed_problem", tonight)
    line_picture(home.root / "reports" / "warning" / f"{day}.svg", str(day), _picture_rows(bench))
    digest = _list_digest(bench)
    write_capacity(bench, rules, day, digest, source)  # the last of the night's tables: with it, the night counts as made
    return digest


def _values(rules: Rules, day: dt.date) -> dict[str, dict[str, object]]:
    return {
        "pressing": {"department": rules.open.department},
        "listed": {"lowest_level": rules.warning.lowest_level, "day_number": day.toordinal()},
        "warning": {"recent_days": rules.open.recent_days},
        "routed_problem": {"day": day},
    }


def _open(bench: Workbench, rules: Rules, day: dt.date) -> None:
    """The night's inputs: level_row, earlier, taxonomy and item_of_type as of the night, and the rules' tables."""
    bench.view("mart_grumble_level", days=[day], as_name="level_row")
    quiet = all_of(at_least("day_on", day - rules.warning.quiet_days * ONE_DAY), at_most("day_on", day - ONE_DAY))
    bench.view("mart_warning", where=quiet, as_name="earlier")
    open_taxonomy(bench, day)
    rule_tables(bench, rules)


def open_taxonomy(bench: Workbench, day: dt.date) -> None:
    """The taxonomy in force on the day as `taxonomy`, and each type's survey item as `item_of_type`."""
    bench.view("mart_grumble_type", as_name="every_taxonomy")
    bench.execute(
        "create or replace temp table taxonomy as select * from every_taxonomy where taxonomy_version = "
        "(select max(taxonomy_version) from every_taxonomy where taxonomy_version <= $day)",
        {"day": day},
    )
    bench.execute(f"create or replace temp table item_of_type as {models.load('warning', 'item_of_type')}")


def _picture_rows(bench: Workbench) -> list[dict[str, object]]:
    """Shares of the levels by area and behaviour cluster, in order; what is above the line, and where it stands."""
    query = models.load("warning", "line_picture")
    names = ("type", "behaviour", "level", "share", "is_above", "line_level")
    return [dict(zip(names, row, strict=True)) for row in bench.sql(query)]
