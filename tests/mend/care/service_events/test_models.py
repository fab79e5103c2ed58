"""Events of a night, from tickets, repairs and bookings."""

from __future__ import annotations

import datetime as dt

from mend.foundation.pipeline.model import read_model
from mend.foundation.pipeline.testing import check


def test_tickets_repairs_and_bookings_of_a_day_go_by_the_names_of_their_live_events() -> None:
    check(
        read_model("care/service_events", "night_event"),
        {
            "ticket_happening": """
                event_id | kind_code | customer_id | topic_code | ticket_kind_code | outcome_code | city_code | \
                    handler_id | about_kind_code | about_id | happened_at | promised_at::timestamptz | known_on
                ticket_archived:T1:0 | ticket_archived | anna | billing | complaint | resolved |  |  | ticket | T1 | \
                    2026-05-11 10:00:00 |  | 2026-05-11
                ticket_archived:T2:0 | ticket_archived | bert | billing | enquiry | unresolved |  |  | ticket | T2 | \
                    2026-05-09 10:00:00 |  | 2026-05-11
                ticket_reopened:T2:1 | ticket_reopened | bert | billing | enquiry |  |  |  | ticket | T2 | \
                    2026-05-11 10:00:00 |  | 2026-05-12
                ticket_archived:T3:0 | ticket_archived |  | billing | complaint | resolved |  |  | ticket | T3 | \
                    2026-05-11 10:00:00 |  | 2026-05-11
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
        repair_done:R1       | repair_done     | anna        | resolved     | C1
        callback_booked:B1   | callback_booked | anna        |              | C7
        callback_booked:B2   | callback_booked | bert        |              | B2
        callback_made:B2     | callback_made   | bert        | reached      | B2
        callback_booked:B3   | callback_booked | carl        |              | C9
        """,
        {"first_on": dt.date(2026, 5, 11), "last_on": dt.date(2026, 5, 11)},
    )


TICKET_STATES = """
    ticket_id | version_at          | customer_id | topic_code | kind_code | is_resolved::boolean | city_code | \
        handler_id | opened_at           | closed_at::timestamptz | reopened_at::timestamptz | reopen_count::int | \
        suspended_at::timestamptz | suspended_until::timestamptz | promised_at::timestamptz
    T         | 2026-05-10 09:00:00 | anna        | billing    | grumble   |                      |           | \
                   | 2026-05-10 09:00:00 |                        |                          |                   | \
                                  |                              |
    T         | 2026-05-11 20:00:00 | anna        | billing    | complaint | true                 |           | \
                   | 2026-05-10 09:00:00 | 2026-05-11 10:00:00    |                          |                   | \
                                  |                              |
    T         | 2026-05-12 20:00:00 | anna        | billing    | complaint | false                |           | \
                   | 2026-05-10 09:00:00 | 2026-05-11 10:00:00    | 2026-05-12 08:00:00      | 1                 | \
        2026-05-12 09:00:00       | 2026-05-20 09:00:00          |
    T         | 2026-05-15 01:00:00 | anna        | billing    | complaint | true                 |           | \
                   | 2026-05-10 09:00:00 | 2026-05-14 10:00:00    | 2026-05-12 08:00:00      | 1                 | \
        2026-05-14 09:00:00       | 2026-06-20 09:00:00          |
"""


def test_what_happens_to_a_ticket_is_named_by_its_first_state_that_says_so_whatever_it_becomes() -> None:
    model = read_model("care/service_events", "ticket_happening")
    header, *states = TICKET_STATES.replace("\\\n", "").strip().splitlines()
    now = "\n".join([header.replace("version_at", "was_at"), states[-1]])
    expected = """
        event_id             | outcome_code | promised_at               | happened_at               | known_on
        complaint_filed:T    |              |                           | 2026-05-10 09:00:00+08:00 | 2026-05-11
        ticket_archived:T:0  | resolved     |                           | 2026-05-11 10:00:00+08:00 | 2026-05-11
        ticket_reopened:T:1  |              |                           | 2026-05-12 08:00:00+08:00 | 2026-05-12
        ticket_suspended:T   |              | 2026-05-20 09:00:00+08:00 | 2026-05-12 09:00:00+08:00 | 2026-05-12
        ticket_archived:T:1  | resolved     |                           | 2026-05-14 10:00:00+08:00 | 2026-05-15
    """
    first = expected.strip().splitlines()
    for seen in range(1, 5):
        known = "\n".join(first[: 1 + [0, 0, 2, 4, 5][seen]])
        check(model, {"core_ticket_version": "\n".join([header, *states[:seen]]), "core_ticket": now}, known)


def test_a_ticket_without_states_has_the_one_that_it_has_now() -> None:
    header, *states = TICKET_STATES.replace("\\\n", "").strip().splitlines()
    inputs = {"core_ticket_version": header, "core_ticket": "\n".join([header, states[2]])}
    check(read_model("care/service_events", "ticket_happening"), inputs, """
        event_id             | known_on
        complaint_filed:T    | 2026-05-10
        ticket_archived:T:0  | 2026-05-11
        ticket_reopened:T:1  | 2026-05-12
        ticket_suspended:T   | 2026-05-12
    """)  # fmt: skip
