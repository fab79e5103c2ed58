"""A report's page of HTML that needs nothing from outside: styles and pictures are in it, and every text is escaped."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any, Final

STYLE: Final = """
body{font-family:system-ui,"Noto Sans CJK SC","Microsoft YaHei",sans-serif;color:#1c2429;max-width:60rem;
margin:2rem auto;padding:0 1rem;line-height:1.5}
h1{font-size:1.6rem}h2{font-size:1.25rem;margin-top:2.2rem;border-top:1px solid #d5dbdf;padding-top:1rem}
h3{font-size:1.05rem;margin-bottom:.3rem}
table{border-collapse:collapse;width:100%;font-size:.88rem;margin:.6rem 0 1.2rem}
caption{text-align:left;color:#4a555c;padding-bottom:.3rem}
th,td{border-bottom:1px solid #d5dbdf;padding:.3rem .5rem;text-align:left;vertical-align:top}
td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}
svg{max-width:100%;height:auto}
.refused{border-left:4px solid #b3261e;background:#fdf1f0;padding:.5rem 1rem}
.note{color:#4a555c;font-size:.9rem}
.harms,.left_alone{color:#b3261e;font-weight:600}.helps{color:#1b7f4b;font-weight:600}.may_harm{color:#9a5200;font-weight:600}
.wide{overflow-x:auto}span{white-space:nowrap}
"""


class Markup(str):
    """Text that is HTML already; every other text is escaped."""


def page(language: str, title: str, parts: Iterable[str]) -> str:
    """The whole page."""
    body = "\n".join(parts)
    return (
        f'<!doctype html>\n<html lang="{"zh-CN" if language == "zh" else "en"}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width,initial-scale=1">\n<title>{escape(title)}</title>\n'
        f"<style>{STYLE}</style>\n</head>\n<body>\n<main>\n<h1>{escape(title)}</h1>\n{body}\n</main>\n</body>\n</html>\n"
    )


def heading(text: str, level: int = 2) -> Markup:
    return Markup(f"<h{level}>{escape(text)}</h{level}>")


def paragraph(text: str, kind: str = "") -> Markup:
    return Markup(f'<p class="{kind}">{_cell(text)}</p>' if kind else f"<p>{_cell(text)}</p>")


def items(texts: Iterable[str], kind: str = "") -> Markup:
    return Markup(f'<ul class="{kind}">' + "".join(f"<li>{_cell(text)}</li>" for text in texts) + "</ul>")


def link(target: str, text: str) -> Markup:
    """To a file beside this one."""
    return Markup(f'<a href="{escape(target)}">{escape(text)}</a>')


def table(caption: str, headings: Sequence[str], rows: Iterable[Sequence[str]], numbers: Sequence[int] = ()) -> Markup:
    """A table with its caption; `numbers` are the columns that stand to the right."""

    def line(cells: Sequence[str], mark: str) -> str:
        scope = ' scope="col"' if mark == "th" else ""
        return "".join(
            f"<{mark}{scope}{' class=n' if place in numbers else ''}>{_cell(cell)}</{mark}>"
            for place, cell in enumerate(cells)
        )

    body = "".join(f"<tr>{line(row, 'td')}</tr>" for row in rows)
    return Markup(
        f'<div class="wide"><table><caption>{escape(caption)}</caption><thead><tr>{line(headings, "th")}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )


def word(text: str, kind: str) -> Markup:
    """A word that is coloured, too."""
    return Markup(f'<span class="{kind}">{escape(text)}</span>')


def svg(chart: Mapping[str, Any], width: int, height: int) -> Markup:
    """A picture of Vega-Lite, drawn without a browser, to stand within a page: it scales with the page. The same
    figures give the same bytes."""
    import vl_convert

    config = {"font": "sans-serif", "background": "white", "view": {"stroke": None}}
    text = vl_convert.vegalite_to_svg({**chart, "width": width, "height": height, "config": config})
    return Markup(re.sub(r"<svg ", '<svg role="img" ', str(text), count=1))


def _cell(text: str) -> str:
    return text if isinstance(text, Markup) else escape(text)
