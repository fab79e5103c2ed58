"""Events of a night, from tickets and repairs."""

from __future__ import annotations

import datetime as dt

from mend.foundation.pipeline.model import read_model
from mend.foundation.pipeline.testing import check


def test_a_ticket_is_filed_closed_and_reopened_under_the_names_of_its_live_events() -> None:
    check(
        read_model("care/service_events", "night_event"),
        {
            "core_ticket": """
                ticket_id | customer_id | kind_code | topic_code | opened_at | opened_on | closed_at | \
                    reopened_at | reopen_count | is_resolved | suspended_until | suspended_at | promised_at | \
                    city_code | handler_id
                T1 | anna | complaint | billing | 2026-05-10 09:00:00 | 2026-05-10 | 2026-05-11 10:00:00 |  |  | \
                    true |  |  |  |  |
                T2 | bert | enquiry | billing | 2026-05-01 09:00:00 | 2026-05-01 | 2026-05-11 10:00:00 | \
                    2026-05-11 12:00:00 | 1 | false |  |  |  |  |
                T3 |  | complaint | billing | 2026-05-11 09:00:00 | 2026-05-11 |  |  |  |  |  |  |  |  |
            """,
            "core_repair_action": """
                repair_id | customer_id | contact_id | ticket_id | outcome_code | done_at             | done_on
                R1        | anna        | C1         |           | resolved     | 2026-05-11 13:00:00 | 2026-05-11
                R2        | anna        |            |           | resolved     | 2026-05-12 13:00:00 | 2026-05-12
            """,
        },
        """
        event_id             | kind_code       | customer_id | outcome_code | about_id
        ticket_archived:T1:0 | ticket_archived | anna        | resolved     | T1
        ticket_archived:T2:0 | ticket_archived | bert        | unresolved   | T2
        ticket_reopened:T2:1 | ticket_reopened | bert        |              | T2
        repair_done:R1       | repair_done     | anna        | resolved     | C1
        """,
        {"first_on": dt.date(2026, 5, 11), "last_on": dt.date(2026, 5, 11)},
    )
