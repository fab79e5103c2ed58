"""The same month in pandas."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from bench.contenders.arguments import parse
from bench.contenders.in_pandas import contacts, records, windows
from bench.contenders.in_pandas.credits import settle
from bench.contenders.in_pandas.debits import debits
from bench.contenders.in_pandas.ledger import with_days
from bench.contenders.in_pandas.month import months
from bench.contenders.in_pandas.tables import number_customers, read, read_columns, write
from bench.measure import costing, report

TABLES = (
    "core_contact", "core_ticket_version", "core_callback_booking", "core_survey_reply", "core_repair_action",
    "core_customer", "mart_damage_month",
)  # fmt: skip


def main() -> None:
    given = parse(__doc__)
    with costing() as cost:
        run(given.month.files, given.output)
    report(cost, given.answer)


def run(files: dict[str, list[str]], output: Path) -> None:
    """Read the month's files; write ledger.parquet, exposure.parquet and month.parquet."""
    tables = {name: read(files[name], name) for name in TABLES}
    ids = number_customers(tables)
    raw, version, booking, reply, repair, customer, before = (tables.pop(name) for name in TABLES)
    placed = contacts.in_order(raw, booking, _medians(files), len(ids))
    del raw
    inbound = placed.inbound
    of_contacts = _of_contacts(placed, read(files["core_ticket"], "core_ticket"))
    states = records.ticket_states(version)
    others = [
        *records.ticket_debits(states, reply, repair),
        records.booking_debits(booking),
        records.reply_debits(reply, contacts.incidents_of(inbound, reply["about_id"])),
    ]
    ledger = pd.concat([of_contacts, *others], ignore_index=True)
    del of_contacts, others
    failed = inbound.loc[inbound["is_failed"], ["customer", "contact_id", "started_at"]]
    credit = settle(records.offers(states, booking, reply, repair, failed), ledger)
    ledger = pd.concat([ledger, credit], ignore_index=True)
    write(with_days(ledger), ids, output / "ledger.parquet")
    write(contacts.exposure(inbound), ids, output / "exposure.parquet")
    write(months(ledger, inbound, before, customer, len(ids)), ids, output / "month.parquet")


def _of_contacts(placed: contacts.Contacts, tickets: pd.DataFrame) -> pd.DataFrame:
    contacts.add_incidents(placed.inbound)
    hits, decided = windows.decide(placed, tickets[tickets["contact_id"].notna()])
    return debits(placed.inbound, hits, decided)


def _medians(files: dict[str, list[str]]) -> pd.Series[Any]:
    """The median handling seconds of each topic, of the month before."""
    topics = read_columns(files["mart_topic_handling_month"], ["topic_code", "median_handling_seconds"])
    return topics.set_index("topic_code")["median_handling_seconds"]


if __name__ == "__main__":
    main()
