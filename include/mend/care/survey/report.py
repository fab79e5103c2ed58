"""A month of surveys and follow-up: each measure's funnel, solved as a range, promises kept."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from mend.care.survey.month_rows import CallbackCount, TopicCount, callback_row, topic_rows
from mend.care.survey.rules import load_rules, rules_on
from mend.foundation import operations
from mend.foundation import periods as calendar
from mend.foundation.home import Home
from mend.foundation.lake.filters import all_of, at_least, at_most, equal
from mend.foundation.operations.statements import statement
from mend.foundation.pipeline.model import read_model, read_models
from mend.foundation.pipeline.runner import Step, open_step
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
    """A month's report: rows of funnels, measures, refusals by reason, and topics."""

    month: str
    steps: int
    measures: int
    refusals: int
    topics: int


def month_report(home: Home, bench: Workbench, month: str) -> MonthReport:
    """Write mart_survey_funnel, mart_survey_measure, mart_survey_refusal, mart_topic_resolution_month and
    mart_callback_month of a month (YYYY-MM), in place of what stood there.

    A survey belongs to the month of what it asks about, a promise to the month in which it fell due.
    """
    days = calendar.days_of(month)
    first, after = calendar.day_begins(days[0], home.zone), calendar.day_ends(days[-1], home.zone)
    with open_step(bench, "survey_report") as step:
        _view_lake(step, days)
        for name in OPERATIONS_ROWS:
            _copy_operations(home, step, name, first, after)
        step.put("step", STEP_COLUMNS, _steps())
        step.run(MODELS, {"first": first, "after": after, "month": month, "repeat_days": REPEAT_DAYS})
        _put_month_rows(home, step, days, {"first": first, "after": after, "month": month})
        for table, name in WRITTEN.items():
            bench.lake.replace(table, equal("month", month), step.write(table, name))
        return MonthReport(month, *(step.count(name) for name in COUNTED))


MODELS: Final = read_models(
    "care/survey", "repeat", "survey_case", "booking_case", "ticket_state", "suspended_case", "survey_funnel",
    "repeat_rate", "survey_measure", "not_let_through",
)  # fmt: skip
TOPIC_COUNT: Final = read_model("care/survey", "topic_count")
CALLBACK_COUNT: Final = read_model("care/survey", "callback_count")
WRITTEN: Final = {
    "mart_survey_funnel": "survey_funnel",
    "mart_survey_measure": "survey_measure",
    "mart_survey_refusal": "not_let_through",
    "mart_topic_resolution_month": "topic_resolution",
    "mart_callback_month": "callback",
}
COUNTED: Final = ("survey_funnel", "survey_measure", "not_let_through", "topic_resolution")
OPERATIONS_ROWS: Final = ("survey_row", "follow_up_row", "refusal_row")
STEP_COLUMNS: Final = {
    "measure_code": "varchar", "step_number": "integer", "step_code": "varchar", "of_step_code": "varchar",
    "name_en": "varchar", "name_zh": "varchar",
}  # fmt: skip
# PostgreSQL's types as the engine has them.
TYPES: Final = {
    "text": "varchar", "varchar": "varchar", "bool": "boolean", "timestamptz": "timestamptz", "int4": "integer",
    "int8": "bigint",
}  # fmt: skip


def _put_month_rows(home: Home, step: Step, days: list[dt.date], values: Mapping[str, Any]) -> None:
    """What is counted by topic and of callbacks, with its intervals: the rows of the two tables of a month."""
    rules = rules_on(days[-1], load_rules(home.root / "survey_rules"))
    topics = [TopicCount(*row) for row in step.rows(TOPIC_COUNT, {**values, "repeat_days": REPEAT_DAYS})]
    [counted] = step.rows(CALLBACK_COUNT, values)
    rows = {
        "mart_topic_resolution_month": topic_rows(values["month"], topics, rules.complex_topics, rules.topics),
        "mart_callback_month": [callback_row(values["month"], CallbackCount(*counted))],
    }
    for table, of_table in rows.items():
        step.put_rows(WRITTEN[table], table, of_table)


def _view_lake(step: Step, days: list[dt.date]) -> None:
    """The lake's tables as far as the month needs them: promises from before, repeat contacts from after it."""
    earlier = days[0] - dt.timedelta(days=LONGEST_PROMISE_DAYS)
    later = days[-1] + dt.timedelta(days=REPEAT_DAYS + 1)
    step.view("core_contact", where=all_of(at_least("started_on", days[0]), at_most("started_on", later)))
    in_month = all_of(at_least("requested_on", days[0]), at_most("requested_on", days[-1]))
    step.view("core_callback_booking", where=in_month)
    for table in ("core_ticket", "core_ticket_version"):
        step.view(table, where=all_of(at_least("opened_on", earlier), at_most("opened_on", days[-1])))


def _copy_operations(home: Home, step: Step, name: str, first: dt.datetime, after: dt.datetime) -> None:
    """What the operations database knows of the month, without numbers and texts, as a table of the step."""
    with (
        tempfile.TemporaryDirectory(dir=home.scratch) as folder,
        operations.transaction(home.database_url) as connection,
    ):
        path = Path(folder) / f"{name}.csv"
        # COPY takes no parameters, so the rows are chosen into a temporary table first.
        connection.execute(statement("care/survey", name), {"first": first, "after": after})
        driver = connection.connection.driver_connection
        assert driver is not None
        with driver.cursor().copy(f"copy {name} to stdout (format csv, header true)") as copy, path.open("wb") as file:
            for block in copy:
                file.write(block)
        columns = driver.execute(f"select * from {name} limit 0").description
        step.from_csv(name, {each.name: TYPES[each.type_display] for each in columns}, path)


def _steps() -> list[tuple[Any, ...]]:
    return [
        (measure, number, code, of, en, zh)
        for measure, steps in STEPS.items()
        for number, (code, of, en, zh) in enumerate(steps, 1)
    ]
