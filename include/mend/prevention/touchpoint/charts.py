"""The quadrant and the journey as SVG, drawn by Vega-Lite: the same rows give the same bytes. Touchpoints are numbered;
the key stands beside. No legends: words stand at the marks.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any, Final

from mend.foundation.report_page import svg
from mend.foundation.schema import CODES
from mend.prevention.touchpoint.placing import placed
from mend.prevention.touchpoint.words import words_of

SIDE: Final = 560  # pixels of the quadrant's square
RADIUS: Final = 10.0  # of a number's disc
LINE: Final = 21  # of the key
STEP: Final = 38  # between two touchpoints of the journey
HEIGHT: Final = 300  # of the journey, without its words
LONGEST: Final = 210  # pixels of a name under it
DOMAIN: Final = (1, 10)
DUE, SURE, WATCH = "#b3261e", "#1f5fa8", "#5f6b73"
OPERATING, EXPERIENCE = "#1f5fa8", "#b86200"
ZONES: Final = {"low_low": "#fae3e1", "low_high": "#fdf1dc", "high_low": "#fdf1dc", "high_high": "#e6f3ea"}
COLOUR: Final = {"field": "colour", "type": "nominal", "scale": None, "legend": None}
Row = Mapping[str, Any]
Spec = dict[str, Any]


def quadrant(rows: Sequence[Row], language: str) -> str:
    """Operating effectiveness across, experience effectiveness up; where they are known."""
    words, limit = words_of(language), rows[0]["low_below"] if rows else 6.0
    shown = [row for row in rows if _is_drawn(row)]
    discs = placed(
        [(_pixel(row["operating_score"]), SIDE - _pixel(row["experience_score"])) for row in shown], RADIUS, SIDE
    )
    points = [
        {
            "x": row["operating_score"], "y": row["experience_score"], "colour": _colour(row),
            "left": row["operating_low"], "right": row["operating_high"],
            "bottom": row["experience_low"], "top": row["experience_high"],
            "dx": 1 + 9 * disc[0] / SIDE, "dy": 10 - 9 * disc[1] / SIDE, "number": str(row["touchpoint_number"]),
        }
        for row, disc in zip(shown, discs, strict=True)
    ]  # fmt: skip
    x, y = (
        {"type": "quantitative", "scale": {"domain": DOMAIN, "nice": False}, "title": words[name],
         "axis": {"tickCount": 9, "grid": False, "titleFontSize": 13}}
        for name in ("operating", "experience")
    )  # fmt: skip
    layers = [*_zones(limit, language, x, y), *_marks(points, x, y), *_key(rows, language)]
    layers.append(_room(SIDE + 52 + max((_width(_key_text(row, language)) for row in rows), default=0), 10))
    return svg({"layer": layers}, SIDE, SIDE)


def journey(rows: Sequence[Row], language: str) -> str:
    """Both along the stages, from the first touchpoint to the last, each with its interval."""
    words, width = words_of(language), STEP * max(len(rows), 4)
    limit = rows[0]["low_below"] if rows else 6.0
    names = json.dumps([f"{row['touchpoint_number']} {row[f'name_{language}']}" for row in rows], ensure_ascii=False)
    x = {
        "type": "quantitative", "scale": {"domain": [0.4, max(len(rows), 4) + 0.6], "nice": False}, "title": None,
        "axis": {
            "values": [row["touchpoint_number"] for row in rows], "labelExpr": f"{names}[datum.value - 1]",
            "labelAngle": -38, "labelAlign": "right", "labelLimit": LONGEST, "grid": False, "labelFontSize": 11,
            "labelOverlap": False, "labelBaseline": "middle",
        },
    }  # fmt: skip
    y = {"type": "quantitative", "scale": {"domain": DOMAIN, "nice": False}, "title": words["score"],
         "axis": {"tickCount": 9, "gridColor": "#e6eaec"}}  # fmt: skip
    layers = [*_stages(rows, language, x, y), _limit(limit, y)]
    for name, colour, shift in (("operating", OPERATING, -0.08), ("experience", EXPERIENCE, 0.08)):
        layers += _line(rows, name, colour, shift, x, y)
    layers += _line_words(language)
    longest = max((_width(f"{row['touchpoint_number']} {row[f'name_{language}']}") for row in rows), default=0)
    layers.append(_room(0, HEIGHT + 16 + 0.62 * min(longest, LONGEST)))
    return svg({"layer": layers}, width, HEIGHT)


def _width(text: str) -> float:
    """Pixels that a text of 12 takes at most. The process that draws may have no Chinese letters, and take them for
    narrower than a reader's."""
    return sum(13.0 if unicodedata.east_asian_width(sign) in "WF" else 7.0 for sign in text)


