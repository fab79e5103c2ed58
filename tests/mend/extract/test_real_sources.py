"""The public data through the gate: its counts are the truths that data/README.md states."""

from __future__ import annotations

import datetime as dt
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from mend import operations
from mend.extract import ExtractReport, adopt_business_zone, extract, load_source
from mend.home import Home
from mend.workbench import Workbench


def days(first: str, last: str) -> list[dt.date]:
    start, end = dt.date.fromisoformat(first), dt.date.fromisoformat(last)
    return [start + dt.timedelta(days=number) for number in range((end - start).days + 1)]


@pytest.fixture
def open_home(home: Home) -> Home:
    """A home whose business zone its first source decides."""
    return Home.at(home.root, {name: value for name, value in home.settings.items() if name != "MEND_ZONE"})


def load(home: Home, bench: Workbench, source: str, path: Path, wanted: list[dt.date]) -> ExtractReport:
    return extract(home, bench, load_source(home, source), wanted, [path])


def opened(home: Home, source: str) -> AbstractContextManager[Workbench]:
    adopt_business_zone(home, load_source(home, source))
    return Workbench.open(home)


def test_anonymous_bank(open_home: Home, shared_data: Path) -> None:
    with opened(open_home, "anonymous_bank") as bench:
        wanted = days("1999-01-01", "1999-02-28")
        report = load(open_home, bench, "anonymous_bank", shared_data / "anonymous_bank", wanted)
        bench.view("raw_contact")
        month = "select count(*), count(*) filter (outcome = '{}') from raw_contact where month(started_on) = {}"
        found = {
            (number, outcome): bench.sql(month.format(outcome, number))[0]
            for number in (1, 2)
            for outcome in ("answered", "hung_up", "phantom")
        }
        assert found == {
            (1, "answered"): (31599, 27060),
            (1, "hung_up"): (31599, 4299),
            (1, "phantom"): (31599, 240),
            (2, "answered"): (33344, 27162),
            (2, "hung_up"): (33344, 5904),
            (2, "phantom"): (33344, 278),
        }
        queued = bench.sql(
            "select count(queue_seconds), round(100 * count(*) filter (is_abandoned) / count(queue_seconds), 2), "
            "round(avg(queue_seconds), 2) from raw_contact group by month(started_on) order by month(started_on)"
        )
        assert queued == [(16905, 18.22, 68.37), (18306, 21.48, 76.12)]
        customers = "select count(distinct customer_id) from raw_contact where outcome <> 'phantom'"
        assert bench.sql(customers) == [(5759,)]
        assert bench.sql("select count(distinct contact_id), count(*) filter (customer_id = '0') from raw_contact") == [(64943, 0)]
        repaired = [sum(file.repaired[name] for file in report.files) for name in ("customer_id", "ivr_seconds")]
        assert repaired == [37733 + 45, 58]


def test_one_day_of_the_bank_is_the_same_as_that_day_of_a_range(open_home: Home, shared_data: Path) -> None:
    path = shared_data / "anonymous_bank" / "january.txt.gz"
    with opened(open_home, "anonymous_bank") as bench:
        for day in ("1999-01-03", "1999-01-01"):
            counts = load(open_home, bench, "anonymous_bank", path, days(day, day)).counts()["contact"]
            assert counts["accepted"] + counts["outside"] == 31599
        bench.view("raw_contact")
        assert bench.sql("select started_on::varchar, count(*) from raw_contact group by 1 order by 1") == [
            ("1999-01-01", 600),
            ("1999-01-03", 2111),
        ]
        numbers = [batch.batch_number for batch in operations.batches(open_home.database_url)]
        load(open_home, bench, "anonymous_bank", path, days("1999-01-01", "1999-01-03"))
        again = [batch.batch_number for batch in operations.batches(open_home.database_url)]
        assert again[:2] == numbers
        bench.view("raw_contact")
        assert bench.sql("select count(*), count(distinct contact_id) from raw_contact where started_on <> '1999-01-02'")[0] == (2711, 2711)


def test_comcast(open_home: Home, shared_data: Path) -> None:
    with opened(open_home, "comcast") as bench:
        load(open_home, bench, "comcast", shared_data / "comcast", days("2015-04-01", "2015-06-30"))
        bench.view("raw_ticket")
        months = bench.sql("select strftime(opened_on, '%Y-%m'), count(*) from raw_ticket group by 1 order by 1")
        assert months == [("2015-04", 545), ("2015-05", 399), ("2015-06", 1280)]
        states = dict(bench.sql("select status_code, count(*) from raw_ticket group by 1"))
        assert states == {"solved": 973, "closed": 734, "open": 363, "pending": 154}


def test_uci498(open_home: Home, shared_data: Path) -> None:
    with opened(open_home, "uci498") as bench:
        path = shared_data / "uci498_incidents" / "incident_event_log.zip"
        report = load(open_home, bench, "uci498", path, days("2016-02-29", "2017-02-18"))
        assert report.counts()["ticket"]["accepted"] == 141712
        bench.view("raw_ticket")
        latest = (
            "with latest as (select * from raw_ticket qualify row_number() over (partition by ticket_id order by "
            "source_updated_at desc nulls last, arrived_on desc, batch_number desc, line_number desc) = 1) "
            "select count(*), count(*) filter (reopen_count > 0), count(*) filter (reassignment_count > 0), "
            "count(resolved_at), count(*) filter (resolved_at <= opened_at + interval 48 hours), "
            "count(*) filter (is_sla_met = false) from latest"
        )
        assert bench.sql(latest) == [(24918, 275, 11369, 23362, 13906, 9115)]
