"""Events count at their own moment: in whatever order, batches and runs they come, the ticket is the same, and nothing
is done twice.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable
from typing import Any

import pytest
from tests.mend.care.followup.test_step import HOUR, MONDAY, answered, happen, notices, ticket
from tests.mend.care.survey.desk import customer, event, rows, run
from tests.mend.damage.scoring.rows import put

from mend.care.followup import Event, follow_up, record
from mend.care.service_events.night import refresh_persons
from mend.foundation.home import Home
from mend.foundation.pipeline.workbench import Workbench

F = "complex_question:C1"
END = MONDAY + 200 * HOUR
TABLES = (
    "follow_up_event, follow_up_ticket, follow_up_notice, follow_up_refusal, follow_up_work, service_event, "
    "known_ticket, survey"
)


@pytest.fixture
def desk(home: Home) -> Home:
    """A handler in each team, so that who takes a ticket is no matter of who has least to do."""
    home.prepare()
    for handler, team, tier in (
        ("S1", "specialists", 1),
        ("N1", "network", 1),
        ("E1", "senior_specialists", 2),
        ("P1", "province", 3),
    ):
        run(
            home,
            "insert into follow_up_handler values (:id, :team, :tier, null, true)",
            id=handler,
            team=team,
            tier=tier,
        )
    return home


def at(hours: float) -> dt.datetime:
    return MONDAY + hours * HOUR


def told(home: Home, kind: str, event_id: str, hours: float, about: str, **fields: Any) -> None:
    """A service event about a ticket of customer A came."""
    stamp = f"{at(hours):%Y-%m-%d %H:%M:%S}"
    happen(home, event(event_id, "A", stamp, kind, about_kind_code="ticket", about_id=about, **fields))


def overtaken(home: Home) -> list[tuple[str, str, str]]:
    return rows(
        home,
        "select event_code, reason_code, overtaken_by from follow_up_refusal where overtaken_by is not null order by 1",
    )  # type: ignore[return-value]


def test_a_complaint_written_before_the_latest_event_and_taken_in_after_it_counts(desk: Home) -> None:
    told(desk, "ticket_suspended", "e1", 0, "T1", promised_at=at(100).isoformat())
    follow_up(desk, at(1))
    assert record(desk, "suspended_complaint:T1", Event("p", "progress", at(30))) is None
    told(desk, "complaint_filed", "e2", 20, "T2")
    follow_up(desk, at(31))
    assert ticket(desk, "complaint_count, changed_at, state_code") == (2, at(30), "suspended")
    assert rows(desk, "select event_code, happened_at from follow_up_event order by event_number")[-2:] == [
        ("complain", at(20)), ("progress", at(30)),
    ]  # fmt: skip
    assert ("complained_again", at(20)) in notices(desk)


def test_an_answer_entered_after_the_escalation_it_came_before_takes_it_back_and_says_so(desk: Home) -> None:
    answered(desk, "complex_topic_ended:C1", MONDAY)
    follow_up(desk, at(3))
    assert ticket(desk, "tier, handler_id") == (2, "E1")
    assert record(desk, F, Event("call", "answer", at(1.75), is_reached=True)) is None
    assert ticket(desk, "tier, handler_id, state_code, is_promise_kept, first_answered_at") == (
        1,
        "S1",
        "answered",
        True,
        at(1.75),
    )
    assert overtaken(desk) == [("assign", "no_longer_due", "call"), ("escalate", "no_longer_due", "call")]
    marked = rows(desk, "select kind_code from follow_up_notice where overtaken_by = 'call' order by 1")
    assert marked == [("at_limit",), ("escalated",)]
    assert rows(desk, "select kind_code from follow_up_notice where overtaken_by is null") == [("before_limit",)]
    follow_up(desk, at(5))
    assert ticket(desk, "tier, state_code") == (1, "answered")


def test_what_falls_due_again_after_it_was_overtaken_is_told_as_it_is_now(desk: Home) -> None:
    answered(desk, "complex_topic_ended:C1", MONDAY)
    follow_up(desk, at(3))
    record(desk, F, Event("wait", "pause", at(1)))
    assert ticket(desk, "tier, state_code, due_at") == (1, "waiting_customer", None)
    record(desk, F, Event("go on", "resume", at(2)))
    follow_up(desk, at(5))
    assert ticket(desk, "tier, handler_id") == (2, "E1")
    second = dt.timedelta(seconds=1)
    assert notices(desk) == [("before_limit", at(2.5)), ("at_limit", at(3)), ("escalated", at(3) + second)]
    assert overtaken(desk) == []
    assert rows(
        desk, "select count(*), count(distinct notice_key) from follow_up_notice where overtaken_by is null"
    ) == [(3, 3)]


def test_an_event_that_did_not_fit_is_taken_up_when_the_one_before_it_comes(desk: Home) -> None:
    answered(desk, "complex_topic_ended:C1", MONDAY)
    follow_up(desk, MONDAY)
    assert record(desk, F, Event("go on", "resume", at(1))) == "not_while_open"
    assert record(desk, F, Event("wait", "pause", at(0.5))) is None
    assert ticket(desk, "state_code, due_at") == ("in_progress", at(2.5))
    assert rows(desk, "select * from follow_up_refusal") == []


def test_a_late_answer_asks_nobody_who_was_asked_since_and_every_answer_at_most_once(desk: Home) -> None:
    answered(desk, "complex_topic_ended:C1", MONDAY)
    follow_up(desk, MONDAY)
    record(desk, F, Event("second", "answer", at(1.5), is_reached=True))
    record(
        desk, F, Event("first", "answer", at(1), is_reached=True)
    )  # it was answered before: the second one does not fit any more
    asked = "select about_id, happened_at from service_event where kind_code = 'follow_up_answered' order by 2"
    assert rows(desk, asked) == [(f"{F}#1", at(1.5))]
    assert overtaken(desk) == [("answer", "not_while_answered", "first")]
    record(desk, F, Event("no", "reopen", at(2)))
    record(desk, F, Event("third", "answer", at(2.5), is_reached=True))
    record(desk, F, Event("between", "reopen", at(1.25)))  # now the second one fits again
    assert rows(desk, "select event_key from follow_up_event where event_code = 'answer' order by event_number") == [
        ("first",), ("second",), ("third",),
    ]  # fmt: skip
    assert rows(desk, asked) == [(f"{F}#1", at(1.5)), (f"{F}#2", at(2.5))]


@pytest.mark.parametrize("first", ["complaint", "ticket"])
def test_a_complaint_finds_its_ticket_whichever_comes_first(desk: Home, first: str) -> None:
    news: dict[str, Callable[[], None]] = {
        "ticket": lambda: told(desk, "ticket_suspended", "e1", 0, "T1", promised_at=at(100).isoformat()),
        "complaint": lambda: told(desk, "complaint_filed", "e2", 20, "T2"),
    }
    for name in sorted(news, key=lambda name: name != first):
        news[name]()
        follow_up(desk, at(30))
    assert ticket(desk, "follow_up_id, complaint_count") == ("suspended_complaint:T1", 2)


def test_a_complaint_moves_to_the_ticket_that_was_opened_last_before_it(desk: Home) -> None:
    told(desk, "ticket_suspended", "e1", 0, "T1", promised_at=at(100).isoformat())
    told(desk, "complaint_filed", "e3", 20, "T3")
    follow_up(desk, at(21))
    told(desk, "ticket_suspended", "e2", 10, "T2", promised_at=at(100).isoformat())
    follow_up(desk, at(22))
    assert rows(desk, "select follow_up_id, complaint_count from follow_up_ticket order by 1") == [
        ("suspended_complaint:T1", 1), ("suspended_complaint:T2", 2),
    ]  # fmt: skip
    assert rows(desk, "select kind_code from follow_up_notice where overtaken_by is not null") == []
    assert rows(desk, "select follow_up_id from follow_up_notice where kind_code = 'complained_again'") == [
        ("suspended_complaint:T2",)
    ]


def test_a_complaint_after_the_closing_is_not_the_tickets_whenever_the_closing_comes(desk: Home) -> None:
    told(desk, "ticket_suspended", "e1", 0, "T1", promised_at=at(100).isoformat())
    follow_up(desk, at(1))
    told(desk, "complaint_filed", "e2", 20, "T2")
    follow_up(desk, at(21))
    name = "suspended_complaint:T1"
    record(desk, name, Event("a", "answer", at(10), is_reached=True, is_solved=True))
    record(desk, name, Event("c", "close", at(11)))
    assert ticket(desk, "state_code, complaint_count, closed_at") == ("closed", 1, at(11))
    assert overtaken(desk) == [("complain", "not_while_closed", "c")]


def test_the_legal_clock_runs_from_the_filing_also_when_that_is_heard_of_later(desk: Home) -> None:
    told(desk, "ticket_suspended", "e1", 30, "T1", promised_at=at(100).isoformat())
    follow_up(desk, at(31))
    assert ticket(desk, "legal_due_at") == (at(30) + dt.timedelta(days=15),)
    told(desk, "complaint_filed", "e0", 2, "T1")
    follow_up(desk, at(32))
    assert ticket(desk, "legal_due_at, complaint_count, state_code") == (at(2) + dt.timedelta(days=15), 1, "suspended")


def test_of_two_causes_the_first_opens_the_ticket_in_whichever_order_they_come(desk: Home) -> None:
    answered(desk, "later", at(1))
    follow_up(desk, at(1))
    answered(desk, "earlier", at(0))
    follow_up(desk, at(1.5))
    assert ticket(desk, "opened_at, survey_id, complaint_count, due_at") == (at(0), "earlier", 1, at(2))
    assert rows(desk, "select event_key, event_code, happened_at from follow_up_event where event_key like 'survey%' "
"order by 2 desc") == [
        ("survey:earlier", "open", at(0)), ("survey:later", "complain", at(1)),
    ]  # fmt: skip


def test_an_entry_before_the_opening_is_kept_with_its_reason(desk: Home) -> None:
    answered(desk, "complex_topic_ended:C1", MONDAY)
    follow_up(desk, MONDAY)
    assert record(desk, F, Event("early", "start", at(-1))) == "before_the_opening"
    answered(desk, "before", at(-1.5))
    follow_up(desk, at(0.25))
    assert ticket(desk, "opened_at, state_code") == (
        at(-1.5),
        "in_progress",
    )  # an earlier cause came, and the entry fits


def became(home: Home, bench: Workbench, *, is_cancelled: bool = False) -> None:
    """Customer A became customer C on the first of May."""
    put(
        bench,
        "customer_alias",
        [{"old_customer_id": "A", "new_customer_id": "C", "merged_on": "2026-05-01", "is_cancelled": is_cancelled}],
    )
    refresh_persons(home, bench, dt.date(2026, 5, 31))


@pytest.mark.parametrize("is_late", [False, True])
def test_a_second_complaint_under_another_id_of_the_person_goes_to_the_same_ticket_and_handler(
    desk: Home, bench: Workbench, is_late: bool
) -> None:
    told(desk, "ticket_suspended", "e1", 0, "T1", promised_at=at(100).isoformat())
    follow_up(desk, at(1))
    run(desk, "insert into follow_up_handler values ('N0', 'network', 1, null, true)")
    if not is_late:
        became(desk, bench)
    happen(desk, event("e2", "C", "2026-05-12 06:00", "complaint_filed", about_kind_code="ticket", about_id="T2"))
    follow_up(desk, at(21))
    if is_late:
        assert ticket(desk, "complaint_count") == (1,)
        became(desk, bench)
        follow_up(desk, at(22))
    assert ticket(desk, "complaint_count, customer_id, handler_id") == (2, "A", "N1")
    happen(desk, event("e3", "C", "2026-05-12 08:00", "ticket_suspended", about_kind_code="ticket", about_id="T3",
                       promised_at=at(100).isoformat()))  # fmt: skip
    follow_up(desk, at(23))
    assert rows(desk, "select handler_id from follow_up_ticket where follow_up_id = 'suspended_complaint:T3'") == [
        ("N1",)
    ]
    became(desk, bench, is_cancelled=True)
    follow_up(desk, at(24))
    assert rows(desk, "select complaint_count from follow_up_ticket where follow_up_id = 'suspended_complaint:T1'") == [
        (1,)
    ]


def test_the_work_list_shows_no_number_that_another_customer_has_by_now(desk: Home) -> None:
    customer(desk, "A", "+8613812345678")
    answered(desk, "complex_topic_ended:C1", MONDAY)
    follow_up(desk, MONDAY)
    assert rows(desk, "select phone_masked from follow_up_work") == [("+86138****5678",)]
    customer(desk, "B", "+8613812345678", snapshot_on="2026-06-01")
    follow_up(desk, at(0.5))
    assert rows(desk, "select phone_masked from follow_up_work") == [(None,)]


def arrivals(chance: random.Random) -> list[tuple[float, Callable[[Home], None]]]:
    """Things that happen to a customer's matter, each with the hour at which it does."""
    found: list[tuple[float, Callable[[Home], None]]] = []

    def add(hours: float, come: Callable[[Home], None]) -> None:
        found.append((hours, come))

    for number in range(chance.choice([1, 1, 2])):
        hours = chance.choice([0, 1, 5, 12])
        until = at(chance.choice([40, 70, 100])).isoformat()
        add(
            hours,
            lambda home, n=number, h=hours, u=until: told(home, "ticket_suspended", f"s{n}", h, f"T{n}", promised_at=u),
        )  # type: ignore[misc]
    for number in range(chance.randint(0, 3)):
        hours = chance.choice([0, 2, 6, 12, 30, 60, 90])
        about = chance.choice(["T0", "T7", "T8"])
        add(hours, lambda home, n=number, h=hours, a=about: told(home, "complaint_filed", f"c{n}", h, a))  # type: ignore[misc]
    codes = (
        "start", "pause", "resume", "progress", "answer", "answer", "confirm", "deny", "reopen", "complain",
        "escalate", "wake", "suspend",
        "change_limit", "assign",
    )  # fmt: skip
    for number in range(chance.randint(2, 8)):
        code = chance.choice(codes)
        hours = max(found[0][0], chance.choice([0, 1, 3, 6, 12, 12, 24, 48, 60, 80, 110, 130]))
        more: dict[str, Any] = {
            "answer": {"is_reached": True},
            "wake": {"handler_id": "N1"},
            "assign": {"handler_id": "N9"},
        }.get(code, {})
        more |= {
            "suspend": {"until": at(hours + 20)},
            "change_limit": {"limit_seconds": 30 * 3600, "until": at(90)},
        }.get(code, {})
        happened = Event(f"h{number}", code, at(hours), **more)  # type: ignore[arg-type]
        add(hours, lambda home, e=happened: record(home, "suspended_complaint:T0", e) and None)  # type: ignore[misc]
    return found


