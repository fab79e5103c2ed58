"""Call labels get the playbooks that single cases get; a list keeps the version with which it was published."""

from __future__ import annotations

import datetime as dt
import random
from typing import Any

import duckdb
import pytest
from tests.mend.care.survey.desk import rows
from tests.mend.prevention.playbooks.files import patch
from tests.mend.prevention.playbooks.files import write as write_playbooks
from tests.mend.repair.publishing.written import AT, LIST, approved, known, open_account, row, write

from mend.foundation import operations
from mend.foundation.home import Home
from mend.foundation.pipeline.model import read_model
from mend.foundation.pipeline.testing import check
from mend.foundation.pipeline.workbench import Workbench
from mend.prevention.playbooks import load_playbooks, of_customer, playbooks_on
from mend.prevention.playbooks.cases import COLUMNS
from mend.prevention.playbooks.labels import fills_of
from mend.repair.publishing import publish, routing_of

ON = dt.date(2026, 4, 10)
PLAYBOOKS = playbooks_on(ON, load_playbooks())
KINDS = {"boolean": "boolean", "number": "double", "text": "varchar"}


def anything(draw: random.Random, name: str) -> Any:
    kind = COLUMNS[name].kind
    if kind.name == "boolean":
        return draw.choice([None, None, True, False, False, False])
    if kind.name == "number":
        return draw.choice([None, *range(kind.least or 0, (kind.most or 6) + 1)])
    return draw.choice([None, "service_attitude.blunt", "nothing", *sorted(kind.codes or ())])


def test_the_engine_chooses_for_a_list_what_is_chosen_for_each_case() -> None:
    draw = random.Random(18)
    cases = [{name: anything(draw, name) for name in COLUMNS} for _ in range(400)]
    fills = fills_of(PLAYBOOKS)
    columns = ", ".join(f'cast(${name} as {KINDS[each.kind.name]}) as "{name}"' for name, each in COLUMNS.items())
    query = f"select {fills['playbook_place']}, {fills['severity']} from (select {columns})"
    codes = [each.code for each in PLAYBOOKS.playbooks]
    seen = set()
    with duckdb.connect() as engine:
        for case in cases:
            place, severity = engine.execute(query, case).fetchone() or (None, None)
            found = PLAYBOOKS.choose(case)
            assert codes[place] == found.playbook.code
            assert max(severity, found.playbook.least_severity) == found.severity
            seen.add(found.playbook.code)
    assert len(seen) > 5


def test_a_customer_of_the_list_without_a_frozen_candidate_has_the_list_s_level_alone() -> None:
    check(
        read_model("prevention/playbooks", "label_case"),
        {
            "list_row": """
                customer_id | level::integer
                A           | 3
                A           | 4
                B           | 2
            """,
            "campaign_feature": """
                customer_id | level::integer | is_escalated | hit_agt_07::boolean
                A           | 1              | true         | false
            """,
        },
        """
        customer_id | level | is_escalated | hit_agt_07 | about_code | topic_code | is_past_limit
        A           | 1     | true         | false      | label      |            |
        B           | 2     |              |            | label      |            |
        """,
    )


def test_a_playbook_s_least_severity_is_a_floor() -> None:
    check(
        read_model("prevention/playbooks", "label_playbook"),
        {
            "label_case": """
                customer_id | level::integer | hit_agt_07::boolean
                A           | 1              | true
                B           | 4              | true
                C           | 1              |
            """,
            "playbook_word": """
                place | playbook_code | least_severity::integer
                0     | attitude      | 2
                1     | general       | 1
            """,
        },
        """
        customer_id | playbook_code | severity
        A           | attitude      | 2
        B           | attitude      | 4
        C           | general       | 1
        """,
        fills={
            "playbook_place": "case when hit_agt_07 then 0 else 1 end",
            "severity": "case when level = 4 then 4 else 1 end",
        },
    )  # fmt: skip


@pytest.fixture
def ready(home: Home, bench: Workbench) -> Home:
    """A list before its publication: A is escalated, B was cut off, C is in no candidate's row."""
    open_account(home)
    known(home, "A", "B", "C")
    listed = [row("priority_access", "A", level=4), row("phone_callback", "B", level=2), row("dropped_call_care", "C")]
    write(bench, listed, settings='{"indicators": {"AGT-01": ["cut off", "中断"]}}')
    frozen(bench, [candidate("A", 4, is_escalated=True), candidate("B", 2, hit_mask=1)])
    approved(home, bench)
    return home


