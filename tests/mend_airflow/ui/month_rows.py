"""What the month pages of the tests show: April and May, with hostile words, and a batch that the gate stopped."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

from sqlalchemy import insert
from tests.mend_airflow.ui.rows import EVIL, NIGHT, NOW

from mend.foundation import operations
from mend.foundation.home import Home
from mend.foundation.operations.tables import METADATA
from mend.query.pages.quarantine import rule_words

ACTION: Final = "hotline:operating:2026-05"
DONE: Final = "shop:experience:2026-03"


def put_month_rows(home: Home) -> None:
    """Documents of two months, and the gate's verdicts."""
    with operations.transaction(home.database_url) as connection:
        for table, rows in {**_documents(), **_quality()}.items():
            connection.execute(insert(METADATA.tables[table]), rows)


def _documents() -> dict[str, list[dict[str, Any]]]:
    pages = {
        "touchpoints": TOUCHPOINTS,
        "association": ASSOCIATION,
        "clusters": CLUSTERS,
        "surveys": SURVEYS,
        "quarantine": QUARANTINE,
        "stages": STAGES,
        "models": MODELS,
    }
    return {
        "page_document": [
            {"page_code": page, "part_code": month, "through_on": NIGHT, "content": content, "published_at": NOW}
            for page, content in pages.items()
            for month in ("2026-04", "2026-05")
        ]
    }


def touchpoint(number: int, stage: str, operating: float | None, experience: float | None, **others: Any) -> Any:
    found: dict[str, Any] = {
        "touchpoint_code": f"t{number}", "touchpoint_number": number, "name_en": f"touchpoint {number}",
        "name_zh": f"触点{number}", "stage_code": stage, "owner_en": "shop manager", "owner_zh": "营业厅经理",
        "department_code": "market", "importance": 8.0, "quadrant_code": "unknown", "is_action_due": False,
        "low_below": 6.0, "damage_points": None, "damage_en": None, "damage_zh": None,
    }  # fmt: skip
    for name, score in (("operating", operating), ("experience", experience)):
        found |= {
            f"{name}_score": score, f"{name}_low": score and score - 0.5, f"{name}_high": score and score + 0.5,
            f"{name}_basis_code": "measured" if score else "none",
            f"{name}_level_code": "unknown" if score is None else "low" if score < 5.5 else "high",
            f"previous_{name}_score": None,
        }  # fmt: skip
    return found | others


def action(action: str, state: str, name: str, **others: Any) -> dict[str, Any]:
    found = {
        "action_id": action, "touchpoint_code": "hotline", "name_en": name, "name_zh": name, "owner_en": "centre head",
        "owner_zh": "中心主任", "department_code": "service", "aspect_code": "operating",
        "words_en": "operating effectiveness 3.2 (2.8 to 3.6)", "words_zh": "运营有效性3.2（2.8至3.6）",
        "opened_month": "2026-05", "due_on": "2026-06-30", "state_code": state, "moved_code": "unknown",
    }  # fmt: skip
    return found | others


TOUCHPOINTS: Final[dict[str, Any]] = {
    "touchpoints": [
        touchpoint(1, "attract", None, None),
        touchpoint(2, "buy", 7.5, 8.0, quadrant_code="high_high"),
        touchpoint(3, "buy", 7.6, 8.1, quadrant_code="high_high"),
        touchpoint(
            4, "use", 3.2, 4.0, quadrant_code="low_low", is_action_due=True, name_en=EVIL, name_zh=EVIL,
            damage_points=4120,
        ),
        touchpoint(5, "use", 6.1, None),
    ],
    "actions": [
        action(ACTION, "overdue", EVIL),
        action(DONE, "done", "shop", name_zh="营业厅", aspect_code="experience"),
    ],
    "sources": [
        {
            "rank": 1, "dimension_code": "ivr_node", "source_code": EVIL, "contact_count": 428, "points": 564.0,
            "excess_points": 194.7, "excess_low": 12.0, "excess_high": 414.5, "verdict_code": "worse",
            "complaint_count": 5, "is_top": True, "words_en": EVIL, "words_zh": EVIL,
        }
    ],
    "outages": [
        {"dimension_code": "center", "source_code": "north", "began_at": "2026-05-01 00:00:00+08:00",
         "ended_at": "2026-05-01 03:00:00+08:00", "observed_count": 5, "words_en": EVIL, "words_zh": "故障"}
    ],
}  # fmt: skip


