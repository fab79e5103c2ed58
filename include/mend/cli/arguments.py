"""Kinds of arguments: a value that is none is an error of usage, which the parser reports."""

from __future__ import annotations

import argparse
import datetime as dt
import re
from collections.abc import Callable
from typing import Any, TypeAlias

from mend.foundation.home import Home

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
        if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
            raise ValueError
        return dt.date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a day such as 2026-03-05") from None


def month(text: str) -> str:
    """
    >>> month("2026-03")
    '2026-03'
    """
    try:
        day(f"{text}-01")
    except argparse.ArgumentTypeError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a month such as 2026-03") from None
    return text


def count(text: str) -> int:
    """A whole number from 1; underscores and commas may group its digits.

    >>> count("50_000"), count("1,000")
    (50000, 1000)
    """
    digits = text.replace("_", "").replace(",", "")
    if not digits.isdecimal() or int(digits) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 1")
    return int(digits)
