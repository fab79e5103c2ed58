"""Where scoring spends its time: each statement of the engine and each call on the lake, in order of cost."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from bench.measure import own_cpu
from mend.foundation.engine import DuckEngine
from mend.foundation.lake import Lake

LAKE_CALLS: Final = ("files", "replace", "days", "rows_matching", "row_count")
SHOWN: Final = 60  # characters of a statement that has no name


@dataclass
class Step:
    """One statement or call: CPU and wall seconds, and how often."""

    name: str
    cpu: float = 0.0
    wall: float = 0.0
    calls: int = 0


class Steps:
    """Steps by name, filled while `watching`. A step's own children are counted in it, too."""

    def __init__(self, plans: Path | None = None) -> None:
        self.found: dict[str, Step] = {}
        self._plans = plans

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Time every statement and lake call inside the block."""
        kept = {name: getattr(Lake, name) for name in LAKE_CALLS}
        run = DuckEngine.run
        try:
            DuckEngine.run = self._timed_run(run)  # type: ignore[method-assign]
            for name, function in kept.items():
                setattr(Lake, name, self._timed_call(name, function))
            yield
        finally:
            DuckEngine.run = run  # type: ignore[method-assign]
            for name, function in kept.items():
                setattr(Lake, name, function)

    def lines(self, total: float, least: float = 0.01) -> list[str]:
        """A table of the steps that took at least this share of `total` CPU seconds."""
        chosen = sorted((step for step in self.found.values() if step.cpu >= least * total), key=lambda step: -step.cpu)
        rows = [f"{step.cpu:8.2f} {step.wall:8.2f} {step.calls:5d}  {step.name}" for step in chosen]
        seen = sum(step.cpu for step in self.found.values())
        return [
            " CPU s    wall s  calls  step",
            *rows,
            f"{total - seen:8.2f} {'':14}  everything else (Python, the server)",
        ]

    def _add(self, name: str, cpu: float, wall: float) -> None:
        step = self.found.setdefault(name, Step(name))
        step.cpu += cpu
        step.wall += wall
        step.calls += 1

    def _timed_run(self, run: Callable[..., Any]) -> Callable[..., Any]:
        def timed(engine: DuckEngine, query: str, parameters: Any = None) -> Any:
            cpu, wall = own_cpu(), time.perf_counter()
            if self._plans:
                self._start_plan(engine)
            result = run(engine, query, parameters)
            self._add(name_of(query), own_cpu() - cpu, time.perf_counter() - wall)
            return result

        return timed

    def _start_plan(self, engine: DuckEngine) -> None:
        assert self._plans is not None
        self._plans.mkdir(parents=True, exist_ok=True)
        number = sum(step.calls for step in self.found.values())
        engine.connection.execute("set enable_profiling = 'json'")
        engine.connection.execute(f"set profiling_output = '{self._plans}/{number:04d}.json'")

    def _timed_call(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def timed(lake: Lake, table: str, *arguments: Any, **named: Any) -> Any:
            cpu, wall = own_cpu(), time.perf_counter()
            result = function(lake, table, *arguments, **named)
            self._add(f"lake.{name} {table}", own_cpu() - cpu, time.perf_counter() - wall)
            return result

        return timed


def name_of(query: str) -> str:
    """What a statement makes, in a few words.

    >>> name_of("create or replace temp table days as select 1")
    'table days'
    >>> name_of("copy (select 1) to '/lake/mend/mart_exposure_day/data/1' (format parquet)")
    'write mart_exposure_day'
    """
    if made := re.match(r"create or replace temp (table|view) \"?(\w+)", query):
        return f"{made[1]} {made[2]}"
    if written := re.search(r"to '[^']*/mend/(\w+)/data/", query):
        return f"write {written[1]}"
    return " ".join(query.split())[:SHOWN]


def operators(plan: Path) -> list[tuple[str, float, str]]:
    """The operators of a DuckDB profile with their own CPU seconds, most expensive first: name, seconds, detail."""
    found: list[tuple[str, float, str]] = []

    def visit(node: dict[str, Any]) -> None:
        found.append((str(node.get("type", "")), float(node.get("timing", 0)), str(node.get("extra_info", ""))))
        for child in node.get("children", []):
            visit(child)

    for root in json.loads(plan.read_text("utf-8"))["operator"]:
        visit(root)
    return sorted(found, key=lambda operator: -operator[1])