def influence(cluster: str, grumble: str, complaint: str, coefficient: float, **others: Any) -> dict[str, Any]:
    found = {
        "cluster_code": cluster, "window_days": 14, "grumble_type_code": grumble, "complaint_type_code": complaint,
        "grumble_customer_count": 321, "complaint_customer_count": 90, "both_count": 12, "confidence": 0.04,
        "lift": 2.5, "exposed_event_count": 14, "coefficient": coefficient, "coefficient_low": coefficient - 0.4,
        "coefficient_high": coefficient + 0.4, "q_value": 0.01, "is_significant": coefficient > 0.5,
        "is_key": coefficient > 0.5, "rank": 1 if coefficient > 0.5 else None, "previous_rank": None,
    }  # fmt: skip
    return found | others


ASSOCIATION: Final[dict[str, Any]] = {
    "rows": [
        influence("all", "marketing", "any", 1.25),
        influence("all", "bill_not_clear", "any", -0.3),
        influence("all", "marketing", "any", 0.9, window_days=30),
        influence("limited_patience", "marketing", "marketing", 1.5, previous_rank=2),
    ]
}


def cluster(kind: str, code: str, share: float, **others: Any) -> dict[str, Any]:
    found: dict[str, Any] = {
        "kind_code": kind, "cluster_code": code, "customer_count": round(10_000 * share), "share": share,
        "words_en": EVIL, "words_zh": "消费与使用量高", "cluster_number": 3, "matched_month": "2026-04", "drift": 0.2,
        "absent_features": "", "still_customer_count": None, "kept_share": None, "claim_en": None, "claim_zh": None,
        "claim_state_code": None, "claim_customer_count": None, "claim_share": None, "other_customer_count": None,
        "other_share": None, "claim_low": None, "claim_high": None,
        "apart": [{"en": "monthly spend", "zh": "月消费", "off": 1.7}, {"en": "age", "zh": "年龄", "off": -0.4}],
    }  # fmt: skip
    return found | others


CLUSTERS: Final[dict[str, Any]] = {
    "clusters": [
        cluster(
            "behaviour", "limited_patience", 0.2, kept_share=0.91, claim_en="hangs up sooner", claim_zh="更早挂机",
            claim_state_code="confirmed", claim_share=0.4, other_share=0.2,
        ),
        cluster("behaviour", "not_shown_yet", 0.8, apart=[]),
        cluster("value", "high", 0.25, drift=None),
        cluster("value_group", "gotone:1", 0.1),
    ]
}  # fmt: skip
SURVEYS: Final[dict[str, Any]] = {
    "measures": [
        {"measure_code": "complex_question", "case_count": 900, "answered_count": 300, "unsolved_count": 60,
         "solved_floor_share": 0.27, "solved_worst_share": 0.8, "solved_estimate_share": 0.85,
         "solved_best_share": 0.93, "silent_unsolved_share": 0.1, "estimate_basis": "repeats", "promised_count": 60,
         "kept_count": 55, "kept_share": 0.917, "open_past_limit_count": 2},
        {"measure_code": "hang_up", "case_count": 0, "answered_count": None, "unsolved_count": None,
         "solved_floor_share": None, "solved_worst_share": None, "solved_estimate_share": None,
         "solved_best_share": None, "silent_unsolved_share": None, "estimate_basis": None, "promised_count": None,
         "kept_count": None, "kept_share": None, "open_past_limit_count": None},
    ],
    "funnels": [
        {"measure_code": "complex_question", "step_number": 1, "step_code": "asked", "name_en": "asked",
         "name_zh": "已发送", "step_count": 900, "of_step_code": None, "of_count": None, "share": None},
        {"measure_code": "complex_question", "step_number": 2, "step_code": "answered", "name_en": EVIL,
         "name_zh": "已回复", "step_count": 300, "of_step_code": "asked", "of_count": 900, "share": 0.3333},
    ],
    "refusals": [
        {"trigger_code": "complex_topic_ended", "stage_code": "enqueue", "reason_code": "opted_out",
         "refused_count": 7, "promised_count": 7}
    ],
    "callbacks": [
        {"call_count": 10_000, "booked_count": 80, "booked_share": 0.008, "reached_count": 72, "reached_share": 0.9,
         "callback_satisfied_share": 0.9, "callback_satisfied_low": 0.8, "callback_satisfied_high": 0.95,
         "callback_answered_count": 40, "ordinary_satisfied_share": 0.88, "ordinary_satisfied_low": 0.85,
         "ordinary_satisfied_high": 0.9, "ordinary_answered_count": 500}
    ],
}  # fmt: skip
STAGES: Final[dict[str, Any]] = {
    "leaving": [
        {"lifecycle_stage_code": "stable", "level": 3, "customer_count": 40, "followed_count": 38, "left_count": 3,
         "left_share": 0.079, "left_share_low": 0.03, "left_share_high": 0.2, "difference": 0.05,
         "difference_low": -0.01, "difference_high": 0.17, "verdict_code": "measured"}
    ],
    "points": [
        {"lifecycle_stage_code": "stable", "grumble_type_code": "marketing", "grumble_count": 12, "customer_count": 10,
         "share_of_customers": 0.3, "other_share_of_customers": 0.2, "difference_low": 0.01, "difference_high": 0.2,
         "rank": 1, "is_key": True, "verdict_code": "key"}
    ],
    "forms": [{"form_code": "silent", "trend_code": "up", "customer_count": 17}],
}  # fmt: skip
QUARANTINE: Final[dict[str, Any]] = {
    "rows": [
        {"source_code": EVIL, "record_code": "contact", "gate_code": "parse", "column_name": "started_at",
         "reason_code": "future_date", "row_count": 18, "day_count": 3, "last_on": "2026-05-29"},
        {"source_code": "crm", "record_code": "ticket", "gate_code": "quality", "column_name": "tier",
         "reason_code": "tier_range", "row_count": 9, "day_count": 1, "last_on": "2026-05-29"},
    ],
    "rules": rule_words() | {
        "ticket.tier_range": {"en": "Tier is within 1…3", "zh": "级别在1…3之间", "runbook": "Mend the mapping.",
            "runbook_zh": "修正映射。"},
        "contact.talk_needs_an_answer": {
            "en": "Talk time needs an answer", "zh": "有通话时长须已接通", "runbook": "Check how the source tells.",
            "runbook_zh": "检查数据源。",
        },
    },
}  # fmt: skip


