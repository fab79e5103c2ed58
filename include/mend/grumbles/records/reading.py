"""Reading texts by the classifier in force on their day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from itertools import groupby
from typing import Any, Final

from mend.foundation.pipeline.workbench import Workbench
from mend.grumbles.records.keywords import KeywordReader
from mend.grumbles.records.model import TextModel
from mend.grumbles.records.taxonomy import Taxonomy
from mend.grumbles.records.texts import Reader, Reading

ROWS: Final = 20_000  # texts in memory at a time
Text = tuple[str, str, dt.date, str]  # kind and id of the source, day, text


class Readers:
    """The promoted classifiers by their first day, but for that of `except_month`.

    A model is read from the lake when a text first needs it.
    """

    def __init__(self, bench: Workbench, except_month: str | None = None) -> None:
        self._bench = bench
        self._models: dict[str, TextModel] = {}
        self._keywords: dict[dt.date, KeywordReader] = {}
        bench.view("mart_grumble_classifier", as_name="classifier")
        rows = bench.sql("select valid_from, month from classifier where is_promoted order by valid_from desc")
        self._in_force: list[tuple[dt.date, str]] = [row for row in rows if row[1] != except_month]

    def on(self, day: dt.date, taxonomy: Taxonomy) -> Reader:
        """The reader in force on that day: the latest promoted model, keywords before the first.

        A model that knows no type of the day's taxonomy (all of it was replaced) reads nothing: keywords do.
        """
        month = next((month for valid_from, month in self._in_force if valid_from <= day), None)
        if month is not None and not taxonomy.types.keys().isdisjoint(self.model_of(month).classes):
            return self.model_of(month)
        return self._keywords.setdefault(taxonomy.valid_from, KeywordReader(taxonomy))

    def model_of(self, month: str) -> TextModel:
        """The model that was trained to the end of that month."""
        if month not in self._models:
            self._models[month] = TextModel.from_json(_stored(self._bench, month))
        return self._models[month]


def _stored(bench: Workbench, month: str) -> str:
    bench.view("mart_grumble_classifier", as_name="classifier")
    return str(bench.sql("select model from classifier where month = $month", {"month": month})[0][0])


def read_texts(
    bench: Workbench, query: str, readers: Readers, taxonomy: Taxonomy, values: Mapping[str, Any] | None = None
) -> None:
    """Add to the table `reading` what the query's texts (source_kind_code, source_id, day, text) say; an unsure one
    adds nothing.
    """
    numbered = f"select *, row_number() over (order by day, source_kind_code, source_id) as number from ({query})"
    bench.execute(f"create or replace temp table unread as {numbered}", values)
    total = bench.sql("select count(*) from unread")[0][0]
    for first in range(0, total, ROWS):
        columns = "source_kind_code, source_id, day, text"
        block: list[Text] = bench.sql(
            f"select {columns} from unread where number > $first and number <= $last order by number",
            {"first": first, "last": first + ROWS},
        )
        for day, its in groupby(block, key=lambda text: text[2]):
            _read_day(bench, list(its), readers.on(day, taxonomy), taxonomy.settings.least_confidence)
    bench.execute("drop table unread")


def _read_day(bench: Workbench, texts: list[Text], reader: Reader, least_confidence: float) -> None:
    import pyarrow as pa

    read = reader.read([text for *_, text in texts], least_confidence)
    sure: list[tuple[Text, Reading]] = [
        (text, reading) for text, reading in zip(texts, read, strict=True) if reading.code is not None
    ]
    table = pa.table(
        {
            "source_kind_code": pa.array([text[0] for text, _ in sure], pa.string()),
            "source_id": pa.array([text[1] for text, _ in sure], pa.string()),
            "code": pa.array([reading.code for _, reading in sure], pa.string()),
            "confidence": pa.array([reading.confidence for _, reading in sure], pa.float64()),
            "classifier_version": pa.array([reader.version] * len(sure), pa.string()),
        }
    )
    bench.engine.connection.register("_readings", table)
    bench.execute("insert into reading by name select * from _readings")
    bench.engine.connection.unregister("_readings")
