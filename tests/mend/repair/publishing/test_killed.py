"""A publisher that is killed with -9 at any point leaves the old state or the new one, whole; two at once publish once."""

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

NAMES = [f"K{place:02}" for place in range(40)]
# Publishes, and kills itself at its n-th call into the rooms that publishing runs through; prints the calls otherwise.
PUBLISHER = """
import datetime as dt, os, signal, sys
from mend.foundation.home import Home
from mend.foundation.pipeline.workbench import Workbench
from mend.repair.publishing import publish
home, at, last = Home.at(sys.argv[1]), dt.datetime.fromisoformat(sys.argv[2]), int(sys.argv[3])
ROOMS = ("repair/publishing/", "care/sms/outbox", "care/contact_rules/", "foundation/excel_file", "foundation/list_file")
calls = 0
def count(frame, event, argument):
    global calls
    if event in ("call", "return") and any(room in frame.f_code.co_filename for room in ROOMS):
        calls += 1
        if calls == last:
            os.kill(os.getpid(), signal.SIGKILL)
with Workbench.open(home) as bench:
    sys.setprofile(count)
    publish(home, bench, "2026-03-v1", "admin", at, "a test")
    sys.setprofile(None)
print(calls)
"""
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
policy = load_rules()[0].policy
for turn in range(3):
    with operations.transaction(home.database_url) as connection:
        contact_rules.open_requests(connection)
        requests = [
            Request(f"survey {worker} {turn} {name}", name, at, at + dt.timedelta(hours=turn), at + dt.timedelta(days=9))
            for name in names
        ]
        connection.execute(statement(ROOM, "put_request"), [asdict(each) | {"request_key": each.key} for each in requests])
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


def publisher(home: Home, last: int = 0) -> subprocess.Popen[str]:
    arguments = [sys.executable, "-c", PUBLISHER, str(home.root), AT.isoformat(), str(last)]
    return subprocess.Popen(arguments, env=environment(home), stdout=subprocess.PIPE, text=True)


@pytest.fixture
def ready(home: Home, bench: Workbench) -> Home:
    """An approved list: a message, a call and a priority for forty customers."""
    open_account(home)
    for place, name in enumerate(NAMES):
        customer(home, name, number(place))
    listed = [
        row(strategy, name, rank)
        for strategy in ("dropped_call_care", "complaint_handling", "priority_access")
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
    return (
        found["state"] == "published"
        and found["routing_entry"] == found["campaign_action"] == 120
        and found["sms_outbox"] == 40
    )


def is_old(found: dict[str, Any]) -> bool:
    return found["state"] == "approved" and not any(value for name, value in found.items() if name != "state")


def test_killed_at_any_point_it_is_the_old_state_or_the_new_one_and_the_next_run_ends_it(
    ready: Home, bench: Workbench
) -> None:
    """Points from the first call to the last, each after the other on the same home until one gets through."""
    seen: list[str] = []
    points = [1, 5, 20, 40, 60, 120, 500, 2_000, 8_000, 8_600, 8_700, 8_800, 8_850, 8_900, 8_950, 9_000, 9_050, 9_100]
    for point in points:
        process = publisher(ready, point)
        process.communicate(timeout=120)
        found = state(ready)
        assert is_old(found) or is_whole(found), (point, found)
        seen.append(found["state"])
        if process.returncode == 0:
            break
        assert process.returncode == -signal.SIGKILL
    print(seen)
    report = publish(ready, bench, LIST, "admin", AT, "a test")
    found = state(ready)
    assert is_whole(found)
    assert (found["files"], found["contact_reservation"], found["decisions"]) == (report.files, 40, 1)
    assert [path.name for path in (ready.lists_folder / "2026-03").iterdir()] == ["campaign-v1"]


def test_two_at_once_publish_once(ready: Home) -> None:
    both = [publisher(ready) for _ in range(2)]
    assert [process.wait(timeout=120) for process in both] == [0, 0]
    found = state(ready)
    assert is_whole(found)
    assert (found["decisions"], len(found["files"])) == (1, 6)


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
