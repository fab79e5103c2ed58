"""The clusters' profiles as files: a picture of the centres (SVG) and the words in English and Chinese."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from mend.foundation.schema import CODES

TITLES: Final = {
    "value": "Value clusters · 价值分群",
    "value_group": "Value groups of each brand · 品牌价值分组",
    "consumption": "Consumption clusters · 消费渠道分群",
    "behaviour": "Behaviour clusters · 行为分群",
}


def write_profiles(
    folder: Path, month: str, profiles: Sequence[Mapping[str, Any]], labels: Mapping[str, str]
) -> list[str]:
    """Write `<kind>.svg` of each kind that holds groups, `profiles.en.md` and `profiles.zh.md`; each takes the place
    of an older one in one step. Gives the names.

    Args:
        profiles: rows of mart_cluster_profile with `centre` as a mapping.
        labels: words of the features.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for kind in TITLES:
        rows = [row for row in profiles if row["kind_code"] == kind]
        if len([row for row in rows if any(row["centre"].values())]) > 1:
            written.append(_replace(folder / f"{kind}.svg", _svg(kind, month, rows, labels)))
    pages = [
        _replace(folder / f"profiles.{language}.md", _page(month, profiles, language)) for language in ("en", "zh")
    ]
    return [*written, *pages]


def _svg(kind: str, month: str, rows: Sequence[Mapping[str, Any]], labels: Mapping[str, str]) -> str:
    """Centres as a table of colours: how far above or below everybody, in standard deviations (value) or log odds."""
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
                name = _names(kind, row["cluster_code"])[language == "zh"]
                lines.append(f"- **{name}** ({row['share']:.1%}, {row['customer_count']}): {row[f'words_{language}']}")
        if kept := _kept([row for row in profiles if row["kind_code"] == kind], language):
            lines += ["", kept]
    return "\n".join(lines) + "\n"


def _kept(rows: Sequence[Mapping[str, Any]], language: str) -> str:
    """How stable the labels were; nothing where there was no month before, or of the groups, whose classes are told."""
    measured = [row for row in rows if row["kept_share"] is not None]
    if not measured:
        return ""
    share, still = measured[0]["kept_share"], measured[0]["still_customer_count"]
    if language == "en":
        return f"Of {still} watched customers whose own figures hardly moved in a month, {share:.1%} kept their label."
    return f"在{still}名各项指标与上月基本不变的观察客户中，{share:.1%}保持原标签。"


def _name(kind: str, code: str) -> str:
    return " ".join(dict.fromkeys(_names(kind, code)))


def _names(kind: str, code: str) -> Sequence[str]:
    """English and Chinese; a brand's group has its code in both."""
    return (code, code) if kind == "value_group" else CODES[f"{kind}_cluster"][code]


def _replace(path: Path, text: str) -> str:
    draft = path.with_name(f".{path.name}-{uuid.uuid4().hex}")
    draft.write_text(text, "utf-8")
    draft.replace(path)
    return path.name
