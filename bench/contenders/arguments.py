"""The arguments that every contender takes."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.data import Month


@dataclass(frozen=True)
class Arguments:
    """`output` is the folder for the contender's ledger.parquet and month.parquet; `answer` the file for its cost."""

    month: Month
    output: Path
    answer: str | None


def parse(description: str | None, argv: Sequence[str] | None = None) -> Arguments:
    """Read the command line: --contacts, --folder, --output, --answer."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--contacts", type=int, required=True)
    parser.add_argument("--folder", type=Path, required=True, help="where the prepared months are")
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--answer")
    given = parser.parse_args(argv)
    given.output.mkdir(parents=True, exist_ok=True)
    return Arguments(Month(given.contacts, given.folder / str(given.contacts)), given.output, given.answer)
