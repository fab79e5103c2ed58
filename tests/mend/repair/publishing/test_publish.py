"""Publishing: files, routing table, actions and messages, once and whole."""

from __future__ import annotations

import csv
import datetime as dt
from itertools import zip_longest
from pathlib import Path

import pytest
from openpyxl import load_workbook
from tests.mend.care.survey.desk import customer, rows, run
from tests.mend.repair.publishing.published import DAY, ROWS, cells, counts, out, states
from tests.mend.repair.publishing.written import AT, LIST, RULES, approved, known, number, open_account, row, write

from mend.foundation import operations
from mend.foundation.home import Home
from mend.foundation.pipeline.workbench import Workbench
from mend.intake.core.step import load_and_reconcile
from mend.intake.extract import extract, load_source
from mend.intake.quality.step import judge
from mend.repair.publishing import recall
from mend.repair.publishing.errors import ListStateError, NoListError, NotAllowedError, PublishError


@pytest.fixture
def ready(desk: Home, bench: Workbench) -> Home:
    """An approved list of four rows."""
    write(bench, ROWS)
    approved(desk, bench)
    return desk


def sheet(path: Path) -> list[dict[str, str]]:
    """The cells of an Excel file as a CSV file would have them."""
    head, *body = load_workbook(path, read_only=True).active.iter_rows(values_only=True)
    return [{name: "" if cell is None else str(cell) for name, cell in zip_longest(head, line)} for line in body]


def test_a_published_list_is_files_labels_actions_and_messages(ready: Home, bench: Workbench) -> None:
    report = out(ready, bench)
    assert (report.is_new, report.rows, report.queued, report.withheld) == (True, 4, 1, {})
    names = ["hangzhou-call", "hangzhou-routing", "hangzhou-sms", "suzhou-call"]
    assert sorted(report.files) == [f"{name}.{kind}" for name in names for kind in ("csv", "xlsx")]
    assert sorted(path.name for path in report.folder.iterdir()) == sorted(report.files)
    assert rows(ready, "select customer_id, strategy_code, is_priority from routing_entry order by 1, 2") == [
        ("A", "complaint_handling", False), ("A", "priority_access", True), ("B", "phone_callback", False),
        ("C", "dropped_call_care", False),
    ]  # fmt: skip
    assert states(ready) == [
        ("A", "planned", None),
        ("A", "planned", None),
        ("B", "planned", None),
        ("C", "queued", None),
    ]
    ((key, customer, phone, text, kind, campaign, before),) = rows(
        ready,
        "select dedup_key, customer_id, phone_number, text, purpose_kind_code, campaign_code, not_before "
        "from sms_outbox",
    )
    assert (key, customer, phone) == (f"campaign {LIST} dropped_call_care C", "C", number(2))
    assert (text, kind, campaign) == (RULES.strategy("dropped_call_care").message_zh, "service", LIST)
    assert before.isoformat() == "2026-04-03T01:00:00+00:00"  # 09:00 of the planned day in China
    assert rows(ready, "select reservation_key from contact_reservation") == [(key,)]
    decided = "select decision_code, decided_by, decided_through from campaign_decision order by decision_id"
    assert rows(ready, decided) == [("approved", "admin", "a test"), ("published", "admin", "a test")]


def test_numbers_are_masked_and_csv_and_excel_say_the_same(ready: Home, bench: Workbench) -> None:
    report = out(ready, bench)
    (found,) = cells(report.folder / "suzhou-call.csv")
    assert (report.folder / "suzhou-call.csv").read_bytes()[:3] == b"\xef\xbb\xbf"
    assert (found["customer_id"], found["phone_number"], found["level_zh"]) == ("B", "'+86138****0001", "严重")
    assert found["label_en"] == "On the callback list: cut off (twice)."
    for path in report.folder.glob("*.csv"):
        excel = sheet(path.with_suffix(".xlsx"))
        assert [{**each, "score": float(each["score"])} for each in excel] == [
            {**each, "score": float(each["score"])} for each in cells(path)
        ]
    everything = b"".join(path.read_bytes() for path in report.folder.iterdir())
    assert number(1).encode() not in everything


def test_a_channel_reports_on_a_row_with_the_rows_own_columns(ready: Home, bench: Workbench) -> None:
    """A channel adds done_on and result to the file that it was given, and sends it back: that finds the row again."""
    given = cells(out(ready, bench).folder / "suzhou-call.csv")
    day = dt.date(2026, 4, 6)
    path = ready.inbox / "campaign_channel" / str(day) / "suzhou-call.csv"
    path.parent.mkdir(parents=True)
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, [*given[0], "done_on", "result"])
        writer.writeheader()
        writer.writerows({**each, "done_on": "2026-04-05", "result": "已解决"} for each in given)
    counts = extract(ready, bench, load_source(ready, "campaign_channel"), [day]).counts()["repair_action"]
    assert (counts["accepted"], counts["rejected"]) == (1, 0)
    judge(ready, bench, [day])
    load_and_reconcile(ready, bench, [day])
    bench.view("core_repair_action")
    [(repair_id, customer_id, outcome)] = bench.sql(
        "select repair_id, customer_id, outcome_code from core_repair_action"
    )
    assert (repair_id, customer_id, outcome) == (f"{LIST}/B/phone_callback", "B", "resolved")


