"""A publisher killed with -9 at any point leaves the old state or the new one, whole; two at once publish once."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from tests.mend.care.survey.desk import customer, moment, rows
from tests.mend.repair.publishing.written import AT, LIST, approved, number, open_account, row, write

from mend.care.survey.rules import load_rules
from mend.foundation.home import Home
from mend.foundation.pipeline.workbench import Workbench
from mend.repair.publishing import publish

pytestmark = pytest.mark.slow  # begins first

NAMES = [f"K{place:02}" for place in range(40)]
# Publishes, and kills itself when a function is called, or returns, for the n-th time.
PUBLISHER = """
import datetime as dt, os, signal, sys
from mend.foundation.home import Home
from mend.foundation.pipeline.workbench import Workbench
from mend.repair.publishing import publish
home, at, point = Home.at(sys.argv[1]), dt.datetime.fromisoformat(sys.argv[2]), sys.argv[3]
name, event, times = point.split()
left = int(times)
def kill(frame, seen, argument):
    global left
    if seen == event and frame.f_code.co_name == name and "/mend/" in frame.f_code.co_filename:
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
with Workbench.open(home) as bench:
    sys.setprofile(kill)
    publish(home, bench, "2026-03-v1", "admin", at, "a test")
    sys.setprofile(None)
"""
# In the order in which they come; only the last four are after the transaction's end.
POINTS = (
    "read_list return 1", "open_list return 1", "put_rows call 1", "put_rows return 1", "numbers_now return 1",
    "new_draft return 1", "write_list return 1", "write_excel call 1", "_cell call 50", "write_pair return 1",
    "write_files return 1", "reserve call 1", "reserve return 1", "_message call 20", "enqueue call 1",
    "enqueue return 1", "queue_messages return 1", "_publish return 1", "record_decision return 1",
    "finish_files call 1", "move_into_place call 1", "move_into_place return 1", "_report call 1",
)  # fmt: skip
AFTER = 4
SENDER = """
import datetime as dt, sys
from mend.care import contact_rules, sms
from mend.care.contact_rules import Request, Terms
from mend.care.contact_rules.reasons import statement, ROOM
from mend.care.survey.rules import load_rules
from mend.foundation import operations
from mend.foundation.home import Home
from dataclasses import asdict
from sqlalchemy import text
home, at, worker = Home.at(sys.argv[1]), dt.datetime.fromisoformat(sys.argv[2]), sys.argv[3]
names = sys.argv[4].split(",")
policy, WEEK = load_rules()[0].policy, dt.timedelta(days=9)
for turn in range(3):
    with operations.transaction(home.database_url) as connection:
        contact_rules.open_requests(connection)
        requests = [
            Request(f"survey {worker} {turn} {name}", name, at, at + dt.timedelta(hours=turn), at + WEEK)
            for name in names
        ]
        rows = [asdict(each) | {"request_key": each.key} for each in requests]
        connection.execute(statement(ROOM, "put_request"), rows)
        contact_rules.reserve(connection, Terms(policy, at, home.zone, batch=f"survey {worker} {turn}"))
        found = connection.execute(text("select * from contact_decision where reason_code is null")).mappings().all()
        sms.enqueue(connection, [
            sms.NewMessage(
                dedup_key=each["request_key"], account_code="main", purpose_code="survey", purpose_kind_code="service",
                customer_id=each["customer_id"], phone_number=each["phone_number"], text="?", sender_number="10086",
                not_before=each["not_before"], valid_until=each["latest_at"],
            )
            for each in found
        ], at)
"""


def environment(home: Home) -> dict[str, str]:
    urls = {"MEND_DATABASE_URL": home.database_url, "MEND_CATALOG_URL": home.catalog_url}
    return {**os.environ, **urls, "MEND_ZONE": "Asia/Shanghai", "MEND_HOME": str(home.root)}


def publisher(home: Home, point: str = "nothing call 1") -> subprocess.Popen[bytes]:
    arguments = [sys.executable, "-c", PUBLISHER, str(home.root), AT.isoformat(), point]
    return subprocess.Popen(arguments, env=environment(home))


@pytest.fixture
def ready(home: Home, bench: Workbench) -> Home:
    """An approved list: a message and two calls for forty customers."""
    open_account(home)
    for place, name in enumerate(NAMES):
        customer(home, name, number(place))
    listed = [
        row(strategy, name, rank)
        for strategy in ("dropped_call_care", "complaint_handling", "promised_callback")
        for rank, name in enumerate(NAMES, 1)
    ]
    write(bench, listed)
    approved(home, bench)
    return home


def state(home: Home) -> dict[str, Any]:
    """All that publishing makes: rows of each table, and the files that a reader sees."""
    tables = ("routing_entry", "campaign_action", "campaign_strategy", "sms_outbox", "contact_reservation")
    folder = home.lists_folder / "2026-03" / "campaign-v1"
    return {
        **{table: rows(home, f"select count(*) from {table}")[0][0] for table in tables},
        "decisions": rows(home, "select count(*) from campaign_decision where decision_code = 'published'")[0][0],
        "state": rows(home, "select state_code from campaign_list")[0][0],
        "files": digests(folder) if folder.is_dir() else {},
    }


def digests(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}


def is_whole(found: dict[str, Any]) -> bool:
    """The new state: all rows, and all files or, between the transaction's end and the rename, none of them yet."""
    if len(found["files"]) not in (0, 4):
        return False
    made = {name: found[name] for name in ("state", "routing_entry", "campaign_action", "sms_outbox")}
    return made == {"state": "published", "routing_entry": 120, "campaign_action": 120, "sms_outbox": 40}


