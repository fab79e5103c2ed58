"""Work lists: who has what to do, the most urgent first, as a table and a CSV file per team. Numbers are masked."""

from __future__ import annotations

import datetime as dt
import logging
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from sqlalchemy import insert, text

from mend.care.followup.folding import folded
from mend.care.followup.rules import RuleSet, rules_on
from mend.care.followup.ticket import Ticket
from mend.care.followup.ticket_store import TicketStore
from mend.foundation import operations
from mend.foundation.home import Home
from mend.foundation.list_file import hours_and_minutes, write_list
from mend.foundation.operations.statements import statement
from mend.foundation.operations.tables import METADATA
from mend.prevention.playbooks import PlaybookSet, load_playbooks, playbook_of_ticket

LOG: Final = logging.getLogger(__name__)
WORK: Final = METADATA.tables["follow_up_work"]
WORK_COLUMNS: Final = tuple(column.name for column in WORK.columns)
COLUMNS: Final = (
    "team_position", "handler_id", "handler_position", "follow_up_id", "measure_code", "tier", "state_code",
    "customer_id", "phone_masked",
    "topic_code", "due_at", "time_left", "time_past", "legal_time_left", "legal_time_past", "is_past_limit",
    "years_without_make_up_days", "severity", "playbook_code", "playbook_en", "playbook_zh",
)  # fmt: skip


@dataclass(frozen=True)
class WorkLists:
    """Open tickets, of these past their limit, and the folder of the files.

    `without_make_up_days`: tickets whose clock reaches into a year whose make-up workdays (调休) are not published: it
    may be a day off.
    """

    tickets: int
    past_limit: int
    folder: str
    without_make_up_days: int = 0


def write_work_lists(home: Home, at: dt.datetime, versions: Sequence[RuleSet]) -> WorkLists:
    """Put the work lists as of `at` in place of the last ones: table follow_up_work, and
    `<home>/work_lists/<team>.csv`.
    """
    playbooks = load_playbooks(home.root / "playbooks")
    with operations.transaction(home.database_url) as connection:
        store = TicketStore(connection, versions)
        found = connection.execute(statement("care/followup", "work")).mappings().all()
        history = store.history([row["follow_up_id"] for row in found])
        rows = _placed(
            [
                _with_playbook(
                    _line(
                        row,
                        folded(row["follow_up_id"], history[row["follow_up_id"]], _rules(row, versions)),
                        versions,
                        at,
                    ),
                    row,
                    playbooks,
                )
                for row in found
            ]
        )
        connection.execute(text("delete from follow_up_work"))
        if rows:
            connection.execute(insert(WORK), [{name: row[name] for name in WORK_COLUMNS} for row in rows])
    folder = home.root / "work_lists"
    _write_files(folder, rows, home.zone)
    _warn_of_unsure_clocks(rows)
    unsure = sum(bool(row["years_without_make_up_days"]) for row in rows)
    return WorkLists(len(rows), sum(row["is_past_limit"] for row in rows), str(folder), unsure)


def _warn_of_unsure_clocks(rows: Sequence[Mapping[str, Any]]) -> None:
    """The decree for a year comes in the November before: until then a clock that reaches into it counts its holidays
    alone.
    """
    unsure = [row["years_without_make_up_days"] for row in rows if row["years_without_make_up_days"]]
    if unsure:
        LOG.warning(
            "%d clocks reach into %s: counted without make-up workdays, which are not published",
            len(unsure),
            max(unsure),
        )


def _rules(row: Mapping[Any, Any], versions: Sequence[RuleSet]) -> RuleSet:
    return rules_on(row["opened_at"].date(), versions)


def _line(row: Mapping[Any, Any], ticket: Ticket, versions: Sequence[RuleSet], at: dt.datetime) -> dict[str, Any]:
    rules = _rules(row, versions)
    due, left = ticket.due_at(rules), ticket.clock.left(rules, at)
    same = (
        "follow_up_id",
        "team_code",
        "handler_id",
        "measure_code",
        "tier",
        "state_code",
        "customer_id",
        "topic_code",
    )
    return {name: row[name] for name in same} | {
        "listed_at": at,
        "phone_masked": masked(row["phone_number"]),
        "due_at": due,
        "left_seconds": round(left.total_seconds()),
        "legal_left_seconds": round((ticket.legal_due_at - at).total_seconds()),
        "is_past_limit": ticket.clock.is_past(rules, at),
        "years_without_make_up_days": " ".join(str(year) for year in ticket.clock.unsure_years(rules, at)),
    }


def _with_playbook(line: dict[str, Any], row: Mapping[Any, Any], playbooks: Sequence[PlaybookSet]) -> dict[str, Any]:
    """The line with what is to be said, done and given (应急预案), by the ticket's state as it is now."""
    chosen = playbook_of_ticket(row, line["is_past_limit"], playbooks)
    found = chosen.playbook
    names = {"playbook_code": found.code, "playbook_en": found.name_en, "playbook_zh": found.name_zh}
    return line | names | {"severity": chosen.severity}


def _placed(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows by urgency, numbered within each team and each handler: what is due first comes first, stopped clocks
    last.
    """
    far = dt.datetime.max.replace(tzinfo=dt.UTC)
    ordered = sorted(rows, key=lambda row: (row["due_at"] or far, row["follow_up_id"]))
    teams: dict[str, int] = {}
    handlers: dict[str, int] = {}
    for row in ordered:
        teams[row["team_code"]] = row["team_position"] = teams.get(row["team_code"], 0) + 1
        row["handler_position"] = None
        if row["handler_id"] is not None:
            handlers[row["handler_id"]] = row["handler_position"] = handlers.get(row["handler_id"], 0) + 1
    return ordered


def masked(phone_number: str | None) -> str | None:
    """A number without its middle digits.

    >>> masked("+8613812345678"), masked("+12025550123"), masked(None)
    ('+86138****5678', '+120****0123', None)
    """
    if phone_number is None:
        return None
    return f"{phone_number[: max(0, len(phone_number) - 8)]}****{phone_number[-4:]}"


def _write_files(folder: Path, rows: Sequence[Mapping[str, Any]], zone: str) -> None:
    """A file per team, each replaced in one step; the file of a team with nothing to do has its header alone."""
    folder.mkdir(parents=True, exist_ok=True)
    teams = {re.sub(r"[^\w-]", "_", row["team_code"]): row["team_code"] for row in rows}
    for name in sorted({*teams, *(path.stem for path in folder.glob("*.csv"))}):
        draft = folder / f".{name}.draft"
        write_list(draft, COLUMNS, [_cells(row) for row in rows if row["team_code"] == teams.get(name)], zone)
        draft.replace(folder / f"{name}.csv")


def _cells(row: Mapping[str, Any]) -> list[Any]:
    """A line for people: what is left, or what is past, in hours and minutes."""
    spans = {"time": row["left_seconds"], "legal_time": row["legal_left_seconds"]}
    left = {f"{name}_left": hours_and_minutes(seconds) for name, seconds in spans.items() if seconds >= 0}
    past = {f"{name}_past": hours_and_minutes(-seconds) for name, seconds in spans.items() if seconds < 0}
    return [{**row, **left, **past}.get(name) for name in COLUMNS]