def _quality() -> dict[str, list[dict[str, Any]]]:
    batch = {
        "source_code": EVIL, "record_code": "contact", "business_date": NIGHT, "arrived_on": NIGHT,
        "mapping_fingerprint": "x", "folder": None, "provided_columns": [], "line_count": 10, "accepted_count": 10,
        "rejected_count": 0, "outside_count": 0, "repaired_count": 0, "status_code": "loaded", "is_accepted": False,
        "withdrawal_code": None, "registered_at": NOW, "loaded_at": NOW,
    }  # fmt: skip
    verdict = {
        "suite_code": "contact", "record_code": "contact", "business_date": NIGHT, "unexpected_count": 3,
        "element_count": 100, "is_passed": False, "checked_at": NOW,
    }  # fmt: skip
    return {
        "load_batch": [
            batch | {"batch_number": 9001, "fingerprint": "a", "file_name": EVIL, "gate_code": "stopped"},
            batch | {"batch_number": 9002, "fingerprint": "b", "file_name": "ok.csv", "gate_code": "passed"},
        ],
        "quality_result": [
            verdict | {"rule_id": "talk_needs_an_answer", "severity_code": "warning", "batch_number": 9002},
            verdict | {"rule_id": "rows_readable", "severity_code": "critical", "batch_number": 9001},
        ],
        "batch_decision": [
            {"batch_number": 9002, "decision_code": "accepted", "why": EVIL, "decided_by": "ops", "decided_at": NOW}
        ],
        "source_delivery": [
            {"source_code": "crm", "business_date": NIGHT - dt.timedelta(days=1), "state_code": "failed",
             "message": EVIL, "noted_at": NOW}
        ],
    }  # fmt: skip


ENDS: Final = ("", "_low", "_high")
VERSION: Final = {
    "month": "2026-04", "model_version": "2026-04-7d-0a1b", "valid_from": "2026-05-05", "is_promoted": True,
    "decision_en": f"promoted: {EVIL}", "decision_zh": f"启用：{EVIL}",
}  # fmt: skip
MODELS: Final = {
    "horizons": [
        {
            "horizon_days": 7,
            "own": VERSION
            | {"month": "2026-05", "is_promoted": False, "decision_en": "kept back", "decision_zh": "不启用"},
            "shown": VERSION
            | {
                "held_out_from": "2026-04-01", "held_out_to": "2026-04-20", "held_out_customer_count": 812, "auc": 0.71,
                "calibration_slope": 0.97, "calibration_slope_low": 0.8, "calibration_slope_high": 1.1,
                "observed_over_expected": 1.04, "observed_over_expected_low": 0.9, "observed_over_expected_high": None,
            },
            "lifts": [
                {"of": of, "top": f"top {top} %", "lift": lift}
                for top in (1, 5, 10)
                for of, lift in (("rate_by_type", 1.25), ("model", 30.5 / top))
            ],
            "tenths": [{"predicted": 0.05, "observed": 0.0625}, {"predicted": 0.01, "observed": 0.005}],
        },
        {
            "horizon_days": 30,
            "own": VERSION | {"is_promoted": False},
            "shown": VERSION
            | {"is_promoted": False, "held_out_from": "2026-04-01", "held_out_to": "2026-04-20"}
            | dict.fromkeys(
                ("held_out_customer_count", "auc", *(f"calibration_slope{end}" for end in ENDS),
                 *(f"observed_over_expected{end}" for end in ENDS))
            ),
            "lifts": [],
            "tenths": [],
        },
    ]
}  # fmt: skip
