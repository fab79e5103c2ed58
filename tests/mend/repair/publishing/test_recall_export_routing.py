"""After publishing: a recall, an export of whole numbers, and what desktops and the relay ask."""

from __future__ import annotations

import csv
import datetime as dt
import stat
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.mend.care.survey.desk import customer, rows, run
from tests.mend.repair.publishing.written import AT, LIST, approved, known, number, open_account, row, write

from mend.care.contact_rules import reasons_at_claim
from mend.foundation import operations
from mend.foundation.home import Home
from mend.foundation.pipeline.workbench import Workbench
from mend.repair.publishing import (
    Recalled,
    RoutingEntry,
    export_whole,
    finish_files,
    publish,
    recall,
    routing_of,
    routing_of_number,
)
from mend.repair.publishing.errors import ListStateError, NoListError, NotAllowedError, ReasonMissingError

DAY = dt.timedelta(days=1)
ON = dt.date(2026, 4, 10)


@pytest.fixture
def live(home: Home, bench: Workbench) -> Home:
    """A published list."""
    open_account(home)
    known(home, "A", "B", "C", "D")
    listed = [
        row("priority_access", "A"), row("phone_callback", "B", city="suzhou"), row("dropped_call_care", "C"),
        row("dropped_call_care", "D", 2), row("complaint_handling", "A", level=4),
    ]  # fmt: skip
    write(bench, listed)
    approved(home, bench)
    publish(home, bench, LIST, "admin", AT, "a test")
    return home


def recalled(home: Home, who: str = "admin", reason: str = "wrong month") -> Recalled:
    with operations.transaction(home.database_url) as connection:
        return recall(connection, LIST, who, reason, approvers=["admin"], at=AT + DAY, through="a test")


def entries(home: Home, customer_id: str, day: dt.date = ON) -> list[RoutingEntry]:
    with operations.transaction(home.database_url) as connection:
        return routing_of(connection, customer_id, day)


def test_a_recall_ends_labels_actions_and_unsent_messages_and_gives_room_back(live: Home) -> None:
    run(live, "update sms_outbox set state_code = 'submitted', attempts = 1 where customer_id = 'C'")
    done = recalled(live)
    assert (done.routing_entries, done.actions, done.messages, done.messages_gone) == (5, 4, 1, 1)
    assert rows(live, "select customer_id, state_code, state_reason from sms_outbox order by 1") == [
        ("C", "submitted", None), ("D", "suppressed", "recalled"),
    ]  # fmt: skip
    assert rows(live, "select customer_id, state_code from campaign_action order by 1, 2") == [
        ("A", "recalled"), ("A", "recalled"), ("B", "recalled"), ("C", "queued"), ("D", "recalled"),
    ]  # fmt: skip
    assert rows(live, "select customer_id from contact_reservation") == [("C",)]
    assert entries(live, "A") == []
    assert rows(live, "select count(*) from routing_entry") == [(5,)]
    assert rows(live, "select decision_code, decided_by, reason from campaign_decision order by decision_id")[-1] == (
        "recalled", "admin", "wrong month",
    )  # fmt: skip


def test_recalled_again_nothing_changes_and_only_an_approver_recalls(live: Home) -> None:
    for who, reason, error in (("viewer", "x", NotAllowedError), ("admin", " ", ReasonMissingError)):
        with pytest.raises(error):
            recalled(live, who, reason)
    assert recalled(live).is_new
    assert recalled(live) == Recalled(LIST, is_new=False)
    assert rows(live, "select count(*) from campaign_decision where decision_code = 'recalled'") == [(1,)]


def test_the_files_of_a_published_list_come_back_when_somebody_takes_them(live: Home, bench: Workbench) -> None:
    folder = live.lists_folder / "2026-03" / "campaign-v1"
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    for path in folder.iterdir():
        path.unlink()
    folder.rmdir()
    finish_files(live, bench, LIST, AT + DAY)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


@dataclass(frozen=True)
class Waiting:
    message_id: int


CHANGES = {
    "recalled": "update campaign_list set state_code = 'recalled', recalled_at = now()",
    "opted_out": "insert into sms_opt_out values ('+8613800000002', now(), 'agent')",
    "customer_left": "update contact_address set is_active = false where customer_id = 'C'",
    "no_consent": "update contact_address set has_survey_consent = false where customer_id = 'C'",
    "number_in_doubt": "update contact_address set phone_number = '+8613800000077' where customer_id = 'C'",
}


