"""The same month in pandas."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from bench.contenders.arguments import parse
from bench.contenders.in_pandas import contacts, records
from bench.contenders.in_pandas.credits import settle
from bench.contenders.in_pandas.month import months
from bench.contenders.scan import NEEDED
from bench.measure import costing, report

EVENT_DAYS = {
    "core_ticket": ["opened_on"],
    "core_callback_booking": ["requested_on"],
    "core_survey_reply": ["replied_on"],
}


def main() -> None:
    given = parse(__doc__)
    with costing() as cost:
        run(given.month.files, given.output)
    report(cost, given.answer)


def run(files: dict[str, list[str]], output: Path) -> None:
    """Read the month's files; write ledger.parquet, exposure.parquet and month.parquet."""
    ticket, booking, reply, repair = (
        _read(files, name)
        for name in ("core_ticket", "core_callback_booking", "core_survey_reply", "core_repair_action")
    )
    debits, exposure = _contacts(files, booking, ticket)
    featured = records.ticket_features(ticket, reply, repair)
    others = [*records.ticket_debits(featured), records.booking_debits(booking), records.reply_debits(reply)]
    ledger = pd.concat([debits, *_typed(others)], ignore_index=True)
    del debits
    credit = settle(records.offers(featured, booking, reply, repair), ledger)
    ledger = pd.concat([ledger, *_typed([credit])], ignore_index=True)
    _write(ledger, output / "ledger.parquet")
    _write(exposure, output / "exposure.parquet")
    _write(
        months(ledger, exposure, _read(files, "mart_damage_month"), _read(files, "core_customer")),
        output / "month.parquet",
    )


def _contacts(
    files: dict[str, list[str]], booking: pd.DataFrame, ticket: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    every = contacts.read_contacts(files["core_contact"], files["mart_topic_handling_month"])
    outbound = every.loc[every["is_outbound"], ["customer_id", "started_at"]]
    inbound = every[~every["is_outbound"]].reset_index(drop=True)
    del every
    contacts.add_incidents(inbound)
    opened = ticket[ticket["contact_id"].notna()].groupby("contact_id")["opened_at"].min()
    contacts.decide(inbound, outbound, booking, opened)
    return contacts.debits(inbound), contacts.exposure(inbound)


def _read(files: dict[str, list[str]], table: str) -> pd.DataFrame:
    frame = pd.read_parquet(
        files[table], columns=[*NEEDED[table], *EVENT_DAYS.get(table, [])], dtype_backend="pyarrow", partitioning=None
    )
    moments = [name for name in frame.columns if name.endswith(("_at", "_until"))]
    days = [name for name in frame.columns if name.endswith("_on")]
    amounts = [
        name
        for name in frame.columns
        if name in ("arpu_amount", "score") and table in ("core_customer", "mart_damage_month")
    ]
    return frame.astype({
        **dict.fromkeys(moments, "datetime64[us, "
"UTC]"), **dict.fromkeys(days, "datetime64[us]"), **dict.fromkeys(amounts, "float64")
    })  # fmt: skip


def _typed(frames: list[pd.DataFrame]) -> list[pd.DataFrame]:
    """Frames that concatenate with the contacts' without falling back to objects; empty ones left out."""
    return [
        frame.astype({"felt_at": "datetime64[us, UTC]", "subject_on": "datetime64[us]", "posted_on": "datetime64[us]"})
        for frame in frames
        if len(frame)
    ]


def _write(frame: pd.DataFrame, path: Path) -> None:
    frame.to_parquet(path, compression="zstd", index=False)


if __name__ == "__main__":
    main()
