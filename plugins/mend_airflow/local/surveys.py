"""The demo's surveys: customers call once more, Airflow asks them, the relay sends, they answer, tickets are opened."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import text

from mend.foundation import operations
from mend.foundation.home import Home
from mend_airflow.local import clock, handlers, messages
from mend_airflow.local.errors import LocalError
from mend_airflow.local.rest import Airflow
from mend_airflow.local.runs import Step, follow, wait_for_dag
from mend_airflow.local.screen import Screen
from mend_airflow.local.services import Services
from mend_airflow.local.world import mend

CONTACTS: Final = 120
# Their surveys are due two minutes after a call: these calls ended two to three minutes ago, so nobody waits for them.
ENDED_AGO: Final = timedelta(minutes=2)
ACCOUNT_SECONDS: Final = 90
RELAY_SECONDS: Final = 90
QUIET_SECONDS: Final = 10  # without another answer
SOON: Final = timedelta(minutes=2)
DAG: Final = "mend_survey"

UNDER_WAY: Final = """
    select
        count(*) filter (where state_code in ('pending', 'claimed', 'submitting') and due_at <= :soon) as due,
        count(*) filter (where state_code = 'pending' and due_at > :soon) as waiting,
        min(due_at) filter (where state_code = 'pending' and due_at > :soon) as waiting_until,
        count(*) filter (where state_code = 'submitted') as without_receipt,
        (select count(*) from sms_inbound) as answers
    from sms_outbox"""
MESSAGES: Final = """
    select
        case when state_code in ('suppressed', 'expired', 'failed') then concat_ws(': ', state_code, state_reason)
        else state_code end,
        count(*)
    from sms_outbox group by 1 order by 2 desc, 1"""
# Of the calls that ended now; what the simulated months hold is months back.
REFUSALS: Final = """
    select reason_code, count(*) from survey_refusal
    where event_id like 'live:%' and stage_code = 'enqueue' group by 1 order by 2 desc, 1"""
PAST: Final = "select count(*) from survey_refusal where event_id not like 'live:%' and reason_code = 'too_late'"
ANSWERS: Final = "select meaning_code, count(*) from survey_reply group by 1 order by 2 desc, 1"
UNREAD: Final = "select count(*) from sms_inbound where state_code = 'new'"
FOR_A_PERSON: Final = "select count(*) from survey_reply where needs_person and handled_at is null"
TICKETS: Final = """
    select measure_code, state_code, count(*), min(due_at), max(due_at)
    from follow_up_ticket group by 1, 2 order by max(opened_at) desc, 1, 2"""


@dataclass(frozen=True)
class UnderWay:
    """Messages that are due, that wait for later and until when, that have no receipt yet; and answers so far."""

    due: int
    waiting: int
    waiting_until: datetime | None
    without_receipt: int
    answers: int


def ask(home: Home, seed: int, airflow: Airflow, services: Services, screen: Screen) -> None:
    """From calls that ended a moment ago to follow-up tickets. What an earlier demo did is not repeated.

    It is done at the demo's own moment (clock): at every hour of the day it is an hour at which people may be asked.
    """
    if messages.is_live(os.environ):
        return screen.say(f"{messages.MODE}=live is yours, and a made-up number may be somebody's: nobody is asked")
    _wait_for_account(home)
    ended = (clock.demo_now(home) - ENDED_AGO).isoformat(timespec="seconds")
    options = ["--contacts", str(CONTACTS), "--at", ended, "--seed", str(seed)]
    mend(["simulate-live", *options], services.environment(), screen)
    wait_for_dag(airflow, DAG)
    follow(airflow, _run(home, 1), screen)
    if answered := handlers.answer_old_work(home, clock.demo_now(home)):
        screen.say(f"handlers have answered {answered:,} tickets of the months before")
    left = _let_relay_work(home, screen)
    if left.answers or not left.waiting:
        _read_answers(home, airflow, screen)
    show(home, left, screen)
    return None


def _wait_for_account(home: Home) -> None:
    """Until the relay has recorded its account: without one nobody could send. Raises LocalError."""
    deadline = time.monotonic() + ACCOUNT_SECONDS
    while not _rows(home, "select 1 from sms_account where account_code = :account", account=messages.ACCOUNT):
        if time.monotonic() > deadline:
            raise LocalError(
                f"The relay did not start within {ACCOUNT_SECONDS} s; its log: "
                f"{home.airflow_folder / 'logs' / 'relay.log'}"
            )
        time.sleep(1)


def _let_relay_work(home: Home, screen: Screen) -> UnderWay:
    """Until nothing more happens: all that is due is sent and received, and no answer came for a while."""
    deadline, changed, known = time.monotonic() + RELAY_SECONDS, time.monotonic(), under_way(home, clock.demo_now(home))
    if known.due:
        screen.say(f"the relay sends {known.due} messages; customers answer")
    while known.due or known.without_receipt or time.monotonic() < changed + QUIET_SECONDS:
        if time.monotonic() > deadline or (
            known.waiting and not known.answers and not known.due and not known.without_receipt
        ):
            break
        time.sleep(1)
        found = under_way(home, clock.demo_now(home))
        changed, known = (time.monotonic() if found != known else changed), found
    return known


def _read_answers(home: Home, airflow: Airflow, screen: Screen) -> None:
    """The second run; when it is done, and answers came after it, the next."""
    number = 2
    while airflow.run_state(DAG, f"demo-survey-{number}") == "success":
        if not _rows(home, UNREAD)[0][0]:
            return screen.step(f"{DAG} demo-survey-{number}: done before")
        number += 1
    return follow(airflow, _run(home, number), screen)


def _run(home: Home, number: int) -> Step:
    """A run that looks at the demo's own moment: Airflow's is not always one at which people may be asked."""
    at = clock.demo_now(home) if clock.offset_of(home) else None
    return Step(DAG, f"demo-survey-{number}", {}, at)


def under_way(home: Home, at: datetime) -> UnderWay:
    """What the relay has to do at this moment."""
    return UnderWay(*_rows(home, UNDER_WAY, soon=at + SOON)[0])


def show(home: Home, left: UnderWay, screen: Screen) -> None:
    """A few lines: messages by state, answers by meaning, tickets by state with their limits, and where the work lists
    are.
    """
    zone = ZoneInfo(home.zone)
    screen.say(f"messages: {_counted(_rows(home, MESSAGES))}")
    if refused := _rows(home, REFUSALS):
        screen.say(f"not asked, by reason: {_counted(refused)}")
    if past := _rows(home, PAST)[0][0]:
        screen.say(f"not asked: {past} repairs and closed tickets of the simulated months, too long ago")
    if left.waiting_until is not None:
        until = _local(left.waiting_until, zone)
        screen.say(
            f"{left.waiting} messages wait until {until} ({zone}): the contact policy's hours. `make demo` goes on then"
        )
    screen.say(
        f"answers: {_counted(_rows(home, ANSWERS))}; {_rows(home, FOR_A_PERSON)[0][0]} of them for a person to read"
    )
    for measure, state, count, first, last in _rows(home, TICKETS):
        limits = " to ".join(sorted({_local(each, zone) for each in (first, last) if each}))
        due = f", due {limits} ({zone})" if limits else ""
        screen.say(f"follow-up tickets, {measure}: {count} {state}{due}")
    screen.say(f"work lists: {home.root / 'work_lists'}")


def _local(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M}"


def _counted(rows: list[tuple[Any, ...]]) -> str:
    return ", ".join(f"{count} {name}" for name, count in rows) or "none"


def _rows(home: Home, query: str, **values: Any) -> list[tuple[Any, ...]]:
    with operations.transaction(home.database_url) as connection:
        return [tuple(row) for row in connection.execute(text(query), values)]
