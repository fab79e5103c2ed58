"""Which files hold which records of which business dates."""

from __future__ import annotations

import datetime as dt
import glob
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from mend.foundation.files import FileError, inbox_folders, real_path, require_within
from mend.foundation.home import Home
from mend.intake.extract.config import Source
from mend.intake.extract.errors import ConfigError, ExtractError, MissingFileError, PlaceError
from mend.intake.extract.record_source import RecordSource

DIGITS = {"Y": 4, "j": 3}  # of a date's parts in a path; the others have two
DAY_PLACE = re.compile(r"\{business_date(?::([^}]*))?\}")


@dataclass(frozen=True)
class Delivery:
    """One file (None: a database query) of one record. `day` is its business date; None when it holds many days."""

    record: str
    path: Path | None
    day: dt.date | None


@dataclass
class Found:
    """What a source delivers, and what it should deliver and cannot be taken: the rest is loaded all the same."""

    deliveries: list[Delivery] = field(default_factory=list)
    failures: list[ExtractError] = field(default_factory=list)


def locate(
    home: Home, source: Source, days: Sequence[dt.date], paths: Sequence[Path] | None, folders: Sequence[Path] | None
) -> Found:
    """What the source delivers for these days, by record and day.

    Its own place must be in the home's inbox or in the folders of MEND_INBOX_FOLDERS.

    Args:
        paths: folders to look in instead of the source's root, or the files themselves.
        folders: where these must be; anywhere when None.

    The failures are a MissingFileError for each file that must be there, a ConfigError for each given one that fits no
    record of the source, and a PlaceError for each that is elsewhere.
    """
    found = Found()
    if paths is None:
        folders = inbox_folders(home)
        queries = [each for name in source.records for each in _queries(name, source.records[name], days)]
        looked_in = [root_of(home, source)] if any(record.path for record in source.records.values()) else []
    else:
        queries, looked_in = [], [path for path in paths if path.is_dir()]
        _add_given([path for path in paths if path not in looked_in], source, days, folders, found)
    for folder in _within(looked_in, folders, found):
        for name, record in source.records.items():
            for day in days if record.is_daily else [None]:
                _add(lambda: _in_folder(folder, name, record, day), folders, found, day)  # noqa: B023 (called at once)
    found.deliveries = (
        sorted(_once(found.deliveries), key=lambda each: (each.record, each.day or dt.date.min, str(each.path)))
        + queries
    )
    return found


def _within(paths: Sequence[Path], folders: Sequence[Path] | None, found: Found) -> list[Path]:
    """Those of the paths that are in the folders."""
    allowed = []
    for path in paths:
        try:
            if folders is not None:
                require_within(path, folders)
            allowed.append(path)
        except FileError as error:
            found.failures.append(PlaceError(str(error)))
    return allowed


def _add_given(
    files: Sequence[Path], source: Source, days: Sequence[dt.date], folders: Sequence[Path] | None, found: Found
) -> None:
    for path in _within(files, folders, found):  # first: whether there is such a file elsewhere is nobody's business
        if path.exists() or path.is_symlink():
            _add(lambda: [_given(path, source, days)], folders, found)  # noqa: B023 (called at once)
        else:
            found.failures.append(MissingFileError(f"{path.name}: no such file in {path.parent}"))


def _add(
    look: Callable[[], Sequence[Delivery]], folders: Sequence[Path] | None, found: Found, day: dt.date | None = None
) -> None:
    """Add what a look (for a business date) finds; what is wrong with it is a failure of its own."""
    try:
        for delivery in look():
            try:
                if folders is not None and delivery.path is not None:
                    require_within(delivery.path, folders)
                found.deliveries.append(delivery)
            except FileError as error:
                found.failures.append(PlaceError(str(error)))
                found.failures[-1].day = delivery.day
    except ExtractError as error:
        error.day = day
        found.failures.append(error)


def _once(found: list[Delivery]) -> set[Delivery]:
    return {Delivery(each.record, each.path and real_path(each.path), each.day) for each in found}


def root_of(home: Home, source: Source) -> Path:
    """The folder that the source's paths are relative to: its `root`, else the home's inbox."""
    return Path(source.root).expanduser() if source.root else home.inbox


def _queries(name: str, record: RecordSource, days: Sequence[dt.date]) -> list[Delivery]:
    return [Delivery(name, None, day) for day in days] if record.reader.format == "database" else []


def _in_folder(root: Path, name: str, record: RecordSource, day: dt.date | None) -> list[Delivery]:
    if record.path is None or record.reader.format == "database":
        return []
    pattern = _of_day(record.path, day)
    matches = sorted(glob.glob(pattern, root_dir=root))  # noqa: PTH207 (Path.glob does not take ../ patterns)
    if not matches and not record.optional:
        due = f" of {day}" if day else ""
        raise MissingFileError(f"{root / pattern}: the {name} file{due} is not in {root}; deliver it, then run again")
    return [Delivery(name, root / match, day) for match in matches]


def _of_day(pattern: str, day: dt.date | None) -> str:
    """The pattern with the day in its place.

    >>> _of_day("{business_date:%Y/%m}/{business_date}.csv", dt.date(2026, 5, 1))
    '2026/05/2026-05-01.csv'
    """
    return pattern if day is None else DAY_PLACE.sub(lambda place: day.strftime(place.group(1) or "%Y-%m-%d"), pattern)


def _given(path: Path, source: Source, days: Sequence[dt.date]) -> Delivery:
    """The record that a file belongs to by its name, and its day by its path."""
    by_files = {name: record for name, record in source.records.items() if record.path}
    fitting = [name for name, record in by_files.items() if _fits(path, record)] or list(by_files)
    if len(fitting) != 1:
        raise ConfigError(
            f"{path.name}: is it {', '.join(fitting)}? Name it as the source {source.source} says, or give its folder"
        )
    record = by_files[fitting[0]]
    return Delivery(fitting[0], path, _day_of(path, record, days) if record.is_daily else None)


def _fits(path: Path, record: RecordSource) -> bool:
    return re.fullmatch(_pattern(Path(record.path or "").name), path.name) is not None


def _pattern(pattern: str) -> str:
    """A path pattern as a regular expression; its first group is the first business date in it."""
    parts = re.split(r"(\{business_date(?::[^}]*)?\}|\*|\?)", pattern)
    expressions = {"*": "[^/]*", "?": "[^/]"}
    return "".join(expressions.get(part) or _day_pattern(part) or re.escape(part) for part in parts)


def _day_pattern(part: str) -> str | None:
    """The digits of a date, when the part is the place of one.

    >>> _day_pattern("{business_date:%Y%m%d}")
    '([0-9]{4}[0-9]{2}[0-9]{2})'
    """
    place = DAY_PLACE.fullmatch(part)
    if place is None:
        return None
    escaped = re.escape(place.group(1) or "%Y-%m-%d")
    return "(" + re.sub("%(.)", lambda found: f"[0-9]{{{DIGITS.get(found[1], 2)}}}", escaped) + ")"


def _day_of(path: Path, record: RecordSource, days: Sequence[dt.date]) -> dt.date:
    place = DAY_PLACE.search(record.path or "")
    fit = re.search(f"(?:^|/){_pattern(record.path or '')}$", str(path.resolve()))
    if fit and place:
        try:
            written = dt.datetime.strptime(fit.group(1), place.group(1) or "%Y-%m-%d")  # noqa: DTZ007 (a day has no zone)
            return written.date()
        except ValueError:
            pass
    if len(days) == 1:
        return days[0]
    raise ExtractError(f"{path.name}: which business date is it of? Give its folder, or run a single day")
