"""Work on the pages of the tests: a warning, tickets, replies that wait, a routed problem; with hostile texts."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

from sqlalchemy import Connection, insert
from tests.mend_airflow.ui.rows import EVIL, NIGHT, NUMBER

from mend.care.followup import Event, record
from mend.foundation import operations
from mend.foundation.home import Home
from mend.foundation.operations.tables import METADATA
from mend.prevention.routing.acts import put_event
from mend.prevention.routing.problem import STEP
from mend.prevention.routing.rules import SHIPPED

NOW: Final = dt.datetime.now(dt.UTC).replace(microsecond=0)
TICKET: Final = "complex_question:c2"
OTHER: Final = "complex_question:c/3"  # sources write slashes into ids
REPLY: Final = 7
SECOND: Final = 8
SURVEY: Final = "complex_topic_ended:c2"
PROBLEM: Final = "2026-05-service-problem_solving"
OWNERS: Final = "{province: [oncall, admin], city: [service-city], branch: [service-branch]}"
DETAILS: Final[dict[str, Any]] = {
    "department": "service", "item": "problem_solving", "item_en": EVIL, "item_zh": EVIL, "city": "all", "source": "",
    "level": "province", "departments": ["service", "market"], "factors": [{"code": "x", "en": EVIL, "zh": EVIL}],
    "measure": "grumbles", "now": 90, "customers": 5000, "expected": 45.0, "ratio": 2.0, "low": 1.4, "high": 2.9,
}  # fmt: skip


def put_work(home: Home) -> None:
    """Everything that the four pages show."""
    with operations.transaction(home.database_url) as connection:
        _put(
            connection,
            "follow_up_handler",
            *(
                {"handler_id": who, "team_code": "specialists", "tier": 1, "topic_codes": None, "is_active": True}
                for who in ("S1", "S2")
            ),
        )
        _warnings(connection)
        _replies(connection)
        _problem(home, connection)
    for name, about in ((TICKET, "c2"), (OTHER, "c/3")):
        facts = {"measure": "complex_question", "customer_id": "K1", "about_kind_code": "contact", "about_id": about}
        facts |= {"survey_id": None, "topic_code": EVIL, "city_code": None, "filed_at": None}
        opened = Event(f"test:{name}", "open", NOW - dt.timedelta(minutes=30), facts=facts)
        assert record(home, name, opened) is None


def _put(connection: Connection, table: str, *rows: dict[str, Any]) -> None:
    connection.execute(insert(METADATA.tables[table]), list(rows))


def _warnings(connection: Connection) -> None:
    _put(
        connection,
        "warning_capacity",
        {
            "department_code": "service", "day_on": NIGHT, "specialist_count": 6, "capacity_minutes": 2160,
            "needed_minutes": 15, "candidate_count": 9, "listed_count": 1, "new_count": 1, "line_level": 4,
            "line_percent": 12.5, "words_en": EVIL, "words_zh": EVIL,
        },
    )  # fmt: skip
    count = {"department_code": "service", "behaviour_code": "unknown", "day_on": NIGHT, "line_level": 4}
    _put(
        connection,
        "warning_level_count",
        *(
            count
            | {"grumble_type_code": kind, "level": level, "grumble_count": 6 - level, "above_count": int(level > 3)}
            for kind in ("marketing", "unclassified")
            for level in (1, 2, 3, 4, 5)
        ),
    )


def _replies(connection: Connection) -> None:
    usual = {"trigger_code": "complex_topic_ended", "consent_code": "service", "is_promised": True, "event_id": "e"}
    usual |= {"needs_consent": True, "customer_id": "K1", "phone_number": NUMBER, "zones": "Asia/Shanghai"}
    usual |= {
        "language_code": "zh",
        "about_kind_code": "contact",
        "about_id": "c2",
        "rule_version": dt.date(1990, 1, 1),
    }
    usual |= {"happened_at": NOW, "queued_at": NOW, "not_before": NOW, "valid_until": NOW + dt.timedelta(days=1)}
    usual |= {"state_code": "sent", "purpose_code": "complex_question", "questionnaire_code": "solved_1_7"}
    _put(connection, "survey", usual | {"survey_id": SURVEY})
    inbound = {"account_code": "main", "phone_number": NUMBER, "to_number": "10086", "text": EVIL, "received_at": NOW}
    inbound |= {"state_code": "unclear", "match_code": "only_open"}
    reply = {"received_at": NOW, "read_at": NOW, "meaning_code": "unclear", "needs_person": True}
    for number, survey in ((REPLY, SURVEY), (SECOND, None)):
        _put(connection, "sms_inbound", inbound | {"inbound_id": number, "digest": str(number)})
        match = {
            "match_code": "extension" if survey else "none",
            "counts_as_code": "unclear" if survey else "unmatched",
        }
        _put(connection, "survey_reply", reply | match | {"inbound_id": number, "survey_id": survey})
    _put(
        connection,
        "survey_refusal",
        {
            "survey_id": EVIL, "stage_code": "enqueue", "trigger_code": "x", "purpose_code": "progress",
            "event_id": "e", "customer_id": "K1", "reason_code": "quiet_hours", "is_promised": True,
            "needs_person": True,
            "refused_at": NOW,
        },
    )  # fmt: skip


def _problem(home: Home, connection: Connection) -> None:
    folder = home.root / "rules" / "routing"
    folder.mkdir(parents=True, exist_ok=True)
    shipped = (SHIPPED / "1990-01-01.yaml").read_text("utf-8")
    shipped_owners = "{province: [service-lead], city: [service-city], branch: [service-branch]}"
    assert shipped_owners in shipped
    (folder / "1990-01-01.yaml").write_text(shipped.replace(shipped_owners, OWNERS), "utf-8")
    values = {
        "round_number": 1, "event_code": "opened", "month": "2026-05", "at": NOW, "decided_by": STEP,
        "decided_through": "a test", "details": DETAILS,
        "rules_from": dt.date(1990, 1, 1),
    }  # fmt: skip
    put_event(connection, PROBLEM, values)
