"""A table of customer, arm and outcome out of any CSV or Parquet file, checked row by row before anything is worked
out.

Messages name file, row and column. The value is shown for outcomes and baselines alone, as far as it looks like no
phone number; a unit is never shown: it may be one.
"""

from __future__ import annotations

import difflib
import glob
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from mend.foundation.engine.duckdb_engine import quoted
from mend.repair.effect.errors import EffectError, EffectUsageError
from mend.repair.effect.file_header import check_header, misfit, separator_of

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa

ROW_UNIT: Final = "row"  # as the unit's column: each row is a unit of its own
PARQUET: Final = (".parquet", ".pq")
MOST_ARMS: Final = 20
MOST_NAMES: Final = 40
TRUTHS: Final = {"true": "1", "false": "0"}
PHONE: Final = re.compile(r"\d{7,}")
NUMBER: Final = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)(e[+-]?[0-9]{1,3})?", re.ASCII)
LARGEST: Final = 1e12  # beyond it a sum of squares keeps no digits of the differences
CONTROL_SIGNS: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True)
class FileColumns:
    """The columns that play a part."""

    unit: str
    arm: str
    outcomes: tuple[str, ...]
    baseline: str | None = None


@dataclass(frozen=True)
class FileTable:
    """The checked values, in the file's order: an arm for each unit, outcomes and baseline as numbers."""

    path: Path
    arm: np.ndarray
    outcomes: dict[str, np.ndarray]
    baseline: np.ndarray | None

    def arms(self) -> dict[str, int]:
        """Units by arm, in the order of the arms' names."""
        import numpy as np

        names, counts = np.unique(self.arm, return_counts=True)
        return {str(name): int(count) for name, count in zip(names, counts, strict=True)}


def read_table(path: Path, columns: FileColumns) -> FileTable:
    """Read and check a file.

    Raises:
        EffectUsageError: no such file or column.
        EffectError: a value that is missing or no number, a unit that comes twice, a file that cannot be read; the
            message names file, row and column.
    """
    if not path.is_file():
        raise EffectUsageError(f"{path}: no such file")
    if not path.stat().st_size:
        raise EffectError(f"{path}: the file is empty")
    rows = _read(path, columns)
    if rows.num_rows == 0:
        raise EffectError(f"{path}: no rows below the header")
    if columns.unit in rows.column_names:
        _check_units(path, columns.unit, rows)
    arm = _words(path, columns.arm, rows)
    numbers = {name: _numbers(path, name, rows) for name in dict.fromkeys(columns.outcomes)}
    baseline = _numbers(path, columns.baseline, rows) if columns.baseline else None
    table = FileTable(path, arm, numbers, baseline)
    _check_arms(path, columns.arm, table.arms())
    if len(table.arms()) > MOST_ARMS:
        raise EffectUsageError(
            f"{path}: column {columns.arm} has {len(table.arms())} values; an arm has few, at most {MOST_ARMS}. Name "
            f"the column that says which customer got what with --arm"
        )
    return table


def _read(path: Path, columns: FileColumns) -> pa.Table:
    import duckdb

    source = "read_parquet" if path.name.lower().endswith(PARQUET) else "read_csv"
    values = {"path": glob.escape(str(path))}
    options = ", header = true, all_varchar = true" if source == "read_csv" else ""
    if options and (separator := separator_of(path, (columns.arm, *columns.outcomes))):
        options += """, delim = $separator, quote = '"', escape = '"', skip = 0, null_padding = false"""
        values["separator"] = separator
    call = f"{source}($path{options})"
    with duckdb.connect() as connection:
        try:
            names = [row[0] for row in connection.execute(f"describe select * from {call}", values).fetchall()]
            chosen = _chosen(path, columns, names)
            if source == "read_csv":
                check_header(path, chosen, len(names))
            listed = ", ".join(f"cast({quoted(name)} as varchar) as {quoted(name)}" for name in chosen)
            return connection.sql(f"select {listed} from {call}", params=values).to_arrow_table()
        except duckdb.Error as error:
            wrong = misfit(path, values["separator"]) if "separator" in values else None
            raise EffectError(f"{path}: {wrong or _why(str(error))}") from None


def _chosen(path: Path, columns: FileColumns, names: Sequence[str]) -> list[str]:
    """The columns to read, each once; each must be there under exactly this name."""
    wanted = [columns.unit, columns.arm, *columns.outcomes, *([columns.baseline] if columns.baseline else [])]
    if columns.unit == ROW_UNIT and ROW_UNIT not in names:
        wanted = wanted[1:]
    for name in wanted:
        if name not in names:
            near = difflib.get_close_matches(name, names, 1, 0.6)
            hint = f" (did you mean {near[0]}?)" if near else ""
            unit = f"; --unit {ROW_UNIT} when each row is a customer of its own" if name == columns.unit else ""
            raise EffectUsageError(f"{path}: no column {name}{hint}; the file has {_named(names)}{unit}")
    roles = [columns.unit, columns.arm]
    for name in (*columns.outcomes, *([columns.baseline] if columns.baseline else [])):
        if name in roles:
            raise EffectUsageError(f"{path}: column {name} cannot be unit or arm and outcome or baseline at once")
    if columns.baseline in columns.outcomes:
        raise EffectUsageError(
            f"{path}: column {columns.baseline} is outcome and baseline; a baseline is from before anything was done"
        )
    return list(dict.fromkeys(wanted))


