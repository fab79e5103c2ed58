"""A good row of each record, and for each rule that a row can break a change that breaks it."""

from __future__ import annotations

import datetime as dt
from typing import Any

Row = dict[str, Any]
DAY = dt.date(2024, 3, 20)
NOON, EARLIER, LATER = "2024-03-20 12:00:00", "2024-03-20 11:00:00", "2024-03-20 13:00:00"

GOOD: dict[str, Row] = {
    "customer": {"customer_id": "c", "month_on": dt.date(2024, 3, 1), "phone_number": "+8613800000000"},
    "customer_alias": {"old_customer_id": "a", "new_customer_id": "c", "merged_on": DAY},
    "contact": {
        "contact_id": "k",
        "customer_id": "c",
        "started_at": NOON,
        "outcome": "answered",
        "direction_code": "inbound",
        "touchpoint_code": "hotline",
    },
    "ticket": {"ticket_id": "t", "kind_code": "enquiry", "opened_at": NOON},
    "survey_reply": {
        "survey_id": "s",
        "customer_id": "c",
        "about_kind_code": "contact",
        "about_id": "k",
        "purpose_code": "hang_up",
        "sent_at": EARLIER,
        "replied_at": NOON,
    },
    "callback_booking": {"booking_id": "b", "customer_id": "c", "requested_at": NOON},
    "repair_action": {
        "repair_id": "r",
        "customer_id": "c",
        "action_code": "care_sms",
        "outcome_code": "delivered",
        "done_at": NOON,
        "contact_id": "k",
    },
    "marketing_plan": {"plan_id": "p", "submitted_on": DAY},
}
NEXT_DAY = {"started_at": "2024-03-21 00:00:00"}
OLD = {"started_at": "2024-03-12 23:59:59"}
BAD: dict[str, dict[str, Row]] = {
    "customer": {
        "phone_number_pattern": {"phone_number": "13800000000"},
        "birth_year_range": {"birth_year": 1899},
        "gender_code_codes": {"gender_code": "m"},
        "arpu_amount_range": {"arpu_amount": -0.01},
        "minutes_of_use_range": {"minutes_of_use": -1},
        "sms_count_range": {"sms_count": -1},
        "data_mb_range": {"data_mb": -1},
        "value_added_amount_range": {"value_added_amount": -1.0},
        "arrears_count_range": {"arrears_count": -1},
        "suspension_count_range": {"suspension_count": -1},
        "status_code_codes": {"status_code": "gone"},
        "not_before_its_time": {"month_on": dt.date(2024, 4, 1)},
        "joined_before_the_month_ends": {"joined_on": dt.date(2024, 4, 1)},
    },
    "contact": {
        "direction_code_codes": {"direction_code": "sideways"},
        "outcome_codes": {"outcome": "lost"},
        "ivr_seconds_range": {"ivr_seconds": -1},
        "ivr_depth_range": {"ivr_depth": -1},
        "ivr_kind_code_codes": {"ivr_kind_code": "chat"},
        "ivr_result_code_codes": {"ivr_result_code": "maybe"},
        "failed_verification_count_range": {"failed_verification_count": -1},
        "invalid_key_count_range": {"invalid_key_count": -1},
        "timeout_count_range": {"timeout_count": -1},
        "node_visit_max_count_range": {"node_visit_max_count": -1},
        "queue_seconds_range": {"queue_seconds": -1},
        "talk_seconds_range": {"talk_seconds": -1},
        "hold_seconds_range": {"hold_seconds": -1},
        "transfer_count_range": {"transfer_count": -1},
        "mood_code_codes": {"mood_code": "sad"},
        "not_before_its_time": NEXT_DAY,
        "arrives_in_time": OLD,
        "talk_needs_an_answer": {"talk_seconds": 1, "is_answered": False},
        "hold_needs_an_answer": {"hold_seconds": 1, "is_answered": False},
        "answered_is_not_abandoned": {"is_answered": True, "is_abandoned": True, "queue_seconds": 1},
        "abandoned_was_queued": {"is_abandoned": True},
        "time_in_a_day": {"talk_seconds": 86400, "ivr_seconds": 1},
    },
    "ticket": {
        "kind_code_codes": {"kind_code": "praise"},
        "status_code_codes": {"status_code": "-100"},
        "tier_range": {"tier": 4},
        "reopen_count_range": {"reopen_count": -1},
        "reassignment_count_range": {"reassignment_count": -1},
        "not_before_its_time": {"opened_at": "2024-03-21 00:00:00"},
        "arrives_in_time": {"opened_at": "2024-03-12 23:59:59"},
        "closed_after_opening": {"closed_at": EARLIER},
        "resolved_after_opening": {"resolved_at": EARLIER},
        "suspension_ends_after_it_begins": {"suspended_at": LATER, "suspended_until": NOON},
        "promised_after_opening": {"promised_at": EARLIER},
        "closed_has_a_time": {"status_code": "closed"},
    },
    "survey_reply": {
        "about_kind_code_codes": {"about_kind_code": "weather"},
        "purpose_code_codes": {"purpose_code": "fun"},
        "score_range": {"score": 11, "score_scale": 10},
        "score_scale_range": {"score_scale": 4},
        "not_before_its_time": {"replied_at": "2024-03-21 00:00:00"},
        "arrives_in_time": {"replied_at": "2024-03-12 12:00:00", "sent_at": "2024-03-12 11:00:00"},
        "replied_after_sending": {"sent_at": LATER},
        "score_on_its_scale": {"score": 6, "score_scale": 5},
        "score_has_a_scale": {"score": 6},
    },
    "callback_booking": {
        "not_before_its_time": {"requested_at": "2024-03-21 00:00:00"},
        "arrives_in_time": {"requested_at": "2024-03-12 00:00:00"},
        "called_after_the_request": {"called_back_at": EARLIER},
        "reached_has_a_call": {"is_reached": True},
    },
    "repair_action": {
        "action_code_codes": {"action_code": "flowers"},
        "cost_amount_range": {"cost_amount": -1.0},
        "outcome_code_codes": {"outcome_code": "fine"},
        "wait_seconds_range": {"wait_seconds": -1},
        "not_before_its_time": {"done_at": "2024-03-21 00:00:00"},
        "arrives_in_time": {"done_at": "2024-03-12 00:00:00"},
        "names_what_it_repairs": {"contact_id": None},
        "priority_access_has_a_wait": {"action_code": "priority_access", "outcome_code": "honoured"},
    },
    "customer_alias": {
        "becomes_another": {"new_customer_id": "bad-becomes_another"},
        "not_before_its_time": {"merged_on": dt.date(2024, 3, 21)},
        "arrives_in_time": {"merged_on": dt.date(2024, 3, 12)},
    },
    "marketing_plan": {
        "customers_reached_count_range": {"customers_reached_count": -1, "complaints_after_count": -2},
        "complaints_after_count_range": {"complaints_after_count": -1},
        "not_before_its_time": {"submitted_on": dt.date(2024, 3, 21)},
        "complaints_among_the_reached": {"customers_reached_count": 1, "complaints_after_count": 2},
    },
}
