"""A file's header against the columns that the configuration maps: by name, never by position."""

from __future__ import annotations

import csv
import difflib
import re
from collections import Counter
from collections.abc import Collection, Sequence

from mend.intake.extract.cleaning import INVISIBLE, SPACES
from mend.intake.extract.errors import HeaderError
from mend.intake.extract.mapping import ColumnMap
from mend.intake.extract.record_source import Reader, RecordSource

SHOWN_COLUMNS = 40
JOINERS = "\u200c\u200d"
WHITE = " \t\n\r\x0b\x0c\x1a\x1e\u0085\u2028\u2029" + SPACES
INVISIBLE_IN_NAMES = {ord(sign): None for sign in INVISIBLE if sign not in JOINERS}


def split_header(line: bytes, reader: Reader) -> list[str]:
    """The names in a header line."""
    text = line.decode().rstrip("\r\n")
    if reader.quote is None:
        return text.split(reader.delimiter)
    return next(csv.reader([text], delimiter=reader.delimiter, quotechar=reader.quote), [])


def column_names(names: Sequence[str], reader: Reader, file_name: str) -> tuple[str, ...]:
    """The names as the configuration calls them: trimmed, the second `category` as `category#2`.

    HeaderError for a name that stands twice, unless the configuration allows it: which of the two is meant?

    >>> column_names(["id", " a ", "a"], Reader(duplicates=("a",)), "x.csv")
    ('id', 'a', 'a#2')
    """
    trimmed = [_cleaned(name) for name in names]
    twice = [name for name, count in Counter(trimmed).items() if count > 1 and name and name not in reader.duplicates]
    if twice:
        raise HeaderError(
            f"{file_name}: the header names {', '.join(twice)} more than once; "
            "list it under the reader's duplicates, and map the second as name#2"
        )
    seen: Counter[str] = Counter()
    numbered = []
    for name in trimmed:
        seen[name] += 1
        numbered.append(name if seen[name] == 1 else f"{name}#{seen[name]}")
    return tuple(numbered)


def _cleaned(name: str) -> str:
    """A name without what nobody sees in it; joiners inside are part of how some scripts are written."""
    return name.translate(INVISIBLE_IN_NAMES).strip(WHITE + JOINERS)


def mapped_columns(record: RecordSource) -> dict[str, bool]:
    """Source column → whether the file must have it."""
    needed: dict[str, bool] = {}
    for mapping in (*record.columns.values(), *([record.version] if record.version else [])):
        for name in mapping.source_columns:
            needed[name] = needed.get(name, False) or not mapping.optional
    if record.group:
        needed |= dict.fromkeys((*record.group.by, *(order.column for order in record.group.order)), True)
    if record.expand:
        needed[record.expand.count.column] = True
        needed.pop(record.expand.number, None)  # the copy's number is ours
    return needed


def check_columns(found: Sequence[str], record: RecordSource, file_name: str) -> tuple[str, ...]:
    """The file's columns that nothing maps. HeaderError names those that are mapped and missing, with the likeliest
    meant."""
    needed = mapped_columns(record)
    missing = [name for name, must in needed.items() if must and name not in found]
    if missing:
        named = [name for name in found if not is_unnamed(name)]
        above = (
            "" if len(missing) < len(needed) else ", or say skip_lines in its reader if lines stand above the header"
        )
        raise HeaderError(
            f"{file_name}: the header lacks {', '.join(_with_hint(name, found) for name in missing)}; "
            f"it has {', '.join(named[:SHOWN_COLUMNS]) or 'no name'}. Correct the file, or the columns of the "
            f"source{above}"
        )
    return tuple(name for name in found if name not in needed)


def provided_columns(found: Sequence[str], record: RecordSource) -> tuple[str, ...]:
    """The contract columns that a file with these columns provides: all that are mapped, but the optional ones that
    nothing in the file gives a value. A default is a value."""
    there = {*found, *((record.expand.number,) if record.expand else ())}
    return tuple(name for name, mapping in record.columns.items() if not mapping.optional or _has_value(mapping, there))


def _has_value(mapping: ColumnMap, there: Collection[str]) -> bool:
    """Whether a column may be filled: each text that its value is made of is there, or something stands in its
    place."""
    texts = mapping.seconds_between or ((mapping.source,) if mapping.source else ())
    return mapping.default is not None or all(
        any(part.default is not None or part.column in there for part in parts) for parts in texts
    )


def is_unnamed(name: str) -> bool:
    """Whether a column of a file has no name: an empty cell of the header.

    >>> [is_unnamed(name) for name in ("", "#2", "Ticket #")]
    [True, True, False]
    """
    return re.fullmatch("(#[0-9]+)?", name) is not None


def _with_hint(name: str, found: Sequence[str]) -> str:
    lowered = {each.lower(): each for each in found}
    close = difflib.get_close_matches(name.lower(), lowered, n=1, cutoff=0.8)
    return f"{name} (is {lowered[close[0]]} meant?)" if close else name
