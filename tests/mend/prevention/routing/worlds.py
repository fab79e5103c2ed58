"""A small province for the month's tests: customers of two cities, grumbles by city, factor and month."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from tests.mend.grumbles.warning.tables import put

from mend.foundation import operations
from mend.foundation.home import Home
from mend.foundation.lake.filters import every_row
from mend.foundation.pipeline.testing import text_rows
from mend.foundation.pipeline.workbench import Workbench
from mend.grumbles.records.taxonomy import load_taxonomies, publish_taxonomy
from mend.prevention.routing import Place, Problem, acts, routing_rules_of
from mend.prevention.routing.acts import read_problems

MONTHS = ("2026-01", "2026-02", "2026-03", "2026-04")
CITIES = {"nanjing": 2000, "suzhou": 3000}
VOICE, DATA, BILL = "call_quality.dropped_calls", "network_coverage.data_slow", "tariff_billing.charge_dispute"
# Customers who grumble in a month, by city: dropped calls of Nanjing double in February.
RISEN = "40 | 120 | 40 | 40"
PROVINCE = """
    city    | factor | 2026-01 | 2026-02 | 2026-03 | 2026-04
    nanjing | VOICE  | {nanjing}
    suzhou  | VOICE  | 60      | 60      | 60      | 60
    nanjing | DATA   | 80      | 80      | 80      | 80
    suzhou  | DATA   | 120     | 120     | 120     | 120
    nanjing | BILL   | 60      | 60      | 60      | 60
    suzhou  | BILL   | 90      | 90      | 90      | 90
"""
FACTORS = {"VOICE": VOICE, "DATA": DATA, "BILL": BILL}
PROBLEM = "2026-02-network-voice_quality-nanjing"
NETWORK = Place("network", "city", "nanjing")


def load(bench: Workbench, nanjing: str = RISEN, months: Iterable[str] = MONTHS) -> None:
    """Put the province in place of everything; the months are closed.

    Args:
        nanjing: its customers who grumble about dropped calls, month by month.
    """
    text = PROVINCE.format(nanjing=nanjing)
    publish_taxonomy(bench, load_taxonomies())
    chosen = list(months)
    ends = {"nanjing": (0, 2000), "suzhou": (2000, 5000)}
    bench.replace(
        "core_customer",
        _filled(bench, "core_customer", "select unnest(generate_series($first, $last)) as number", "nanjing")
        + " union all "
        + _filled(bench, "core_customer", "select unnest(generate_series($first2, $last2)) as number", "suzhou"),
        every_row(),
        {"first": 0, "last": ends["nanjing"][1] - 1, "first2": 2000, "last2": 4999, "months": chosen},
    )
    put(bench, "mart_grumble", list(_grumbles(text, chosen)))
    close(bench, chosen)


def close(bench: Workbench, months: Iterable[str]) -> None:
    """These months are closed."""
    rows = ", ".join(f"('{month}', 'x')" for month in months)
    bench.replace("mart_closed_month", f"select * from (values {rows}) as closed(month, inputs_digest)", every_row())


def _filled(bench: Workbench, table: str, numbers: str, city: str) -> str:
    """A snapshot of each number and month: what must not be empty is filled."""
    given = {
        "customer_id": "'c' || number", "month_on": "cast(month || '-01' as date)", "city_code": f"'{city}'",
        "status_code": "'active'",
    }  # fmt: skip
    filled = {"string": "''", "date": "date '2020-01-01'", "long": "1", "integer": "1", "boolean": "false"}
    columns = []
    for column in bench.described(table).columns:
        empty = filled.get(column.type, "null") if column.required else "null"
        columns.append(f"{given.get(column.name, empty)} as {column.name}")
    return f"select {', '.join(columns)} from ({numbers}) cross join (select unnest($months) as month)"


def _grumbles(text: str, months: Iterable[str]) -> Iterable[dict[str, Any]]:
    """Customers one after the other, days one after the other: nobody twice in a month."""
    names, rows = text_rows(text)
    for place, row in enumerate(rows):
        cells = dict(zip(names, row, strict=True))
        city, factor = str(cells["city"]), FACTORS[str(cells["factor"])]
        first = 0 if city == "nanjing" else 2000
        for offset, month in enumerate(months):
            for number in range(int(cells.get(month) or 0)):
                customer = first + (place * 211 + offset * 503 + number * 7) % CITIES[city]
                day = f"{month}-{number % 28 + 1:02d}"
                name = f"{place}-{month}-{number}"
                yield {
                    "grumble_id": f"contact:{name}", "source_id": name, "customer_id": f"c{customer}",
                    "grumbled_at": f"{day} 10:00:00+08:00", "grumbled_on": day, "grumble_type_code": factor,
                    "city_code": city,
                }  # fmt: skip


def at(text: str) -> dt.datetime:
    """'2026-03-05 10:00' in the business zone."""
    return dt.datetime.fromisoformat(f"{text}:00+08:00")


class People:
    """What people do with a home's problems, at moments that the test says."""

    def __init__(self, home: Home) -> None:
        self.home, self.versions = home, routing_rules_of(home)

    def do(self, act: Any, problem_id: str, place: Place, *given: Any, when: str) -> Problem:
        """One step, such as `acts.answer`, in a transaction of its own."""
        with operations.transaction(self.home.database_url) as connection:
            made: Problem = act(connection, problem_id, place, *given, self.versions, at(when), "a test")
            return made

    def answer(self, problem_id: str, place: Place, by: str, when: str, measure: str = "cells repaired") -> Problem:
        return self.do(acts.answer, problem_id, place, by, measure, when=when)

    def problems(self, until: str | None = None) -> dict[str, Problem]:
        """All problems, as of a moment."""
        with operations.transaction(self.home.database_url) as connection:
            found = read_problems(connection, self.versions, at(until) if until else None)
        return {each.problem_id: each for each in found}
