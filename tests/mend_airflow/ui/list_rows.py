"""Lists and effect as the tests show them: lists that wait, one that is published, a month judged."""

from __future__ import annotations

import datetime as dt
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from sqlalchemy import insert
from tests.mend_airflow.ui.rows import EVIL, NIGHT, NOW

from mend.foundation import operations
from mend.foundation.home import Home
from mend.foundation.list_file import write_list
from mend.foundation.operations.tables import METADATA

WAITS: Final = "2026-05-v2"
OUT: Final = "2026-04-v1"
RECALLED: Final = "2025-12-v1"  # published; the matrix recalls it
TO_RECALL: Final = "2025-11-v1"
FILE: Final = "hangzhou-call.csv"
COLUMNS: Final = (
    "list_id", "strategy_code", "rank", "customer_id", "phone_number", "number_note_en", "number_note_zh", "reasons_en",
)  # fmt: skip
NAMES: Final = {"phone_callback": ["phone callback", "电话回访"], "rebate": [EVIL, EVIL]}


def put_list_rows(home: Home) -> None:
    """Lists, documents, candidates, and the folder of the published list."""
    digest = _write_file(home)
    with operations.transaction(home.database_url) as connection:
        for table, rows in _tables(digest).items():
            connection.execute(insert(METADATA.tables[table]), rows)


def _write_file(home: Home) -> str:
    folder = Path(home.lists_folder) / "2026-04" / "campaign-v1"
    folder.mkdir(parents=True, exist_ok=True)
    rows = [
        (OUT, "phone_callback", 1, "K1", "+86138****5678", "", "", EVIL),
        (OUT, "phone_callback", 2, "GONE", "", "no number", "无号码", "=1+1"),
    ]
    write_list(folder / FILE, COLUMNS, rows, home.zone)
    return sha256((folder / FILE).read_bytes()).hexdigest()


def summary(**others: Any) -> dict[str, Any]:
    """What an approver is shown."""
    counted = {"strategy_code": "phone_callback", "channel_code": "call", "owed": 1, "overload": 0, "amount": 0}
    group = {"candidates": 60, "share": 0.5, "low": 0.4, "high": 0.6, "difference_low": 0.05, "difference_high": 0.3}
    found: dict[str, Any] = {
        "rows": 42, "cost": 1234, "outcomes": {"listed": 41, "held_out": 9, "deferred": 3, "gated": 7},
        "gated": {"no_consent": 5, "opted_out": 2},
        "counts": [
            counted | {"city_code": "hangzhou", "rows": 30, "cost": 240, "benefit": 9},
            counted | {"city_code": EVIL, "rows": 12, "cost": 96, "benefit": 3},
        ],
        "earlier_id": OUT,
        "changes": [
            {"strategy_code": "phone_callback", "rows": 42, "earlier_rows": 40, "both": 11, "cost": 336,
             "earlier_cost": 320}
        ],
        "bias_bound": 0.1,
        "bias": [
            group | {"what_code": "city", "group_code": EVIL, "listed": 30, "difference": 0.17,
                     "verdict_code": "outside"},
            group | {"what_code": "gender", "group_code": "unknown", "listed": 20, "difference": 0.01,
                     "verdict_code": "within"},
        ],
        "outside": [f"city {EVIL}"],
        "checks": [{"code": "sum", "off_by": 0}], "failed_checks": [], "what_if": {"comes": 12, "goes": 3},
    }  # fmt: skip
    return found | others


def campaign_list(list_id: str, **others: Any) -> dict[str, Any]:
    """A list before the approvers."""
    month, _, version = list_id.rpartition("-v")
    found: dict[str, Any] = {
        "list_id": list_id, "month": month, "version": int(version), "content_sha256": "0" * 64, "state_code": "draft",
        "row_count": 42, "summary": summary(), "needs_bias_reason": False, "registered_at": NOW, "published_at": None,
        "folder": None, "draft_folder": None, "published": None, "recalled_at": None,
    }  # fmt: skip
    return found | others


