"""The public data through the gate: its counts are the truths that data/README.md states."""

from __future__ import annotations

import datetime as dt
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
import yaml

from mend.foundation import operations
from mend.foundation.home import Home
from mend.foundation.pipeline.workbench import Workbench
from mend.foundation.source_files import SHIPPED
from mend.intake.extract import ExtractReport, Source, adopt_business_zone, extract, load_source, read_source


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
        assert bench.sql("select count(distinct contact_id), count(*) filter (customer_id = '0') from raw_contact") == [
            (64943, 0)
        ]
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
        assert bench.sql(
            "select count(*), count(distinct contact_id) from raw_contact where started_on <> '1999-01-02'"
        )[0] == (2711, 2711)


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


def changed(name: str, record: str, columns: dict[str, object], path: Path) -> Source:
    """A shipped source with other mappings of some columns."""
    described = yaml.safe_load((SHIPPED / f"{name}.yaml").read_text("utf-8"))
    described["records"][record]["columns"] |= columns
    path.write_text(yaml.safe_dump(described), "utf-8")
    return read_source(path)


def test_a_key_of_the_bank_s_that_is_often_half_empty_loses_no_call_in_silence(
    open_home: Home, shared_data: Path, tmp_path: Path
) -> None:
    """Missed calls have no server: with the server in the key they are rejected by name, with a default for it they are
    all there.
    """
    january = shared_data / "anonymous_bank" / "january.txt.gz"
    for server, accepted, rejected in (
        ("server", 31599 - 5028, 5028),
        ({"column": "server", "default": "none"}, 31599, 0),
    ):
        key = {"from": ["vru+line", "call_id", server], "separator": "-", "null_values": ["NO_SERVER"]}
        source = changed("anonymous_bank", "contact", {"contact_id": key}, tmp_path / "anonymous_bank.yaml")
        with opened(open_home, "anonymous_bank") as bench:
            report = extract(open_home, bench, source, days("1999-01-01", "1999-01-31"), [january])
            counts = report.counts()["contact"]
            assert (counts["accepted"], counts["rejected"]) == (accepted, rejected)
            assert report.reasons() == ([f"contact.contact_id: empty_part (server): {rejected}"] if rejected else [])
            bench.view("raw_contact")
            assert bench.sql("select count(distinct contact_id) from raw_contact") == [(accepted,)]


def test_the_bank_s_queue_times_are_the_differences_of_its_clock_times(
    open_home: Home, shared_data: Path, tmp_path: Path
) -> None:
    columns = {
        "queue_seconds": {
            "seconds_between": [["date", "q_start"], ["date", "q_exit"]],
            "formats": "%y%m%d %H:%M:%S",
            "where": [{"column": "q_time", "above": 0}],
            "on_bad": "null",
        },
        "hold_seconds": {"from": "q_time", "null_values": ["0"]},
    }
    source = changed("anonymous_bank", "contact", columns, tmp_path / "anonymous_bank.yaml")
    with opened(open_home, "anonymous_bank") as bench:
        report = extract(
            open_home,
            bench,
            source,
            days("1999-01-01", "1999-01-31"),
            [shared_data / "anonymous_bank" / "january.txt.gz"],
        )
        bench.view("raw_contact")
        same = (
            "select count(hold_seconds), count(queue_seconds), count(*) filter (queue_seconds = hold_seconds) from "
            "raw_contact"
        )
        # One customer waited over midnight, and the file has one date: not a wait of minus a day.
        assert bench.sql(same) == [(16905, 16904, 16904)]
        assert report.files[0].repaired["queue_seconds"] == 1


def test_comcast_s_cells_are_filled_where_its_file_fills_them(
    open_home: Home, shared_data: Path, tmp_path: Path
) -> None:
    """No complaint leaves open who filed it, none has an empty zip code; no time of April to June comes twice."""
    columns = {
        "is_escalated": {"when": [{"column": "Filing on Behalf of Someone", "is": "not null"}]},
        "is_sla_met": {"when": [{"column": "Zip code", "is": "null"}]},
    }
    source = changed("comcast", "ticket", columns, tmp_path / "comcast.yaml")
    with opened(open_home, "comcast") as bench:
        report = extract(open_home, bench, source, days("2015-04-01", "2015-06-30"), [shared_data / "comcast"])
        bench.view("raw_ticket")
        assert bench.sql("select count(*) filter (is_escalated), count(*) filter (is_sla_met) from raw_ticket") == [
            (2224, 0)
        ]
        assert "ambiguous" not in report.counts()["ticket"]