def _check_arms(path: Path, name: str, arms: Mapping[str, int]) -> None:
    """An arm's name is printed as it is, and two that differ in case alone are one arm or a typing error."""
    plain: dict[str, str] = {}
    for arm in arms:
        if CONTROL_SIGNS.search(arm):
            raise EffectError(f"{path}: column {name}: {_shown(arm)} holds a control character or a line break")
        if (other := plain.setdefault(arm.casefold(), arm)) != arm:
            raise EffectError(
                f"{path}: column {name}: {_shown(other)} and {_shown(arm)} differ in upper and lower case alone; write "
                f"an arm in one way, or rename one when they are two"
            )


def _check_units(path: Path, name: str, rows: pa.Table) -> None:
    """Every row names its unit, and no unit comes twice: it would be counted twice."""
    import pyarrow as pa
    import pyarrow.compute as pc

    units = pc.utf8_trim_whitespace(rows[name].combine_chunks())
    _no_gaps(path, name, units)
    numbered = pa.table({"unit": units, "row": pa.array(range(1, len(units) + 1))})
    found = numbered.group_by("unit").aggregate([("row", "count"), ("row", "min"), ("row", "max")])
    twice = found.filter(pc.greater(found["row_count"], 1)).sort_by("row_min")
    if twice.num_rows:
        first = twice.slice(0, 1).to_pylist()[0]
        raise EffectError(
            f"{path}: column {name}: rows {first['row_min']:,} and {first['row_max']:,} hold the same unit, and "
            f"{twice.num_rows:,} units come more than once; keep one row a unit"
        )


def _words(path: Path, name: str, rows: pa.Table) -> np.ndarray:
    import numpy as np
    import pyarrow.compute as pc

    values = pc.utf8_trim_whitespace(rows[name].combine_chunks())
    _no_gaps(path, name, values)
    return np.asarray(values.to_numpy(zero_copy_only=False), dtype=str)


def _numbers(path: Path, name: str, rows: pa.Table) -> np.ndarray:
    """The column as numbers; yes-or-no columns (true, false) as 1 and 0."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    values = pc.utf8_lower(pc.utf8_trim_whitespace(rows[name].combine_chunks()))
    _no_gaps(path, name, values)
    if set(values.unique().to_pylist()[:3]) <= TRUTHS.keys():
        values = pc.equal(values, "true").cast(pa.int8()).cast(pa.string())
    try:
        numbers = values.cast(pa.float64()).to_numpy(zero_copy_only=False)
    except pa.ArrowInvalid:
        numbers = np.array([_number(value) for value in values.to_pylist()])
    wrong = np.flatnonzero(~np.isfinite(numbers))
    large = np.flatnonzero(np.abs(numbers) > LARGEST)
    if len(large) and not len(wrong):
        raise EffectError(
            f"{path}: row {int(large[0]) + 1:,}, column {name}: the number is larger than {LARGEST:.0e}, and a mean "
            f"would say nothing of the others ({len(large):,} such rows); mend it, or give the column in a larger unit"
        )
    if len(wrong):
        row = int(wrong[0])
        raise EffectError(
            f"{path}: row {row + 1:,}, column {name}: {_shown(rows[name][row].as_py())} is no number; an outcome is a "
            f"number, or 1 and 0 (true and false) for yes and no ({len(wrong):,} such rows)"
        )
    return np.asarray(numbers, dtype=float)


def _no_gaps(path: Path, name: str, values: pa.Array) -> None:
    import pyarrow.compute as pc

    empty = pc.or_(pc.is_null(values), pc.fill_null(pc.equal(values, ""), True))
    if rows := pc.sum(empty).as_py():
        first = pc.index(empty, True).as_py()
        raise EffectError(
            f"{path}: row {first + 1:,}, column {name}: the value is missing ({rows:,} such rows). Fill it, or take "
            f"these rows out of all arms alike and say so: who is missing is seldom a matter of luck"
        )


def _number(text: str) -> float:
    """
    >>> _number("1.5e2"), _number("1_0"), _number("0x1")
    (150.0, nan, nan)
    """
    return float(text) if NUMBER.fullmatch(text) else float("nan")


def _named(names: Sequence[str]) -> str:
    """Column names for a message: where a file has no header they are a customer's values.

    >>> _named(["id", "13800138000"])
    'id, *******'
    """
    shown = ", ".join(repr(name)[1:-1] if CONTROL_SIGNS.search(name) else name for name in names[:MOST_NAMES])
    return PHONE.sub("*******", shown) + (" ..." if len(names) > MOST_NAMES else "")


def _shown(value: str) -> str:
    """A short value as it is; digits in a row that may be a phone number are masked.

    >>> _shown("n/a"), _shown("+8613800138000 called")
    ("'n/a'", "'+******* called'")
    """
    text = PHONE.sub("*******", value)
    return repr(text if len(text) <= 20 else f"{text[:17]}...")


def _why(error: str) -> str:
    """What DuckDB says of a file, without the line's content, which may be a customer's."""
    if found := re.search(r"(?:on|at) Line:? ?(\d+)", error, re.IGNORECASE):
        kind = re.search(r"\n(?:Error|Possible fixes)?:? ?((?:Expected|Unterminated|Value|Invalid)[^\n]{0,80})", error)
        return f"line {found[1]} cannot be read{': ' + PHONE.sub('*******', kind[1]) if kind else ''}; mend the file"
    first = error.splitlines()[0] if "utf" in error.lower() or "parquet" in error.lower() else "it cannot be read"
    return f"{PHONE.sub('*******', first)[:160]}; expected are CSV with a header in UTF-8 (also .gz), or Parquet"
