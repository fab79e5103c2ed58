"""Publishing: files, routing table, actions and messages, once and whole."""

from __future__ import annotations

import csv
import datetime as dt
from itertools import zip_longest
from pathlib import Path
from typing import Any

import pytest
import yaml
from openpyxl import load_workbook
from tests.mend.care.survey.desk import customer, rows, run
from tests.mend.repair.publishing.written import AT, LIST, RULES, approved, known, number, open_account, row, write

from mend.care.survey.rules import FOLDER
from mend.foundation import operations
from mend.foundation.home import Home
from mend.foundation.pipeline.workbench import Workbench
from mend.intake.core.step import load_and_reconcile
from mend.intake.extract import extract, load_source
from mend.intake.quality.step import judge
from mend.repair.campaign.hold_out import in_hold_out
from mend.repair.publishing import publish, recall
from mend.repair.publishing.errors import ListStateError, NoListError, NotAllowedError, PublishError
from mend.repair.strategies import StrategyError

DAY = dt.timedelta(days=1)
ROWS = [
    row("priority_access", "A"),
    row("phone_callback", "B", city="suzhou"),
    row("dropped_call_care", "C"),
    row("complaint_handling", "A"),
]
PUBLISHED = ("routing_entry", "campaign_action", "campaign_strategy", "sms_outbox", "contact_reservation")


def out(home: Home, bench: Workbench, list_id: str = LIST, at: dt.datetime = AT) -> Any:
    return publish(home, bench, list_id, "admin", at, "a test")


@pytest.fixture
def desk(home: Home, bench: Workbench) -> Home:
    """A home with an SMS account and three customers who consent to everything."""
    open_account(home)
    known(home, "A", "B", "C")
    return home


@pytest.fixture
def ready(desk: Home, bench: Workbench) -> Home:
    """An approved list of four rows."""
    write(bench, ROWS)
    approved(desk, bench)
    return desk


