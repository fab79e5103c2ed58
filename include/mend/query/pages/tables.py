"""The tables that are published for the pages: which rows make a part, what its models read, which model makes it.

A new one: describe it in schema/operations/pages.yaml, add its migration and its model, and a line to TABLES.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from mend.foundation import operations
from mend.foundation.home import Home
from mend.foundation.lake import StoredFile
from mend.foundation.operations import Batch
from mend.foundation.periods import ONE_DAY, days_of
from mend.foundation.persons import persons_of, put_persons
from mend.foundation.pipeline.runner import Step
from mend.foundation.pipeline.shares import Sharing

ROOM: Final = "query/pages"
ARRIVALS_BACK: Final = 31 * ONE_DAY  # a correction takes rows from batches that came before
BATCH: Final = {
    "batch_number": "bigint", "arrived_on": "date", "source_code": "varchar", "record_code": "varchar",
    "row_count": "bigint", "is_stopped": "boolean",
}  # fmt: skip


@dataclass(frozen=True)
class Part:
    """What is replaced at once: the rows of a month (to date or closed), of some days of arrival, or all of a table.

    `through` is the last business date that is known of. `month_files` are the month's rows of mart_damage_month.
    """

    code: str
    through: dt.date
    column: str = ""
    values: Sequence[Any] = ()
    month: str = ""
    month_files: Sequence[StoredFile] = ()

    @property
    def parameters(self) -> Mapping[str, Any]:
        """What models are given of it."""
        return {"month": self.month, "as_of_on": self.through}


@dataclass(frozen=True)
class Opening:
    """What opens the inputs of a part: the step that the models run in."""

    home: Home
    step: Step
    part: Part


@dataclass(frozen=True)
class PageTable:
    """One published table.

    Args:
        name: the table's, and that of the model which makes its rows.
        part: its rows are published by month, as of a day, by days of arrival, or all at once.
        inputs: opens what the models read.
        before: models that make what the last one reads, each a view.
        shares: inputs that are large; then the rows are made share by share of customers.
        has_digest: only rows whose digest is another one travel to the operations database. It has a customer_id.
        events: with it, the inputs whose rows are looked at for customers who are touched: lake table by name, of the
            part's days.
    """

    name: str
    part: Literal["month", "as_of", "arrivals", "whole"]
    inputs: Callable[[Opening], None]
    before: tuple[str, ...] = ()
    shares: tuple[Sharing, ...] = ()
    has_digest: bool = False
    events: Mapping[str, str] = field(default_factory=dict)


EVENTS: Final = {
    "posted": "mart_damage_ledger",
    "grumble": "mart_grumble",
    "warning_night": "mart_warning",
    "core_contact": "core_contact",
    "core_ticket": "core_ticket",
    "core_survey_reply": "core_survey_reply",
}


def open_month_row(opening: Opening) -> None:
    """The customers of the month."""
    opening.step.view_files("mart_damage_month", opening.part.month_files, "month_row")


def open_story(opening: Opening) -> None:
    """Everything of the month that a customer's story tells."""
    step, days = opening.step, days_of(opening.part.month)
    put_persons(step, persons_of(step.bench, days[-1]))
    open_month_row(opening)
    for name, table in EVENTS.items():
        step.view(table, name, days=days)


def open_arrivals(opening: Opening) -> None:
    """The batches that arrived on the part's days, and which of their rows do not count."""
    batches = operations.batches(opening.home.database_url, opening.part.values)
    rows = [(*_names(each), each.counts.lines - each.counts.outside, each.is_stopped) for each in batches]
    opening.step.put("batch", BATCH, rows)
    opening.step.view("core_quarantine", "quarantine", days=opening.part.values)
    opening.step.view("core_superseded", "superseded")


def _names(batch: Batch) -> tuple[int, dt.date, str, str]:
    return batch.batch_number, batch.arrived_on, batch.source_code, batch.record_code


def open_words(opening: Opening) -> None:
    """Indicators and the taxonomy of grumbles."""
    opening.step.view("mart_indicator")
    opening.step.view("mart_grumble_type")


STORY: Final = ("story_month", "story_entry", "story_contact", "story_ticket", "story_survey", "story_warning")
TABLES: Final = (
    PageTable("page_word", "whole", open_words),
    PageTable("page_source_day", "arrivals", open_arrivals),
    PageTable("page_damage_count", "as_of", open_month_row),
    PageTable(
        "page_customer_month",
        "month",
        open_story,
        before=STORY,
        shares=tuple(Sharing(name) for name in (*STORY, "known_row", "touched")),
        has_digest=True,
        events=EVENTS,
    ),
)
