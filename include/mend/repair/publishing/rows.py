"""The list's rows in the operations database, for the time of one transaction, and the numbers known by now."""

from __future__ import annotations

import datetime as dt
from typing import Final, Literal

from sqlalchemy import Connection, text

from mend.care.contact_rules import REASONS
from mend.foundation.copying import copy_back, copy_rows
from mend.foundation.home import Home
from mend.foundation.operations.statements import statement
from mend.foundation.pipeline.model import read_model
from mend.foundation.pipeline.runner import Step
from mend.repair.publishing.listed import Version
from mend.repair.publishing.lists import ROOM
from mend.repair.publishing.numbers import HoldOut, ask_numbers
from mend.repair.publishing.reason_words import HELD_OUT, SAME_PERSON

SHOWN_NUMBER: Final = dict.fromkeys(("strategy_code", "customer_id", "phone_number", "reason_code"), "varchar")
REASON_WORD: Final = dict.fromkeys(("code", "en", "zh"), "varchar")


def put_rows(connection: Connection, home: Home, step: Step) -> None:
    """Put `list_row` into the temporary table campaign_row."""
    step.run(read_model(ROOM, "publish_row"))
    connection.execute(statement(ROOM, "campaign_row"))
    copy_into(connection, home, step, "publish_row", "campaign_row")


def copy_into(
    connection: Connection, home: Home, step: Step, name: str, table: Literal["campaign_row", "row_playbook"]
) -> None:
    """Copy what a step made into a temporary table of the same columns."""
    copy_rows(home, step, connection, name, table)
    connection.execute(text(f"analyze {table}"))


def put_numbers(connection: Connection, home: Home, step: Step, version: Version, at: dt.datetime) -> None:
    """The numbers of campaign_row that a list may show, by what the contact rules know now: `number_now`."""
    ask_numbers(connection, _hold_out(version), at)
    copy_back(home, step, connection, "shown_number", "shown_number", SHOWN_NUMBER)
    step.put("reason_word", REASON_WORD, [*((each.code, each.en, each.zh) for each in REASONS), SAME_PERSON, HELD_OUT])
    step.run(read_model(ROOM, "number_now"))


def _hold_out(version: Version) -> HoldOut:
    settings = version.strategies.settings
    shares = {each.code: each.hold_out_share for each in version.strategies.discretionary}
    season = settings.season_of_campaign(version.month)
    return HoldOut(season, settings.seed, settings.universal_hold_out_share, shares)
