"""What goes wrong in the pages' own settings and files."""

from __future__ import annotations

from mend.errors import BadConfigurationError


class RightsError(BadConfigurationError):
    """The setting MEND_RIGHTS says something that is none; the message names it."""


class WordsError(BadConfigurationError, LookupError):
    """A page asks for words that no file has, or a file misses a language; the message names the key."""
