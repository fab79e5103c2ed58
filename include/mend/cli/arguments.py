"""Kinds of arguments: a value that is none is an error of usage, which the parser reports."""

from __future__ import annotations

import argparse
import datetime as dt
from collections.abc import Callable
from typing import Any, TypeAlias

from mend.foundation.home import Home
from mend.foundation.periods import CalendarError, first_day_of, month_of, read_day

Command: TypeAlias = Callable[[argparse.Namespace, Home], None]
Subparsers: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


def add_command(
    subparsers: Subparsers, name: str, does: str, command: Command, **options: Any
) -> argparse.ArgumentParser:
    """A parser for one command; `does` is its help."""
    parser = subparsers.add_parser(name, help=does, description=does, **options)
    # Without a default: it would hide the `--home` that stands before the command.
    parser.add_argument("--home", metavar="DIR", default=argparse.SUPPRESS, help=argparse.SUPPRESS)
    parser.set_defaults(command=command)
    return parser


def day(text: str) -> dt.date:
    """
    >>> day("2026-03-05")
    datetime.date(2026, 3, 5)
    """
    try:
        return read_day(text)
    except CalendarError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def month(text: str) -> str:
    """
    >>> month("2026-03")
    '2026-03'
    """
    try:
        return month_of(first_day_of(text))
    except CalendarError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def count(text: str) -> int:
    """A whole number from 1; underscores and commas may group its digits.

    >>> count("50_000"), count("1,000")
    (50000, 1000)
    """
    digits = text.replace("_", "").replace(",", "")
    if not digits.isdecimal() or int(digits) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 1")
    return int(digits)
