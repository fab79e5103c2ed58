"""Pictures as SVG, drawn by Altair without a browser: how good a model is, and the levels with their warning line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from mend.foundation.home import Home
from mend.foundation.list_file import write_list

if TYPE_CHECKING:
    from mend.grumbles.warning.judgement import Judged


def model_picture(home: Home, version: str, judged: Judged) -> Path:
    """How good a model is: left the observed share of complaints over the mean probability, a point for each tenth of
    the latest nights (the line is perfect); right the lift of the top shares, beside that of its rivals. A table with
    the same figures is beside the picture (.csv).
    """
    import altair as alt

    path = home.root / "reports" / "warning" / "calibration" / f"{version}.svg"
    most = max(0.01, *(each.predicted for each in judged.bins), *(each.observed for each in judged.bins))
    axis = alt.Scale(domain=[0, most])
    rows: list[dict[str, Any]] = [{"predicted": each.predicted, "observed": each.observed} for each in judged.bins]
    points = (
        alt.Chart(_data(rows))
        .mark_point(filled=True, size=80)
        .encode(
            x=alt.X("predicted:Q", title="probability / 预测概率", scale=axis),
            y=alt.Y("observed:Q", title="observed / 实际比例", scale=axis),
        )
    )
    ends: list[dict[str, Any]] = [{"x": 0, "y": 0}, {"x": most, "y": most}]
    ideal = alt.Chart(_data(ends)).mark_line(strokeDash=[4, 4]).encode(x="x:Q", y="y:Q")
    named: list[dict[str, Any]] = [
        {"name": RIVALS[name], "top": f"{top} %", "lift": lift} for name, top, lift in lifts(judged)
    ]
    bars = (
        alt.Chart(_data(named))
        .mark_bar()
        .encode(
            x=alt.X("top:N", title="top share / 最高部分", sort=None),
            xOffset=alt.XOffset("name:N", sort=list(RIVALS.values())),
            y=alt.Y("lift:Q", title="lift / 提升度"),
            color=alt.Color("name:N", title=None, sort=list(RIVALS.values())),
        )
    )
    found = judged.calibration
    title = [
        f"Complaint model / 投诉模型 {version}",
        f"AUC {judged.figures.auc:.3f}; slope / 斜率 {found.slope or 'unknown / 未知'}",
        f"observed over expected / 实际与预期之比 {found.ratio or 'unknown / 未知'}",
    ]
    drawn = _save(alt.hconcat(ideal + points, bars).resolve_scale(color="independent"), title, path)
    _write_table(path.with_suffix(".csv"), judged, home.zone)
    return drawn


RIVALS: Final = {
    "model": "model / 模型",
    "in_force": "in force / 现用",
    "rate_by_type": "rate by type / 分类型比率",
    "recency_and_frequency": "recency, frequency / 最近与频次",
}
TOPS: Final = (1, 5, 10)


def lifts(judged: Judged) -> list[tuple[str, int, float]]:
    """The lift in the top shares (per cent) of the hold-out, of the model and its rivals."""
    every = {"model": judged.figures, **judged.measured}
    return [(name, top, getattr(every[name], f"lift_{top}")) for top in TOPS for name in RIVALS if name in every]


def _write_table(path: Path, judged: Judged, zone: str) -> None:
    """What the picture shows, and what was decided by, as rows of figure, of (model or rival), at, value, low, high."""
    found = judged.calibration
    rows: list[tuple[object, ...]] = [
        ("observed_share", "model", round(each.predicted, 6), round(each.observed, 6)) for each in judged.bins
    ]
    rows += [("lift", name, f"top {top} %", value) for name, top, value in lifts(judged)]
    rows += [
        (figure, "model", "", each.value, each.low, each.high)
        for figure, each in (("observed_over_expected", found.ratio), ("calibration_slope", found.slope))
        if each is not None
    ]
    rows += [
        ("average_precision_less_that_of", name, "", each.difference.value, each.difference.low, each.difference.high)
        for name, each in judged.rivals.items()
        if each.difference is not None
    ]
    draft = path.with_suffix(".draft")
    columns = ("figure", "of", "at", "value", "low", "high")
    write_list(draft, columns, ((*row, *[""] * (len(columns) - len(row))) for row in rows), zone)
    draft.replace(path)


def line_picture(path: Path, day: str, rows: Sequence[dict[str, Any]]) -> Path:
    """Levels of each grumble type (down) and behaviour cluster (across) as bars; what is above the warning line is
    dark, and a mark shows where the line is.

    Args:
        rows: with type, behaviour, level, share, is_above, line_level (or None).
    """
    import altair as alt

    bars = (
        alt.Chart()
        .mark_bar()
        .encode(
            x=alt.X("level:O", title="level / 等级"),
            y=alt.Y("share:Q", title="share / 占比", axis=alt.Axis(format="%")),
            color=alt.Color(
                "is_above:N",
                title="above the line / 线上",
                scale=alt.Scale(domain=[False, True], range=["#b8c4cc", "#b3261e"]),
            ),
        )
    )
    rule = alt.Chart().mark_tick(orient="vertical", thickness=3, size=60, color="#b3261e").encode(x="line_level:O")
    chart = alt.layer(bars, rule, data=_data(rows)).properties(width=110, height=60)
    faceted = chart.facet(row=alt.Row("type:N", title=None), column=alt.Column("behaviour:N", title=None))
    return _save(faceted, [f"Grumble levels and warning line / 抱怨等级与预警线 {day}"], path)


def _data(rows: Sequence[Mapping[str, Any]]) -> Any:
    import altair as alt

    return alt.Data(values=list(rows))  # type: ignore[no-untyped-call]


def _save(chart: Any, title: list[str], path: Path) -> Path:
    import vl_convert

    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".draft")
    draft.write_text(vl_convert.vegalite_to_svg(chart.properties(title=title).to_dict()), "utf-8")
    return draft.replace(path)