def _room(x: float, y: float) -> Spec:
    """Nothing to be seen: the picture reaches to here."""
    return {
        "data": {"values": [{"text": "."}]},
        "mark": {"type": "text", "fontSize": 1, "color": "white"},
        "encoding": {"x": {"value": x}, "y": {"value": y}, "text": {"field": "text"}},
    }


def _pixel(score: float) -> float:
    return SIDE * (score - 1) / 9


def _colour(row: Row) -> str:
    if row["is_action_due"]:
        return DUE
    return WATCH if row["quadrant_code"] == "unknown" else SURE


def _zones(limit: float, language: str, x: Spec, y: Spec) -> list[Spec]:
    """The four fields, each with its words in its outer corner."""
    ends = {"low": (DOMAIN[0], limit), "high": (limit, DOMAIN[1])}
    zones, texts = [], []
    for code, colour in ZONES.items():
        across, up = code.split("_")
        zones.append(
            {"x": ends[across][0], "x2": ends[across][1], "y": ends[up][0], "y2": ends[up][1], "colour": colour}
        )
        texts.append(
            {
                "data": {"values": [{"text": CODES["touchpoint_quadrant"][code][language == "zh"]}]},
                "mark": {
                    "type": "text", "fontSize": 11, "color": "#6b757b", "fontStyle": "italic",
                    "align": "left", "baseline": "bottom" if up == "low" else "top",
                },
                "encoding": {
                    "x": {"value": 8 + (0 if across == "low" else _pixel(limit))},
                    "y": {"value": SIDE - 8 if up == "low" else 8},
                    "text": {"field": "text"},
                },
            }
        )  # fmt: skip
    field = {
        "data": {"values": zones},
        "mark": {"type": "rect", "opacity": 1},
        "encoding": {
            "x": {"field": "x", **x}, "x2": {"field": "x2"}, "y": {"field": "y", **y}, "y2": {"field": "y2"},
            "color": COLOUR,
        },
    }  # fmt: skip
    return [field, *texts]


def _marks(points: Sequence[Spec], x: Spec, y: Spec) -> list[Spec]:
    """Intervals, a dot at the score, and the number in a disc beside it where others are near."""
    rule = {"type": "rule", "strokeWidth": 1.5, "opacity": 0.45}
    data = {"values": points}
    has_ends = [point for point in points if point["left"] is not None]
    has_height = [point for point in points if point["bottom"] is not None]
    disc = {"x": {"field": "dx", **x}, "y": {"field": "dy", **y}}
    return [
        {"data": {"values": has_ends}, "mark": rule, "encoding": {
            "x": {"field": "left", **x}, "x2": {"field": "right"}, "y": {"field": "y", **y}, "color": COLOUR}},
        {"data": {"values": has_height}, "mark": rule, "encoding": {
            "y": {"field": "bottom", **y}, "y2": {"field": "top"}, "x": {"field": "x", **x}, "color": COLOUR}},
        {"data": data, "mark": {"type": "rule", "strokeWidth": 1, "color": "#333"}, "encoding": {
            "x": {"field": "x", **x}, "y": {"field": "y", **y}, "x2": {"field": "dx"}, "y2": {"field": "dy"}}},
        {"data": data, "mark": {"type": "point", "filled": True, "size": 22, "opacity": 1}, "encoding": {
            "x": {"field": "x", **x}, "y": {"field": "y", **y}, "color": COLOUR}},
        {"data": data, "mark": {"type": "circle", "size": 3.14 * RADIUS**2, "opacity": 1, "stroke": "white",
                                "strokeWidth": 1}, "encoding": {**disc, "color": COLOUR}},
        {"data": data, "mark": {"type": "text", "fontSize": 11, "fontWeight": "bold", "color": "white"},
         "encoding": {**disc, "text": {"field": "number"}}},
    ]  # fmt: skip


def _key(rows: Sequence[Row], language: str) -> list[Spec]:
    """Numbers and names to the right of the square; those that are not drawn say so."""
    found = []
    for place, row in enumerate(rows):
        colour = DUE if row["is_action_due"] else "#1c2429" if _is_drawn(row) else "#8a949a"
        weight = "bold" if row["is_action_due"] else "normal"
        style = {"type": "text", "fontSize": 12, "color": colour, "baseline": "middle", "fontWeight": weight}
        cells = ((str(row["touchpoint_number"]), "right", 42), (_key_text(row, language), "left", 52))
        for text, align, left in cells:
            at = {"x": {"value": SIDE + left}, "y": {"value": 10 + LINE * place}, "text": {"field": "text"}}
            found.append({"data": {"values": [{"text": text}]}, "mark": {**style, "align": align}, "encoding": at})
    return found


