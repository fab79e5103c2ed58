"""How good a complaint model is, drawn: its lift beside its rivals', and its probabilities beside what happened."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from mend_airflow.ui.charts import Chart, Values, draw_lines
from mend_airflow.ui.language import Language
from mend_airflow.ui.words import say

RIVALS: Final = ("model", "in_force", "rate_by_type", "recency_and_frequency")


@dataclass(frozen=True)
class Drawn:
    """A chart with what its table shows."""

    charts: list[Chart]
    labels: list[str]
    series: list[tuple[str, Values]]


def drawn_model(horizon: Mapping[str, Any], language: Language) -> dict[str, Any]:
    """One horizon of the document with its two charts; None for one that was not kept."""
    return {
        **horizon,
        "lift": _lift(horizon["lifts"], language),
        "tenths": _tenths(horizon["tenths"], language),
    }


def _lift(rows: Sequence[Mapping[str, Any]], language: Language) -> Drawn | None:
    """A line for the model and each rival over the top shares."""
    tops = list(dict.fromkeys(each["top"] for each in rows))
    found = {(each["of"], each["top"]): each["lift"] for each in rows}
    series: list[tuple[str, Values]] = [
        (say(language, f"models.of_{name}"), [found.get((name, top)) for top in tops])
        for name in RIVALS
        if any((name, top) in found for top in tops)
    ]
    shares = [say(language, "models.top_share", share=top.removeprefix("top ").removesuffix(" %")) for top in tops]
    return Drawn(draw_lines(shares, series), shares, series) if tops else None


def _tenths(rows: Sequence[Mapping[str, Any]], language: Language) -> Drawn | None:
    """What was foretold and what happened, in per cent, for each tenth of the grumbles, the least probable first."""
    ordered = sorted(rows, key=lambda each: each["predicted"])
    labels = [str(place) for place in range(1, len(ordered) + 1)]
    series: list[tuple[str, Values]] = [
        (say(language, f"models.{name}"), [round(100 * each[name], 2) for each in ordered])
        for name in ("predicted", "observed")
    ]
    return Drawn(draw_lines(labels, series), labels, series) if ordered else None