def is_old(found: dict[str, Any]) -> bool:
    made = any(value for name, value in found.items() if name != "state")
    return bool(found["state"] == "approved") and not made


SHORT = ("put_rows return 1", "_cell call 50", "write_files return 1", "reserve return 1", "record_decision return 1")
GROUPS = {
    "short": (SHORT, "move_into_place call 1"),
    **{f"all {each}": (POINTS[:-AFTER][each::4], POINTS[-AFTER:][each]) for each in range(4)},
}


@pytest.mark.parametrize(
    "group", [pytest.param(name, marks=() if name == "short" else (pytest.mark.long,)) for name in GROUPS]
)
def test_killed_at_any_point_it_is_the_old_state_or_the_new_one_and_the_next_run_ends_it(
    ready: Home, bench: Workbench, group: str
) -> None:
    """The points before the transaction's end one after the other on the same home, then one after it."""
    before, after = GROUPS[group]
    for point in before:
        assert publisher(ready, point).wait(timeout=120) == -signal.SIGKILL, point
        assert is_old(state(ready)), point
    assert publisher(ready, after).wait(timeout=120) == -signal.SIGKILL
    assert is_whole(state(ready)), after
    report = publish(ready, bench, LIST, "admin", AT, "a test")
    found = state(ready)
    assert (is_whole(found), report.is_new) == (True, False)
    assert (found["files"], found["contact_reservation"], found["decisions"]) == (report.files, 40, 1)
    assert [path.name for path in (ready.lists_folder / "2026-03").iterdir()] == ["campaign-v1"]


def test_two_at_once_publish_once(ready: Home) -> None:
    both = [publisher(ready) for _ in range(2)]
    assert [process.wait(timeout=120) for process in both] == [0, 0]
    found = state(ready)
    assert is_whole(found)
    assert (found["decisions"], len(found["files"])) == (1, 4)


def test_sixteen_processes_that_enqueue_surveys_meanwhile_break_no_cap(ready: Home) -> None:
    """Every customer is asked for by all of them: whoever is first gets the room, nobody gets more than the caps."""
    at = moment("2026-04-02 10:00")
    arguments = [sys.executable, "-c", SENDER, str(ready.root), at.isoformat()]
    senders = [
        subprocess.Popen([*arguments, str(worker), ",".join(NAMES)], env=environment(ready)) for worker in range(16)
    ]
    listed = publisher(ready)
    assert [process.wait(timeout=300) for process in [*senders, listed]] == [0] * 17
    caps = load_rules()[0].policy.caps
    most = rows(
        ready,
        "select max(service), max(total) from ("
        "select count(*) filter (where other.consent_code = 'service' and not other.is_promised"
        "  and other.counts_at > one.counts_at - make_interval(days => :service)) as service,"
        " count(*) filter (where other.counts_at > one.counts_at - make_interval(days => :days)) as total"
        " from contact_reservation as one"
        " join contact_reservation as other on other.customer_id = one.customer_id and other.counts_at <= one.counts_at"
        " group by one.reservation_key) as counted",
        service=caps.service.days, days=caps.all.days,
    )  # fmt: skip
    assert most[0][0] <= caps.service.most
    assert most[0][1] <= caps.all.most
    assert rows(ready, "select count(*) from sms_outbox") == rows(ready, "select count(*) from contact_reservation")
    assert rows(ready, "select sum(used_count) from contact_budget") == rows(ready, "select count(*) from sms_outbox")
    ((queued, withheld),) = rows(
        ready,
        "select count(*) filter (where state_code = 'queued'), count(*) filter (where state_code = 'withheld')"
        " from campaign_action where channel_code = 'sms'",
    )
    assert queued + withheld == 40
    assert rows(ready, "select count(*) from sms_outbox where campaign_code is not null") == [(queued,)]
