"""The pages as the running server shows them to the administrator: their addresses and names."""

from __future__ import annotations

import html
import re
from typing import Final

from sqlalchemy import TextClause, text

from mend.foundation import operations
from mend.foundation.home import Home
from mend_airflow.local.rest import Airflow

LINK: Final = re.compile(r'<a href="([^"]*/mend/[^"]*)"[^>]*>([^<]+)</a>')
WORST: Final = text(
    "select customer_id from page_customer_month "
    "where month = (select max(month) from page_customer_month where is_closed) and level > 0 "
    "order by level desc, score desc, customer_id limit 1"
)
LATEST_LIST: Final = text("select list_id from campaign_list order by month desc, version desc limit 1")
AWAITING: Final = text(
    "select list_id from campaign_list where state_code = 'draft' order by month desc, version desc limit 1"
)


def pages_of(airflow: Airflow, home: Home) -> list[tuple[str, str]]:
    """Path and name of each page of the navigation, of the list that awaits approval, and of the story and the card of
    the most damaged customer.
    """
    shown = airflow.page("/mend/")
    navigation = shown.partition("<nav")[2].partition("</nav>")[0]
    found = list(dict.fromkeys((path, html.unescape(name)) for path, name in LINK.findall(navigation)))
    found = [(path, name) for path, name in found if name != "Mend"]
    if (awaiting := _list_of(home, AWAITING)) is not None:
        found.append((f"/mend/lists/{awaiting}", "The list that awaits approval"))
    if (worst := worst_of(home)) is not None:
        found += [(f"/mend/customers/{worst}", "The most damaged customer"), (f"/mend/card/{worst}", "Their card")]
    return found


def worst_of(home: Home) -> str | None:
    """The most damaged customer of the latest closed month; None where nobody is published."""
    with operations.transaction(home.database_url) as connection:
        found: str | None = connection.execute(WORST).scalar_one_or_none()
    return found


def latest_list_of(home: Home) -> str | None:
    """The latest list of a campaign; None where none was made."""
    return _list_of(home, LATEST_LIST)


def _list_of(home: Home, query: TextClause) -> str | None:
    with operations.transaction(home.database_url) as connection:
        found: str | None = connection.execute(query).scalar_one_or_none()
    return found
