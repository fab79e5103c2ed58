"""The MEND_* variables that one installation runs with, and what they say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from zoneinfo import ZoneInfo

from mend.foundation.home.errors import HomeError

PREFIX: Final = "MEND_"
# Where things are. A home that shows another one as of a day keeps everything in its own folder, whatever these say.
PLACES: Final = ("MEND_LAKE", "MEND_DATABASE_URL", "MEND_CATALOG_URL", "MEND_AIRFLOW_DATABASE_URL")
DATABASES: Final = {"operations": "MEND_DATABASE_URL", "catalog": "MEND_CATALOG_URL"}
S3_OPTIONS: Final = {
    "s3.endpoint": "MEND_S3_ENDPOINT",
    "s3.access-key-id": "MEND_S3_ACCESS_KEY",
    "s3.secret-access-key": "MEND_S3_SECRET_KEY",
    "s3.region": "MEND_S3_REGION",
}


def settings_of(environment: Mapping[str, str]) -> dict[str, str]:
    """The MEND_* variables that have a value; an empty one counts as unset.

    >>> settings_of({"MEND_LAKE": "s3://lake", "MEND_ZONE": "", "PATH": "/bin"})
    {'MEND_LAKE': 's3://lake'}
    """
    return {name: value for name, value in environment.items() if name.startswith(PREFIX) and value}


def whole_number(settings: Mapping[str, str], name: str, default: int) -> int:
    """A setting that is a whole number from 1; HomeError for another value.

    >>> whole_number({"MEND_THREADS": "4"}, "MEND_THREADS", 2), whole_number({}, "MEND_THREADS", 2)
    (4, 2)
    """
    value = settings.get(name, str(default))
    if not value.isdecimal() or int(value) < 1:
        raise HomeError(f"{name} must be a whole number from 1, not {value!r}")
    return int(value)


def s3_options(settings: Mapping[str, str]) -> dict[str, str]:
    """PyIceberg's S3 properties, as far as the settings name them."""
    return {option: settings[name] for option, name in S3_OPTIONS.items() if name in settings}


def require_zone(zone: str) -> None:
    """HomeError for a name that is no time zone."""
    try:
        ZoneInfo(zone)
    except (KeyError, ValueError, OSError) as error:  # ZoneInfo raises all three for names that are none
        raise HomeError(f"{zone!r} is not a time zone, such as 'Asia/Shanghai'") from error
