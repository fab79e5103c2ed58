"""Which days the steps after the extraction make: the run's own, and those that a decision about a batch has marked."""

from __future__ import annotations

from dataclasses import replace

from mend.errors import BadDataError
from mend.foundation.home import Home
from mend.foundation.operations.deliveries import days_with_nothing, missing_deliveries, stretches
from mend.foundation.operations.due import take_due_days, taken_days
from mend.foundation.periods import Period


class NothingDeliveredError(BadDataError):
    """Nothing of the run's days is there to go on with; the message names the deliveries and what is wrong with
    each.
    """


def days_to_make(home: Home, period: Period) -> Period:
    """The run's days of which anything is known, and the marked days that it has taken; all of them where nothing is
    known of any.
    """
    if home.as_of:
        return period
    asked = {*period.days, *taken_days(home.database_url, period.first, period.last)}
    known = asked - set(days_with_nothing(home.database_url, asked))
    return replace(period, chosen=tuple(sorted(known or asked)))


def require_days(home: Home, period: Period, take: bool = False) -> Period:
    """The same, for the first steps.

    A day of which nothing could be read is left alone: loaded as an empty one it would say that nobody called.

    Args:
        take: take every day that is marked now; only the first of a run's steps does, so that all of them make the same
            days.

    Raises NothingDeliveredError when no day is left.
    """
    if home.as_of:
        return period
    url = home.database_url
    if take:
        take_due_days(url, period.first, period.last)
    found = days_to_make(home, period)
    if len(unknown := days_with_nothing(url, found.days)) == len(found.days):
        missing = stretches(missing_deliveries(url, days=unknown))
        reasons = [
            f"{each.source_code} of {each.days}: {each.message or 'was not read to its end'}" for each in missing
        ]
        raise NothingDeliveredError("\n".join([f"{period}: nothing was delivered that could be read", *reasons]))
    return found