@pytest.mark.parametrize("reason", CHANGES)
def test_the_relay_asks_once_more_what_changed_about_a_listed_person(live: Home, reason: str) -> None:
    with operations.transaction(live.database_url) as connection:
        names = rows(live, "select message_id, customer_id from sms_outbox")
        waiting = [Waiting(each) for each, _ in names]
        assert reasons_at_claim(connection, waiting, AT + DAY) == {}
    run(live, CHANGES[reason])
    with operations.transaction(live.database_url) as connection:
        found = reasons_at_claim(connection, waiting, AT + DAY)
    assert {dict(names)[each]: why for each, why in found.items() if dict(names)[each] == "C"} == {"C": reason}


def export(home: Home, bench: Workbench, channel: str = "call", city: str | None = None, **words: str) -> Path:
    given = {"who": "li", "why": "callbacks of today", **words}
    return export_whole(home, bench, LIST, channel, city, given["who"], given["why"], AT + DAY, "a test")


def test_an_export_has_whole_numbers_and_is_on_record(live: Home, bench: Workbench) -> None:
    folder = export(live, bench)
    assert sorted(path.name for path in folder.iterdir()) == [
        "hangzhou-call.csv", "hangzhou-call.xlsx", "suzhou-call.csv", "suzhou-call.xlsx",
    ]  # fmt: skip
    with (folder / "suzhou-call.csv").open(encoding="utf-8-sig", newline="") as file:
        assert [each["phone_number"] for each in csv.DictReader(file)] == [f"'{number(1)}"]
    assert stat.S_IMODE(folder.parent.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}
    ((viewer, what, listed, chosen, count, reason, sha),) = rows(
        live, "select viewer, what_code, list_id, filter, row_count, reason, rows_sha256 from access_log"
    )
    assert (viewer, what, listed, count, reason) == ("li", "export", LIST, 2, "callbacks of today")
    assert (chosen, len(sha)) == ({"channel": "call", "city": None}, 64)
    assert folder.name == str(rows(live, "select look_id from access_log")[0][0])


def test_each_look_is_one_more_record_and_the_same_rows_have_the_same_mark(live: Home, bench: Workbench) -> None:
    first, second = export(live, bench, city="suzhou"), export(live, bench, city="suzhou")
    assert first != second
    assert rows(live, "select count(*), count(distinct rows_sha256) from access_log") == [(2, 1)]


def test_an_export_leaves_out_the_number_of_whoever_wants_no_messages(live: Home, bench: Workbench) -> None:
    run(live, "insert into sms_opt_out values (:number, now(), 'agent')", number=number(2))
    folder = export(live, bench, "sms")
    with (folder / "hangzhou-sms.csv").open(encoding="utf-8-sig", newline="") as file:
        found = {each["customer_id"]: (each["phone_number"], each["number_note_zh"]) for each in csv.DictReader(file)}
    assert found == {"C": ("", "客户已退订"), "D": (f"'{number(3)}", "")}


def test_an_export_without_name_reason_rows_or_published_list_is_refused_and_leaves_nothing(
    live: Home, bench: Workbench
) -> None:
    for words in ({"who": " "}, {"why": ""}):
        with pytest.raises(ReasonMissingError):
            export(live, bench, **words)
    with pytest.raises(NoListError, match=r"no rows for channel 'visit'.*hangzhou call"):
        export(live, bench, "visit")
    with pytest.raises(NoListError, match="in 'ningbo'"):
        export(live, bench, city="ningbo")
    recalled(live)
    with pytest.raises(ListStateError, match="only a published list"):
        export(live, bench)
    assert rows(live, "select count(*) from access_log") == [(0,)]
    assert not (live.lists_folder / "2026-03" / "campaign-v1-whole").exists()


def test_a_desktop_sees_priority_label_and_playbook_within_the_validity(live: Home) -> None:
    first, second = entries(live, "A")
    assert (first.strategy_code, first.is_priority, second.strategy_code) == (
        "priority_access", True, "complaint_handling",
    )  # fmt: skip
    assert first.label_en == "Repair customer: cut off (twice). Answer first, apologise, do not pass on."
    assert "Speak of what happened (cut off (twice))" in first.playbook_en
    assert "（通话两次中断）" in first.playbook_zh
    assert entries(live, "A", dt.date(2026, 5, 1)) == entries(live, "nobody") == []


def test_an_id_that_became_another_is_found_and_a_number_of_two_persons_says_nothing(live: Home) -> None:
    run(live, "insert into customer_person values ('old', 'A', '2026-04-01')")
    assert [each.strategy_code for each in entries(live, "old")] == ["priority_access", "complaint_handling"]
    with operations.transaction(live.database_url) as connection:
        assert len(routing_of_number(connection, number(0), ON)) == 2
        assert routing_of_number(connection, "+8613899999999", ON) == []
    customer(live, "stranger", number(0))
    with operations.transaction(live.database_url) as connection:
        assert routing_of_number(connection, number(0), ON) == []
