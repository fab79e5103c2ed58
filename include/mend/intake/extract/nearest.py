"""The known name that was likely meant."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


def with_nearest(name: str, known: Iterable[str]) -> str:
    """The name, with the known one that is likeliest meant.

    >>> with_nearest("colums", ["columns", "path"]), with_nearest("x", ["columns"])
    ('colums (is columns meant?)', 'x')
    """
    lowered = {each.lower(): each for each in known}
    close = difflib.get_close_matches(name.lower(), lowered, n=1, cutoff=0.5)
    return f"{name} (is {lowered[close[0]]} meant?)" if close else name
