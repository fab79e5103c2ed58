"""Health check of a relay's container: exit code 0 when the account's link was seen at work within a minute, by this
relay or another.

python -m mend_airflow.relay_seen ACCOUNT
"""

from __future__ import annotations

import datetime as dt
import sys
from typing import Final

from sqlalchemy import text

from mend.foundation import operations
from mend.foundation.home import Home

AT_MOST: Final = dt.timedelta(
    minutes=1
)  # a relay is seen every five seconds, also in a dry run; not without its message centre
SEEN: Final = "select state_code, seen_at from sms_link where account_code = :account"


def is_seen(home: Home, account: str, at: dt.datetime) -> bool:
    """Whether the account's link is bound and was seen within the minute before."""
    with operations.transaction(home.database_url) as connection:
        found = connection.execute(text(SEEN), {"account": account}).first()
    return found is not None and found.state_code == "bound" and found.seen_at > at - AT_MOST


if __name__ == "__main__":
    sys.exit(0 if is_seen(Home.from_environment(), sys.argv[1], dt.datetime.now(dt.UTC)) else 1)