def test_the_same_again_changes_nothing(ready: Home, bench: Workbench) -> None:
    first, before = out(ready, bench), counts(ready)
    contents = {path.name: path.read_bytes() for path in first.folder.iterdir()}
    again = out(ready, bench, at=AT + 40 * DAY)
    assert (again.is_new, again.files, again.queued) == (False, first.files, first.queued)
    assert counts(ready) == before
    assert {path.name: path.read_bytes() for path in again.folder.iterdir()} == contents


HOSTILE = {
    "formula": "=HYPERLINK(\"http://x\",\"y\")", "plus": "+1", "minus": "-2+3", "at": "@SUM(A1)", "tab": "\t=1",
    "return": "\r\n=1", "bell": "\x07=1", "full width": "＝1+1", "null": "a\x00b", "quote": 'a";=1',
    "lines": "a\r\nb\nc",
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_word_is_a_text_in_both_files(desk: Home, bench: Workbench, name: str) -> None:
    word = HOSTILE[name].replace("\x00", "")
    write(bench, [row("phone_callback", "B", label_en=word, reasons_en=word, city="../城 市")])
    approved(desk, bench)
    report = out(desk, bench)
    (csv_file,) = report.folder.glob("*.csv")
    assert "/" not in csv_file.name
    (found,) = cells(csv_file)
    assert found["label_en"].lstrip("'") == word
    assert found["label_en"][:1] not in set("=+-@＝\t\r\n\x07")
    book = load_workbook(csv_file.with_suffix(".xlsx"))
    kinds = {
        cell.data_type for line in book.active.iter_rows(min_row=2) for cell in line if isinstance(cell.value, str)
    }
    assert kinds == {"s"}
    (excel,) = sheet(csv_file.with_suffix(".xlsx"))
    assert excel["label_en"][:1] not in set("=+-@＝\t\r\n\x07")


def test_a_list_that_nobody_approved_is_not_published(desk: Home, bench: Workbench) -> None:
    write(bench, ROWS)
    with pytest.raises(NoListError, match="not before the approvers"):
        out(desk, bench)
    approved(desk, bench)
    run(desk, "update campaign_list set state_code = 'draft'")
    with pytest.raises(ListStateError, match="draft, not approved"):
        out(desk, bench)
    assert set(counts(desk).values()) == {0}


def test_who_approved_must_be_an_approver_still(ready: Home, bench: Workbench) -> None:
    (ready.root / "strategies").mkdir()
    other = RULES.text.replace("- admin", "- wang").replace("1990-01-01", "2026-04-02", 1)
    (ready.root / "strategies" / "2026-04-02.yaml").write_text(
        other.replace("valid_from: 1990-01-01", "valid_from: 2026-04-02"), "utf-8"
    )
    with pytest.raises(NotAllowedError, match=r"'admin' may not approve .* any more.*approvers are wang"):
        out(ready, bench)
    assert set(counts(ready).values()) == {0}
    assert not (ready.lists_folder / "2026-03").exists()


def test_content_that_was_not_approved_is_not_published(ready: Home, bench: Workbench) -> None:
    write(bench, [*ROWS, row("phone_callback", "C")])
    with pytest.raises(PublishError, match="other content than the one that was approved"):
        out(ready, bench)
    write(bench, [*ROWS, row("phone_callback", "C")], content_sha256=f"{len(ROWS):064}")
    with pytest.raises(PublishError, match="has 5 rows in the lake, 4 were approved"):
        out(ready, bench)
    assert set(counts(ready).values()) == {0}


def test_without_an_account_nothing_of_the_list_goes_out(home: Home, bench: Workbench) -> None:
    known(home, "A", "B", "C")
    write(bench, ROWS)
    approved(home, bench)
    with pytest.raises(PublishError, match="register"):
        out(home, bench)
    assert set(counts(home).values()) == {0}
    open_account(home)
    assert out(home, bench).queued == 1
    assert [path.name for path in (home.lists_folder / "2026-03").iterdir()] == ["campaign-v1"]


def test_one_list_of_a_month_counts_and_nobody_is_written_to_twice(ready: Home, bench: Workbench) -> None:
    out(ready, bench)
    run(ready, "update sms_outbox set state_code = 'submitted', attempts = 1")
    customer(ready, "D", number(9))
    write(bench, [*ROWS, row("dropped_call_care", "D", 2)], version=2)
    approved(ready, bench, "2026-03-v2")
    with pytest.raises(ListStateError, match=r"list 2026-03-v1 of 2026-03 is published.*recall it first"):
        out(ready, bench, "2026-03-v2")
    with operations.transaction(ready.database_url) as connection:
        gone = recall(connection, LIST, "admin", "wrong month", approvers=["admin"], at=AT + DAY, through="a test")
    assert (gone.routing_entries, gone.messages, gone.messages_gone) == (4, 0, 1)
    with pytest.raises(ListStateError, match="is recalled and cannot be published"):
        out(ready, bench)
    second = out(ready, bench, "2026-03-v2", AT + DAY)
    assert (second.queued, second.withheld) == (1, {"sent_before": 1})
    assert rows(ready, "select customer_id from sms_outbox order by 1") == [("C",), ("D",)]
