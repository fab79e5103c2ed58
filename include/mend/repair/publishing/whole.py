"""A published file with whole numbers, for a page: made from the file itself and the operations database, never stored.

The numbers are those that the contact rules let be shown at this moment, as in `mend export`; the look is on record,
committed, before there is anything to show.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, text

from mend.care.contact_rules import REASONS
from mend.foundation.list_file import cell, file_of_cells, plain, read_cells
from mend.foundation.operations.statements import statement
from mend.repair.publishing.errors import ListStateError
from mend.repair.publishing.lists import ROOM, CampaignList
from mend.repair.publishing.numbers import HoldOut, ask_numbers
from mend.repair.publishing.reason_words import HELD_OUT, SAME_PERSON

WORDS: Final = {**{each.code: (each.en, each.zh) for each in REASONS}, SAME_PERSON[0]: SAME_PERSON[1:],
                HELD_OUT[0]: HELD_OUT[1:]}  # fmt: skip
MOST_SECONDS: Final = 60


@dataclass(frozen=True)
class MaskedFile:
    """A published CSV file as it is read: its columns and rows."""

    columns: Sequence[str]
    rows: Sequence[Mapping[str, str]]

    @property
    def digest(self) -> str:
        """SHA-256 of strategy and customer of each row, in order: as an export's."""
        told = sha256()
        for each in self.rows:
            told.update(f"{plain(each['strategy_code'])}\n{plain(each['customer_id'])}\n".encode())
        return told.hexdigest()


def read_masked(content: bytes) -> MaskedFile:
    """A file of a list, with numbers masked."""
    return MaskedFile(*read_cells(content))


def with_numbers(
    connection: Connection, listed: CampaignList, masked: MaskedFile, drawn: HoldOut, at: dt.datetime, zone: str
) -> bytes:
    """The same file with the numbers that may be shown by now; where one may not, the reason stands.

    Raises ListStateError when the list is not published.
    """
    if listed.state_code != "published":
        raise ListStateError(f"list {listed.list_id} is {listed.state_code}: only a published list is exported")
    connection.execute(text(f"set local statement_timeout = '{MOST_SECONDS}s'"))
    connection.execute(statement(ROOM, "campaign_row"))
    connection.execute(statement(ROOM, "rows_of_published"), {"list_id": listed.list_id})
    ask_numbers(connection, drawn, at)
    customers = sorted({plain(each["customer_id"]) for each in masked.rows})
    found = connection.execute(statement(ROOM, "numbers_shown"), {"customers": customers})
    known = {(row.strategy_code, row.customer_id): (row.phone_number, row.reason_code) for row in found}
    return _written(masked, known, ZoneInfo(zone))


def _written(
    masked: MaskedFile, known: Mapping[tuple[str, str], tuple[str | None, str | None]], zone: ZoneInfo
) -> bytes:
    return file_of_cells(masked.columns, (_with_number(each, known, zone) for each in masked.rows))


def _with_number(
    row: Mapping[str, str], known: Mapping[tuple[str, str], tuple[str | None, str | None]], zone: ZoneInfo
) -> dict[str, Any]:
    number, reason = known.get((plain(row["strategy_code"]), plain(row["customer_id"])), (None, "no_number"))
    words = WORDS.get(reason or "", ("", ""))
    return {
        **row, "phone_number": cell(number or "", zone), "number_note_en": words[0], "number_note_zh": words[1],
    }  # fmt: skip
