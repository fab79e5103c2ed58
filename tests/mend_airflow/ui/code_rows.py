"""Rows with every code of every code list that a page shows, so that a test sees which of them has no word.

Documents are of March 2026, so the months that other tests look at stay as they are.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from itertools import zip_longest
from typing import Any, Final

from sqlalchemy import Connection, insert
from tests.mend_airflow.ui import list_rows, month_rows
from tests.mend_airflow.ui.rows import AT, CONTENT, NIGHT, NOW

from mend.foundation import operations
from mend.foundation.home import Home
from mend.foundation.operations.tables import METADATA
from mend.foundation.schema import CODES, RECORDS
from mend.foundation.source_words import shipped_words
from mend.intake.quality import suite
from mend_airflow.ui.steps import STEPS
from mend_airflow.ui.words import all_words

MONTH: Final = "2026-03"
LIST: Final = "2026-03-v9"
CUSTOMER: Final = "K3"
OUT: Final = "2025-12-v1"
KINDS: Final = shipped_words().kinds
CITIES: Final = (*KINDS["city"], "021")
SOURCES: Final = ("simulator", "campaign_channel", "sms_survey")
# What pages of these rows are beyond those of paths.py.
PATHS: Final = (
    "/mend/customers/K3",
    "/mend/customers/K3?month=2025-09",
    "/mend/customers/K3?month=2025-10",
    "/mend/customers/K3?month=2025-11",
    "/mend/card/K3",
    *(f"/mend/{page}?month={MONTH}" for page in ("touchpoints", "clusters", "surveys", "quality", "effect")),
    *(f"/mend/association?month={MONTH}&cluster={code}" for code in ("all", *CODES["behaviour_cluster"])),
    f"/mend/lists/{LIST}",
    *(f"/mend/lists/{LIST}?customer=Z{number}" for number, _ in enumerate(CODES["campaign_outcome"])),
    f"/mend/lists/{OUT}",
    "/mend/warnings?department=market",
    "/mend/warnings?state=done",
    *(f"/mend/warnings/W{number}" for number, _ in enumerate(CODES["warning_result"])),
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
            _zipped(CODES["contact_outcome"], CODES["direction"], KINDS["touchpoint"], KINDS["topic"])
        )
    ]
    tickets = [
        [AT + place, f"T-{place}", kind, 1, "0731", None, None, None, AT + 60 + place, False, department, 0, False]
        for place, (kind, department) in enumerate(_zipped(CODES["ticket_kind"], CODES["department"]))
    ]
    surveys = [
        [AT + place, f"S-{place}", purpose, "contact", "C-1", 3, 10, False]
        for place, purpose in enumerate(CODES["survey_purpose"])
    ]
    content = CONTENT | {"contacts": contacts, "tickets": tickets, "surveys": surveys, "warnings": []}
    row = {"customer_id": CUSTOMER, "city_code": "021", "is_explicit": True, "has_left": True, "is_closed": True}
    row |= {"content": content, "digest": "x", "score": 9}
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


def _zipped(*lists: Any) -> list[tuple[str, ...]]:
    """Every code of each list at least once."""
    codes = [list(each) for each in lists]
    filled = zip_longest(*codes)
    return [tuple(own[0] if code is None else code for code, own in zip(row, codes, strict=True)) for row in filled]


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
            usual | {"customer_id": f"W{place}", "level": 1 + place % 5, "department_code": department}
            for place, department in enumerate(CODES["department"])
        ],
    )
    event = {"first_warned_on": NIGHT, "happened_at": NOW, "recorded_by": "oncall", "recorded_through": "a test"}
    _put(
        connection,
        "warning_event",
        [
            event
            | {"customer_id": f"W{place}", "event_code": code, "owner_id": "market-01", "note_text": None,
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
            _zipped(CODES["follow_up_state"], KINDS["team"], (*KINDS["topic"], "0731"))
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
            for source, record in _zipped(SOURCES, RECORDS)
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
    pages = {
        "touchpoints": _touchpoints(), "association": {"rows": _influences()}, "clusters": {"clusters": _clusters()},
        "surveys": _surveys(), "stages": _stages(), "quarantine": _quarantine(), "effect": _effect(),
        "lists": {"versions": [_version()]},
    }  # fmt: skip
    document = {"part_code": MONTH, "through_on": NIGHT, "published_at": NOW}
    _put(
        connection,
        "page_document",
        [document | {"page_code": page, "content": content} for page, content in pages.items()],
    )


def _touchpoints() -> dict[str, Any]:
    touchpoints = [
        month_rows.touchpoint(place, stage, 3.0, 4.0, quadrant_code=quadrant, operating_level_code=level)
        | ({"experience_score": None, "experience_basis_code": basis})
        for place, (stage, quadrant, level, basis) in enumerate(
            _zipped(CODES["touchpoint_stage"], CODES["touchpoint_quadrant"], CODES["touchpoint_level"],
                    CODES["touchpoint_basis"])
        )
    ]  # fmt: skip
    actions = [
        month_rows.action(f"{aspect}-{state}-{moved}", state, "门店", aspect_code=aspect, moved_code=moved)
        | {"name_en": "shop"}
        for aspect, state, moved in _zipped(
            CODES["touchpoint_aspect"], CODES["touchpoint_action_state"], CODES["touchpoint_moved"]
        )
    ]
    source = {"contact_count": 9, "points": 4.0, "excess_points": 1.0, "excess_low": None, "excess_high": None,
              "complaint_count": 0, "is_top": False, "words_en": "", "words_zh": ""}  # fmt: skip
    named = [(kind, code) for kind in CODES["trouble_dimension"] for code in (*KINDS[kind], "7")]
    sources = [
        source | {"rank": place, "dimension_code": kind, "source_code": code, "verdict_code": verdict}
        for place, ((kind, code), verdict) in enumerate(zip(named, _over(CODES["trouble_verdict"]), strict=False))
    ]
    return {"touchpoints": touchpoints, "actions": actions, "sources": sources, "outages": []}


def _over(codes: Any) -> list[str]:
    return [*codes] * 20


def _influences() -> list[dict[str, Any]]:
    clusters = ("all", *CODES["behaviour_cluster"], *CODES["value_cluster"], *CODES["consumption_cluster"])
    return [month_rows.influence(code, "bill_not_clear", "any", 1.2) for code in clusters]


def _clusters() -> list[dict[str, Any]]:
    of = {"value": CODES["value_cluster"], "consumption": CODES["consumption_cluster"],
          "behaviour": CODES["behaviour_cluster"]}  # fmt: skip
    of |= {"value_group": [f"{brand}:1" for brand in (*KINDS["brand"], "7")] + list(KINDS["brand"])}
    usual = {"claim_en": "hangs up sooner", "claim_zh": "更早挂机", "words_en": "pays more", "words_zh": "消费高"}
    return [
        month_rows.cluster(kind, code, 0.1, claim_state_code=state, **usual)
        for kind, codes in of.items()
        for code, state in zip(codes, _over(CODES["claim_state"]), strict=False)
    ]


def _surveys() -> dict[str, Any]:
    base = month_rows.SURVEYS
    refusal = {"refused_count": 1, "promised_count": 0}
    return base | {
        "measures": [base["measures"][0] | {"measure_code": code} for code in CODES["survey_measure"]],
        "funnels": [base["funnels"][0]],
        "refusals": [
            refusal | {"trigger_code": trigger, "stage_code": stage, "reason_code": reason}
            for trigger, stage, reason in _zipped(
                CODES["survey_trigger"], ("enqueue", "claim"), CODES["contact_refusal"]
            )
        ],
    }


def _stages() -> dict[str, Any]:
    base = month_rows.STAGES
    return {
        "leaving": [
            base["leaving"][0] | {"lifecycle_stage_code": stage, "level": int(level), "verdict_code": verdict}
            for stage, level, verdict in _zipped(CODES["lifecycle_group"], CODES["level"], CODES["leaving_verdict"])
        ],
        "points": [
            base["points"][0]
            | {"lifecycle_stage_code": stage, "verdict_code": verdict, "grumble_type_code": "bill_not_clear"}
            for stage, verdict in _zipped(CODES["lifecycle_group"], CODES["point_verdict"])
        ],
        "forms": [
            {"form_code": form, "trend_code": trend, "customer_count": 1}
            for form, trend in _zipped(CODES["grumble_form"], CODES["form_trend"])
        ],
    }


def _quarantine() -> dict[str, Any]:
    from mend.query.pages.quarantine import rule_words

    row = {"row_count": 1, "day_count": 1, "last_on": "2026-03-29"}
    reasons = [key.partition(".")[2] for key in all_words() if key.startswith("reasons.")]
    columns = [(record.name, column.name) for record in RECORDS.values() for column in record.columns]
    parsed = [
        row
        | {"source_code": source, "record_code": record, "gate_code": "parse", "column_name": column,
           "reason_code": reason}
        for (record, column), source, reason in zip(columns, _over(SOURCES) * 5, _over(reasons), strict=False)
    ]  # fmt: skip
    judged = [
        row
        | {"source_code": "simulator", "record_code": record, "gate_code": "quality", "reason_code": rule.id,
           "column_name": rule.columns[0] if rule.columns else None}
        for record in RECORDS
        for rule in suite(record).rules
    ]  # fmt: skip
    return {"rows": parsed + judged, "rules": rule_words()}


GROUPS: Final = {
    "level": "level", "segment": "segment", "value": "value_cluster", "age": "age_band", "gender": "gender",
}  # fmt: skip


def _effect() -> dict[str, Any]:
    base = list_rows.EFFECT
    groups = [(grouping, code) for grouping, words in GROUPS.items() for code in CODES[words]]
    groups += [("city", code) for code in CITIES]
    said = {"words_en": "too few", "words_zh": "人数太少", "strategy_code": "rebate", "estimand_code": "itt"}
    usual = {"strategy_code": "rebate", "unit_en": "yuan", "unit_zh": "元"}
    return base | {
        "names": {},
        "results": [
            list_rows.result(outcome, 0.1, estimand_code=estimand, verdict_code=verdict, **usual)
            for outcome, estimand, verdict in _zipped(
                CODES["effect_outcome"], CODES["effect_estimand"], CODES["effect_verdict"]
            )
        ],
        "refusals": [
            said | {"outcome_code": outcome, "reason_code": reason}
            for outcome, reason in _zipped(CODES["effect_outcome"], CODES["effect_refusal"])
        ],
        "groups": [
            base["groups"][0]
            | {"strategy_code": "rebate", "grouping_code": grouping, "group_code": code, "verdict_code": verdict,
               "half_number": place % 2}
            for place, ((grouping, code), verdict) in enumerate(
                zip(groups, _over(CODES["effect_group_verdict"]), strict=False)
            )
        ],
    }  # fmt: skip


BIAS: Final = {"age_band": "age_band", "gender": "gender", "value": "value_cluster"}
STRATEGIES: Final = ("phone_callback", "rebate", "manager_visit", "sms_consolidation", "priority_access")


def _version() -> dict[str, Any]:
    price = list_rows.version(9)["prices"][0]
    return list_rows.version(
        9,
        names={},
        out_of_season={},
        prices=[
            price | {"resource_code": resource, "city_code": city, "strategy_code": strategy}
            for resource, city, strategy in _zipped(CODES["campaign_resource"], CITIES, STRATEGIES)
        ],
    )


def _lists(connection: Connection) -> None:
    summary = list_rows.summary()
    counted, group = summary["counts"][0], summary["bias"][0]
    groups = [(what, code) for what, words in BIAS.items() for code in CODES[words]] + [("city", c) for c in CITIES]
    whole = list_rows.summary(
        gated=dict.fromkeys(CODES["campaign_gate"], 1),
        outside=[],
        counts=[
            counted | {"strategy_code": strategy, "channel_code": channel, "city_code": city, "rows": 1, "cost": 1}
            for strategy, channel, city in _zipped(STRATEGIES, CODES["campaign_channel"], CITIES)
        ],
        bias=[
            group | {"what_code": what, "group_code": code, "listed": 1, "difference": 0.1, "verdict_code": verdict}
            for (what, code), verdict in zip(groups, _over(("within", "outside", "unknown")), strict=False)
        ],
    )
    usual = list_rows.campaign_list(LIST, summary=whole, state_code="approved")
    out = {"published_at": NOW, "folder": "2025-12/campaign", "draft_folder": ".x"}
    out |= {"published": {"files": {}, "queued": 0, "withheld": {}}}
    others = [
        list_rows.campaign_list(f"2025-12-v{place}", state_code=state, summary=whole)
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
        for place, (strategy, arm) in enumerate(_zipped(STRATEGIES, CODES["campaign_arm"]))
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
