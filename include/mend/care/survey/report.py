"""A month of surveys and follow-up: each measure's funnel, solved as a range, promises kept."""

from __future__ import annotations

import datetime as dt
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from sqlalchemy import text

from mend.foundation import operations
from mend.foundation import periods as calendar
from mend.foundation.home import Home
from mend.foundation.lake.filters import all_of, at_least, at_most, equal
from mend.foundation.pipeline import model as models
from mend.foundation.pipeline.workbench import Workbench

REPEAT_DAYS: Final = 7  # the first-contact-resolution window
LONGEST_PROMISE_DAYS: Final = 366  # a promise that falls due in the month was made at most so long ago
# Steps of the funnels in words; a step is a share of the one named with it.
STEPS: Final = {
    "complex_question": [
        ("triggered", None, "complex questions ended", "复杂问题通话"),
        ("asked", "triggered", "surveys sent", "发送调查"),
        ("answered", "asked", "answered", "已回复"),
        ("unsolved", "answered", "said unsolved", "回复未解决"),
        ("reached", "unsolved", "reached by the follow-up call", "跟进接通"),
        ("solved_of_reached", "reached", "solved, of those reached", "接通后解决"),
        ("solved_of_unsolved", "unsolved", "solved, the unreached kept in", "解决（含未接通）"),
    ],
    "second_follow_up": [
        ("complaints", None, "complaint tickets archived", "投诉工单归档"),
        ("asked", "complaints", "surveys sent", "发送调查"),
        ("answered", "asked", "answered", "已回复"),
        ("unsolved", "complaints", "said unsolved, of all complaints", "回复未解决（占投诉）"),
        ("followed_up", "unsolved", "second follow-up answered", "二次跟进已答复"),
        ("not_accepted", "unsolved", "not accepted after it", "二次跟进后仍不认可"),
        ("closed", "unsolved", "closed", "已归档"),
    ],
    "booking": [
        ("booked", None, "callbacks booked", "离线预约"),
        ("reached_in_time", "booked", "reached within 24 h", "24小时内回呼接通"),
        ("called_again", "booked", "called again within 24 h", "24小时内再次来电"),
        ("not_called_back", "booked", "not called back", "未回呼"),
    ],
    "suspended_complaint": [
        ("promised", None, "suspended, promised for the month", "挂起工单（本月到期）"),
        ("kept", "promised", "answered by the promised time", "按时答复"),
        ("late", "promised", "answered later", "超时答复"),
        ("open_past_limit", "promised", "open past the promised time", "超时未答复"),
    ],
    "hang_up": [
        ("asked", None, "surveys sent", "发送调查"),
        ("answered", "asked", "answered", "已回复"),
        ("poor", "answered", "poor (0 to 6)", "不满意（0-6分）"),
    ],
    "resurvey": [
        ("asked", None, "surveys sent", "发送调查"),
        ("answered", "asked", "answered", "已回复"),
        ("high", "answered", "9 or 10", "9-10分"),
    ],
}  # fmt: skip


@dataclass(frozen=True)
class MonthReport:
    """A month's report: rows of funnels, measures, and refusals by reason."""

    month: str
    steps: int
    measures: int
    refusals: int


def month_report(home: Home, bench: Workbench, month: str) -> MonthReport:
    """Write mart_survey_funnel, mart_survey_measure and mart_survey_refusal of a month (YYYY-MM), in place of what
    stood there.

    A survey belongs to the month of what it asks about, a promise to the month in which it fell due.
    """
    days = calendar.days_of(month)
    zone = home.zone
    first, after = calendar.day_begins(days[0], zone), calendar.day_ends(days[-1], zone)
    _open_lake(bench, days)
    _open_operations(home, bench, first, after)
    _put_steps(bench)
    values: dict[str, Any] = {"first": first, "after": after, "month": month}
    for name in ("repeat", "survey_case", "booking_case", "suspended_case"):
        statement = f"create or replace temp table {name} as {models.load('care/survey', f'report_{name}')}"
        bench.execute(statement, _bound(name, values))
    where = equal("month", month)
    return MonthReport(
        month,
        bench.replace("mart_survey_funnel", models.load("care/survey", "report_funnel"), where, {"month": month}),
        bench.replace("mart_survey_measure", models.load("care/survey", "report_measure"), where, {"month": month}),
        bench.replace("mart_survey_refusal", models.load("care/survey", "report_refusal"), where, {"month": month}),
    )


def _bound(name: str, values: dict[str, Any]) -> dict[str, Any]:
    query = models.load("care/survey", f"report_{name}")
    extra = {"repeat_days": REPEAT_DAYS}
    return {key: value for key, value in (values | extra).items() if f"${key}" in query}


def _open_lake(bench: Workbench, days: list[dt.date]) -> None:
    """The lake's tables as far as the month needs them: promises from before, repeat contacts from after it."""
    earlier = days[0] - dt.timedelta(days=LONGEST_PROMISE_DAYS)
    later = days[-1] + dt.timedelta(days=REPEAT_DAYS + 1)
    bench.view("core_contact", where=all_of(at_least("started_on", days[0]), at_most("started_on", later)))
    bench.view(
        "core_callback_booking", where=all_of(at_least("requested_on", days[0]), at_most("requested_on", days[-1]))
    )
    bench.view("core_ticket", where=all_of(at_least("opened_on", earlier), at_most("opened_on", days[-1])))


def _open_operations(home: Home, bench: Workbench, first: dt.datetime, after: dt.datetime) -> None:
    """What the operations database knows of the month, without numbers and texts, as tables of the engine."""
    for name in ("survey_row", "follow_up_row", "refusal_row"):
        with (
            tempfile.TemporaryDirectory(dir=home.scratch) as folder,
            operations.transaction(home.database_url) as connection,
        ):
            path = Path(folder) / f"{name}.csv"
            # COPY takes no parameters, so the rows are chosen into a temporary table first.
            query = f"create temp table {name} on commit drop as {models.load('care/survey', name)}"
            connection.execute(text(query), {"first": first, "after": after})
            driver = connection.connection.driver_connection
            assert driver is not None
            with (
                driver.cursor().copy(f"copy {name} to stdout (format csv, header true)") as copy,
                path.open("wb") as file,
            ):
                for block in copy:
                    file.write(block)
            columns = driver.execute(f"select * from {name} limit 0").description
            _read_csv(bench, name, path, {each.name: TYPES[each.type_display] for each in columns})


TYPES: Final = {
    "text": "varchar", "varchar": "varchar", "bool": "boolean", "timestamptz": "timestamptz", "int4": "integer",
    "int8": "bigint",
}  # fmt: skip


def _read_csv(bench: Workbench, name: str, path: Path, columns: dict[str, str]) -> None:
    described = ", ".join(f"'{column}': '{kind}'" for column, kind in columns.items())
    source = str(path).replace("'", "''")
    options = f"header = true, auto_detect = false, delim = ',', quote = '\"', escape = '\"', columns = {{{described}}}"
    bench.execute(f"create or replace temp table {name} as select * from read_csv('{source}', {options})")


def _put_steps(bench: Workbench) -> None:
    bench.execute(
        "create or replace temp table step (measure_code varchar, step_number integer, step_code varchar, "
        "of_step_code varchar, "
        "name_en varchar, name_zh varchar)"
    )
    rows = [
        (measure, number, code, of, en, zh)
        for measure, steps in STEPS.items()
        for number, (code, of, en, zh) in enumerate(steps, 1)
    ]  # fmt: skip
    bench.engine.connection.executemany("insert into step values (?, ?, ?, ?, ?, ?)", rows)
