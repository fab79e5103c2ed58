"""A home with categories of its own: a bank's areas, points, departments and survey items in place of all that Mend
ships.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import yaml
from tests.mend.damage.scoring.rows import put

from mend.foundation.home import Home
from mend.foundation.pipeline.workbench import Workbench
from mend.foundation.schema import TABLES
from mend.grumbles.association import find_associations
from mend.grumbles.clusters import fit_clusters
from mend.grumbles.records import record_grumbles, train_classifier
from mend.grumbles.records.taxonomy import FOLDER
from mend.grumbles.warning import grumble_index, warn
from mend.grumbles.warning.rules import FOLDER as WARNING_FOLDER

DAY = dt.date(2026, 5, 10)
FILE = "1990-01-01.yaml"


def bank() -> dict[str, Any]:
    """A bank's taxonomy: two areas, three points, departments and a survey item that no telecom operator has."""
    settings = yaml.safe_load((FOLDER / FILE).read_text("utf-8"))["settings"]
    words = {"en": "counters", "zh": "柜面", "question_en": "How is the branch?", "question_zh": "网点如何？"}
    cards = {
        "en": "cards", "zh": "银行卡", "departments": ["card_centre"], "keywords": ["银行卡", "card"],
        "points": {
            "swallowed": {"en": "card kept by the "
"machine", "zh": "吞卡", "keywords": ["吞卡", "kept my card"], "aliases": ["B-11"]},
            "blocked": {"en": "card blocked", "zh": "卡被冻结", "hints": ["冻结", "blocked"]},
        },
    }  # fmt: skip
    branch = {
        "en": "branch", "zh": "网点", "departments": ["branches"],
        "points": {"queue": {"en": "queue at the "
"counter", "zh": "柜台排队", "item": "counters", "weight": 1, "topics": ["counter"]}},
    }  # fmt: skip
    return {
        "valid_from": dt.date(1990, 1, 1), "source": "a "
"bank", "settings": settings, "survey_items": {"counters": words},
        "departments": {"card_centre": {"en": "card "
"centre", "zh": "卡中心"}, "branches": {"en": "branches", "zh": "网点管理部"}},
        "areas": {"cards": cards, "branch": branch},
    }  # fmt: skip


def warning_rules() -> dict[str, Any]:
    """The shipped rules with the bank's departments."""
    rules: dict[str, Any] = yaml.safe_load((WARNING_FOLDER / FILE).read_text("utf-8"))
    time = {"hours_a_day": 6, "minutes_per_case": 20, "minutes_per_open_case": 4}
    rules["departments"] = {
        "card_centre": {"en": "card centre", "zh": "卡中心", "specialists": ["card-01"], **time},
        "branches": {"specialists": ["branch-01"], **time},
    }
    rules["open"]["department"] = "branches"
    rules["actions"] = {"default": rules["actions"]["default"]}
    return rules


def write(home: Home, folder: str, content: dict[str, Any]) -> None:
    path = home.root / folder / FILE
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(yaml.safe_dump(content, allow_unicode=True), "utf-8")


def contact(name: str, hour: int, **columns: Any) -> dict[str, Any]:
    when = f"2026-05-10 {hour:02}:00:00+08:00"
    return {
        "contact_id": name,
        "customer_id": name,
        "started_at": when,
        "outcome": "answered",
        "mood_code": "annoyed",
        **columns,
    }


def test_a_night_and_a_month_run_with_a_taxonomy_of_other_words(home: Home, bench: Workbench) -> None:
    write(home, "taxonomy", bank())
    write(home, "rules/warning", warning_rules())
    rows = [
        contact("coded", 9, grumble_type_code="B-11"),
        contact("topic", 10, topic_code="counter"),
        contact("text", 11, note_text="机器吞卡了"),
        contact("hint", 12, note_text="账户冻结"),
        contact("hints", 13, note_text="银行卡被冻结"),
        contact("telecom", 14, note_text="家里信号弱"),
    ]
    put(bench, "contact", rows)
    put(
        bench,
        "ticket",
        [
            {
                "ticket_id": "T",
                "customer_id": "coded",
                "kind_code": "complaint",
                "opened_at": "2026-05-20 10:00:00+08:00",
            }
        ],
    )
    record_grumbles(home, bench, [DAY, dt.date(2026, 5, 20)])
    bench.view("mart_grumble")
    assert bench.sql("select source_id, grumble_type_code from mart_grumble order by grumbled_at") == [
        ("coded", "cards.swallowed"),
        ("topic", "branch.queue"),
        ("text", "cards.swallowed"),
        ("hint", None),
        ("hints", "cards.blocked"),
        ("telecom", None),
    ]
    with Workbench.open(home) as nightly:
        report = warn(home, nightly, [DAY])
    assert (report.open_grumbles, report.without_probability, report.warnings) == (6, 6, ())
    bench.view("mart_warning_capacity")
    told = dict(bench.sql("select department_code, words_zh from mart_warning_capacity"))
    assert {name: words.split("：")[0] for name, words in told.items()} == {
        "branches": "branches",
        "card_centre": "卡中心",
    }
    bench.view("mart_warning")
    assert all(
        "probability of a complaint unknown" in words for (words,) in bench.sql("select reasons_en from mart_warning")
    )
    with Workbench.open(home) as monthly:
        assert train_classifier(home, monthly, "2026-05").version == ""
        fit_clusters(home, monthly, "2026-05")
    with Workbench.open(home) as monthly:
        find_associations(home, monthly, "2026-05")
    with Workbench.open(home) as monthly:
        assert grumble_index(home, monthly, "2026-05").matched == 1
    shipped = set(yaml.safe_load((FOLDER / FILE).read_text("utf-8"))["areas"])
    for table in ("mart_grumble", "mart_grumble_level", "mart_warning", "mart_routed_problem", "mart_grumble_index"):
        names = [column.name for column in TABLES[table].columns if column.name.endswith("type_code")]
        bench.view(table, as_name="found")
        for name in names:
            codes = {
                code.split(".")[0]
                for (code,) in bench.sql(f"select distinct {name} from found where {name} is not null")
            }
            assert codes.isdisjoint(shipped), table


def test_departments_of_the_taxonomy_that_have_no_specialists_are_said(home: Home, bench: Workbench) -> None:
    write(home, "taxonomy", bank())  # with the warning rules that Mend ships
    put(bench, "contact", [contact("coded", 9, grumble_type_code="B-11"), contact("text", 10, note_text="机器吞卡了")])
    record_grumbles(home, bench, [DAY])
    with Workbench.open(home) as nightly:
        report = warn(home, nightly, [DAY])
    (said,) = report.warnings
    assert said.startswith(
        "the warning rules have no specialists of department card_centre: open grumbles of 2 customers go to service."
    )