def _key_text(row: Row, language: str) -> str:
    words = words_of(language)
    note = words["key_due"] if row["is_action_due"] else "" if _is_drawn(row) else words["key_not_drawn"]
    return str(row[f"name_{language}"]) + note


def _is_drawn(row: Row) -> bool:
    return row["operating_score"] is not None and row["experience_score"] is not None


def _stages(rows: Sequence[Row], language: str, x: Spec, y: Spec) -> list[Spec]:
    """A band for each stage with its words on top."""
    bands = []
    for place, (stage, group) in enumerate(groupby(rows, key=lambda row: row["stage_code"])):
        numbers = [row["touchpoint_number"] for row in group]
        bands.append(
            {
                "left": numbers[0] - 0.5, "right": numbers[-1] + 0.5, "middle": (numbers[0] + numbers[-1]) / 2,
                "colour": "#f3f5f6" if place % 2 else "#ffffff", "bottom": DOMAIN[0], "top": DOMAIN[1],
                "text": CODES["touchpoint_stage"][stage][language == "zh"],
            }
        )  # fmt: skip
    return [
        {"data": {"values": bands}, "mark": {"type": "rect", "opacity": 1}, "encoding": {
            "x": {"field": "left", **x}, "x2": {"field": "right"}, "y": {"field": "bottom", **y},
            "y2": {"field": "top"}, "color": COLOUR}},
        {"data": {"values": bands}, "mark": {"type": "text", "fontSize": 12, "fontWeight": "bold", "color": "#4a555c"},
         "encoding": {"x": {"field": "middle", **x}, "y": {"value": -12}, "text": {"field": "text"}}},
    ]  # fmt: skip


def _limit(limit: float, y: Spec) -> Spec:
    return {
        "data": {"values": [{"y": limit}]},
        "mark": {"type": "rule", "strokeDash": [5, 4], "color": DUE, "opacity": 0.7},
        "encoding": {"y": {"field": "y", **y}},
    }


def _line(rows: Sequence[Row], name: str, colour: str, shift: float, x: Spec, y: Spec) -> list[Spec]:
    """The line breaks where nobody knows: nothing is drawn across a touchpoint without a score."""
    points = [
        {"x": row["touchpoint_number"] + shift, "y": row[f"{name}_score"], "low": row[f"{name}_low"],
         "high": row[f"{name}_high"], "is_measured": row[f"{name}_basis_code"] in ("measured", "both")}
        for row in rows
    ]  # fmt: skip
    known = [point for point in points if point["y"] is not None]
    with_ends = [point for point in known if point["low"] is not None]
    where = {"x": {"field": "x", **x}, "y": {"field": "y", **y}}
    ends = {"x": where["x"], "y": {"field": "low", **y}, "y2": {"field": "high"}}
    shape = {"type": "point", "size": 46, "opacity": 1, "color": colour, "strokeWidth": 1.5}
    line = {
        "type": "line",
        "color": colour,
        "strokeWidth": 1.6,
        "opacity": 0.8,
        "invalid": "break-paths-filter-domains",
    }
    return [
        _layer(with_ends, {"type": "rule", "color": colour, "strokeWidth": 2, "opacity": 0.45}, ends),
        _layer(points, line, where),
        _layer([point for point in known if point["is_measured"]], {**shape, "filled": True}, where),
        _layer([point for point in known if not point["is_measured"]], {**shape, "fill": "white"}, where),
    ]


def _layer(values: Sequence[Spec], mark: Spec, encoding: Spec) -> Spec:
    return {"data": {"values": values}, "mark": mark, "encoding": encoding}


def _line_words(language: str) -> list[Spec]:
    """Which line is which, above the picture: each in its colour."""
    words, found = words_of(language), []
    for place, (name, colour) in enumerate((("operating", OPERATING), ("experience", EXPERIENCE))):
        found.append(
            {
                "data": {"values": [{"text": f"— {words[name]}"}]},
                "mark": {"type": "text", "align": "left", "fontSize": 12, "fontWeight": "bold", "color": colour},
                "encoding": {"x": {"value": 240 * place}, "y": {"value": -38}, "text": {"field": "text"}},
            }
        )
    return found
