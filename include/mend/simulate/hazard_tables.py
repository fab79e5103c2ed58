"""The tables of a hazard world: logs of numbers made into the columns of mart_grumble, mart_complaint and
core_customer.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from mend.foundation.periods import next_month_begins

Ints = npt.NDArray[np.int64]
ZONE: Final = "Asia/Shanghai"
GRUMBLE: Final = "contact:G"  # what the grumbles' ids begin with
CUSTOMER: Final = "C"
CITIES: Final = ("hangzhou", "suzhou", "ningbo")


def grumble_table(log: Mapping[str, Ints], types: tuple[str, ...], first: dt.date, seen: int) -> pa.Table:
    chosen = np.flatnonzero(log["day"] <= seen)
    count, solved = len(chosen), log["solved"][chosen]
    open_still = solved > seen
    return pa.table(
        {
            "grumble_id": names(GRUMBLE, chosen),
            "customer_id": names(CUSTOMER, log["customer"][chosen]),
            "grumbled_at": _moments(first, log["day"][chosen], 18, chosen),
            "grumbled_on": _days(first, log["day"][chosen]),
            "source_kind_code": _same("contact", count),
            "source_id": names("G", chosen),
            "grumble_type_code": _codes(types, log["type"][chosen]),
            "classified_by_code": _same("source", count),
            "confidence": pa.nulls(count, pa.float64()),
            "classifier_version": pa.nulls(count, pa.string()),
            "topic_code": pa.nulls(count, pa.string()),
            "mood_code": _codes(("annoyed", "angry", "calm"), chosen % 3),
            "is_company_at_fault": pa.array(chosen % 2 == 0),
            "is_solved_at_once": pa.array(np.zeros(count, dtype=bool)),
            "is_solved": pa.array(~open_still),
            "solved_at": _moments(first, solved, 14, chosen, open_still),
            "complaint_id": pa.nulls(count, pa.string()),
            "city_code": _codes(CITIES, log["customer"][chosen] % 3),
        }
    )


def with_words(
    grumbles: pa.Table, log: Mapping[str, Ints], solutions: Ints, denials: Ints, first: dt.date, seen: int
) -> pa.Table:
    """The grumbles with every word on their solution, as the records keep them: all of a customer's and type's that
    came after the grumble's day, solutions at 14 h and denials at 16 h. `solved_at` is the first solution since the
    last denial.
    """
    chosen = np.flatnonzero(log["day"] <= seen)
    said = _words(solutions, denials, seen)
    begins = dt.datetime.combine(first, dt.time(), ZoneInfo(ZONE))
    texts: list[str | None] = []
    solved = np.full(len(chosen), 9_999)
    for place, (customer, kind, grumbled) in enumerate(
        zip(*(log[name][chosen].tolist() for name in ("customer", "type", "day")), strict=True)
    ):
        words = [each for each in said.get((customer, kind), ()) if each[0] > grumbled and each[2] > grumbled]
        texts.append(";".join(_word(begins, day, is_denial) for day, is_denial, _ in words) or None)
        denied = max((day for day, is_denial, _ in words if is_denial), default=-1)
        solved[place] = min((day for day, is_denial, _ in words if not is_denial and day > denied), default=9_999)
    is_open = solved > seen
    table = grumbles.set_column(grumbles.column_names.index("is_solved"), "is_solved", pa.array(~is_open))
    moments = _moments(first, solved, 14, chosen, is_open)
    table = table.set_column(table.column_names.index("solved_at"), "solved_at", moments)
    return table.append_column("solution_words", pa.array(texts, pa.string()))


def _words(solutions: Ints, denials: Ints, seen: int) -> dict[tuple[int, int], list[tuple[int, bool, int]]]:
    """Per customer and type: day, whether it is a denial, and the day before which the grumbles came that it is of."""
    said: dict[tuple[int, int], list[tuple[int, bool, int]]] = {}
    for customer, kind, day in zip(*solutions.tolist(), strict=True):
        said.setdefault((customer, kind), []).append((day, False, day))
    for customer, kind, day, before in zip(*denials.tolist(), strict=True):
        said.setdefault((customer, kind), []).append((day, True, before))
    return {key: sorted(word for word in words if word[0] <= seen) for key, words in said.items()}


def _word(begins: dt.datetime, day: int, is_denial: bool) -> str:
    moment = begins + dt.timedelta(days=day, hours=16 if is_denial else 14)
    return f"{'d' if is_denial else 's'}{1_000_000 * int(moment.timestamp())}"


def complaint_table(log: Mapping[str, Ints], types: tuple[str, ...], first: dt.date, seen: int) -> pa.Table:
    chosen = np.flatnonzero(log["day"] <= seen)
    return pa.table(
        {
            "complaint_id": names("K", chosen),
            "customer_id": names(CUSTOMER, log["customer"][chosen]),
            "complained_at": _moments(first, log["day"][chosen], 10, chosen),
            "complained_on": _days(first, log["day"][chosen]),
            "complaint_type_code": _codes(types, log["type"][chosen]),
            "classified_by_code": _same("source", len(chosen)),
            "confidence": pa.nulls(len(chosen), pa.float64()),
            "classifier_version": pa.nulls(len(chosen), pa.string()),
            "is_escalated": pa.array(np.zeros(len(chosen), dtype=bool)),
            "city_code": _codes(CITIES, log["customer"][chosen] % 3),
        }
    )


def customer_table(cluster: Ints, churned: Ints, clusters: tuple[str, ...], first: dt.date, seen: int) -> pa.Table:
    """A snapshot on the first of each month that was seen, of those who had not left by then."""
    day, tables = first, []
    while (day - first).days <= seen:
        number = (day - first).days
        here = np.flatnonzero(churned >= number)
        tables.append(
            pa.table(
                {
                    "customer_id": names(CUSTOMER, here),
                    "month_on": pa.array([day], pa.date32()).take(pa.array(np.zeros(len(here), dtype=np.int64))),
                    "city_code": _codes(CITIES, here % 3),
                    "joined_on": pa.array([dt.date(2020, 1, 1)], pa.date32()).take(
                        pa.array(np.zeros(len(here), dtype=np.int64))
                    ),
                    "status_code": _same("active", len(here)),
                    "true_cluster": _codes(clusters, cluster[here]),
                }
            )
        )
        day = next_month_begins(day)
    return pa.concat_tables(tables)


def end_table(log: Mapping[str, Ints], churned: Ints, types: tuple[str, ...], first: dt.date, seen: int) -> pa.Table:
    """Solved (customer, type, day) and churned ends that were seen."""
    solved = np.flatnonzero(log["solved"] <= seen)
    rows = np.unique(np.stack([log["customer"][solved], log["type"][solved], log["solved"][solved]]), axis=1)
    left = np.flatnonzero(churned <= seen)
    return pa.table(
        {
            "customer_id": pa.concat_arrays([names(CUSTOMER, rows[0]), names(CUSTOMER, left)]),
            "end_kind_code": pa.concat_arrays([_same("solved", rows.shape[1]), _same("churned", len(left))]),
            "grumble_type_code": pa.concat_arrays([_codes(types, rows[1]), pa.nulls(len(left), pa.string())]),
            "ended_on": pa.concat_arrays([_days(first, rows[2]), _days(first, churned[left])]),
        }
    )


def names(prefix: str, numbers: Any) -> pa.Array:
    """Ids: the prefix and nine digits, which sort as the numbers do."""
    digits = pc.utf8_lpad(pa.array(np.asarray(numbers), pa.int64()).cast(pa.string()), 9, "0")
    return pc.binary_join_element_wise(prefix, digits, "")


def _same(word: str, count: int) -> pa.Array:
    return pa.array([word], pa.string()).take(pa.array(np.zeros(count, dtype=np.int64)))


def _codes(words: tuple[str, ...], numbers: Any) -> pa.Array:
    return pa.array(words, pa.string()).take(pa.array(np.asarray(numbers, dtype=np.int64)))


def _days(first: dt.date, numbers: Ints) -> pa.Array:
    return pa.array((np.datetime64(first) + numbers).astype("datetime64[D]"), pa.date32())


def _moments(first: dt.date, numbers: Ints, hour: int, salt: Any, absent: Any = None) -> pa.Array:
    """That hour of each day and some seconds, as instants; null where absent."""
    moments = (np.datetime64(first) + np.where(numbers > 9_000, 0, numbers)).astype("datetime64[us]") + np.timedelta64(
        hour, "h"
    )
    moments = moments + (np.asarray(salt) % 3600).astype("timedelta64[s]") - np.timedelta64(8, "h")
    return pa.array(moments, pa.timestamp("us", tz=ZONE), mask=absent)
