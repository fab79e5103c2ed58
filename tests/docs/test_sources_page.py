"""Every example of docs/guide/source-keys.md is a source that loads."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from mend.intake.extract import read_source
from mend.intake.extract.config import Source
from mend.intake.extract.mapping import DURATIONS, EPOCHS, ColumnMap, Condition, Expand, Group
from mend.intake.extract.record_source import Reader, RecordSource

PAGE = Path(__file__).parents[2] / "docs" / "guide" / "source-keys.md"
EXAMPLES = re.findall(r"```yaml\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
BASE = {"contact_id": "contact_id", "started_at": "started_at", "outcome": "outcome"}


def whole(example: str) -> dict[str, Any]:
    """The example as a source: a part of a record gets what it leaves out."""
    content: dict[str, Any] = yaml.safe_load(example)
    if "source" in content:
        return content
    record = "ticket" if "ticket_id" in content.get("columns", {}) else "contact"
    described = {"path": "rows.csv", "columns": BASE} | content
    return {"source": "example", "en": "Example", "zh": "例", "zone": "Asia/Shanghai", "records": {record: described}}


@pytest.mark.parametrize("example", EXAMPLES)
def test_the_example_loads(example: str, tmp_path: Path) -> None:
    made = whole(example)
    path = tmp_path / f"{made['source']}.yaml"
    path.write_text(yaml.safe_dump(made, allow_unicode=True), "utf-8")
    assert read_source(path).records


def test_the_page_names_every_key() -> None:
    text = PAGE.read_text("utf-8")
    models = (Source, RecordSource, Reader, ColumnMap, Condition, Group, Expand)
    keys = {field.alias or name for model in models for name, field in model.model_fields.items()}
    named = {*keys, *EPOCHS, *DURATIONS}
    assert len(EXAMPLES) >= 8
    assert [key for key in sorted(named) if not re.search(rf"(?<![a-z_]){re.escape(key)}(?![a-z_])", text)] == []
