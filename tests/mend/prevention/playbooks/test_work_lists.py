"""Follow-up's work lists carry each ticket's playbook, in the table and in the teams' files."""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path

from tests.mend.care.survey.desk import moment, rows
from tests.mend.prevention.playbooks.files import patch, write
from tests.mend.prevention.playbooks.test_grants import ticket

from mend.care.followup.rules import load_rules
from mend.care.followup.ticket import Event
from mend.care.followup.ticket_store import TicketStore
from mend.care.followup.work import write_work_lists
from mend.foundation import operations
from mend.foundation.home import Home

OPENED = moment("2026-05-11 10:00")
HOUR = dt.timedelta(hours=1)


def opened(home: Home, name: str, measure: str, topic: str | None, at: dt.datetime = OPENED) -> None:
    """A ticket as an answer or booking opens it."""
    facts = {
        "measure": measure, "customer_id": "A", "about_kind_code": "ticket", "about_id": name, "topic_code": topic,
        "filed_at": at.isoformat(),
    }  # fmt: skip
    with operations.transaction(home.database_url) as connection, TicketStore(connection, load_rules()) as store:
        store.record(name, Event(f"open:{name}", "open", at, facts=facts))


def carried(home: Home, at: dt.datetime) -> dict[str, tuple[str, int]]:
    write_work_lists(home, at, load_rules())
    return {name: (code, severity) for name, code, severity in rows(
        home, "select follow_up_id, playbook_code, severity from follow_up_work")}  # fmt: skip


def test_each_open_ticket_has_its_playbook_by_its_state_now(home: Home) -> None:
    opened(home, "K", "booking", "plan_change")
    opened(home, "Q", "complex_question", "messaging")
    opened(home, "F", "second_follow_up", "bill_dispute")
    assert carried(home, OPENED + HOUR) == {
        "K": ("not_connected", 1), "Q": ("general", 1), "F": ("closed_unsolved", 2),
    }  # fmt: skip
    assert carried(home, OPENED + 25 * HOUR)["K"] == ("promise_broken", 3)


def test_the_team_s_file_says_it_in_both_languages(home: Home) -> None:
    opened(home, "F", "second_follow_up", None)
    report = write_work_lists(home, OPENED + HOUR, load_rules())
    with (Path(report.folder) / "senior_specialists.csv").open(encoding="utf-8-sig") as file:
        (line,) = csv.DictReader(file)
    assert [line[name] for name in ("severity", "playbook_code", "playbook_en", "playbook_zh")] == [
        "2", "closed_unsolved", "case closed and not solved", "归档但未解决",
    ]  # fmt: skip


def test_a_ticket_keeps_the_playbooks_of_the_day_on_which_it_was_opened(home: Home) -> None:
    write(home.root / "playbooks", patch({"playbooks": {"not_connected": {"least_severity": 4}}}), "2026-05-12")
    opened(home, "before", "booking", None)
    opened(home, "after", "booking", None, OPENED + 24 * HOUR)
    assert carried(home, OPENED + 23 * HOUR) == {"before": ("not_connected", 1), "after": ("not_connected", 4)}


def test_what_the_desktop_asks_is_what_the_list_says(home: Home) -> None:
    from mend.prevention.playbooks import load_playbooks, of_ticket

    opened(home, "F", "second_follow_up", "plan_change")
    listed = carried(home, OPENED + HOUR)
    ticket(home, "T", tier=3)
    with operations.transaction(home.database_url) as connection:
        found = of_ticket(connection, "F", OPENED + HOUR, load_playbooks())
        own = of_ticket(connection, "T", OPENED + HOUR, load_playbooks())
    assert (found.chosen.playbook.code, found.chosen.severity) == listed["F"]
    assert own.chosen.severity == 4
