"""Pictures as SVG, drawn by Vega-Lite without a browser: the same figures give the same bytes. No legends: they are
numbered by the process, and colours alone say nothing to many readers. Words stand at the marks instead.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from mend.foundation.report_page import svg

COLOURS: Final[Mapping[str, str]] = {
    "helps": "#1b7f4b",
    "left_alone": "#b3261e",
    "harms": "#b3261e",
    "may_harm": "#c66a00",
    "no_proof": "#5f6b73",
    "treated": "#1f5fa8",
    "control": "#8a5a00",
}
COLOUR: Final = {"field": "colour", "type": "nominal", "scale": None, "legend": None}
WIDTH: Final = 520
ROW: Final = 30


@dataclass(frozen=True)
class Bar:
    """One interval of a picture: its words, the estimate between its ends, and the verdict that colours it."""

    label: str
    estimate: float
    low: float
    high: float
    verdict: str


@dataclass(frozen=True)
class Line:
    """One line of a picture: its points in order, and how it is coloured."""

    label: str
    points: Sequence[tuple[str, float]]
    colour: str


def intervals(bars: Sequence[Bar], unit: str) -> str:
    """Intervals one below the other; the line is no difference."""
    rows = [
        {"label": bar.label, "x": bar.estimate, "low": bar.low, "high": bar.high, "colour": COLOURS[bar.verdict]}
        for bar in bars
    ]
    where = {"field": "label", "type": "nominal", "sort": None, "title": None, "axis": {"labelLimit": 300}}
    across = {"type": "quantitative", "title": unit}
    zero = {
        "data": {"values": [{"x": 0}]},
        "mark": {"type": "rule", "strokeDash": [4, 4], "color": "#333"},
        "encoding": {"x": {"field": "x", **across}},
    }
    ends = {
        "mark": {"type": "rule", "strokeWidth": 3},
        "encoding": {"y": where, "x": {"field": "low", **across}, "x2": {"field": "high"}, "color": COLOUR},
    }
    points = {
        "mark": {"type": "point", "filled": True, "size": 90, "opacity": 1},
        "encoding": {"y": where, "x": {"field": "x", **across}, "color": COLOUR},
    }
    return svg({"data": {"values": rows}, "layer": [zero, ends, points]}, WIDTH, ROW * max(len(rows), 2))


def lines(series: Sequence[Line], unit: str, width: int = 360) -> str:
    """One or two lines over the same places, each with its words at its end, the higher one's above."""
    rows: list[dict[str, Any]] = [
        {"series": line.label, "place": place, "value": value, "colour": COLOURS[line.colour]}
        for line in series
        for place, value in line.points
    ]
    ends = sorted((row for row in rows if row["place"] == rows[-1]["place"]), key=lambda row: -float(row["value"]))
    encoding = {
        "x": {"field": "place", "type": "ordinal", "sort": None, "title": None, "axis": {"labelAngle": 0}},
        "y": {"field": "value", "type": "quantitative", "title": unit, "scale": {"zero": False, "padding": 12}},
        "color": COLOUR,
        "detail": {"field": "series"},
    }
    layers: list[dict[str, Any]] = [
        {"mark": {"type": "line", "strokeWidth": 2}, "encoding": encoding},
        {"mark": {"type": "point", "filled": True, "size": 60, "opacity": 1}, "encoding": encoding},
    ]
    for row, shift in zip(ends, (-8, 8), strict=False):
        said = {**row, "text": f"{row['series']} {row['value']:.4g}"}
        layers.append(
            {
                "data": {"values": [said]},
                "mark": {"type": "text", "align": "left", "dx": 10, "dy": shift, "fontSize": 12},
                "encoding": {**encoding, "text": {"field": "text"}},
            }
        )
    return svg({"data": {"values": rows}, "layer": layers}, width, 200)
