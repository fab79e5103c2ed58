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
    version, booking, reply, repair, customer = (
        _scan(files, name)
        for name in (
            "core_ticket_version", "core_callback_booking", "core_survey_reply", "core_repair_action", "core_customer",
        )
    )  # fmt: skip
    states = records.ticket_states(version).collect().lazy()
    debits, exposure, placed = _contacts(files, booking)
    others = pl.concat(
        [
            *records.ticket_debits(states, reply, repair),
            records.booking_debits(booking),
            records.reply_debits(reply, placed.lazy().select("contact_id", "incident_id")),
        ]
    ).collect()
    ledger = in_order(pl.concat([debits, others]))
    del debits, others
    failed = placed.lazy().filter("is_failed").select("customer_id", "contact_id", "started_at")
    offers = records.offers(states, booking, reply, repair, failed).collect()
    ledger = pl.concat([ledger, in_order(settle(offers, ledger))])
    ledger.write_parquet(output / "ledger.parquet", compression="zstd", compression_level=1)
    exposure.write_parquet(output / "exposure.parquet", compression="zstd", compression_level=1)
    scores = months(ledger.lazy(), exposure.lazy(), _scan(files, "mart_damage_month"), customer)
    scores.write_parquet(output / "month.parquet", compression="zstd", compression_level=1)


def _contacts(files: dict[str, list[str]], booking: pl.LazyFrame) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """Debits, exposure, and where each contact stands."""
    every = contacts.read_contacts(files["core_contact"], files["mart_topic_handling_month"])
    outbound = every.filter("is_outbound").select("customer_id", "started_at")
    inbound = contacts.with_incidents(every.filter(~col("is_outbound")))
    del every
    booked = booking.select("customer_id", "requested_at").collect()
    opened = (
        _scan(files, "core_ticket").filter(col("contact_id").is_not_null()).select("contact_id", "opened_at").collect()
    )
    debits = contacts.debits(contacts.decide(inbound, outbound, booked, opened))
    placed = inbound.select("customer_id", "contact_id", "started_at", "incident_id", "is_failed")
    return debits, contacts.exposure(inbound), placed


def _scan(files: dict[str, list[str]], table: str) -> pl.LazyFrame:
    return pl.scan_parquet(files[table]).select(NEEDED[table])


if __name__ == "__main__":
    main()
