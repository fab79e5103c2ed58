"""Rules are data: read whole or refused with file, rule and reason; chosen by day; conditions held to an allow-list."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from mend.damage.scoring import RuleError, load_rules, rules_on
from mend.damage.scoring.measured import EVERYTHING, measured_only, why_not_measured
from mend.damage.scoring.rules import FOLDER

SHIPPED = FOLDER / "1990-01-01.yaml"
Change = Callable[[dict[str, Any]], object]


def write(folder: Path, name: str, change: Change) -> Path:
    """A rule file like the shipped one, changed."""
    content = yaml.safe_load(SHIPPED.read_text("utf-8"))
    content["valid_from"] = dt.date.fromisoformat(name)
    change(content)
    (folder / f"{name}.yaml").write_text(yaml.safe_dump(content, allow_unicode=True), "utf-8")
    return folder


def test_the_shipped_rules_are_the_domain_s() -> None:
    rules = load_rules()[0]
    assert len(rules.indicators) == 36
    assert len(rules.credits) == 8
    assert sum(rule.points for rule in rules.indicators.values()) == 126
    assert sum(rule.points for rule in rules.credits.values()) == 29
    assert {rule.id for rule in rules.indicators.values() if rule.is_explicit} == {"RES-06", "RES-07", "RES-08"}


def test_a_rule_may_change_from_a_day_on_and_earlier_days_keep_theirs(tmp_path: Path) -> None:
    write(tmp_path, "2026-06-01", lambda content: content["indicators"]["IVR-01"].update(points=4))
    versions = load_rules(tmp_path)
    assert rules_on(dt.date(2026, 5, 31), versions).indicators["IVR-01"].points == 2
    assert rules_on(dt.date(2026, 6, 1), versions).indicators["IVR-01"].points == 4


def test_a_day_before_the_first_version_is_an_error() -> None:
    with pytest.raises(RuleError, match="1989-12-31"):
        rules_on(dt.date(1989, 12, 31), load_rules())


BROKEN: list[tuple[str, Change, str]] = [
    (
        "an unknown column",
        lambda c: c["indicators"]["IVR-03"].update(condition="fails >= 2"),
        r"IVR-03: unknown column fails",
    ),
    (
        "a function",
        lambda c: c["indicators"]["IVR-03"].update(condition="length(topic_code) > 2"),
        r"IVR-03: length is not allowed",
    ),
    (
        "a subquery",
        lambda c: c["indicators"]["IVR-03"].update(condition="contact_id in (select 1)"),
        r"IVR-03: in takes a list",
    ),
    (
        "two statements",
        lambda c: c["indicators"]["IVR-03"].update(condition="is_dropped; drop table x"),
        r"IVR-03: more than one",
    ),
    (
        "no syntax",
        lambda c: c["indicators"]["IVR-03"].update(condition="is_dropped and and"),
        r"IVR-03: not an expression",
    ),
    ("a number", lambda c: c["indicators"]["IVR-03"].update(condition="1 + 1"), r"IVR-03: not a yes-or-no"),
    (
        "a personal column",
        lambda c: c["indicators"]["IVR-03"].update(condition="note_text = 'x'"),
        r"IVR-03: unknown column note_text",
    ),
    ("no points", lambda c: c["indicators"]["IVR-03"].update(points=0), r"indicators: IVR-03: points"),
    ("a missing Chinese name", lambda c: c["indicators"]["IVR-03"].pop("zh"), r"indicators: IVR-03: zh"),
    ("an unknown key", lambda c: c["indicators"]["IVR-03"].update(weight=1), r"indicators: IVR-03: weight"),
    ("an unknown record", lambda c: c["indicators"]["IVR-03"].update(record="call"), r"indicators: IVR-03: record"),
    (
        "a family with a stranger",
        lambda c: c["families"].update(waiting=["CON-04", "CON-99"]),
        r"family waiting: CON-99",
    ),
    (
        "a family not by points",
        lambda c: c["families"].update(waiting=["CON-03", "CON-04"]),
        r"family waiting: .*the highest first",
    ),
    ("a ticket rule without its moment", lambda c: c["indicators"]["RES-02"].pop("posted_at"), r"RES-02: posted_at"),
    (
        "a contact's rule that knows what comes later",
        lambda c: c["indicators"]["CON-06"].pop("posted_after_seconds"),
        r"CON-06: .* known only after the contact",
    ),
    (
        "a rule with two moments",
        lambda c: c["indicators"]["CON-06"].update(posted_with="agent_call_after_seconds"),
        r"CON-06: .*one moment",
    ),
    (
        "a credit for an unknown indicator",
        lambda c: c["credits"]["REP-07"].update(repairs=["AGT-99"]),
        r"REP-07: repairs unknown .*AGT-99",
    ),
    (
        "a part of two places",
        lambda c: c["indicators"]["CON-06"].update(condition="is_refused or booking_after_seconds > 1"),
        r"CON-06: split",
    ),
    (
        "levels that do not rise",
        lambda c: c["settings"].update(level_points=[5, 5, 30]),
        r"settings: level_points must rise",
    ),
    ("a setting that is missing", lambda c: c["settings"].pop("carry_over"), r"settings: carry_over"),
    ("another day than its name", lambda c: c.update(valid_from=dt.date(2026, 7, 1)), r"valid_from is 2026-07-01"),
]


@pytest.mark.parametrize(("what", "change", "message"), BROKEN, ids=[each[0] for each in BROKEN])
def test_a_broken_rule_file_is_refused_with_file_rule_and_reason(
    tmp_path: Path, what: str, change: Change, message: str
) -> None:
    write(tmp_path, "2026-06-01", change)
    with pytest.raises(RuleError, match=r"2026-06-01\.yaml: .*" + message):
        load_rules(tmp_path)


def test_a_file_that_is_no_yaml_is_refused(tmp_path: Path) -> None:
    (tmp_path / "2026-06-01.yaml").write_text("indicators: [", "utf-8")
    with pytest.raises(RuleError, match=r"2026-06-01\.yaml: not YAML"):
        load_rules(tmp_path)


def test_everything_provided_measures_everything() -> None:
    rules = load_rules()[0]
    assert measured_only(rules, EVERYTHING) == rules


def test_what_the_sources_lack_is_named() -> None:
    rules = load_rules()[0]
    contacts_only = {"contact": EVERYTHING["contact"] - {"is_dropped", "direction_code"}}
    assert why_not_measured(rules.indicators["RES-02"], contacts_only) == "no source has ticket records"
    assert why_not_measured(rules.indicators["AGT-01"], contacts_only) == "no source gives contact.is_dropped"
    assert why_not_measured(rules.indicators["CON-06"], contacts_only) == "no source has callback_booking records"
    assert why_not_measured(rules.indicators["CON-04"], contacts_only) is None


def test_an_indicator_that_cannot_be_measured_leaves_its_family() -> None:
    kept = measured_only(load_rules()[0], {"contact": EVERYTHING["contact"] - {"direction_code"}})
    assert "AGT-03" not in kept.indicators
    assert kept.families["dropped"] == ("AGT-01", "AGT-02")
