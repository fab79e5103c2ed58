"""What is published of a month's tables, from rows of the lake; reasons of quarantine, which hold no value."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from typing import Any

from tests.mend.query.pages.test_publishing import world

from mend.foundation import operations
from mend.foundation.home import Home
from mend.foundation.lake.filters import equal
from mend.foundation.pipeline.model import read_model
from mend.foundation.pipeline.runner import open_step
from mend.foundation.pipeline.testing import check
from mend.foundation.pipeline.workbench import Workbench
from mend.foundation.schema import TABLES
from mend.query.pages.documents import publish_documents
from mend.query.pages.published import read_document
from mend.query.pages.quarantine import publish_quarantine

MONTH = "2026-05"
PLAIN: dict[str, Any] = {
    "string": "x", "long": 1, "integer": 1, "double": 0.5, "boolean": False, "date": dt.date(2026, 5, 1),
    "timestamp": dt.datetime(2026, 5, 1, tzinfo=dt.UTC),
}  # fmt: skip


def put(bench: Workbench, table: str, *rows: Mapping[str, Any], month: str = MONTH) -> None:
    """Rows of a month; a required column that a row does not name has any value, others none."""
    columns = TABLES[table].columns
    usual = {each.name: PLAIN[each.type] if each.required else None for each in columns} | {"month": month}
    with open_step(bench, "rows") as step:
        step.put_rows("made", table, [usual | row for row in rows])
        bench.lake.replace(table, equal("month", month), step.write(table, "made"))


def contents(home: Home, bench: Workbench) -> dict[str, Any]:
    publish_documents(home, bench, {MONTH})
    with operations.transaction(home.database_url) as connection:
        found = {
            page: read_document(connection, page) for page in ("touchpoints", "association", "clusters", "surveys")
        }
    return {page: None if each is None else each.content for page, each in found.items()}


def test_a_month_of_which_nothing_was_made_has_no_document(home: Home, bench: Workbench) -> None:
    world(home, bench)
    assert set(contents(home, bench).values()) == {None}


def test_a_document_has_the_rows_that_its_page_shows_in_order(home: Home, bench: Workbench) -> None:
    world(home, bench)
    put(bench, "mart_touchpoint_month", {"touchpoint_number": 2}, {"touchpoint_number": 1, "name_zh": "热线"})
    put(
        bench,
        "mart_trouble_source",
        {"rank": 11, "source_code": "eleventh"},
        {"rank": 1, "source_code": "first", "excess_low": float("inf")},
        {"rank": None, "source_code": "too little data"},
    )
    rows = (
        {"grumble_type_code": "key", "complaint_type_code": "bill", "is_key": True, "coefficient": 1.0, "rank": 1},
        {"grumble_type_code": "weak", "complaint_type_code": "any", "coefficient": 0.1},
        {"grumble_type_code": "of one kind", "complaint_type_code": "bill", "coefficient": 0.1},
        {"grumble_type_code": "no model", "complaint_type_code": "any"},
    )
    put(bench, "mart_association", *({"cluster_code": "all", **row} for row in rows))
    centre = {"age": -2.0, "arpu_amount": 1.0, "nobody_knows": 0.5}
    put(bench, "mart_cluster_profile", {"kind_code": "value", "centre": json.dumps(centre)})
    put(bench, "mart_survey_measure", {"measure_code": "hang_up"})
    found = contents(home, bench)
    assert [each["touchpoint_number"] for each in found["touchpoints"]["touchpoints"]] == [1, 2]
    assert [(each["source_code"], each["excess_low"]) for each in found["touchpoints"]["sources"]] == [("first", None)]
    assert [each["grumble_type_code"] for each in found["association"]["rows"]] == ["weak", "key"]
    [cluster] = found["clusters"]["clusters"]
    assert [(each["en"], each["zh"]) for each in cluster["apart"]] == [
        ("age", "年龄"),
        ("monthly spend", "月消费"),
        ("nobody knows", "nobody knows"),
    ]
    assert found["surveys"]["measures"][0]["measure_code"] == "hang_up"
    assert found["surveys"]["callbacks"] == []


def test_stages_have_who_left_their_points_and_forms_counted(home: Home, bench: Workbench) -> None:
    world(home, bench)
    put(bench, "mart_lifecycle_month", {"lifecycle_stage_code": "stable", "level": 3, "left_share": 0.25})
    put(
        bench,
        "mart_lifecycle_grumble",
        {"grumble_type_code": "marketing", "rank": 1},
        {"grumble_type_code": "bill", "rank": 9},
        {"grumble_type_code": "network", "rank": 8, "is_key": True},
    )
    put(bench, "mart_grumble_form_month", *({"customer_id": each, "form_code": "silent"} for each in ("K1", "K2")))
    publish_documents(home, bench, {MONTH})
    with operations.transaction(home.database_url) as connection:
        found = read_document(connection, "stages")
    assert found is not None
    assert [each["left_share"] for each in found.content["leaving"]] == [0.25]
    assert [each["grumble_type_code"] for each in found.content["points"]] == ["marketing", "network"]
    assert [each["customer_count"] for each in found.content["forms"]] == [2]
    assert "K1" not in json.dumps(found.content)


def test_of_complaint_models_the_one_in_force_is_shown_with_the_table_beside_its_picture(
    home: Home, bench: Workbench
) -> None:
    world(home, bench)
    april = {"month": "2026-04", "model_version": "old", "is_promoted": True, "auc": 0.7}
    may = {"model_version": "new", "is_promoted": False, "decision_en": "kept back", "auc": float("nan")}
    june = {"month": "2026-06", "model_version": "later", "is_promoted": True}
    rows = [each | {"horizon_days": days} for days in (7, 30) for each in (may, *((april, june) if days == 7 else ()))]
    for month in ("2026-04", MONTH, "2026-06"):
        put(bench, "mart_complaint_model", *(row for row in rows if row.get("month", MONTH) == month), month=month)
    table = home.root / "reports" / "warning" / "calibration" / "old.csv"
    table.parent.mkdir(parents=True)
    lines = ["figure,of,at,value,low,high", "observed_share,model,0.02,0.03,,", "lift,rate_by_type,top 5 %,1.5,,"]
    table.write_text("\n".join(lines), "utf-8-sig")
    publish_documents(home, bench, {MONTH})
    with operations.transaction(home.database_url) as connection:
        found = read_document(connection, "models", MONTH)
    assert found is not None
    week, month_long = found.content["horizons"]
    assert (week["shown"]["model_version"], week["shown"]["auc"], week["own"]["decision_en"]) == (
        "old",
        0.7,
        "kept back",
    )
    assert week["lifts"] == [{"of": "rate_by_type", "top": "top 5 %", "lift": 1.5}]
    assert week["tenths"] == [{"predicted": 0.02, "observed": 0.03}]
    assert (month_long["shown"]["model_version"], month_long["shown"]["auc"]) == ("new", None)
    assert (month_long["lifts"], month_long["tenths"]) == ([], [])


def test_reasons_of_quarantine_are_published_every_night_without_a_value(home: Home, bench: Workbench) -> None:
    usual = {each.name: PLAIN[each.type] if each.required else None for each in TABLES["core_quarantine"].columns}
    secret = {"bad_value": "13812345678", "raw_row": "13812345678"}
    rows = [
        usual | secret | {"arrived_on": dt.date(2026, 5, day), "column_name": "talk_seconds", "reason_code": reason}
        for day, reason in ((3, "negative"), (4, "negative"), (4, "missing"))
    ]
    with open_step(bench, "rows") as step:
        step.put_rows("made", "core_quarantine", rows)
        bench.lake.replace("core_quarantine", equal("batch_number", 1), step.write("core_quarantine", "made"))
    assert [publish_quarantine(home, bench, [dt.date(2026, 5, 4)]) for _ in range(2)] == [1, 0]
    with operations.transaction(home.database_url) as connection:
        found = read_document(connection, "quarantine")
    assert found is not None
    shown = [
        (each["reason_code"], each["row_count"], each["day_count"], each["last_on"]) for each in found.content["rows"]
    ]
    assert shown == [("negative", 2, 2, "2026-05-04"), ("missing", 1, 1, "2026-05-04")]
    assert "13812345678" not in json.dumps(found.content)
    assert found.content["rules"]["ticket.tier_range"]["zh"]


def test_files_may_hold_other_months_and_the_rows_of_one_are_taken() -> None:
    given = """
        month   | name
        2026-04 | before
        2026-05 | now
    """
    wanted = """
        month   | name
        2026-05 | now
    """
    check(read_model("query/pages", "month_content"), {"month_row": given}, wanted, {"month": MONTH})


def test_customers_are_counted_by_form_and_trend() -> None:
    given = """
        month   | customer_id | form_code | trend_code
        2026-05 | K1          | silent    | up
        2026-05 | K2          | silent    | up
        2026-04 | K3          | silent    | up
        2026-05 | K4          | leaving   | first
    """
    wanted = """
        form_code | trend_code | customer_count
        leaving   | first      | 1
        silent    | up         | 2
    """
    check(read_model("query/pages", "form_count"), {"month_row": given}, wanted, {"month": MONTH})


def test_quarantine_is_counted_by_its_first_reason() -> None:
    given = """
        source_code | record_code | gate_code | column_name | reason_code | arrived_on
        crm         | ticket      | parse     |             | open_quote  | 2026-05-01
        crm         | ticket      | parse     |             | open_quote  | 2026-05-02
        crm         | ticket      | quality   | tier        | tier_range  | 2026-05-02
    """
    wanted = """
        source_code | record_code | gate_code | column_name | reason_code | row_count | day_count | last_on
        crm         | ticket      | parse     |             | open_quote  | 2         | 2         | 2026-05-02
        crm         | ticket      | quality   | tier        | tier_range  | 1         | 1         | 2026-05-02
    """
    check(read_model("query/pages", "quarantine_count"), {"quarantine": given}, wanted)
