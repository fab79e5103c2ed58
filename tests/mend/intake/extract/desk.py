"""A small source of contacts, and a way to load a text with it and see what became of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from mend.foundation.home import Home
from mend.foundation.pipeline.workbench import Workbench
from mend.intake.extract import ExtractReport, Source, extract, read_source

DAY = dt.date(2026, 5, 1)
HEADER = "contact_id,customer_id,started_at,outcome,talk_seconds,note_text"
SOURCE = """
source: centre
en: Test centre
zh: 测试中心
zone: Asia/Shanghai
records:
  contact:
    path: '{business_date}/contact.csv'
    columns:
      contact_id: contact_id
      customer_id: customer_id
      started_at: started_at
      outcome: outcome
      talk_seconds: talk_seconds
      note_text: note_text
"""


@dataclass
class Loaded:
    """What a load left in the lake."""

    report: ExtractReport
    rows: list[tuple[Any, ...]] = field(default_factory=list)
    rejects: list[tuple[Any, ...]] = field(default_factory=list)


class Desk:
    """Loads texts as files of a source and reads back what became of them."""

    def __init__(self, home: Home, bench: Workbench, folder: Path) -> None:
        self.home = home
        self.bench = bench
        self.folder = folder

    def source(self, change: Callable[[dict[str, Any]], object] = lambda _: None) -> Source:
        """The small source, changed."""
        described = yaml.safe_load(SOURCE)
        change(described)
        path = self.folder / f"{described['source']}.yaml"
        path.write_text(yaml.safe_dump(described, allow_unicode=True), "utf-8")
        return read_source(path)

    def write(self, content: bytes | str, name: str = "contact.csv", day: dt.date = DAY) -> Path:
        """Put a file where the source expects it."""
        path = self.folder / "inbox" / str(day) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def load(
        self,
        source: Source | None = None,
        days: Sequence[dt.date] = (DAY,),
        paths: Sequence[Path] | None = None,
        **options: Any,
    ) -> Loaded:
        """Extract, and read the lake."""
        given = [self.folder / "inbox"] if paths is None else list(paths)
        report = extract(self.home, self.bench, source or self.source(), days, given or None, **options)
        return Loaded(report, self.rows(), self.rejects())

    def rows(
        self, columns: str = "line_number, contact_id, customer_id, outcome, talk_seconds"
    ) -> list[tuple[Any, ...]]:
        """The accepted contacts by line."""
        self.bench.view("raw_contact")
        return self.bench.sql(f"select {columns} from raw_contact order by batch_number, line_number, contact_id")

    def rejects(self, columns: str = "line_number, column_name, reason_code") -> list[tuple[Any, ...]]:
        """The rejected lines."""
        self.bench.view("core_quarantine")
        return self.bench.sql(f"select {columns} from core_quarantine order by batch_number, line_number")


def line(
    key: str = "A1",
    customer: str = "700",
    at: str = "2026-05-01T08:00:00+08:00",
    outcome: str = "answered",
    talk: str = "30",
    note: str = "",
) -> str:
    """One sound line, or one with a fault in a stated place."""
    return ",".join([key, customer, at, outcome, talk, note])


def text(*lines: str) -> str:
    """A file of these lines."""
    return "\n".join([HEADER, *lines]) + "\n"
