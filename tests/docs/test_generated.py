"""The generated pages are what their sources give, and leave nothing out."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from mend.damage.scoring.rules import Settings, load_rules
from mend.docs import Page, differing, write
from mend.docs.data_dictionary import data_dictionary
from mend.docs.indicators import SETTINGS, indicators, needs
from mend.docs.operations_database import operations_database
from mend.docs.strategies import strategies
from mend.foundation.operations.tables import METADATA
from mend.foundation.schema import CODES, RECORDS, TABLES
from mend.repair.strategies import AUDIENCE_COLUMNS, load_strategies
from mend.repair.strategies.content import StrategyText

REPOSITORY = Path(__file__).resolve().parents[2]


def test_the_pages_in_docs_are_what_their_sources_give() -> None:
    done = subprocess.run(
        [sys.executable, str(REPOSITORY / "docs" / "generate.py"), "--check"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_the_data_dictionary_has_every_table_column_and_code() -> None:
    lines = data_dictionary().text.splitlines()
    for table in TABLES.values():
        for column in table.columns:
            begins = f"| `{column.name}` | {column.type} |"
            assert [line for line in lines if line.startswith(begins) and column.zh in line], (table.name, column.name)
    for record in RECORDS:
        assert f"### Record {record}" in lines
    for name, codes in CODES.items():
        for code, (en, zh) in codes.items():
            assert f"| `{code}` | {en} | {zh} |" in lines, name


def test_the_indicators_page_has_every_rule_with_its_condition_points_and_settings() -> None:
    text = indicators().text
    for version in load_rules():
        for rule in (*version.indicators.values(), *version.credits.values()):
            line = next(line for line in text.splitlines() if line.startswith(f"| {rule.id} |"))
            assert f"`{rule.condition.text}`" in line
            assert f"| {rule.points} " in line
            assert rule.en in line
            assert rule.zh in line
    assert set(SETTINGS) == set(Settings.model_fields)


def test_what_an_indicator_needs_names_records_and_columns() -> None:
    rules = load_rules()[0].indicators
    assert needs(rules["IVR-03"]) == "contact: failed_verification_count"
    others = "direction_code, is_abandoned, is_answered, queue_seconds"
    assert needs(rules["CON-06"]) == f"contact: {others}; callback_booking"


def test_the_operations_page_has_every_table_and_column() -> None:
    text = operations_database().text
    for table in METADATA.tables.values():
        section = text.split(f"## {table.name}\n")[1].split("\n## ")[0]
        assert [column.name for column in table.columns if f"| `{column.name}` |" not in section] == []


def test_a_page_that_differs_is_named_and_written_once(tmp_path: Path) -> None:
    pages = [Page("a.md", "# A\n"), Page("b.md", "# B\n")]
    (tmp_path / "a.md").write_text("# A\n", "utf-8")
    assert differing(pages, tmp_path) == ["b.md"]
    assert write(pages, tmp_path) == ["b.md"]
    assert differing(pages, tmp_path) == []


def test_the_page_of_strategies_has_every_key_column_and_strategy() -> None:
    text = strategies().text
    assert [name for name in StrategyText.model_fields if f"| `{name}` |" not in text] == []
    assert [name for name in AUDIENCE_COLUMNS if not name.startswith("hit_") and f"| `{name}` |" not in text] == []
    for strategy in load_strategies()[0].strategies:
        assert f"| `{strategy.code}` | {strategy.name_en} | {strategy.name_zh} |" in text
