"""The state machine: every transition stands in the table, and who objects says why."""

from __future__ import annotations

import datetime as dt
from typing import Any, get_args

import pytest

from mend.care.followup.errors import FollowUpError
from mend.care.followup.folding import applied, folded
from mend.care.followup.machine import TRANSITIONS, reason_to_refuse
from mend.care.followup.rules import load_rules
from mend.care.followup.states import EventCode, State
from mend.care.followup.ticket import Event, Ticket
from mend.foundation.schema import CODES

RULES = load_rules()[0]
START = dt.datetime(2026, 5, 11, 2, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)


def at(hours: float) -> dt.datetime:
    return START + hours * HOUR


def opening(
    measure: str = "complex_question", until: dt.datetime | None = None, filed: dt.datetime | None = None
) -> Event:
    return Event(
        "0", "open", START, until=until, facts={"measure": measure, "filed_at": filed.isoformat() if filed else None}
    )


def history(*steps: tuple[Any, ...], first: Event | None = None) -> Ticket:
    """A ticket after steps of (event, hours after the opening, facts)."""
    events = [
        Event(str(number), code, at(hours), **(more[0] if more else {}))
        for number, (code, hours, *more) in enumerate(steps, 1)
    ]
    return folded("F", [first or opening(), *events], RULES)


def refusal(ticket: Ticket, code: EventCode, hours: float, **facts: Any) -> str | None:
    return reason_to_refuse(ticket, Event("x", code, at(hours), **facts))


def test_states_and_events_are_those_of_the_codes_with_words_for_people() -> None:
    assert set(CODES["follow_up_state"]) == set(get_args(State))
    assert set(CODES["follow_up_event"]) == set(get_args(EventCode))
    assert {state for state, _ in TRANSITIONS} | set(TRANSITIONS.values()) == set(get_args(State))
    assert {code for _, code in TRANSITIONS} == set(get_args(EventCode)) - {"open"}


def test_a_ticket_from_opening_to_closing() -> None:
    ticket = history(
        ("assign", 0, {"handler_id": "H1"}), ("start", 0.5), ("answer", 1, {"is_reached": True}), ("confirm", 2)
    )
    assert (ticket.state, ticket.is_solved, ticket.is_promise_kept, ticket.closed_at) == ("closed", True, True, at(2))


def test_it_closes_only_when_the_customer_is_satisfied_or_tier_3_has_answered() -> None:
    assert refusal(history(("answer", 1)), "close", 2) == "customer_not_satisfied"
    assert refusal(history(("answer", 1, {"is_solved": True})), "close", 2) is None
    third = history(("answer", 1), ("deny", 2), ("answer", 3), ("deny", 4), ("answer", 5))
    assert (third.tier, refusal(third, "close", 6)) == (3, None)
    assert refusal(history(), "close", 1) == "not_while_open"


def test_a_denied_answer_goes_a_tier_up_with_a_clock_of_its_own_and_keeps_its_first_opening_and_verdict() -> None:
    ticket = history(("answer", 1), ("deny", 30))
    assert (ticket.tier, ticket.team, ticket.reopen_count, ticket.opened_at) == (2, "senior_specialists", 1, START)
    assert ticket.due_at(RULES) == at(54)  # 24 h from the denial
    assert ticket.is_promise_kept is True
    assert history(("answer", 3), ("deny", 30), ("answer", 31)).is_promise_kept is False


def test_a_reopened_ticket_continues_its_clock_and_gets_no_second_chance() -> None:
    ticket = history(("answer", 1.5), ("confirm", 2), ("reopen", 10))
    assert ticket.due_at(RULES) == at(10.5)  # 1.5 h of the 2 h were used
    late = history(("answer", 3), ("confirm", 4), ("reopen", 10), ("answer", 10.1))
    assert (late.is_promise_kept, late.first_answered_at) == (False, at(3))


def test_the_clock_stands_while_waiting_and_the_legal_one_does_not() -> None:
    ticket = history(("start", 0), ("pause", 1), ("resume", 49), first=opening(filed=START - 24 * HOUR))
    assert ticket.due_at(RULES) == at(50)
    assert ticket.legal_due_at == START - 24 * HOUR + dt.timedelta(days=15)
    assert history(("start", 0), ("pause", 1)).due_at(RULES) is None


def test_pausing_twice_and_resuming_what_runs_are_refused() -> None:
    assert refusal(history(("pause", 1)), "pause", 2) == "not_while_waiting_customer"
    assert refusal(history(("start", 1)), "resume", 2) == "not_while_in_progress"


def test_a_limit_changed_while_paused() -> None:
    ticket = history(("pause", 1), ("change_limit", 5, {"limit_seconds": 4 * 3600}), ("resume", 10))
    assert ticket.due_at(RULES) == at(13)
    assert refusal(ticket, "change_limit", 11) == "no_limit_given"


def test_a_suspended_ticket_is_due_at_its_promised_time_whatever_pauses_it() -> None:
    ticket = history(
        ("suspend", 0, {"until": at(100)}), ("wake", 100), ("pause", 101), first=opening("suspended_complaint", at(100))
    )
    assert ticket.due_at(RULES) == at(100)
    kept = history(("suspend", 0, {"until": at(100)}), ("answer", 99), first=opening("suspended_complaint", at(100)))
    assert kept.is_promise_kept is True


def test_it_sleeps_until_its_time_unless_a_handler_wakes_it() -> None:
    asleep = history(("suspend", 1, {"until": at(50)}))
    assert refusal(asleep, "wake", 49) == "sleeps_until_later"
    assert refusal(asleep, "wake", 49, handler_id="H1") is None
    assert refusal(asleep, "wake", 50) is None
    assert refusal(history(), "suspend", 1) == "suspended_without_a_time"
    assert refusal(history(), "suspend", 1, until=at(0.5)) == "until_is_past"


def test_above_the_third_tier_is_nothing() -> None:
    assert refusal(history(("escalate", 1), ("escalate", 2)), "escalate", 3) == "no_tier_above"


def test_an_event_before_the_latest_one_is_refused() -> None:
    assert refusal(history(("start", 2)), "answer", 1) == "before_the_latest_event"


def test_a_history_that_cannot_be_is_an_error() -> None:
    with pytest.raises(FollowUpError, match="close refused: not_while_open"):
        history(("close", 1))
    with pytest.raises(FollowUpError, match="does not begin with an opening"):
        folded("F", [Event("1", "start", START)], RULES)
    with pytest.raises(FollowUpError, match="no events"):
        folded("F", [], RULES)


def test_applying_never_changes_the_ticket_it_was_given() -> None:
    ticket = history()
    applied(ticket, Event("1", "start", at(1)), RULES)
    assert (ticket.state, ticket.event_count) == ("open", 1)
