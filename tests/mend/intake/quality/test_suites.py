"""Suites are read from schema and YAML, and a broken one is refused by name."""

from __future__ import annotations

import doctest
import subprocess
import sys
from typing import Any

import pytest

from mend.foundation.schema import CODES, RECORDS
from mend.intake import quality
from mend.intake.quality import expectations, predicates, rules

COMMON: dict[str, Any] = {
    "owner": "us",
    "few_rows": 10,
    "generated": {
        kind: {"severity": "critical", "en": "{en}", "zh": "{zh}", "runbook": "{column}", "runbook_zh": "{zh}"}
        for kind in ("required", "range", "codes", "pattern")
    },
    "every_record": [],
}
RULE = {"id": "r", "kind": "holds", "columns": ["tier"], "severity": "info", "en": "", "zh": ""}
RULE |= {"runbook": "", "runbook_zh": ""}


@pytest.mark.parametrize("record", RECORDS)
def test_every_rule_says_what_must_hold_in_two_languages_and_what_to_do(record: str) -> None:
    for rule in quality.suite(record).rules:
        assert all((rule.en, rule.zh, rule.runbook, rule.runbook_zh)), rule.id
        assert "{" not in rule.en + rule.zh + rule.runbook + rule.runbook_zh + rule.holds, rule.id


def test_the_schema_gives_its_rules_by_itself() -> None:
    suite = rules.parsed(RECORDS["ticket"], COMMON, {})
    found = {rule.id: rule for rule in suite.rules}
    assert (found["tier_range"].low, found["tier_range"].high) == (1, 3)
    assert found["kind_code_codes"].codes == tuple(CODES["ticket_kind"])
    assert "ticket_id_required" in found


def test_a_record_may_change_or_skip_a_rule() -> None:
    own = {"change": {"tier_range": {"severity": "info"}}, "skip": ["kind_code_codes"]}
    found = {rule.id: rule.severity for rule in rules.parsed(RECORDS["ticket"], COMMON, own).rules}
    assert (found["tier_range"], "kind_code_codes" in found) == ("info", False)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"columns": ["tire"]}, r"ticket\.yaml: rule r: no column tire"),
        ({"columns": []}, r"ticket\.yaml: rule r: no column"),
        ({"kind": "hopes"}, r"ticket\.yaml: rule r: unknown kind hopes"),
        ({"severity": "fatal"}, r"ticket\.yaml: rule r: unknown kind holds or severity fatal"),
        ({"shar": 1}, r"ticket\.yaml: rule r: unknown word shar"),
        ({"id": "tier_range"}, r"ticket\.yaml: rule tier_range is there twice"),
    ],
)
def test_a_broken_rule_is_refused_by_file_and_name(change: dict[str, Any], message: str) -> None:
    with pytest.raises(quality.SuiteError, match=message):
        rules.parsed(RECORDS["ticket"], COMMON, {"rules": [RULE | change]})


def test_the_room_is_imported_without_great_expectations() -> None:
    code = "import sys, mend.intake.quality; sys.exit('great_expectations' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0


@pytest.mark.parametrize("module", [predicates, expectations])
def test_examples_in_the_docstrings_hold(module: Any) -> None:
    assert doctest.testmod(module).failed == 0
