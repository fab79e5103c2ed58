"""Rows with every code of every code list that a page shows, so that a test sees which of them has no word.

Documents are of March 2026, so the months that other tests look at stay as they are.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import Connection, insert
from tests.mend_airflow.ui import list_rows
from tests.mend_airflow.ui.code_documents import CITIES, KINDS, SOURCES, STRATEGIES, documents, over, zipped
from tests.mend_airflow.ui.rows import AT, CONTENT, NIGHT, NOW

from mend.foundation import operations
from mend.foundation.home import Home
from mend.foundation.operations.tables import METADATA
from mend.foundation.schema import CODES, RECORDS
from mend.intake.quality import suite
from mend_airflow.ui.steps import STEPS
from mend_airflow.ui.words import all_words

MONTH: Final = "2026-03"
LIST: Final = "2026-03-v9"
CUSTOMER: Final = "K3"
OTHERS: Final = [each for each in CODES["department"] if each != "service"]  # which other tests look at
OUT: Final = "2025-08-v1"
# What pages of these rows are beyond those of paths.py.
PATHS: Final = (
    "/mend/customers/K3",
    "/mend/customers/K3?month=2025-09",
    "/mend/customers/K3?month=2025-10",
    "/mend/customers/K3?month=2025-11",
    "/mend/card/K3",
    "/mend/card/K4",
    *(f"/mend/{page}?month={MONTH}" for page in ("touchpoints", "clusters", "surveys", "quality", "effect")),
    *(f"/mend/association?month={MONTH}&cluster={code}" for code in ("all", *CODES["behaviour_cluster"])),
    f"/mend/lists/{LIST}",
    *(f"/mend/lists/{LIST}?customer=Z{number}" for number, _ in enumerate(CODES["campaign_outcome"])),
    f"/mend/lists/{OUT}",
    "/mend/warnings?department=market",
    "/mend/warnings?state=done",
    *(f"/mend/warnings/V{number}" for number, _ in enumerate(CODES["warning_result"])),
    "/mend/desk?page=2",
    *(f"/mend/desk?team={code}" for code in KINDS["team"]),
    *(f"/mend/desk/ticket?id=F-{code}" for code in CODES["follow_up_measure"]),
)


def put_code_rows(home: Home) -> None:
    """All of them."""
    with operations.transaction(home.database_url) as connection:
        _customer(connection)
        _warnings(connection)
        _follow_ups(connection)
        _quality(connection)
        _documents(connection)
        _lists(connection)
        _steps(connection)


def _put(connection: Connection, table: str, rows: Sequence[dict[str, Any]]) -> None:
    connection.execute(insert(METADATA.tables[table]), list(rows))


def _customer(connection: Connection) -> None:
    contacts = [
        [AT + place, f"C-{place}", direction, touchpoint, topic, outcome, None, False, None, None]
        for place, (outcome, direction, touchpoint, topic) in enumerate(
            zipped(CODES["contact_outcome"], CODES["direction"], KINDS["touchpoint"], KINDS["topic"])
        )
    ]
    tickets = [
        [AT + place, f"T-{place}", kind, 1, "0731", None, None, None, AT + 60 + place, False, department, 0, False]
        for place, (kind, department) in enumerate(zipped(CODES["ticket_kind"], CODES["department"]))
    ]
    surveys = [
        [AT + place, f"S-{place}", purpose, "contact", "C-1", 3, 10, False]
        for place, purpose in enumerate(CODES["survey_purpose"])
    ]
    content = CONTENT | {"contacts": contacts, "tickets": tickets, "surveys": surveys, "warnings": []}
    row = {"customer_id": CUSTOMER, "city_code": "021", "is_explicit": True, "has_left": True, "is_closed": True}
    row |= {"content": content, "digest": "x", "score": 9}
    damage = row | {"customer_id": "K4", "month": "2026-05", "level": 3, "has_left": False}
    _put(connection, "page_customer_month", [damage | {"segment_code": "agent", "lifecycle_stage_code": "stable"}])
    months = ("2025-09", "2025-10", "2025-11", "2025-12")
    _put(
        connection,
        "page_customer_month",
        [
            row | {"month": month, "segment_code": segment, "lifecycle_stage_code": stage, "level": level}
            for month, segment, stage, level in zip(months, CODES["segment"], CODES["lifecycle"], range(4), strict=True)
        ],
    )
    _put(
        connection,
        "page_word",
        [
            {"kind_code": "grumble_type", "code": "bill_not_clear", "name_en": "bill not clear", "name_zh": "账单不清",
             "valid_from": dt.date(1990, 1, 1), "points": None}
        ],
    )  # fmt: skip


def _warnings(connection: Connection) -> None:
    usual = {"first_warned_on": NIGHT, "last_warned_on": NIGHT, "is_new": False, "is_listed": True}
    usual |= {"probability_7_percent": 1.5, "probability_30_percent": 3, "owner_id": "market-01", "strategy_code": "s"}
    usual |= {
        "grumble_id": "ticket:T-1",
        "grumble_type_code": "unclassified",
        "strategy_en": "call",
        "strategy_zh": "致电",
    }
    usual |= {"reasons_en": "the latest is 3 days old", "reasons_zh": "最近一次在3天前"}
    results = list(CODES["warning_result"])
    _put(
        connection,
        "customer_warning",
        [
            usual | {"customer_id": f"V{place}", "level": 1 + place % 5, "department_code": department}
            for place, department in zip(range(len(results)), over(OTHERS), strict=False)
        ],
    )
    event = {"first_warned_on": NIGHT, "happened_at": NOW, "recorded_by": "oncall", "recorded_through": "a test"}
    _put(
        connection,
        "warning_event",
        [
            event
            | {"customer_id": f"V{place}", "event_code": code, "owner_id": "market-01", "note_text": None,
               "result_code": result if code == "done" else None}
            for place, result in enumerate(results)
            for code in CODES["warning_event"]
        ],
    )  # fmt: skip


def _follow_ups(connection: Connection) -> None:
    ticket = {
        "customer_id": CUSTOMER, "about_kind_code": "contact", "about_id": "C-1", "tier": 1, "opened_at": NOW,
        "phase_at": NOW, "limit_seconds": 7200, "is_working_time": False, "legal_due_at": NOW, "reopen_count": 1,
        "complaint_count": 0, "event_count": 20, "changed_at": NOW, "due_at": NOW,
    }  # fmt: skip
    rows = [
        {"follow_up_id": f"F-{measure}", "measure_code": measure, "state_code": "open", "team_code": "network",
         "topic_code": "mobile_data"}
        for measure in CODES["follow_up_measure"]
    ] + [
        {"follow_up_id": f"F-{place}", "measure_code": "booking", "state_code": state, "team_code": team,
         "topic_code": topic}
        for place, (state, team, topic) in enumerate(
            zipped(CODES["follow_up_state"], KINDS["team"], (*KINDS["topic"], "0731"))
        )
    ]  # fmt: skip
    _put(connection, "follow_up_ticket", [ticket | row for row in rows])
    _put(
        connection,
        "follow_up_event",
        [
            {"event_key": f"{measure}:{place}", "follow_up_id": f"F-{measure}", "event_number": place,
             "event_code": code, "happened_at": NOW, "facts": {}}
            for measure in CODES["follow_up_measure"]
            for place, code in enumerate(CODES["follow_up_event"])
        ],
    )  # fmt: skip
    refusal = {
        "stage_code": "claim", "trigger_code": "campaign", "purpose_code": "progress", "event_id": "e",
        "customer_id": CUSTOMER, "is_promised": True, "needs_person": True, "refused_at": NOW,
    }  # fmt: skip
    _put(
        connection,
        "survey_refusal",
        [refusal | {"survey_id": f"R-{place}", "reason_code": code}
         for place, code in enumerate(CODES["contact_refusal"])],
    )  # fmt: skip


def _quality(connection: Connection) -> None:
    counts = {"arrived_count": 10, "accepted_count": 9, "quarantined_count": 1, "superseded_count": 0}
    _put(
        connection,
        "page_source_day",
        [
            counts | {"arrived_on": NIGHT, "source_code": source, "record_code": record}
            for source, record in zipped(SOURCES, RECORDS)
        ],
    )
    verdict = {"business_date": NIGHT, "batch_number": 9002, "unexpected_count": 1, "element_count": 9,
               "is_passed": False, "checked_at": NOW}  # fmt: skip
    _put(
        connection,
        "quality_result",
        [
            verdict | {"suite_code": record, "record_code": record, "rule_id": rule.id, "severity_code": rule.severity}
            for record in RECORDS
            for rule in suite(record).rules
        ],
    )
    _put(
        connection,
        "batch_decision",
        [
            {"batch_number": 9002, "decision_code": code, "why": "旧文件", "decided_by": "ops", "decided_at": NOW}
            for code in ("withdrawn", "returned", "accepted", "gone")
        ],
    )


def _steps(connection: Connection) -> None:
    step = {"from_on": NIGHT, "to_on": NIGHT, "ended_at": NOW, "started_at": NOW - dt.timedelta(minutes=1)}
    states = ("done", "failed", "running")
    _put(
        connection,
        "run_step",
        [
            step | {"step_code": each.name, "state_code": states[place % 3], "counts": {"rows": 3},
                    "message": "Error: no_table" if place % 3 == 1 else None}
            for place, each in enumerate(each for chain in STEPS.values() for each in chain)
        ],
    )  # fmt: skip


def _documents(connection: Connection) -> None:
    pages = documents()
    document = {"part_code": MONTH, "through_on": NIGHT, "published_at": NOW}
    _put(
        connection,
        "page_document",
        [document | {"page_code": page, "content": content} for page, content in pages.items()],
    )


BIAS: Final = {"age_band": "age_band", "gender": "gender", "value": "value_cluster"}


def _lists(connection: Connection) -> None:
    summary = list_rows.summary()
    counted, group = summary["counts"][0], summary["bias"][0]
    groups = [(what, code) for what, words in BIAS.items() for code in CODES[words]] + [("city", c) for c in CITIES]
    whole = list_rows.summary(
        gated=dict.fromkeys(CODES["campaign_gate"], 1),
        outside=[],
        counts=[
            counted | {"strategy_code": strategy, "channel_code": channel, "city_code": city, "rows": 1, "cost": 1}
            for strategy, channel, city in zipped(STRATEGIES, CODES["campaign_channel"], CITIES)
        ],
        bias=[
            group | {"what_code": what, "group_code": code, "listed": 1, "difference": 0.1, "verdict_code": verdict}
            for (what, code), verdict in zip(groups, over(("within", "outside", "unknown")), strict=False)
        ],
    )
    usual = list_rows.campaign_list(LIST, summary=whole, state_code="approved")
    out = {"published_at": NOW, "folder": "2025-08/campaign", "draft_folder": ".x"}
    out |= {"published": {"files": {}, "queued": 0, "withheld": {}}}
    others = [
        list_rows.campaign_list(f"2025-08-v{place}", state_code=state, summary=whole)
        | (out | {"recalled_at": NOW if state == "recalled" else None} if state in ("published", "recalled") else {})
        for place, state in enumerate(("published", "refused", "recalled", "draft"), start=1)
    ]
    _put(connection, "campaign_list", [usual, *others])
    decision = {"list_id": LIST, "decided_by": "admin", "decided_through": "a test", "decided_at": NOW, "reason": None}
    _put(
        connection,
        "campaign_decision",
        [decision | {"bias_reason": None, "decision_code": code} for code in ("approved", "refused")],
    )
    _candidates(connection)
    action = {
        "list_id": OUT, "city_code": "021", "channel_code": "call", "action_code": "callback", "consent_code": "none",
        "amount": 0, "cost": 8, "is_entitlement": False, "is_overload": False, "planned_on": NIGHT,
        "valid_until": NIGHT, "reason_code": None, "message_key": None, "rank": 1, "customer_id": CUSTOMER,
    }  # fmt: skip
    states = sorted(key.removeprefix("lists.action_") for key in all_words() if key.startswith("lists.action_"))
    _put(
        connection,
        "campaign_action",
        [
            action
            | {
                "state_code": state,
                "strategy_code": strategy,
                "rank": place,
                "reason_code": "no_number" if state in ("to_person", "withheld") else None,
            }
            for place, (strategy, state) in enumerate(zip(STRATEGIES, states, strict=False), start=1)
        ],
    )


def _candidates(connection: Connection) -> None:
    every_gate = 2 ** len(CODES["campaign_gate"]) - 1
    gates = [
        {"strategy": strategy, "is_owed": False, "gates": 0 if place else every_gate, "arm": arm}
        for place, (strategy, arm) in enumerate(zipped(STRATEGIES, CODES["campaign_arm"]))
    ]
    _put(connection, "page_candidate_pattern", [{"list_id": LIST, "pattern_number": 1, "content": gates}])
    candidate = {"list_id": LIST, "month": MONTH, "place": 1, "level": 2, "score": 5, "pattern_number": 1,
                 "is_universal_hold_out": False}  # fmt: skip
    listed = {"strategy": "rebate", "is_owed": False, "is_overload": False, "city": "021", "rank": 3, "share": None,
              "planned_on": "2026-04-03", "valid_until": "2026-04-30", "reasons_en": "line busy (3)",
              "reasons_zh": "线路忙（3）"}  # fmt: skip
    _put(
        connection,
        "page_candidate",
        [
            candidate | {"customer_id": f"Z{place}", "city_code": city, "outcome_code": outcome, "listed": [listed]}
            for place, (outcome, city) in enumerate(zip(CODES["campaign_outcome"], CITIES, strict=False))
        ],
    )
