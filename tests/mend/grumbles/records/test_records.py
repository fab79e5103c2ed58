"""Grumbles and complaints from small tables: what is one, what it is about, and what solved it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tests.mend.damage.scoring.rows import put

from mend.foundation.home import Home
from mend.foundation.lake.filters import equal
from mend.foundation.pipeline.workbench import Workbench
from mend.grumbles.records import record_grumbles

DAY = dt.date(2026, 5, 10)


def contact(name: str, day: int = 10, hour: int = 9, **columns: Any) -> dict[str, Any]:
    when = f"2026-05-{day:02} {hour:02}:00:00+08:00"
    return {
        "contact_id": name,
        "customer_id": "A",
        "started_at": when,
        "outcome": "answered",
        "is_resolved": "false",
        **columns,
    }


def ticket(name: str, kind: str, day: int = 10, hour: int = 10, **columns: Any) -> dict[str, Any]:
    when = f"2026-05-{day:02} {hour:02}:00:00+08:00"
    return {"ticket_id": name, "customer_id": "A", "kind_code": kind, "opened_at": when, **columns}


def reply(name: str, kind: str, about: str, is_solved: bool, day: int) -> dict[str, Any]:
    when = f"2026-05-{day:02} 20:00:00+08:00"
    about_what = {"about_kind_code": kind, "about_id": about, "purpose_code": "complex_question"}
    return {
        "survey_id": name,
        "customer_id": "A",
        **about_what,
        "sent_at": when,
        "replied_at": when,
        "is_solved": is_solved,
    }


def repair(name: str, day: int, **columns: Any) -> dict[str, Any]:
    return {
        "repair_id": name,
        "customer_id": "A",
        "action_code": "follow_up_call",
        "done_at": f"2026-05-{day:02} 18:00:00+08:00",
        **columns,
    }


def grumbles(bench: Workbench, columns: str) -> list[tuple[Any, ...]]:
    bench.view("mart_grumble")
    return bench.sql(f"select {columns} from mart_grumble order by grumble_id")


def complaints(bench: Workbench, columns: str) -> list[tuple[Any, ...]]:
    bench.view("mart_complaint")
    return bench.sql(f"select {columns} from mart_complaint order by complaint_id")


def test_a_code_a_mood_or_a_ticket_makes_a_grumble(home: Home, bench: Workbench) -> None:
    rows = [
        contact("coded", grumble_type_code="tariff_billing.charge_dispute", mood_code="annoyed"),
        contact("area", grumble_type_code="tariff_billing"),
        contact("mood", mood_code="angry"),
        contact("topic", mood_code="annoyed", topic_code="bill_dispute"),
        contact("foreign", grumble_type_code="Z99", mood_code="calm"),
        contact("note", mood_code="annoyed", note_text="客户反映家里信号弱"),
        contact("calm", mood_code="calm", topic_code="bill_dispute", note_text="扣费有疑问"),
        contact("plain"),
        contact("nobody", customer_id=None, mood_code="angry"),
        contact("unasked", note_text="话费查询，账单明细已告知"),
    ]
    put(bench, "contact", rows)
    put(
        bench,
        "ticket",
        [
            ticket("T1", "grumble", description_text="slow internet speed"),
            ticket("T2", "enquiry"),
            ticket("T3", "complaint"),
        ],
    )
    report = record_grumbles(home, bench, [DAY])
    assert grumbles(bench, "source_id, grumble_type_code, classified_by_code, confidence, classifier_version") == [
        ("area", "tariff_billing", "source", None, None),
        ("coded", "tariff_billing.charge_dispute", "source", None, None),
        ("foreign", None, "none", None, None),
        ("mood", None, "none", None, None),
        ("note", "network_coverage.indoor_weak", "text", 0.75, "keywords:1990-01-01"),
        ("topic", "tariff_billing.charge_dispute", "source", None, None),
        ("T1", "network_coverage.data_slow", "text", 0.75, "keywords:1990-01-01"),
    ]
    assert (report.grumbles, report.by_source, report.by_text, report.unclassified, report.complaints) == (
        7,
        3,
        2,
        2,
        1,
    )


def test_a_grumble_filed_as_a_ticket_is_one_grumble_and_a_complaint_takes_its_contacts_code(
    home: Home, bench: Workbench
) -> None:
    put(
        bench,
        "contact",
        [
            contact("C1", 9, 23, grumble_type_code="marketing.lock_in"),
            contact("C2", mood_code="annoyed", note_text="骚扰电话"),
        ],
    )
    tickets = [
        ticket("T1", "grumble", contact_id="C1", description_text="slow internet speed"),
        ticket(
            "T2",
            "complaint",
            contact_id="C1",
            is_escalated="true",
            city_code="wuxi",
            description_text="slow internet speed",
        ),
        ticket("T3", "complaint", contact_id="C2", customer_id=None, description_text="slow internet speed"),
        ticket("T4", "complaint", contact_id="C2"),
        ticket("T5", "complaint", topic_code="bill_dispute"),
        ticket("T6", "complaint", day=20, contact_id="C1"),
    ]
    put(bench, "ticket", tickets)
    record_grumbles(home, bench, [DAY - dt.timedelta(days=1), DAY, dt.date(2026, 5, 20)])
    assert grumbles(bench, "grumble_id, grumble_type_code, complaint_id") == [
        ("contact:C1", "marketing.lock_in", "T2"),
        ("contact:C2", "information_security.nuisance_calls", "T3"),
    ]
    assert complaints(
        bench, "complaint_id, customer_id, complaint_type_code, classified_by_code, is_escalated, city_code"
    ) == [
        ("T2", "A", "marketing.lock_in", "source", True, "wuxi"),
        ("T3", None, "network_coverage.data_slow", "text", None, None),
        ("T4", "A", "information_security.nuisance_calls", "text", None, None),
        ("T5", "A", "tariff_billing.charge_dispute", "source", None, None),
        ("T6", "A", None, "none", None, None),
    ]


def test_a_grumble_is_solved_by_the_contact_its_ticket_a_repair_or_a_reply(home: Home, bench: Workbench) -> None:
    names = [
        "open",
        "once",
        "by ticket",
        "by repair",
        "by reply",
        "denied",
        "denied then repaired",
        "too late",
        "by reply on ticket",
    ]
    put(
        bench,
        "contact",
        [contact(name, mood_code="annoyed", is_resolved=str(name in ("once", "denied"))) for name in names],
    )
    put(
        bench,
        "ticket",
        [
            ticket(
                "T1", "grumble", contact_id="by ticket", is_resolved="true", resolved_at="2026-05-12 09:00:00+08:00"
            ),
            ticket(
                "T2",
                "grumble",
                contact_id="by reply on ticket",
                is_resolved="false",
                closed_at="2026-05-12 09:00:00+08:00",
            ),
            ticket(
                "T3",
                "grumble",
                contact_id="denied then repaired",
                is_resolved="true",
                closed_at="2026-05-11 09:00:00+08:00",
            ),
        ],
    )
    put(
        bench,
        "survey_reply",
        [
            reply("S1", "contact", "by reply", True, 13),
            reply("S2", "ticket", "T2", True, 14),
            reply("S3", "contact", "denied", False, 15),
            reply("S4", "ticket", "T3", False, 15),
        ],
    )
    put(
        bench,
        "repair_action",
        [
            repair("R1", 16, outcome_code="resolved", contact_id="by repair"),
            repair("R2", 17, outcome_code="unresolved", contact_id="open"),
            repair("R3", 18, outcome_code="resolved", ticket_id="T3", action_code="second_follow_up"),
            repair("R4", 16, outcome_code="delivered", action_code="care_sms", contact_id="open"),
        ],
    )
    put(
        bench,
        "repair_action",
        [{**repair("R5", 1, outcome_code="resolved", contact_id="too late"), "done_at": "2026-09-01 09:00:00+08:00"}],
    )
    record_grumbles(home, bench, [DAY])
    local = "strftime(solved_at, '%d %H')"
    assert grumbles(bench, f"source_id, is_solved, {local}") == [
        ("by repair", False, "16 18"),
        ("by reply", False, "13 20"),
        ("by reply on ticket", False, "14 20"),
        ("by ticket", True, "12 09"),
        ("denied", False, None),
        ("denied then repaired", False, "18 18"),
        ("once", True, "10 09"),
        ("open", False, None),
        ("too late", False, None),
    ]


def test_what_comes_later_rewrites_the_day_of_the_grumble(home: Home, bench: Workbench) -> None:
    put(bench, "contact", [contact("C1", mood_code="annoyed", note_text="杂音"), contact("C2", mood_code="annoyed")])
    record_grumbles(home, bench, [DAY])
    before = bench.lake.table("mart_grumble_type", fresh=True).current_snapshot()
    put(bench, "survey_reply", [reply("S1", "contact", "C1", True, 13)])
    put(
        bench,
        "customer",
        [{"customer_id": "A", "month_on": "2026-05-01", "city_code": "wuxi"}],
        arrived_on=dt.date(2026, 5, 13),
    )
    report = record_grumbles(home, bench, [dt.date(2026, 5, 13)])
    assert (report.days, report.contact_days, report.grumbles) == (1, 0, 2)
    assert grumbles(bench, "source_id, grumble_type_code, solved_at is not null, city_code") == [
        ("C1", "call_quality.noise", True, "wuxi"),
        ("C2", None, False, "wuxi"),
    ]
    assert bench.lake.table("mart_grumble_type", fresh=True).current_snapshot() == before, (
        "the taxonomy is written once"
    )


def test_a_day_whose_grumbles_are_gone_is_emptied(home: Home, bench: Workbench) -> None:
    put(bench, "contact", [contact("C1", mood_code="annoyed")])
    put(bench, "ticket", [ticket("T1", "complaint")])
    record_grumbles(home, bench, [DAY])
    put(bench, "contact", [contact("C1", mood_code="calm")])
    put(bench, "ticket", [ticket("T1", "enquiry")])
    record_grumbles(home, bench, [DAY])
    assert (grumbles(bench, "grumble_id"), complaints(bench, "complaint_id")) == ([], [])


def test_a_late_contact_is_read_and_the_contacts_of_its_day_are_not_read_again(home: Home, bench: Workbench) -> None:
    first = contact("C1", mood_code="annoyed", note_text="杂音")
    put(bench, "contact", [first])
    record_grumbles(home, bench, [DAY])
    bench.view("mart_grumble", as_name="recorded")
    bench.replace(
        "mart_grumble", "select * replace (0.99 as confidence) from recorded", equal("grumbled_on", DAY)
    )  # tells what was kept
    late = dt.date(2026, 5, 12)
    put(bench, "contact", [first, contact("C2", mood_code="annoyed", note_text="杂音")], arrived_on=late)
    bench.view("core_change", where=equal("arrived_on", late), as_name="arrival")  # of the two, only C2 came late
    bench.replace("core_change", "select * from arrival where subject_id = 'C2'", equal("arrived_on", late))
    record_grumbles(home, bench, [late])
    kept, read = grumbles(bench, "source_id, grumble_type_code, confidence")
    assert kept == ("C1", "call_quality.noise", 0.99)
    assert read[:2] == ("C2", "call_quality.noise")
    assert read[2] != 0.99
