"""Clocks against a minute-by-minute count over random histories, and the classic bugs of ticket systems by name."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mend.care.followup.clock import Mark, due_at, elapsed, intervals, is_past, left
from mend.care.followup.workdays import is_workday
from mend.care.followup.working_time import Always, Calendar, Working

CHINA = ZoneInfo("Asia/Shanghai")
MINUTE = dt.timedelta(minutes=1)
HOUR = dt.timedelta(hours=1)
ALWAYS = Always()
OFFICE = Working("CN", "Asia/Shanghai", dt.time(8, 30), dt.time(17, 30))
# Berlin's clocks change on Sundays, 29 March and 25 October 2026, inside these hours; Israel works on Sundays.
NIGHT_SHIFT = Working("IL", "Europe/Berlin", dt.time(1), dt.time(5))
STARTS = {
    "always": dt.datetime(2026, 5, 11, 9, tzinfo=dt.UTC),
    "national day": dt.datetime(2026, 9, 30, 1, tzinfo=dt.UTC),
    "spring festival": dt.datetime(2026, 2, 13, 1, tzinfo=dt.UTC),
    "clocks go forward": dt.datetime(2026, 3, 27, 0, tzinfo=dt.UTC),
    "clocks go back": dt.datetime(2026, 10, 23, 0, tzinfo=dt.UTC),
}
CALENDARS = {
    "always": ALWAYS,
    "national day": OFFICE,
    "spring festival": OFFICE,
    "clocks go forward": NIGHT_SHIFT,
    "clocks go back": NIGHT_SHIFT,
}


def china(words: str) -> dt.datetime:
    return dt.datetime.fromisoformat(words).replace(tzinfo=CHINA)


def counts(moment: dt.datetime, calendar: Calendar) -> bool:
    """Whether the minute from this moment counts."""
    if not isinstance(calendar, Working):
        return True
    local = moment.astimezone(ZoneInfo(calendar.zone))
    return is_workday(calendar.country, local.date()) and calendar.start <= local.time() < calendar.until


def minutes(marks: list[Mark], calendar: Calendar, until: dt.datetime) -> list[dt.datetime]:
    """The minutes that count until a moment, one by one: the slow way."""
    moment, found, place, runs = marks[0][0], [], 0, False
    while moment < until:
        while place < len(marks) and marks[place][0] <= moment:
            runs = marks[place][1]
            place += 1
        if runs and counts(moment, calendar):
            found.append(moment)
        moment += MINUTE
    return found


@st.composite
def histories(draw: st.DrawFn) -> tuple[str, list[Mark], dt.datetime, int]:
    """A calendar, marks that begin with the opening, a moment to look, and a limit in minutes."""
    name = draw(st.sampled_from(sorted(STARTS)))
    moment = STARTS[name] + draw(st.integers(0, 600)) * MINUTE
    marks: list[Mark] = [(moment, True)]
    for gap, runs in draw(st.lists(st.tuples(st.integers(0, 1500), st.booleans()), max_size=6)):
        moment += gap * MINUTE
        marks.append((moment, runs))
    return name, marks, moment + draw(st.integers(0, 3000)) * MINUTE, draw(st.integers(0, 1500))


@settings(max_examples=120, deadline=None)
@given(histories())
def test_the_clock_counts_what_a_minute_by_minute_count_does(history: tuple[str, list[Mark], dt.datetime, int]) -> None:
    name, marks, at, limit_minutes = history
    calendar, limit = CALENDARS[name], limit_minutes * MINUTE
    slow = minutes(marks, calendar, at)
    spans = intervals(marks)
    assert elapsed(spans, calendar, at) == len(slow) * MINUTE
    assert left(spans, limit, calendar, at) == limit - len(slow) * MINUTE
    reached = due_at(spans, limit, calendar)
    if len(slow) >= limit_minutes and limit_minutes > 0:
        assert reached == slow[limit_minutes - 1] + MINUTE
    elif limit_minutes > 0:
        assert reached is None or reached > at
    assert is_past(spans, limit, calendar, at) == (reached is not None and reached < at)


@settings(max_examples=60, deadline=None)
@given(histories(), st.integers(0, 1500))
def test_a_changed_limit_moves_the_end_by_the_difference_and_leaves_the_time_counted(
    history: tuple[str, list[Mark], dt.datetime, int], other: int
) -> None:
    name, marks, at, limit_minutes = history
    spans = intervals(marks)
    before, after = (left(spans, each * MINUTE, CALENDARS[name], at) for each in (limit_minutes, other))
    assert after - before == (other - limit_minutes) * MINUTE


TEN = china("2026-05-11 10:00")  # a Monday


def at(hours: float) -> dt.datetime:
    return TEN + hours * HOUR


CASES = {
    "no pause": ([(TEN, True)], at(2)),
    "paused and resumed": ([(TEN, True), (at(1), False), (at(3), True)], at(4)),
    "paused twice without a resume": ([(TEN, True), (at(1), False), (at(1.5), False), (at(3), True)], at(4)),
    "resumed without a pause": ([(TEN, True), (at(1), True)], at(2)),
    "resumed twice": ([(TEN, True), (at(1), False), (at(3), True), (at(3.5), True)], at(4)),
    "paused and resumed in one moment": ([(TEN, True), (at(1), False), (at(1), True)], at(2)),
    "paused at the very start": ([(TEN, True), (TEN, False), (at(5), True)], at(7)),
    "paused for ever": ([(TEN, True), (at(1), False)], None),
    "paused after the limit": ([(TEN, True), (at(3), False)], at(2)),
    "paused at the very limit": ([(TEN, True), (at(2), False)], at(2)),
    "over midnight": ([(at(13), True), (at(13.5), False), (at(14.5), True)], at(16)),
}


@pytest.mark.parametrize("name", CASES)
def test_a_limit_of_two_hours(name: str) -> None:
    marks, expected = CASES[name]
    assert due_at(intervals(marks), 2 * HOUR, ALWAYS) == expected


def test_a_limit_changed_while_paused_counts_what_was_counted_before_once() -> None:
    spans = intervals([(TEN, True), (at(1), False)])
    assert [left(spans, hours * HOUR, ALWAYS, at(9)) for hours in (2, 3)] == [HOUR, 2 * HOUR]
    resumed = intervals([(TEN, True), (at(1), False), (at(10), True)])
    assert due_at(resumed, 3 * HOUR, ALWAYS) == at(12)


def test_time_past_the_limit_is_negative_and_does_not_stop_at_zero() -> None:
    assert left(intervals([(TEN, True)]), 2 * HOUR, ALWAYS, at(5)) == -3 * HOUR
    assert left(intervals([(TEN, True), (at(3), False)]), 2 * HOUR, ALWAYS, at(9)) == -HOUR


def test_a_limit_made_shorter_than_the_time_counted_was_reached_in_the_past() -> None:
    spans = intervals([(TEN, True)])
    assert due_at(spans, HOUR, ALWAYS) == at(1)
    assert is_past(spans, HOUR, ALWAYS, at(2))


def test_an_answer_at_the_very_limit_is_in_time() -> None:
    assert not is_past(intervals([(TEN, True)]), 2 * HOUR, ALWAYS, at(2))
    assert is_past(intervals([(TEN, True)]), 2 * HOUR, ALWAYS, at(2) + dt.timedelta(seconds=1))


@pytest.mark.parametrize(
    ("start", "hours", "due"),
    [
        ("2026-05-11 16:30", 2, "2026-05-12 09:30"),  # over an evening
        ("2026-05-08 16:30", 2, "2026-05-09 09:30"),  # Saturday 9 May 2026 makes up for the Labour Day holiday
        ("2026-04-30 16:30", 2, "2026-05-06 09:30"),  # over the holiday itself: 1 to 5 May
        ("2026-05-10 12:00", 1, "2026-05-11 09:30"),  # opened on a Sunday
        ("2026-05-11 08:30", 9, "2026-05-11 17:30"),  # exactly a day: over at its end, not next morning
        ("2026-09-30 17:30", 1, "2026-10-08 09:30"),  # opened as the National Day holiday begins
        ("2026-09-19 12:00", 9, "2026-09-20 17:30"),  # Sunday 20 September 2026 is worked
    ],
)
def test_working_hours_know_holidays_and_shifted_workdays(start: str, hours: float, due: str) -> None:
    assert due_at([(china(start), None)], hours * HOUR, OFFICE) == china(due)


@pytest.mark.parametrize(("day", "hours"), [((2026, 3, 29), 3), ((2026, 5, 10), 4), ((2026, 10, 25), 5)])
def test_a_shift_on_the_night_the_clocks_change_has_the_hours_it_really_has(
    day: tuple[int, int, int], hours: int
) -> None:
    midnight = dt.datetime(*day, tzinfo=ZoneInfo("Europe/Berlin"))
    assert NIGHT_SHIFT.between(midnight, midnight + dt.timedelta(days=1)) == hours * HOUR
    assert due_at([(midnight, None)], hours * HOUR, NIGHT_SHIFT) == midnight.replace(hour=5)
