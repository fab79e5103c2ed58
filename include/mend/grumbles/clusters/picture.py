"""The clusters' profiles as files: a picture of the centres (SVG) and the words in English and Chinese."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from mend.foundation.schema import CODES

TITLES: Final = {"value": "Value clusters · 价值分群", "behaviour": "Behaviour clusters · 行为分群"}


def write_profiles(
    folder: Path, month: str, profiles: Sequence[Mapping[str, Any]], labels: Mapping[str, str]
) -> list[str]:
    """Write `<kind>.svg`, `profiles.en.md` and `profiles.zh.md`; each takes the place of an older one in one step.
    Gives the names.

    Args:
        profiles: rows of mart_cluster_profile with `centre` as a mapping.
        labels: words of the features.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for kind in TITLES:
        rows = [row for row in profiles if row["kind_code"] == kind]
        if any(row["centre"] for row in rows):
            written.append(_replace(folder / f"{kind}.svg", _svg(kind, month, rows, labels)))
    pages = [
        _replace(folder / f"profiles.{language}.md", _page(month, profiles, language)) for language in ("en", "zh")
    ]
    return [*written, *pages]


def _svg(kind: str, month: str, rows: Sequence[Mapping[str, Any]], labels: Mapping[str, str]) -> str:
    """Centres as a table of colours: how many standard deviations above or below the mean."""
    import altair as alt
    import vl_convert

    cells = [
        {
            "cluster": f"{_name(kind, row['cluster_code'])} {row['share']:.1%}",
            "feature": labels[feature],
            "sd": round(value, 2),
        }
        for row in rows
        for feature, value in row["centre"].items()
    ]
    base = alt.Chart(alt.InlineData(values=cells)).encode(
        x=alt.X("cluster:N", title=None, sort=None, axis=alt.Axis(labelAngle=0, labelLimit=220)),
        y=alt.Y("feature:N", title=None, sort=None, axis=alt.Axis(labelLimit=320)),
    )
    # No legend: its gradient gets a number that counts up in the process, and a rerun would not give the same bytes.
    colour = alt.Color("sd:Q", legend=None, scale=alt.Scale(scheme="blueorange", domain=[-2, 0, 2], clamp=True))
    chart = (
        base.mark_rect().encode(color=colour) + base.mark_text().encode(text=alt.Text("sd:Q", format="+.1f"))
    ).properties(
        title=f"{TITLES[kind]} {month}", width=200 * len(rows), height=26 * len({cell["feature"] for cell in cells})
    )
    return str(vl_convert.vegalite_to_svg(chart.to_dict()))


def _page(month: str, profiles: Sequence[Mapping[str, Any]], language: str) -> str:
    title = {"en": f"# Customer clusters {month}", "zh": f"# 客户分群 {month}"}[language]
    lines = [title]
    for kind in TITLES:
        lines += ["", f"## {CODES['cluster_kind'][kind][language == 'zh']}", ""]
        for row in profiles:
            if row["kind_code"] == kind:
                name = CODES[f"{kind}_cluster"][row["cluster_code"]][language == "zh"]
                lines.append(f"- **{name}** ({row['share']:.1%}, {row['customer_count']}): {row[f'words_{language}']}")
    return "\n".join(lines) + "\n"


def _name(kind: str, code: str) -> str:
    return " ".join(CODES[f"{kind}_cluster"][code])


def _replace(path: Path, text: str) -> str:
    draft = path.with_name(f".{path.name}-{uuid.uuid4().hex}")
    draft.write_text(text, "utf-8")
    draft.replace(path)
    return path.name
