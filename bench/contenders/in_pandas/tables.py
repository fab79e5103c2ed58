"""Reading and writing: Arrow columns, moments as NumPy's, and a number in place of each customer's id."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from bench.contenders.scan import NEEDED

Whole = npt.NDArray[np.int64]
Truth = npt.NDArray[np.bool_]
Points = npt.NDArray[np.float64]
Moments = npt.NDArray[np.datetime64]

TEXT: Final = pd.ArrowDtype(pa.string())
MOMENTS: Final = ("_at", "_until")


def read(files: list[str], table: str) -> pd.DataFrame:
    """The columns of a table that the scoring needs. Moments are datetime64[us] in UTC, without a zone."""
    frame = read_columns(files, NEEDED[table])
    for name in frame.columns[frame.columns.str.endswith(MOMENTS)]:
        frame[name] = moments(frame[name])
    return frame


def read_columns(files: list[str], columns: Sequence[str]) -> pd.DataFrame:
    """Arrow columns of Parquet files, as they are."""
    paths: Any = files  # pandas takes a list; its types do not say so
    frame: pd.DataFrame = pd.read_parquet(
        paths, engine="pyarrow", columns=list(columns), dtype_backend="pyarrow", partitioning=None
    )
    return frame


def number_customers(tables: Mapping[str, pd.DataFrame]) -> pd.Series[Any]:
    """Give each table `customer`, a number, in place of `customer_id`; gives the ids by their numbers. -1 is nobody."""
    columns = [table.pop("customer_id") for table in tables.values()]
    numbers, ids = pd.factorize(pd.concat(columns, ignore_index=True))
    ends = np.cumsum([len(column) for column in columns])[:-1]
    for table, part in zip(tables.values(), np.split(numbers, ends), strict=True):
        table["customer"] = part
    return pd.Series(ids)


def write(frame: pd.DataFrame, ids: pd.Series[Any], path: Path) -> None:
    """Write a table with the ids of its customers."""
    named = frame.assign(customer_id=ids.array.take(frame["customer"].to_numpy()))
    zoned = {name: named[name].dt.tz_localize("UTC") for name in named.columns[named.columns.str.endswith(MOMENTS)]}
    rows = named.assign(**zoned).drop(columns="customer")
    rows.to_parquet(path, compression="zstd", compression_level=1, index=False)


def moments(column: pd.Series[Any]) -> Moments:
    """An Arrow column of moments as NumPy's, nulls as NaT."""
    found: Moments = column.to_numpy(dtype="datetime64[us]", na_value=np.datetime64("NaT", "us"))
    return found


def truth(condition: pd.Series[Any]) -> Truth:
    """A condition by row; null is false."""
    found: Truth = condition.to_numpy(dtype=bool, na_value=False)
    return found


def true_rows(condition: pd.Series[Any]) -> Whole:
    """Numbers of the rows whose Arrow condition is true."""
    found: Whole = pc.indices_nonzero(pa.array(condition.array)).to_numpy().astype(np.int64)
    return found


def whole(column: pd.Series[Any]) -> Whole:
    """An Arrow column of whole numbers, null as 0."""
    found: Whole = column.to_numpy(dtype=np.int64, na_value=0)
    return found


def amounts(column: pd.Series[Any]) -> Points:
    """An Arrow column of numbers or decimals, null as NaN."""
    found: Points = np.asarray(column.astype("double[pyarrow]").to_numpy(dtype=float, na_value=np.nan), np.float64)
    return found


def no_text(rows: int) -> pd.Series[Any]:
    """So many nulls."""
    return pd.Series(pd.arrays.ArrowExtensionArray(pa.nulls(rows, pa.string())))
