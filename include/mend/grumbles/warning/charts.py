"""Pictures as SVG, drawn by Altair without a browser: the calibration of a model, and the levels with their warning
line.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mend.foundation.home import Home

if TYPE_CHECKING:
    from mend.grumbles.warning.metrics import CalibrationBin, Metrics


def calibration_picture(home: Home, version: str, bins: Sequence[CalibrationBin], figures: Metrics) -> Path:
    """Mean probability against observed share of complaints, a point for each tenth; the line is a perfect
    calibration.
    """
    import altair as alt

    rows = [{"predicted": each.predicted, "observed": each.observed, "rows": each.rows} for each in bins]
    most = max([each.predicted for each in bins] + [each.observed for each in bins])
    axis = alt.Scale(domain=[0, most])
    points = (
        alt.Chart(_data(rows))
        .mark_point(filled=True, size=80)
        .encode(
            x=alt.X("predicted:Q", title="probability / 预测概率", scale=axis),
            y=alt.Y("observed:Q", title="observed / 实际比例", scale=axis),
        )
    )
    ideal = (
        alt.Chart(_data([{"x": 0, "y": 0}, {"x": most, "y": most}]))
        .mark_line(strokeDash=[4, 4])
        .encode(x="x:Q", y="y:Q")
    )
    title = [
        f"Calibration / 校准 {version}",
        f"AUC {figures.auc:.3f}, calibration error / 校准误差 {figures.calibration_error:.4f}",
    ]
    return _save(ideal + points, title, home.root / "reports" / "warning" / "calibration" / f"{version}.svg")


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