def state(home: Home) -> dict[str, list[tuple[Any, ...]]]:
    """All that must not depend on the order of arrival."""
    return {
        "tickets": rows(home, "select * from follow_up_ticket order by 1"),
        "events": rows(home, "select * from follow_up_event order by follow_up_id, event_number"),
        "refused": rows(
            home,
            "select event_key, state_code, reason_code from follow_up_refusal where reason_code <> 'no_longer_due' "
            "order by 1",
        ),
        "notices": rows(
            home, "select notice_key, kind_code from follow_up_notice where overtaken_by is null order by 1"
        ),
        "work": rows(home, "select * from follow_up_work order by 1"),
    }


def test_any_order_of_arrival_in_any_batches_with_runs_between_gives_the_same_tickets_and_asks_at_most_once(
    desk: Home,
) -> None:
    chance = random.Random(20)
    refolded = 0
    for _ in range(12):
        run(desk, f"truncate {TABLES}")
        things = arrivals(chance)
        openings = [(hours, come) for hours, come in things if come.__code__.co_varnames[0][:1] == "s"]
        del openings
        for _, come in sorted(things, key=lambda thing: thing[0]):
            _come(desk, come)
            follow_up(desk, END)
        follow_up(desk, END)
        expected = state(desk)
        for _ in range(2):
            run(desk, f"truncate {TABLES}")
            mixed = chance.sample(things, len(things))
            now, done = at(131), 0
            waiting: list[Callable[[Home], None]] = []
            for _, come in mixed:
                waiting.append(come)
                if chance.random() < 0.5:
                    waiting = [each for each in waiting if not _come(desk, each)]
                    now += HOUR
                    done += follow_up(desk, now).done.get("replayed", 0)
            while waiting:
                waiting = [each for each in waiting if not _come(desk, each)]
                follow_up(desk, now)
            follow_up(desk, END)
            assert follow_up(desk, END).done.get("replayed") is None
            assert state(desk) == expected
            refolded += done
            assert rows(desk, "select count(*) from (select happened_at from service_event where kind_code = "
"'follow_up_answered' "
                        "group by about_id, happened_at having count(*) > 1) as twice") == [(0,)]  # fmt: skip
            ((asked, answers),) = rows(
                desk,
                "select (select count(*) from service_event where kind_code = 'follow_up_answered'), "
                "(select count(*) from follow_up_event where event_code = 'answer') + "
                "(select count(*) from follow_up_refusal where event_code = 'answer' and overtaken_by is not null)",
            )
            assert asked <= answers
    assert refolded > 5


def _come(home: Home, come: Callable[[Home], None]) -> bool:
    """Let it come; False when a handler cannot enter it yet, since there is no ticket."""
    from mend.care.followup import FollowUpError

    try:
        come(home)
    except FollowUpError:
        return False
    return True
