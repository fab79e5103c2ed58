"""The month's close: the damaged-customer database, which months are due, and what closing one takes along."""

from mend.damage.closing.errors import MonthError, ScoreMismatchError
from mend.damage.closing.month import MonthReport, close_month, month_to_date_view
from mend.damage.closing.months import due, to_close, to_list
from mend.damage.closing.places import place_customers, stage_settings

__all__ = [
    "MonthError",
    "MonthReport",
    "ScoreMismatchError",
    "close_month",
    "due",
    "month_to_date_view",
    "place_customers",
    "stage_settings",
    "to_close",
    "to_list",
]
