"""Points in time as SQL: a text as a local time or as an instant, and local times as instants by their zone's
clocks.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, Literal

from mend.intake.extract import marks
from mend.intake.extract.clock_changes import repeats
from mend.intake.extract.mapping import EPOCHS, ColumnMap
from mend.intake.extract.relation import Values

ISO_TIME: Final = "[0-9]{4}-(0[1-9]|1[0-2])-[0-3][0-9][T ]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]{1,9})?)?"
ISO_OFFSET: Final = " ?(Z|[+-](0[0-9]|1[0-4])(:?[0-5][0-9])?)"
ISO_DAY: Final = "[0-9]{4}-[0-9]{2}-[0-9]{2}([T ]00:00:00)?"
HOURS: Final = re.compile("%-?[HI]")
EPOCH: Final = "[+-]?[0-9]{1,20}([.][0-9]+)?"
FIRST_YEAR, LAST_YEAR = 1900, 2199
SINCE_YEAR: Final = (
    2000  # whose clocks went back for the last time before it, such as China's, repeats nothing that is loaded
)
FIRST_MICROSECOND, LAST_MICROSECOND = -2_208_988_800_000_000, 7_258_118_399_999_999  # of these years, from 1970


def may_repeat(mapping: ColumnMap, zone: str) -> bool:
    """Whether local times of our days come twice in the column's zone, and nothing says which is meant."""
    last = repeats(mapping.zone or zone).last
    return mapping.ambiguous is None and last is not None and last.year >= SINCE_YEAR


class Times:
    """Reads the times of one column.

    Args:
        formats: tried in order; ISO 8601 when there is none.
        zone: of times that name no offset.
        ambiguous: which of two instants a local time means that comes twice; the later one when None.
        has_marks: the texts may have marks; what is typed as a time is read as such, whatever the formats of texts.
    """

    def __init__(
        self,
        values: Values,
        formats: Sequence[str],
        zone: str,
        ambiguous: Literal["earlier", "later"] | None = None,
        has_marks: bool = False,
    ) -> None:
        self._values = values
        self._has_marks = has_marks
        self._formats = formats
        self._zone = values.bind(zone)
        self._repeats = repeats(zone)
        self._ambiguous = ambiguous

    def local(self, text: str, iso: str = ISO_TIME) -> str:
        """The date and time without a zone, by the first pattern that fits; null when none does."""
        readable = self._readable(text)
        if not self._formats:
            return _iso_local(readable, iso)
        read = _first([self._parsed(readable, each) for each in self._formats if _is_local(each)], "timestamp")
        if not self._has_marks:
            return read
        means_midnight = any(_is_local(each) and not HOURS.search(each) for each in self._formats)
        return f"coalesce({_iso_local(self._typed(text), f'({iso}|{ISO_DAY})' if means_midnight else iso)}, {read})"

    def instant(self, text: str) -> str:
        """The instant of a text that says it whole, by an offset or as a count since 1970; null for others.

        A pattern without an offset that stands before and fits goes first: 20260501 is a day, not a second of 1970.
        """
        if not self._formats:
            return _iso_instant(self._readable(text))
        readings = [_iso_instant(self._typed(text))] if self._has_marks else []
        text = self._readable(text)
        for place, each in enumerate(self._formats):
            if _is_local(each):
                continue
            reading = _epoch(text, EPOCHS[each]) if each in EPOCHS else self._parsed(text, each)
            before = (
                [self._parsed(text, other) for other in self._formats[:place] if _is_local(other)]
                if each in EPOCHS
                else []
            )
            readings.append(
                f"case when {_first(before, 'timestamp')} is null then {reading} end" if before else reading
            )
        return _first(readings, "timestamptz")

    def settled(self, local: str) -> str:
        """The instant of a local time; null when the clocks skip it: it comes back as another then."""
        later = f"timezone({self._zone}, {local})"
        chosen = later
        if self._ambiguous == "earlier" and self._repeats.seconds:
            arms = " ".join(f"when {same} then {moment}" for same, moment in self._earlier(local))
            chosen = f"case {arms} else {later} end"
        return f"case when timezone({self._zone}, {later}) = {local} then {chosen} end"

    def is_ambiguous(self, local: str) -> str:
        """Whether the clocks show a local time twice, and nothing says which is meant."""
        if self._ambiguous is not None or self._repeats.last is None:
            return "false"
        twice = " or ".join(same for same, _ in self._earlier(local))
        return f"coalesce({local} <= {self._values.bind(self._repeats.last)} and ({twice}), false)"

    def day(self, text: str) -> str:
        """The day: as written or as its cell shows it, or in the zone that of the instant."""
        local = self.local(text, ISO_DAY)
        if self._has_marks:
            local = f"coalesce({_iso_local(marks.day_of_hidden_time(text), ISO_DAY)}, {local})"
        either = f"coalesce({local}, timezone({self._zone}, {self.instant(text)}))" if self._formats else local
        return f"cast({either} as date)"

    def _earlier(self, local: str) -> list[tuple[str, str]]:
        """By each length of a repetition: whether the instant so long before shows the same local time, and that
        instant.
        """
        later = f"timezone({self._zone}, {local})"
        moments = [f"({later} - to_seconds({seconds}))" for seconds in self._repeats.seconds]
        return [(f"timezone({self._zone}, {moment}) = {local}", moment) for moment in moments]

    def _readable(self, text: str) -> str:
        """A text without its marks. Yes and no are no counts since 1970."""
        return (
            f"case when {marks.is_truth(text)} then null else {marks.readable(text)} end" if self._has_marks else text
        )

    def _typed(self, text: str) -> str:
        return f"case when {marks.is_typed(text)} then {marks.readable(text)} end"

    def _parsed(self, text: str, pattern: str) -> str:
        return f"try_strptime({text}, {self._values.bind(pattern)})"


def _is_local(pattern: str) -> bool:
    return "%z" not in pattern and pattern not in EPOCHS


def _iso_local(text: str, iso: str) -> str:
    return _first([f"case when regexp_full_match({text}, '{iso}') then try_cast({text} as timestamp) end"], "timestamp")


def _iso_instant(text: str) -> str:
    is_iso = f"regexp_full_match({text}, '{ISO_TIME}{ISO_OFFSET}')"
    # The engine reads +08:00 and +08 behind the time; Java writes +0800, others a space before it.
    close = f"regexp_replace({text}, ' (Z|[+-][0-9:]+)$', '\\1')"
    with_colon = f"regexp_replace({close}, '([+-][0-9]{{2}})([0-9]{{2}})$', '\\1:\\2')"
    return _first([f"case when {is_iso} then try_cast({with_colon} as timestamptz) end"], "timestamptz")


def _epoch(text: str, microseconds: int) -> str:
    """The instant of a count since 1970. A spreadsheet's 1.78E+09 has lost its seconds: no time can be told from it."""
    counted = (
        f"case when regexp_full_match({text}, '{EPOCH}') then try_cast({text} as decimal(26, 6)) * {microseconds} end"
    )
    is_known = f"({counted}) between {FIRST_MICROSECOND} and {LAST_MICROSECOND}"
    return f"case when {is_known} then make_timestamptz(cast(({counted}) as bigint)) end"


def _first(readings: Sequence[str], sql_type: str) -> str:
    """The first reading whose year can be meant: `%Y` takes the 22 of 22-04-15 for a year, too."""
    kept = [f"case when year({each}) between {FIRST_YEAR} and {LAST_YEAR} then {each} end" for each in readings]
    return f"coalesce({', '.join([*kept, f'cast(null as {sql_type})'])})"
