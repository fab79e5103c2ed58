"""Which errors Mend knows: they are said in one line, and no retry mends them."""

from __future__ import annotations

from typing import Final

ROOTS: Final = ("mend.", "mend_airflow.")


class CommandError(Exception):
    """A command cannot do what it was asked; the message says why and what would help."""


class UsageError(CommandError):
    """Arguments that do not fit together."""


def is_known(error: BaseException) -> bool:
    """True for an error whose class a module of Mend defines.

    >>> is_known(CommandError("no home")), is_known(KeyError("x"))
    (True, False)
    """
    return type(error).__module__.startswith(ROOTS)
