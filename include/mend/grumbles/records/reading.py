"""Reading texts by the classifier in force on their day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from itertools import groupby
from typing import Final

import pyarrow as pa

from mend.foundation.pipeline.model import read_model, read_models
from mend.foundation.pipeline.runner import Step
from mend.foundation.pipeline.workbench import Workbench
from mend.grumbles.records.classifier import TextClassifier
from mend.grumbles.records.keywords import KeywordReader
from mend.grumbles.records.taxonomy import Taxonomy, taxonomy_on
from mend.grumbles.records.texts import Reader, Reading

ROOM: Final = "grumbles/records"
Text = tuple[str, dt.date, str]  # id of the source, day, text


class Readers:
    """The promoted classifiers by their first day, but for that of `except_month`.

    A model is read from the lake when a text first needs it.
    """

    def __init__(self, bench: Workbench, except_month: str | None = None) -> None:
        self._bench = bench
        self._models: dict[str, TextClassifier] = {}
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

    def model_of(self, month: str) -> TextClassifier:
        """The model that was trained to the end of that month."""
        if month not in self._models:
            self._models[month] = TextClassifier.from_json(_stored(self._bench, month))
        return self._models[month]


def _stored(bench: Workbench, month: str) -> str:
    bench.view("mart_grumble_classifier", as_name="classifier")
    return str(bench.sql("select model from classifier where month = $month", {"month": month})[0][0])


def read_texts(step: Step, kind: str, readers: Readers, versions: Sequence[Taxonomy]) -> None:
    """Make `<kind>_reading`: what the texts of the model `<kind>_text` say; an unsure one adds nothing."""
    step.run(read_models(ROOM, f"{kind}_text", f"{kind}_text_day"))
    on = {day: taxonomy_on(day, versions) for (day,) in step.read(f"{kind}_text_day")}
    by_day = {day: readers.on(day, taxonomy) for day, taxonomy in on.items()}  # stored models are read before the texts
    read: list[pa.Table] = [_table([], [], "")]
    for block in step.blocks(read_model(ROOM, f"{kind}_unread")):
        for day, its in groupby(block, key=lambda text: text[1]):
            read.append(_read(list(its), by_day[day], on[day].settings.least_confidence))
    step.put_arrow(f"{kind}_reading", pa.concat_tables(read))


def _read(texts: list[Text], reader: Reader, least_confidence: float) -> pa.Table:
    read = reader.read([text for *_, text in texts], least_confidence)
    sure = [(text[0], reading) for text, reading in zip(texts, read, strict=True) if reading.code is not None]
    return _table([name for name, _ in sure], [reading for _, reading in sure], reader.version)


def _table(names: list[str], readings: list[Reading], version: str) -> pa.Table:
    return pa.table(
        {
            "source_id": pa.array(names, pa.string()),
            "code": pa.array([reading.code for reading in readings], pa.string()),
            "confidence": pa.array([reading.confidence for reading in readings], pa.float64()),
            "classifier_version": pa.array([version] * len(names), pa.string()),
        }
    )
