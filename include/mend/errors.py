"""What goes wrong in Mend, in three kinds. Every error class of Mend is of one of them.

An error of Mend is said in one line, as it is: its message names what is wrong and what to do. A scheduler tells the
kinds apart: bad data and bad configuration fail at once, for a person to look at; what is retryable is tried again.
"""

from __future__ import annotations


class MendError(Exception):
    """An error that Mend knows: its message may be shown to anybody who may read logs."""


class BadDataError(MendError):
    """What came, or what is stored, cannot be worked with; the same again gives the same error."""


class BadConfigurationError(MendError):
    """A setting, a rule, a schema or an order to Mend that is wrong; a person must change it."""


class RetryableError(MendError):
    """An outage, or what another run changed meanwhile: the same again may succeed. Counts before the other kinds."""


class CommandError(BadConfigurationError):
    """A command cannot do what it was asked; the message says why and what would help."""


class UsageError(CommandError):
    """Arguments that do not fit together."""


def is_known(error: BaseException) -> bool:
    """Whether it is an error of Mend's own.

    >>> is_known(CommandError("no home")), is_known(KeyError("x"))
    (True, False)
    """
    return isinstance(error, MendError)


def is_retryable(error: BaseException) -> bool:
    """Whether trying again may help: all but bad data and bad configuration.

    >>> is_retryable(CommandError("no home")), is_retryable(ConnectionError("reset"))
    (False, True)
    """
    return not is_known(error) or isinstance(error, RetryableError)
