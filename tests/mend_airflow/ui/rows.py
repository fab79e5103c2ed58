"""What the pages of the tests show: a customer with everything, whose names, topics and words are hostile."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

from sqlalchemy import Connection, insert

from mend.foundation import operations
from mend.foundation.home import Home
from mend.foundation.operations.tables import METADATA

EVIL: Final = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>{{7*7}}"
NUMBER: Final = "+8613812345678"
AT: Final = 1777860000  # 2026-05-04 10:00 in Shanghai
NIGHT: Final = dt.date(2026, 5, 30)
NOW: Final = dt.datetime(2026, 5, 31, 2, tzinfo=dt.UTC)
CONTENT: Final[dict[str, Any]] = {
    "points": [1.5, 8, 5, 8, 5],
    "exposure": [2, 1],
    "explicit": [2, 1],
    "consolidation": False,
    "last_known": True,
    "entries": [
        [AT, "debit", "CON-01", "1990-01-01", "contact", EVIL, None, None, 3],
        [AT, "cap", "CON-01", "1990-01-01", "contact", "c1", None, "c1", -1],
        [AT + 900, "debit", "AGT-07", "1990-01-01", "contact", "c2", None, "c1", 6],
        [AT + 90000, "credit", "REP-01", "1990-01-01", "contact", "c2", "r1", "c1", -5],
    ],
    "contacts": [
        [AT, "c1", "inbound", "hotline", "bill_dispute", "refused", None, False, None, None],
        [AT + 600, "c2", "inbound", EVIL, EVIL, "answered", False, True, "marketing", False],
    ],
    "tickets": [[AT + 700, "t1", "complaint", 1, "bill_dispute", None, None, None, None, None, "service", 0, True]],
    "surveys": [[AT + 8000, EVIL, "hang_up", "contact", "c2", 3, 10, False]],
    "warnings": [
        ["2026-05-05", "2026-05-09", 5, 0.831, 0.9, "service", "service-01", "marketing", EVIL, EVIL, EVIL, EVIL]
    ],
}


def put_rows(home: Home) -> None:
    """K1 has everything; K2 is known and has nothing on record."""
    with operations.transaction(home.database_url) as connection:
        _months(connection)
        _figures(connection)
        _now(connection)


def _put(connection: Connection, table: str, *rows: dict[str, Any]) -> None:
    connection.execute(insert(METADATA.tables[table]), list(rows))


def _months(connection: Connection) -> None:
    usual = {"customer_id": "K1", "segment_code": "agent", "lifecycle_stage_code": "stable", "city_code": EVIL}
    usual |= {"is_explicit": True, "has_left": False, "content": CONTENT, "digest": "x"}
    _put(
        connection,
        "page_customer_month",
        usual | {"month": "2026-04", "level": 1, "score": 3, "is_closed": True},
        usual | {"month": "2026-05", "level": 3, "score": 21.25, "is_closed": False},
    )
    word = {"valid_from": dt.date(1990, 1, 1), "points": None}
    names = {
        "CON-01": ("line busy", "线路忙"),
        "AGT-07": ("poor attitude", "态度问题"),
        "REP-01": ("call back", "回访"),
    }
    _put(
        connection,
        "page_word",
        *(
            word | {"kind_code": "indicator", "code": code, "name_en": en, "name_zh": zh}
            for code, (en, zh) in names.items()
        ),
        word | {"kind_code": "grumble_type", "code": "marketing", "name_en": EVIL, "name_zh": EVIL},
    )


def _figures(connection: Connection) -> None:
    _put(
        connection,
        "page_publication",
        {
            "table_code": "page_source_day", "part_code": str(NIGHT), "through_on": NIGHT, "row_count": 1,
            "changed_count": 1, "shape_digest": "x", "published_at": NOW,
        },
    )  # fmt: skip
    _put(
        connection,
        "page_source_day",
        {
            "arrived_on": NIGHT, "source_code": EVIL, "record_code": "contact", "arrived_count": 1234567,
            "accepted_count": 1234000, "quarantined_count": 500, "superseded_count": 67,
        },
    )  # fmt: skip
    count = {"segment_code": "agent", "explicit_count": 0}
    _put(
        connection,
        "page_damage_count",
        *(
            count | {"as_of_on": day, "month": f"{day:%Y-%m}", "level": level, "is_closed": day.month == 4,
                     "customer_count": customers * (5 - level)}
            for day, customers in ((dt.date(2026, 4, 30), 900), (dt.date(2026, 5, 29), 700), (NIGHT, 750))
            for level in (1, 2, 3, 4)
        ),
    )  # fmt: skip


def _now(connection: Connection) -> None:
    address = {"zones": "Asia/Shanghai", "language_code": "zh", "is_active": True, "snapshot_on": dt.date(2026, 5, 1)}
    _put(
        connection,
        "contact_address",
        address | {"customer_id": "K1", "phone_number": NUMBER, "city_code": EVIL},
        address | {"customer_id": "K2", "phone_number": "+8613800000002", "city_code": "nanjing"},
    )
    _put(
        connection,
        "customer_warning",
        {
            "customer_id": "K1", "first_warned_on": NIGHT, "last_warned_on": NIGHT, "is_new": True, "is_listed": True,
            "level": 5, "probability_7_percent": 83.1, "probability_30_percent": 90, "department_code": "service",
            "owner_id": EVIL, "grumble_id": "contact:c2", "grumble_type_code": "marketing", "strategy_code": "s",
            "strategy_en": EVIL, "strategy_zh": EVIL, "reasons_en": EVIL, "reasons_zh": EVIL,
        },
    )  # fmt: skip
    follow_up = {
        "measure_code": "complex_question", "customer_id": "K1", "about_kind_code": "contact", "about_id": "c2",
        "topic_code": EVIL, "state_code": "open", "tier": 1, "team_code": EVIL, "opened_at": NOW, "phase_at": NOW,
        "limit_seconds": 7200, "is_working_time": False, "legal_due_at": NOW, "reopen_count": 0, "complaint_count": 0,
        "event_count": 1, "changed_at": NOW,
    }  # fmt: skip
    _put(
        connection,
        "follow_up_ticket",
        follow_up | {"follow_up_id": "f1", "due_at": NOW},
        follow_up | {"follow_up_id": "f2", "due_at": dt.datetime.now(dt.UTC) + dt.timedelta(hours=1)},
    )
    step = {"from_on": NIGHT, "to_on": NIGHT, "ended_at": NOW, "message": None, "counts": {"rows": 3}}
    _put(
        connection,
        "run_step",
        step | {"step_code": "score", "started_at": NOW - dt.timedelta(minutes=2), "state_code": "done"},
        step
        | {"step_code": "warnings", "started_at": dt.datetime.now(dt.UTC), "state_code": "failed", "message": EVIL},
    )
