"""The same content loads once, a corrected file is a batch of its own, a run that died half-way is put right by the
next.
"""

from __future__ import annotations

import csv
import datetime as dt
import gzip
from pathlib import Path

import pytest
from sqlalchemy import text as sql
from tests.mend.intake.extract.desk import DAY, Desk, line, text

from mend.foundation import operations
from mend.foundation.home import Home
from mend.foundation.pipeline.workbench import Workbench
from mend.intake.extract import extract, load_source
from mend.intake.extract.landing import Landing
from mend.simulate import simulate

NEXT = DAY + dt.timedelta(days=1)


def history(made: dict) -> None:  # type: ignore[type-arg]
    made["records"]["contact"]["path"] = "contact.csv"


def counted(desk: Desk) -> list[tuple[object, ...]]:
    return [
        (batch.batch_number, batch.business_date, batch.counts.lines, batch.counts.accepted, batch.counts.rejected)
        for batch in operations.batches(desk.home.database_url)
    ]


def test_the_same_content_loads_once_also_when_packed_again_or_given_twice(desk: Desk) -> None:
    content = text(line("A1"), line("A2", outcome="lost"))
    first = desk.load(paths=[desk.write(content)])
    again = desk.load(paths=[desk.write(gzip.compress(content.encode()))])
    assert again.report.counts()["contact"] == first.report.counts()["contact"] | {"known": 1}
    assert (again.rows, again.rejects) == (first.rows, first.rejects)
    assert counted(desk) == [(1, DAY, 2, 1, 1)]
    twice = desk.load(
        paths=[desk.write(text(line("B1")), "contact.csv", NEXT), desk.write(text(line("B1")), "contact2.csv", NEXT)],
        days=[NEXT],
    )
    assert [row[1] for row in twice.rows] == ["A1", "B1"]


def test_a_corrected_file_is_a_higher_batch_beside_the_first(desk: Desk) -> None:
    desk.write(text(line("A1", talk="30")))
    desk.load()
    desk.write(text(line("A1", talk="40")))
    desk.load()
    assert desk.rows("batch_number, contact_id, talk_seconds") == [(1, "A1", 30), (2, "A1", 40)]


