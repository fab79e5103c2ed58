"""The schedule of the nights: each business date of a zone has exactly one run, whatever the zone's clocks do.

Airflow's own CronPartitionTimetable names a run after the clock time of the cron before it. Where clocks skip 01:30
(London, Lisbon in spring) that is the same night's, moved to 02:30: one day gets no run and the next one two. Here the
days themselves are counted.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

import pendulum
from airflow.exceptions import AirflowTimetableInvalid, InvalidPartitionKeyError
from airflow.timetables.base import DagRunInfo, DataInterval, TimeRestriction, Timetable
from airflow.utils.strings import get_random_string

from mend.foundation.periods import ONE_DAY, CalendarError, day_begins, is_day, local_day, read_period

if TYPE_CHECKING:
    from airflow.utils.types import DagRunType
    from pendulum import DateTime

DUE: Final = dt.time(1, 30)  # of the day after; sources deliver in the first hour


class NightlyTimetable(Timetable):
    """A run for each business date, at 01:30 of the day after, with the date (YYYY-MM-DD) as its partition key.

    Where clocks skip 01:30, the run is due at the same instant as if they had not; where they show it twice, at the
    first.
    """

    partitioned = True

    def __init__(self, zone: str) -> None:
        self.zone = zone
        self.description = f"At {DUE:%H:%M} in {zone}, for the day before"

    @property
    def summary(self) -> str:
        return f"{DUE:%H:%M} {self.zone}"

    def serialize(self) -> dict[str, Any]:
        return {"zone": self.zone}

    @classmethod
    def deserialize(cls, data: dict[str, Any]) -> Timetable:
        return cls(data["zone"])

    def validate(self) -> None:
        try:
            ZoneInfo(self.zone)
        except (KeyError, ValueError, OSError):
            raise AirflowTimetableInvalid(
                f"{self.zone!r} is not a time zone, such as 'Asia/Shanghai' (MEND_ZONE)"
            ) from None

    def next_dagrun_info_v2(
        self, *, last_dagrun_info: DagRunInfo | None, restriction: TimeRestriction
    ) -> DagRunInfo | None:
        """The night after the last one. Without catch-up, no earlier one than the last that is due by now."""
        days = [self._day_after(last_dagrun_info)] if last_dagrun_info else []
        if restriction.earliest is not None and not (days and restriction.catchup):
            days.append(self._first_from(restriction.earliest))
        if not restriction.catchup or not days:
            days.append(self._last_until(dt.datetime.now(dt.UTC)))
        info = self._info(max(days))
        return None if restriction.latest is not None and restriction.latest < info.run_after else info

    def next_dagrun_info(
        self, *, last_automated_data_interval: DataInterval | None, restriction: TimeRestriction
    ) -> DagRunInfo | None:
        """The same asked by data intervals, which nights do not have: a last one says until when its night was due."""
        last = last_automated_data_interval and DagRunInfo(
            run_after=last_automated_data_interval.end, data_interval=None
        )
        return self.next_dagrun_info_v2(last_dagrun_info=last, restriction=restriction)

    def iter_partition_dagrun_infos(self, *, earliest: dt.datetime, latest: dt.datetime) -> Iterator[DagRunInfo]:
        """The business dates that begin between the two clock times of the zone: for a backfill, both days named are
        in.
        """
        first, last = self.localize_partition_datetime(earliest), self.localize_partition_datetime(latest)
        day = local_day(first, self.zone)
        while day_begins(day, self.zone) <= last:
            if is_day(day, self.zone) and day_begins(day, self.zone) >= first:
                yield self._info(day)
            day += ONE_DAY

    def localize_partition_datetime(self, dt: dt.datetime) -> DateTime:  # the name that Airflow calls it by
        return _moment(dt.replace(tzinfo=ZoneInfo(self.zone)))

    def infer_manual_data_interval(self, *, run_after: DateTime) -> DataInterval:
        return DataInterval.exact(run_after)

    def generate_run_id(self, *, run_type: DagRunType, run_after: DateTime, **extra: Any) -> str:
        """Of several runs for a day, each has an id of its own."""
        parts = [run_after.isoformat(), extra.get("partition_key"), get_random_string()]  # type: ignore[no-untyped-call]
        return str(run_type.generate_run_id(suffix="__".join(part for part in parts if part)))

    def _decode_partition_date(self, partition_key: str) -> dt.datetime:
        try:
            return _moment(day_begins(read_period(partition_key).first, self.zone))
        except CalendarError as error:
            raise InvalidPartitionKeyError(str(error)) from None

    def _info(self, day: dt.date) -> DagRunInfo:
        return DagRunInfo(
            run_after=_moment(self._due(day)),
            data_interval=None,
            partition_date=_moment(day_begins(day, self.zone)),
            partition_key=day.isoformat(),
        )

    def _due(self, day: dt.date) -> dt.datetime:
        """When the night of a business date is due."""
        return dt.datetime.combine(self._following(day), DUE, ZoneInfo(self.zone)).astimezone(dt.UTC)

    def _following(self, day: dt.date) -> dt.date:
        """The next date that the zone has."""
        after = day + ONE_DAY
        return after if is_day(after, self.zone) else self._following(after)

    def _preceding(self, day: dt.date) -> dt.date:
        before = day - ONE_DAY
        return before if is_day(before, self.zone) else self._preceding(before)

    def _day_after(self, last: DagRunInfo) -> dt.date:
        """The day whose turn it is after a run."""
        return self._following(
            read_period(last.partition_key).last if last.partition_key else self._last_until(last.run_after)
        )

    def _last_until(self, moment: dt.datetime) -> dt.date:
        """The latest business date whose night is due by the moment."""
        day = self._preceding(local_day(moment, self.zone))
        return day if self._due(day) <= moment else self._preceding(day)

    def _first_from(self, moment: dt.datetime) -> dt.date:
        """The earliest business date whose night is not due before the moment."""
        day = self._last_until(moment)
        return day if self._due(day) == moment else self._following(day)


def _moment(at: dt.datetime) -> DateTime:
    """An instant of the kind that Airflow works with."""
    return pendulum.instance(at.astimezone(dt.UTC))