def candidate(customer_id: str, level: int, **columns: Any) -> dict[str, Any]:
    return {
        "place": level, "customer_id": customer_id, "city_code": "hangzhou", "level": level, "score": "12.5",
        "segment_code": "agent", "is_explicit": True, "explicit_grade": 0, "is_escalated": False,
        "is_in_consolidation": False, "warning_level": 0, "peak_points": 0, "contact_count": 1, "incident_count": 1,
        "hit_mask": 0, "fact_mask": 0, "reason_ids": "", "age_band_code": "unknown", "gender_code": "unknown",
        "withheld_mask": 0, "contact_mask": 0, "earlier_mask": 0, "capped_mask": 0, **columns,
    }  # fmt: skip


def frozen(bench: Workbench, candidates: list[dict[str, Any]]) -> None:
    from tests.mend.repair.publishing import written

    written._put(bench, "mart_campaign_candidate", {"month": "2026-03", "version": 1}, candidates)


def labels(home: Home) -> dict[str, tuple[str, int]]:
    with operations.transaction(home.database_url) as connection:
        return {
            name: (entry.case.playbook.code, entry.case.severity)
            for name in ("A", "B", "C")
            for entry in routing_of(connection, name, ON)
            if entry.case
        }


def test_each_call_label_carries_the_playbook_of_its_case(ready: Home, bench: Workbench) -> None:
    publish(ready, bench, LIST, "admin", AT, "a test")
    assert labels(ready) == {"A": ("escalated", 4), "B": ("dropped_call", 2), "C": ("general", 3)}
    with operations.transaction(ready.database_url) as connection:
        (found,) = of_customer(connection, "B", ON, load_playbooks())
    assert (found.about_code, found.about_id, found.chosen.playbook.code) == (
        "label", "2026-03-v1 phone_callback", "dropped_call",
    )  # fmt: skip


def test_a_published_list_keeps_its_playbooks_when_the_files_change(ready: Home, bench: Workbench) -> None:
    folder = ready.root / "playbooks"
    publish(ready, bench, LIST, "admin", AT, "a test")
    before = rows(ready, "select * from campaign_playbook")
    change = patch({"playbooks": {"dropped_call": {"script_en": "Another script.", "least_severity": 4}}})
    write_playbooks(folder, change, "2026-03-01")
    again = publish(ready, bench, LIST, "admin", AT + dt.timedelta(days=3), "a test")
    assert not again.is_new
    assert rows(ready, "select * from campaign_playbook") == before
    assert labels(ready)["B"] == ("dropped_call", 2)
    with operations.transaction(ready.database_url) as connection:
        (entry,) = routing_of(connection, "B", ON)
    assert entry.case is not None
    assert entry.case.playbook.script_en.startswith("Our call was cut off")


def test_the_playbooks_are_those_of_the_campaign_s_first_day_whenever_it_is_published(
    ready: Home, bench: Workbench
) -> None:
    floor = {"playbooks": {"dropped_call": {"least_severity": 3}}}
    write_playbooks(ready.root / "playbooks", patch(floor), "2026-04-01")
    write_playbooks(
        ready.root / "playbooks", patch({"playbooks": {"dropped_call": {"least_severity": 4}}}), "2026-04-02"
    )
    publish(ready, bench, LIST, "admin", AT, "a test")  # on 2 April
    assert labels(ready)["B"] == ("dropped_call", 3)
    assert rows(ready, "select valid_from from campaign_playbook") == [(dt.date(2026, 4, 1),)]


def test_a_label_from_before_there_were_playbooks_has_none(ready: Home, bench: Workbench) -> None:
    publish(ready, bench, LIST, "admin", AT, "a test")
    with operations.transaction(ready.database_url) as connection:
        from sqlalchemy import text

        connection.execute(text("update routing_entry set playbook_code = null, severity = null"))
        connection.execute(text("delete from campaign_playbook"))
        (entry,) = routing_of(connection, "B", ON)
    assert entry.case is None
