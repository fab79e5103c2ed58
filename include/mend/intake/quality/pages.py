"""What the gate found as pages in `<home>/quality`: results only, no values, nothing from elsewhere."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader

from mend.foundation.home import Home
from mend.intake.quality.report import QualityReport

TEMPLATES: Final = Path(__file__).parent / "templates"
# GX's pages link styles and scripts on the internet and its makers' site; without them a page is plain, and complete.
ELSEWHERE: Final = re.compile(
    r"""<footer.*?</footer>|<script[^>]*src=["']https?://[^>]*>\s*</script>|<(link|img)[^>]*["']https?://[^>]*>"""
    r"""|\shref=["']https?://[^"']*["']|url\(["']?https?://[^)]*\)""",
    re.DOTALL,
)


def folder(home: Home) -> Path:
    """Where the pages are."""
    return home.root / "quality"


def write_record(home: Home, record: str, page: str) -> None:
    """Great Expectations' page of the record's latest run."""
    _write(folder(home) / f"{record}.html", ELSEWHERE.sub("", page))


def write_index(home: Home, report: QualityReport) -> None:
    """The latest run: each record's rules, broken ones first, in English and Chinese."""
    environment = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True)
    records = [(each, sorted(each.verdicts, key=lambda verdict: verdict.is_passed)) for each in report.records]
    page = environment.get_template("index.html").render(report=report, records=records)
    _write(folder(home) / "index.html", page)


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".draft")
    draft.write_text(text, "utf-8")
    draft.replace(path)