def version(number: int, **others: Any) -> dict[str, Any]:
    """A version as it is published for the pages."""
    found: dict[str, Any] = {
        "version": number, "candidate_count": 60, "listed_count": 41, "held_out_count": 9, "deferred_count": 3,
        "overload_count": 1, "benefit": 120, "bound": 121, "gap": 0.008, "cost": 1234, "gated": {"no_consent": 5},
        "names": NAMES, "out_of_season": {"rebate": [6, 8]}, "price_count": 1,
        "hold_out": {"season": "2026H1", "seed": "mend", "universal_share": 0.0, "shares": {"phone_callback": 0.0}},
        "prices": [
            {"resource_code": "seat", "strategy_code": "phone_callback", "city_code": EVIL, "capacity": 30, "used": 30,
             "value_of_one_more": 2.5, "value_of_one_less": 3.25}
        ],
    }  # fmt: skip
    return found | others


def result(outcome: str, difference: float, **others: Any) -> dict[str, Any]:
    found: dict[str, Any] = {
        "strategy_code": "phone_callback", "estimand_code": "itt", "outcome_code": outcome, "treated_count": 900,
        "treated_mean": 0.2, "treated_missing_count": 0, "control_count": 100, "control_mean": 0.25,
        "control_missing_count": 4, "difference": difference, "low": difference - 0.02, "high": difference + 0.02,
        "confidence": 0.95, "interval_code": "agresti_caffo", "p_value": 0.001, "adjusted_p_value": 0.004,
        "is_cuped": False, "variance_reduction": 0.0, "naive_before": None, "naive_after": None,
        "regression_to_mean": None, "verdict_code": "helps", "is_good_high": False, "is_share": True,
        "unit_en": "percentage points", "unit_zh": "个百分点",
    }  # fmt: skip
    return found | others


EFFECT: Final[dict[str, Any]] = {
    "version": 1, "look": 2, "names": NAMES, "group_count": 40,
    "results": [
        result("complaint", -0.05),
        result("recovered", 0.01, verdict_code="no_proof", naive_before=0.1, naive_after=0.66,
                regression_to_mean=0.56),
        result("churn", 0.03, strategy_code="rebate", verdict_code="harms"),
        result("spend", 1.5, strategy_code="all", estimand_code="cumulative", is_share=False, treated_mean=80.0,
                control_mean=78.5, unit_en="yuan", unit_zh="元", verdict_code="may_harm"),
    ],
    "refusals": [
        {"strategy_code": "rebate", "estimand_code": "listed", "outcome_code": None, "reason_code": "sample_ratio",
         "words_en": EVIL, "words_zh": "样本比例不符：实验组多于计划"}
    ],
    "groups": [
        {"strategy_code": "phone_callback", "outcome_code": "churn", "grouping_code": "city", "group_code": EVIL,
         "half_number": 1, "treated_count": 50, "control_count": 40, "found_difference": 0.09, "difference": 0.08,
         "low": 0.02, "high": 0.14, "adjusted_p_value": 0.01, "verdict_code": "left_alone"}
    ],
}  # fmt: skip


def trial(state: str, **others: Any) -> dict[str, Any]:
    """A question about the list that waits."""
    found: dict[str, Any] = {
        "list_id": WAITS, "strategy_code": "phone_callback", "changes": {"capacity_per_month": 500},
        "changes_sha256": state, "state_code": state, "asked_by": EVIL, "asked_at": NOW, "answered_at": None,
        "answer": None, "problem_text": None,
    }  # fmt: skip
    return found | others


def _side(rows: int) -> dict[str, Any]:
    return {
        "rows": {"phone_callback": rows, "priority_access": 7}, "cost": {"phone_callback": 8 * rows},
        "outcomes": {"listed": rows + 7, "deferred": 60 - rows}, "reasons": {"no_consent": 5}, "benefit": 3 * rows,
        "bound": 3 * rows + 1, "gap": 0.001, "price_count": 1, "prices": version(2)["prices"] if rows > 40 else [],
    }  # fmt: skip


