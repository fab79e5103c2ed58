"""The floor: DuckDB reads every column that the scoring needs, and does nothing with it but look at each value."""

from __future__ import annotations

from typing import Final

from bench.contenders.arguments import parse
from bench.measure import costing, report
from mend.foundation.engine import DuckEngine
from mend.foundation.engine.duckdb_engine import quoted

NEEDED: Final[dict[str, tuple[str, ...]]] = {
    "core_contact": (
        "contact_id", "customer_id", "started_at", "started_on", "direction_code", "topic_code", "ivr_seconds",
        "ivr_depth",
        "ivr_kind_code", "ivr_result_code", "failed_verification_count", "invalid_key_count", "timeout_count",
        "node_visit_max_count", "is_agent_requested", "is_hung_up_in_menu", "is_system_fault", "is_refused",
        "queue_seconds",
        "is_abandoned", "is_answered", "talk_seconds", "hold_seconds", "transfer_count", "is_dropped", "is_silent_line",
        "is_resolved", "is_poor_attitude", "is_wrong_answer",
    ),
    "core_ticket": ("contact_id", "opened_at"),
    "core_ticket_version": (
        "ticket_id", "customer_id", "topic_code", "kind_code", "status_code", "opened_at", "promised_at",
        "suspended_until", "closed_at", "is_resolved", "reopened_at", "is_escalated", "escalated_at", "version_at",
    ),
    "core_survey_reply": (
        "survey_id", "customer_id", "about_kind_code", "about_id", "purpose_code", "replied_at", "score",
        "score_scale", "is_solved",
    ),
    "core_callback_booking": ("booking_id", "customer_id", "contact_id", "requested_at", "called_back_at",
    "is_reached"),
    "core_repair_action": (
        "repair_id", "customer_id", "action_code", "done_at", "due_at", "outcome_code", "contact_id", "ticket_id",
        "wait_seconds",
    ),
    "core_customer": ("customer_id", "month_on", "joined_on", "arpu_amount", "minutes_of_use", "city_code",
    "status_code"),
    "mart_damage_month": ("customer_id", "score"),
}  # fmt: skip


def main() -> None:
    given = parse(__doc__)
    home = given.month.home
    files = given.month.files
    engine = DuckEngine(home.business_zone or "", home.threads, home.memory_limit, home.scratch)
    with costing() as cost:
        for table, columns in NEEDED.items():
            # max() and not count(): a column without nulls would be counted by the file's metadata alone.
            looks = ", ".join(f"max({quoted(name)})" for name in columns)
            engine.run(
                f"select {looks} from read_parquet($files, hive_partitioning = false)", {"files": files[table]}
            ).fetchall()
    engine.close()
    report(cost, given.answer)


if __name__ == "__main__":
    main()
