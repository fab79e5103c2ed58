"""The list of decisions: each with its title and whether it still holds."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from mend.docs.markdown import link, page, table
from mend.docs.pages import FOLDER, Page

DECISIONS: Final = FOLDER / "decisions"
INTRO: Final = (
    "What costs something to undo, at most 250 words each: status, context, decision, consequences. A decision that is "
    "overturned stays, with a pointer to the one that took its place."
)


def decisions(folder: Path = DECISIONS) -> Page:
    """The list, in the order of the numbers."""
    rows = [_row(path) for path in sorted(folder.glob("0*.md"))]
    return Page("decisions/README.md", page("Decisions", INTRO, table(["number", "decision", "status"], rows)))


def _row(path: Path) -> list[str]:
    text = path.read_text("utf-8")
    title = re.match(r"# (\d{4}): (.*)", text)
    status = re.search(r"\*\*Status\.\*\* (.*?)\n\n", text, re.DOTALL)
    if title is None or status is None:
        raise ValueError(f"{path.name}: begin it with `# NNNN: title` and `**Status.** ...`")
    return [link(title[1], path.name), title[2], status[1]]
