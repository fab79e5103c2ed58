"""Events of a night, from tickets, repairs and bookings."""

from __future__ import annotations

import datetime as dt

from mend.foundation.pipeline.model import read_model
from mend.foundation.pipeline.testing import check


def test_tickets_repairs_and_bookings_of_a_day_go_by_the_names_of_their_live_events() -> None:
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
            "core_callback_booking": """
                booking_id | customer_id | contact_id | requested_at        | called_back_at      | is_reached
                B1         | anna        | C7         | 2026-05-11 10:00:00 |                     |
                B2         | bert        |            | 2026-05-10 22:00:00 | 2026-05-11 09:00:00 | true
                B3         | carl        | C9         | 2026-05-11 10:00:00 | 2026-05-11 11:00:00 | false
                B4         | dora        | C8         | 2026-05-10 10:00:00 | 2026-05-10 11:00:00 | true
            """,
        },
        """
        event_id             | kind_code       | customer_id | outcome_code | about_id
        ticket_archived:T1:0 | ticket_archived | anna        | resolved     | T1
        ticket_archived:T2:0 | ticket_archived | bert        | unresolved   | T2
        ticket_reopened:T2:1 | ticket_reopened | bert        |              | T2
        repair_done:R1       | repair_done     | anna        | resolved     | C1
        callback_booked:B1   | callback_booked | anna        |              | C7
        callback_booked:B2   | callback_booked | bert        |              | B2
        callback_made:B2     | callback_made   | bert        | reached      | B2
        callback_booked:B3   | callback_booked | carl        |              | C9
        """,
        {"first_on": dt.date(2026, 5, 11), "last_on": dt.date(2026, 5, 11)},
    )
