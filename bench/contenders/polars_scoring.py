"""The same month in Polars."""

from __future__ import annotations

from pathlib import Path

import polars as pl
from polars import col

from bench.contenders.arguments import parse
from bench.contenders.in_polars import contacts, records
from bench.contenders.in_polars.credits import settle
from bench.contenders.in_polars.ledger import in_order
from bench.contenders.in_polars.month import months
from bench.contenders.scan import NEEDED
from bench.measure import costing, report


def main() -> None:
    given = parse(__doc__)
    with costing() as cost:
        run(given.month.files, given.output)
    report(cost, given.answer)


def run(files: dict[str, list[str]], output: Path) -> None:
    """Read the month's files; write ledger.parquet, exposure.parquet and month.parquet."""
    ticket, booking, reply, repair, customer = (
        _scan(files, name)
        for name in ("core_ticket", "core_callback_booking", "core_survey_reply", "core_repair_action", "core_customer")
    )
    debits, exposure = _contacts(files, booking, ticket)
    featured = records.ticket_features(ticket, reply, repair).collect().lazy()
    others = pl.concat(
        [*records.ticket_debits(featured), records.booking_debits(booking), records.reply_debits(reply)]
    ).collect()
    ledger = in_order(pl.concat([debits, others]))
    del debits, others
    ledger = pl.concat([ledger, in_order(settle(records.offers(featured, booking, reply, repair), ledger))])
    ledger.write_parquet(output / "ledger.parquet", compression="zstd", compression_level=1)
    exposure.write_parquet(output / "exposure.parquet", compression="zstd", compression_level=1)
    scores = months(ledger.lazy(), exposure.lazy(), _scan(files, "mart_damage_month"), customer)
    scores.write_parquet(output / "month.parquet", compression="zstd", compression_level=1)


def _contacts(
    files: dict[str, list[str]], booking: pl.LazyFrame, ticket: pl.LazyFrame
) -> tuple[pl.DataFrame, pl.DataFrame]:
    every = contacts.read_contacts(files["core_contact"], files["mart_topic_handling_month"])
    outbound = every.filter("is_outbound").select("customer_id", "started_at")
    inbound = contacts.with_incidents(every.filter(~col("is_outbound")))
    del every
    booked = booking.select("customer_id", "requested_at").collect()
    opened = ticket.filter(col("contact_id").is_not_null()).group_by("contact_id").agg(col("opened_at").min()).collect()
    debits = contacts.debits(contacts.decide(inbound, outbound, booked, opened))
    return debits, contacts.exposure(inbound)


def _scan(files: dict[str, list[str]], table: str) -> pl.LazyFrame:
    columns = [*NEEDED[table], *EVENT_DAYS.get(table, [])]
    return pl.scan_parquet(files[table]).select(columns)


EVENT_DAYS = {
    "core_ticket": ["opened_on"],
    "core_callback_booking": ["requested_on"],
    "core_survey_reply": ["replied_on"],
}


if __name__ == "__main__":
    main()