def cells(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def sheet(path: Path) -> list[dict[str, str]]:
    """The cells of an Excel file as a CSV file would have them."""
    head, *body = load_workbook(path, read_only=True).active.iter_rows(values_only=True)
    return [{name: "" if cell is None else str(cell) for name, cell in zip_longest(head, line)} for line in body]


def counts(home: Home) -> dict[str, int]:
    return {table: rows(home, f"select count(*) from {table}")[0][0] for table in PUBLISHED}


def states(home: Home) -> list[tuple[Any, ...]]:
    return rows(home, "select customer_id, state_code, reason_code from campaign_action order by 1, 2")


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


def test_what_the_contact_rules_refuse_is_withheld_with_its_reason(desk: Home, bench: Workbench) -> None:
    customer(desk, "nobody", number(7), has_survey_consent=False)
    run(desk, "insert into sms_opt_out values (:number, :at, 'reply')", number=number(1), at=AT - DAY)
    run(desk, "update contact_address set is_active = false where customer_id = 'A'")
    write(
        bench,
        [row("dropped_call_care", name, rank) for rank, name in enumerate(["A", "B", "C", "nobody", "unheard"], 1)],
    )
    approved(desk, bench)
    report = out(desk, bench)
    assert (report.queued, report.withheld) == (
        1, {"customer_left": 1, "no_consent": 1, "no_number": 1, "opted_out": 1},
    )  # fmt: skip
    shown = {
        each["customer_id"]: (each["phone_number"], each["number_note_en"])
        for each in cells(report.folder / "hangzhou-sms.csv")
    }
    assert shown["B"] == ("", "they want no messages")
    assert shown["C"] == ("'+86138****0002", "")
    assert shown["A"] == ("", "they are no subscriber any more")


def owed_text() -> str:
    """The strategies with the care message as something that customers are owed."""
    content = yaml.safe_load(RULES.text)
    content["strategies"]["dropped_call_care"] |= {"is_entitlement": True, "hold_out_share": 0.0}
    return yaml.safe_dump(content, allow_unicode=True, sort_keys=False)


def test_what_is_owed_and_cannot_be_written_goes_to_a_person(desk: Home, bench: Workbench) -> None:
    run(desk, "insert into sms_opt_out values (:number, :at, 'reply')", number=number(1), at=AT - DAY)
    write(bench, [row("dropped_call_care", name, is_entitlement=True) for name in "BC"], text=owed_text())
    approved(desk, bench)
    report = out(desk, bench)
    assert states(desk) == [("B", "to_person", "opted_out"), ("C", "queued", None)]
    assert rows(desk, "select is_promised from sms_outbox") == [(True,)]
    assert [each["phone_number"] for each in cells(report.folder / "hangzhou-sms.csv")] == [
        "'+86138****0001",
        "'+86138****0002",
    ]


def test_whoever_cannot_be_reached_any_more_is_not_called_or_credited(desk: Home, bench: Workbench) -> None:
    customer(desk, "gone", number(7))
    calls = [row("phone_callback", name, rank) for rank, name in enumerate(["A", "B", "unheard"], 1)]
    labels = [row("priority_access", name, rank) for rank, name in enumerate(["gone", "unseen"], 1)]
    owed = [row("complaint_handling", "A"), row("rebate", "C", amount=50), row("manager_visit", "unmet")]
    write(bench, calls + labels + owed)
    approved(desk, bench)
    run(desk, "insert into sms_opt_out values (:number, :at, 'reply')", number=number(1), at=AT - DAY)
    run(desk, "update contact_address set is_active = false where customer_id in ('A', 'gone')")
    out(desk, bench)
    found = "select strategy_code, customer_id, state_code, reason_code from campaign_action order by 1, 2"
    assert rows(desk, found) == [
        ("complaint_handling", "A", "to_person", "customer_left"),
        ("manager_visit", "unmet", "planned", None),  # nobody needs a number to visit them
        ("phone_callback", "A", "withheld", "customer_left"),
        ("phone_callback", "B", "withheld", "opted_out"),
        ("phone_callback", "unheard", "withheld", "no_number"),
        ("priority_access", "gone", "withheld", "customer_left"),
        ("priority_access", "unseen", "planned", None),  # nor to put them through first
        ("rebate", "C", "planned", None),
    ]


def test_customers_who_turned_out_to_be_one_person_get_one_thing_and_what_each_is_owed(
    desk: Home, bench: Workbench
) -> None:
    gifts = [row("rebate", "B", amount=50, level=4), row("dropped_call_care", "C"), row("phone_callback", "alone")]
    write(bench, [row("phone_callback", "D", 2), row("complaint_handling", "D"), *gifts])
    approved(desk, bench)
    customer(desk, "alone", number(7))
    customer(desk, "D", number(8))
    run(desk, "insert into customer_person values ('D', 'B', '2026-04-01', null), ('C', 'B', '2026-04-01', null)")
    report = out(desk, bench)
    assert (report.queued, report.withheld) == (0, {"same_person": 1})
    found = "select strategy_code, customer_id, state_code, reason_code from campaign_action order by 1, 2"
    assert rows(desk, found) == [
        ("complaint_handling", "D", "planned", None),
        ("dropped_call_care", "C", "withheld", "same_person"),
        ("phone_callback", "D", "withheld", "same_person"),
        ("phone_callback", "alone", "planned", None),
        ("rebate", "B", "planned", None),
    ]
    calls = {(each["strategy_code"], each["customer_id"]): each for each in cells(report.folder / "hangzhou-call.csv")}
    again = calls["phone_callback", "D"]
    assert (again["phone_number"], again["number_note_en"]) == ("", "the same person as in another row, which stands")
    assert calls["complaint_handling", "D"]["phone_number"] == "'+86138****0001"
    assert calls["phone_callback", "alone"]["phone_number"] == "'+86138****0007"
    told = "select strategy_code, customer_id from routing_entry order by 1, 2"
    assert rows(desk, told) == [("complaint_handling", "D"), ("phone_callback", "alone"), ("rebate", "B")]


@pytest.mark.parametrize(
    ("joined", "kept"),
    [
        ("K12", {("rebate", "B"), ("dropped_call_care", "C")}),  # the universal arm: nothing
        ("K1", {("rebate", "B")}),  # the arm of rebates alone: what else they are on the list for stands
        ("K3", set()),  # in no arm
    ],
)
def test_whoever_became_one_with_somebody_held_out_gets_only_what_they_are_owed(
    desk: Home, bench: Workbench, joined: str, kept: set[tuple[str, str]]
) -> None:
    """The list was made before: B and C are on it, and an id that is not on it turns out to be theirs."""
    for share, what in ((RULES.settings.universal_hold_out_share, "universal"), (0.1, "rebate")):
        is_held = in_hold_out(joined, "2026H1", what, share, RULES.settings.seed)
        assert is_held == ((joined, what) in {("K12", "universal"), ("K1", "rebate")})
    given = [row("rebate", "B", amount=50), row("dropped_call_care", "C"), row("phone_callback", "A")]
    write(bench, [*given, row("complaint_handling", "B")])
    approved(desk, bench)
    values = ("'2026-04-01', null" for _ in "BC")
    for name, rest in zip("BC", values, strict=True):
        run(desk, f"insert into customer_person values ('{name}', '{joined}', {rest})")
    out(desk, bench)
    found = rows(desk, "select strategy_code, customer_id, state_code, reason_code from campaign_action")
    assert {(code, name) for code, name, _, reason in found if reason == "held_out"} == kept
    assert {state for _, _, state, reason in found if reason == "held_out"} <= {"withheld"}
    assert ("complaint_handling", "B", "planned", None) in found
    assert ("phone_callback", "A", "planned", None) in found
    told = {(code, name) for code, name in rows(desk, "select strategy_code, customer_id from routing_entry")}
    assert told == {(code, name) for code, name, state, _ in found if state != "withheld"}
    assert rows(desk, "select count(*) from sms_outbox") == [(int(any(state == "queued" for _, _, state, _ in found)),)]


def commercial_text(message: str = "可享优惠，回T退订") -> str:
    """The strategies with the consolidation message as an offer."""
    content = yaml.safe_load(RULES.text)
    offer = {
        "consent_code": "commercial",
        "message_zh": message,
        "message_en": "An offer of {amount} yuan. Reply STOP to opt out.",
    }
    content["strategies"]["sms_consolidation"] |= offer
    return yaml.safe_dump(content, allow_unicode=True, sort_keys=False)


def test_an_offer_goes_to_those_who_agreed_to_offers_and_have_no_complaint_open(desk: Home, bench: Workbench) -> None:
    run(desk, "update contact_address set has_marketing_consent = false where customer_id = 'A'")
    run(desk, "insert into known_ticket values ('T', 'B', 'billing', :at)", at=AT - DAY)
    offers = [row("sms_consolidation", name, rank, amount=50) for rank, name in enumerate("ABC", 1)]
    write(bench, offers, text=commercial_text())
    approved(desk, bench)
    report = out(desk, bench)
    assert (report.queued, report.withheld) == (1, {"matter_open": 1, "no_consent": 1})
    assert rows(desk, "select customer_id, purpose_kind_code, text from sms_outbox") == [
        ("C", "commercial", "可享优惠，回T退订")
    ]


def test_an_offer_that_says_nowhere_how_to_opt_out_is_not_sent(desk: Home, bench: Workbench) -> None:
    write(bench, [row("sms_consolidation", "C")])
    approved(desk, bench)
    write(bench, [row("sms_consolidation", "C")], text=commercial_text("可享优惠"))
    with pytest.raises(StrategyError, match=r"sms_consolidation.*opt out"):
        out(desk, bench)
    assert set(counts(desk).values()) == {0}


def test_a_message_is_in_the_customers_language_with_its_places_filled(desk: Home, bench: Workbench) -> None:
    run(desk, "update contact_address set language_code = 'en' where customer_id = 'C'")
    write(bench, [row("sms_consolidation", "C", amount=50)], text=commercial_text())
    approved(desk, bench)
    out(desk, bench)
    assert rows(desk, "select language_code, text from sms_outbox") == [
        ("en", "An offer of 50 yuan. Reply STOP to opt out.")
    ]


def test_messages_over_the_days_budget_go_on_later_days_of_the_validity(desk: Home, bench: Workbench) -> None:
    rules = yaml.safe_load((FOLDER / "1990-01-01.yaml").read_text("utf-8"))
    rules["policy"] |= {"budgets": {"service": 2, "commercial": 2}, "reserved_of_budget": 0}
    folder = desk.root / "survey_rules"
    folder.mkdir()
    few = yaml.safe_dump(rules, allow_unicode=True)
    (folder / "1990-01-01.yaml").write_text(few, "utf-8")
    names = [f"K{place}" for place in range(7)]
    for place, name in enumerate(names, 20):
        customer(desk, name, number(place))
    write(bench, [row("dropped_call_care", name, rank, valid_until="2026-04-05") for rank, name in enumerate(names, 1)])
    approved(desk, bench)
    report = out(desk, bench)
    assert (report.queued, report.withheld) == (6, {"budget_spent": 1})
    days = rows(
        desk, "select customer_id, (not_before at time zone 'Asia/Shanghai')::date::text from sms_outbox order by 1"
    )
    assert [day[-2:] for _, day in days] == ["03", "03", "04", "04", "05", "05"]
    assert states(desk)[-1] == ("K6", "withheld", "budget_spent")


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