ANSWER: Final[dict[str, Any]] = {
    "names": NAMES | {"priority_access": ["priority access", "优先接入"]}, "today": _side(30), "other": _side(42),
    "comes": 12, "goes": 0, "changes": 3,
}  # fmt: skip


def _tables(digest: str) -> dict[str, list[dict[str, Any]]]:
    document = {"through_on": NIGHT, "published_at": NOW}
    listed = {
        "strategy": "phone_callback", "is_owed": False, "is_overload": False, "city": EVIL, "rank": 3,
        "planned_on": "2026-06-03", "valid_until": "2026-06-30", "share": None, "reasons_en": EVIL,
        "reasons_zh": "通话中断（5）",
    }  # fmt: skip
    candidate = {
        "list_id": WAITS, "month": "2026-05", "place": 4, "level": 3, "score": 21.25, "city_code": EVIL,
        "is_universal_hold_out": False, "pattern_number": 1,
    }  # fmt: skip
    gates = [
        {"strategy": "phone_callback", "is_owed": False, "gates": 0, "arm": "offered"},
        {"strategy": "rebate", "is_owed": False, "gates": 0, "arm": "offered"},
        {"strategy": "manager_visit", "is_owed": False, "gates": 0b1010, "arm": None},
    ]
    action = {
        "list_id": OUT, "strategy_code": "phone_callback", "city_code": "hangzhou", "channel_code": "call",
        "action_code": "callback", "consent_code": "none", "amount": 0, "cost": 8, "is_entitlement": False,
        "is_overload": False, "planned_on": dt.date(2026, 5, 3), "valid_until": dt.date(2026, 5, 31),
        "state_code": "planned", "reason_code": None, "message_key": None,
    }  # fmt: skip
    published = {"files": {FILE: digest}, "queued": 0, "withheld": {}}
    return {
        "campaign_list": [
            campaign_list(WAITS, needs_bias_reason=True),
            campaign_list("2026-01-v1"),
            campaign_list("2026-03-v1"),
            campaign_list("2026-02-v1", needs_bias_reason=True),
            campaign_list(OUT, state_code="published", published_at=NOW, folder="2026-04/campaign-v1",
                          draft_folder=".x", published=published),
            *(
                campaign_list(each, state_code="published", published_at=NOW, folder="2025/campaign-v1",
                              published={"files": {}})
                for each in (RECALLED, TO_RECALL)
            ),
        ],
        "campaign_decision": [
            {"list_id": OUT, "decision_code": "approved", "decided_by": EVIL, "decided_through": "a test",
             "decided_at": NOW, "reason": EVIL, "bias_reason": None}
        ],
        "campaign_action": [action | {"customer_id": "K1", "rank": 1}, action | {"customer_id": "GONE", "rank": 2},
                            action | {"list_id": TO_RECALL, "customer_id": "K1", "rank": 1}],
        "list_trial": [
            trial("failed", answered_at=NOW, problem_text=EVIL, changes={"audience": EVIL}),
            trial("asked", changes={"city_budget": {"default": 0, EVIL: "unlimited"}}),
            trial("answered", answered_at=NOW, answer=ANSWER),
        ],
        "page_document": [
            document | {"page_code": "lists", "part_code": "2026-05", "content": {"versions": [version(2)]}},
            document | {"page_code": "lists", "part_code": "2026-04", "content": {"versions": [version(1)]}},
            document | {"page_code": "effect", "part_code": "2026-04", "content": EFFECT},
        ],
        "page_candidate": [
            candidate | {"customer_id": "K1", "outcome_code": "listed", "listed": [listed]},
            candidate | {"customer_id": "K2", "outcome_code": "held_out", "listed": [], "is_universal_hold_out": True,
                         "pattern_number": 2},
        ],
        "page_candidate_pattern": [
            {"list_id": WAITS, "pattern_number": 1, "content": gates},
            {"list_id": WAITS, "pattern_number": 2, "content": [
                {"strategy": "phone_callback", "is_owed": False, "gates": 0, "arm": "held_out"}
            ]},
        ],
    }  # fmt: skip
