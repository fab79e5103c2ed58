"""A home whose page tables are as large as those of so many customers, by generated rows in PostgreSQL. Nothing is in
its lake but what answers about grumbles need."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any, Final

from sqlalchemy import Connection, insert, select, text

from mend.foundation import operations
from mend.foundation.home import Home
from mend.foundation.operations.tables import METADATA
from mend.foundation.pipeline.workbench import Workbench
from mend.grumbles.incoming.step import publish_night
from mend.grumbles.records.taxonomy import load_taxonomies, publish_taxonomy

NIGHT: Final = dt.date(2026, 5, 30)
MONTHS: Final = ("2026-03", "2026-04", "2026-05")
DAMAGED_EVERY: Final = 8  # one customer in so many has a story of each month
WARNED_EVERY: Final = 200
OPEN_EVERY: Final = 500
REPLY_EVERY: Final = 2000  # one customer in so many has written what a person must read
LIST: Final = "2026-04-v1"
PATTERN: Final = [{"strategy": "priority_access", "gates": 0, "arm": "treated"}]
FIRST: Final = 100_000_000_000
AT: Final = 1777860000
CONTENT: Final[dict[str, Any]] = {
    "points": [1.5, 14, 5, 8, 5], "exposure": [6, 3], "explicit": [2, 1], "consolidation": False, "last_known": True,
    "entries": [
        [AT + 90000 * each, "debit", code, "1990-01-01", "contact", f"c{each}", None, f"c{each}", points]
        for each, (code, points) in enumerate((("CON-01", 3), ("CON-02", 3), ("AGT-07", 6), ("IVR-09", 2)))
    ],
    "contacts": [
        [AT + 90000 * each, f"c{each}", "inbound", "hotline", "bill_dispute", "answered", True, True, "marketing", 0]
        for each in range(6)
    ],
    "tickets": [[AT + 700, "t1", "complaint", 1, "bill_dispute", None, None, None, None, None, "service", 0, True]],
    "surveys": [[AT + 8000, "s1", "hang_up", "contact", "c2", 3, 10, False]],
    "warnings": [["2026-05-05", "2026-05-09", 5, 0.831, 0.9, "service", "service-01", "marketing", "a", "a", "b", "b"]],
}  # fmt: skip
# Customers are FIRST + 1 ... FIRST + :customers; their story differs in its score alone.
FILLS: Final = (
    """
    insert into contact_address (customer_id, phone_number, zones, language_code, city_code, is_active, snapshot_on)
    select
        cast(cast(:first as bigint) + n as text), '+86' || cast(13000000000 + n as text), 'Asia/Shanghai', 'zh',
        'city' || cast(n % 30 as text), true, date '2026-05-01'
    from generate_series(1, cast(:customers as bigint)) as series(n)
    """,
    """
    insert into page_customer_month (
        month, customer_id, level, score, segment_code, lifecycle_stage_code, city_code, is_explicit, has_left,
        is_closed, content, digest
    )
    select
        months.month, cast(cast(:first as bigint) + n as text), 1 + n % 4, 5 + n % 40, 'agent', 'stable',
        'city' || cast(n % 30 as text), n % 2 = 0, false, months.month < :last, cast(:content as jsonb),
        md5(cast(n as text))
    from generate_series(1, cast(:customers as bigint)) as series(n)
    cross join unnest(cast(:months as text[])) as months(month)
    where n % :damaged_every = 0
    """,
    """
    insert into customer_warning (
        customer_id, first_warned_on, last_warned_on, is_new, is_listed, level, probability_7_percent,
        probability_30_percent, department_code, owner_id, grumble_id, grumble_type_code, strategy_code, strategy_en,
        strategy_zh, reasons_en, reasons_zh
    )
    select
        cast(cast(:first as bigint) + n as text), :night, :night, true, true, 1 + n % 5, n % 90, n % 95, 'service',
        'owner', 'contact:c' || cast(n as text), 'marketing', 's', 'call today', '今天回电', 'opened two days ago',
        '两天前'
    from generate_series(1, cast(:customers as bigint)) as series(n)
    where n % :warned_every = 0
    """,
    """
    insert into follow_up_ticket (
        follow_up_id, measure_code, customer_id, about_kind_code, about_id, topic_code, state_code, tier, team_code,
        opened_at, phase_at, limit_seconds, is_working_time, legal_due_at, due_at, reopen_count, complaint_count,
        event_count, changed_at
    )
    select
        'f' || cast(n as text), 'complex_question', cast(cast(:first as bigint) + n as text), 'contact', 'c1',
        'bill_dispute', 'open', 1, 'specialists', :at, :at, 7200, false, :at, :at, 0, 0, 1, :at
    from generate_series(1, cast(:customers as bigint)) as series(n)
    where n % :open_every = 0
    """,
    """
    insert into incoming_customer (
        customer_id, city_code, joined_on, arpu_amount, value_code, behaviour_code, grumble_days, complaint_days,
        open_grumbles
    )
    select
        cast(cast(:first as bigint) + n as text), 'city' || cast(n % 30 as text), date '2024-01-01', 40 + n % 80,
        'high', 'tariff_sensitive', '20560:1,20580:2', '20500:1', 'marketing:20580'
    from generate_series(1, cast(:customers as bigint)) as series(n)
    """,
    """
    insert into incoming_contact_day (subject_on, customer_id, contact_count)
    select :night - cast(days.n as integer), cast(cast(:first as bigint) + series.n as text), 1
    from generate_series(1, cast(:customers as bigint)) as series(n)
    cross join generate_series(0, 30, 15) as days(n)
    where series.n % 2 = 0
    """,
    """
    insert into sms_inbound (
        account_code, phone_number, to_number, text, received_at, digest, state_code, match_code
    )
    select
        'main', '+86' || cast(13000000000 + n as text), '10086', 'well, perhaps', cast(:at as timestamptz) + n
            * interval '1 second', md5(cast(n as text)), 'unclear', 'none'
    from generate_series(1, cast(:customers as bigint)) as series(n)
    where n % :reply_every = 0
    """,
    """
    insert into survey_reply (
        inbound_id, received_at, read_at, match_code, meaning_code, counts_as_code, needs_person
    )
    select inbound_id, received_at, received_at, 'none', 'unclear', 'unclear', true from sms_inbound
    """,
    """
    insert into campaign_list (
        list_id, month, version, content_sha256, state_code, row_count, summary, needs_bias_reason, registered_at
    )
    values (:list, '2026-04', 1, 'x', 'draft', :customers / :damaged_every, cast(:summary as jsonb), false, :at)
    """,
    """
    insert into page_candidate_pattern (list_id, pattern_number, content)
    values (:list, 1, cast(:pattern as jsonb))
    """,
    """
    insert into page_candidate (
        list_id, customer_id, month, place, level, score, city_code, outcome_code, is_universal_hold_out,
        pattern_number, listed
    )
    select
        :list, cast(cast(:first as bigint) + n as text), '2026-04', n, 1 + n % 4, 5 + n % 40,
        'city' || cast(n % 30 as text), 'deferred', false, 1, cast('[]' as jsonb)
    from generate_series(1, cast(:customers as bigint)) as series(n)
    where n % :damaged_every = 0
    """,
)


def fill(home: Home, customers: int, like: Home | None) -> None:
    """The tables of so many customers. `like`: a home whose models and words are taken; else there is no model."""
    _put_basis(home, like)
    values = {
        "first": FIRST, "customers": customers, "months": list(MONTHS), "last": MONTHS[-1], "night": NIGHT,
        "content": json.dumps(CONTENT), "at": dt.datetime(2026, 5, 30, tzinfo=dt.UTC), "damaged_every": DAMAGED_EVERY,
        "warned_every": WARNED_EVERY, "open_every": OPEN_EVERY, "reply_every": REPLY_EVERY, "list": LIST,
        "summary": json.dumps({}), "pattern": json.dumps(PATTERN),
    }  # fmt: skip
    with operations.transaction(home.database_url) as connection:
        for statement in FILLS:
            connection.execute(text(statement), values)
        _put_figures(connection, customers)
    with operations.transaction(home.database_url) as connection:
        connection.execute(text("analyze"))


def _put_basis(home: Home, like: Home | None) -> None:
    if like is None:
        with Workbench.open(home) as bench:
            publish_taxonomy(bench, load_taxonomies())
            publish_night(home, bench, NIGHT)
        return
    for name in ("incoming_basis", "page_word", "page_document"):
        table = METADATA.tables[name]
        with operations.transaction(like.database_url) as connection:
            rows = [dict(row) for row in connection.execute(select(table)).mappings()]
        with operations.transaction(home.database_url) as connection:
            if rows:
                connection.execute(insert(table), rows)


def _put_figures(connection: Connection, customers: int) -> None:
    """Ninety nights of the overview's figures."""
    days = [NIGHT - dt.timedelta(days=each) for each in range(90)]
    arrived = {"source_code": "simulator", "arrived_count": customers, "accepted_count": customers - 9}
    arrived |= {"quarantined_count": 5, "superseded_count": 4}
    records = ("contact", "ticket", "survey_reply", "customer", "repair_action")
    connection.execute(
        insert(METADATA.tables["page_source_day"]),
        [arrived | {"arrived_on": day, "record_code": record} for day in days for record in records],
    )
    connection.execute(
        insert(METADATA.tables["page_damage_count"]),
        [
            {"as_of_on": day, "month": f"{day:%Y-%m}", "level": level, "segment_code": segment, "explicit_count": 1,
             "customer_count": customers // 100, "is_closed": False}
            for day in days for level in (1, 2, 3, 4) for segment in ("agent", "ivr", "double")
        ],
    )  # fmt: skip
    connection.execute(
        insert(METADATA.tables["page_publication"]),
        [{"table_code": "page_source_day", "part_code": str(NIGHT), "through_on": NIGHT, "row_count": 1,
          "changed_count": 1, "shape_digest": "x", "published_at": dt.datetime(2026, 5, 31, tzinfo=dt.UTC)}],
    )  # fmt: skip