def test_a_try_that_died_before_its_batches_were_marked_is_replaced_whole(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(*_: object) -> None:
        raise KeyboardInterrupt

    desk.write(text(line("A1"), line("A2", outcome="lost")))
    with monkeypatch.context() as patched:
        patched.setattr(operations, "mark_loaded", die)
        with pytest.raises(KeyboardInterrupt):
            desk.load()
    assert [batch.status_code for batch in operations.batches(desk.home.database_url)] == ["loading"]
    loaded = desk.load()
    assert (loaded.rows, loaded.rejects) == ([(2, "A1", "700", "answered", 30)], [(3, "outcome", "unknown_code")])
    assert counted(desk) == [(1, DAY, 2, 1, 1)]


def test_a_changed_mapping_reads_the_same_file_again_under_its_number(desk: Desk) -> None:
    desk.write(text(line("A1", outcome="AGENT")))
    assert desk.load().rows == []
    mapped = {"from": "outcome", "codes": {"AGENT": "answered"}}
    source = desk.source(lambda made: made["records"]["contact"]["columns"].update(outcome=mapped))
    loaded = desk.load(source)
    assert (loaded.rows, loaded.rejects) == ([(2, "A1", "700", "answered", 30)], [])
    assert counted(desk) == [(1, DAY, 1, 1, 0)]


def test_a_history_file_gives_each_day_its_batch_and_leaves_other_days_outside(desk: Desk) -> None:
    days = [DAY + dt.timedelta(days=number) for number in range(3)]
    rows = [line(f"A{number}", at=f"{day}T08:00:00+08:00") for number, day in enumerate(days)]
    path = desk.write(text(*rows, line("B", at="never"), "ragged", line("C", at=f"{days[1]}T09:00:00+08:00", talk="x")))
    source = desk.source(history)
    middle = desk.load(source, days=[days[1]], paths=[path])
    assert middle.report.counts()["contact"] == {
        "files": 1, "known": 0, "accepted": 1, "rejected": 3, "outside": 2, "repaired": 0,
    }  # fmt: skip
    assert counted(desk) == [(1, days[1], 6, 1, 1), (2, None, 6, 0, 2)]
    # Undatable rows stay one batch, on the file's first day, whichever days are asked for.
    assert desk.rejects("line_number, arrived_on") == [(7, days[1]), (5, days[0]), (6, days[0])]
    whole = desk.load(source, days=days, paths=[path])
    assert whole.report.counts()["contact"] | {"known": 0} == {
        "files": 1, "known": 0, "accepted": 3, "rejected": 3, "outside": 0, "repaired": 0,
    }  # fmt: skip
    assert [row[1] for row in sorted(whole.rows)] == ["A0", "A1", "A2"]
    assert len(whole.rejects) == 3
    assert [batch[1] for batch in counted(desk)] == [days[1], None, days[0], days[2]]


def test_a_range_of_days_is_written_in_parts_when_it_is_large(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mend.intake.extract.extraction.ROWS_PER_WRITE", 2)
    written = []
    write = Landing.write
    monkeypatch.setattr(Landing, "write", lambda landing: (written.append(landing.rows), write(landing)))
    days = [DAY + dt.timedelta(days=number) for number in range(3)]
    for day in days:
        desk.write(text(*(line(f"{day}-{number}", at=f"{day}T08:00:00+08:00") for number in range(2))), day=day)
    assert len(desk.load(days=days).rows) == 6
    assert written == [2, 2, 2, 0]


def test_a_batch_whose_lines_do_not_add_up_cannot_be_marked_loaded(desk: Desk) -> None:
    desk.write(text(line("A1")))
    desk.load()
    with (
        pytest.raises(Exception, match="load_batch_reconciled_check"),
        operations.transaction(desk.home.database_url) as connection,
    ):
        connection.execute(sql("update load_batch set accepted_count = 7"))


def test_a_home_without_a_zone_takes_that_of_its_first_source(desk: Desk) -> None:
    desk.home.settings.pop("MEND_ZONE")  # type: ignore[attr-defined]
    source = desk.source(lambda made: made.update(zone="Asia/Jerusalem"))
    desk.write(text(line("A1", at="2026-05-01T23:30:00")))
    desk.load(source)
    assert desk.home.business_zone == desk.bench.zone == "Asia/Jerusalem"
    assert desk.rows("started_on::varchar") == [("2026-05-01",)]


PROVIDED = """
    columns of the file            | provided beside contact_id, customer_id, started_at, outcome
    talk_seconds, note_text, level | ivr_depth, note_text, talk_seconds, topic_code
    talk_seconds                   | talk_seconds, topic_code
                                   | topic_code
"""


def test_an_optional_column_is_provided_by_the_files_that_have_it_or_something_in_its_place(desk: Desk) -> None:
    def change(made: dict) -> None:  # type: ignore[type-arg]
        made["records"]["contact"]["columns"] |= {
            "talk_seconds": {"from": "talk_seconds", "optional": True},
            "note_text": {"from": "note_text", "optional": True},
            "ivr_depth": {"from": "level", "optional": True},
            "topic_code": {"from": "topic", "optional": True, "default": "bill"},
        }

    source = desk.source(change)
    fixed = ["contact_id", "customer_id", "started_at", "outcome"]
    for number, row in enumerate(PROVIDED.strip().splitlines()[1:]):
        day = DAY + dt.timedelta(days=number)
        more, expected = ([name.strip() for name in cell.split(",") if name.strip()] for cell in row.split("|"))
        cells = [f"A{number}", "700", f"{day}T08:00:00+08:00", "answered", *("1" for _ in more)]
        desk.write("\n".join((",".join([*fixed, *more]), ",".join(cells), "")), day=day)
        loaded = desk.load(source, days=[day])
        assert loaded.rejects == []
        [batch] = operations.batches(desk.home.database_url, [day])
        assert sorted(batch.provided_columns) == sorted([*fixed, *expected])


def test_what_the_simulator_wrote_before_a_column_came_is_loaded_without_it(
    home: Home, bench: Workbench, tmp_path: Path
) -> None:
    simulate(tmp_path / "inbox", customers=60, first_month="2026-05", months=1, seed=3, dirty=False)
    paths = sorted((tmp_path / "inbox").glob("2026-05-0[12]/contact.csv.gz"))
    _take_out(paths[0], "ivr_node_code", "agent_group_code")
    days = [DAY, NEXT]
    extract(home, bench, load_source(home, "simulator"), days, [tmp_path / "inbox"])
    provided = {
        batch.arrived_on: {"ivr_node_code", "agent_group_code"} & set(batch.provided_columns)
        for batch in operations.batches(home.database_url, days, "contact")
    }
    assert provided == {DAY: set(), NEXT: {"ivr_node_code", "agent_group_code"}}
    bench.view("raw_contact", as_name="read_contact")
    found = bench.sql(
        "select started_on, count(ivr_node_code) > 0, count(agent_group_code) > 0 from read_contact group by 1 "
        "order by 1"
    )
    assert found == [(DAY, False, False), (NEXT, True, True)]


def _take_out(path: Path, *names: str) -> None:
    """The file as a version wrote it that did not know the columns."""
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    with gzip.open(path, "wt", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, [name for name in rows[0] if name not in names], extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)
