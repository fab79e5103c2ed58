"""Where the pages are: below the path of Airflow's own address. Light: the plugin file reads it in every process."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

from airflow.configuration import conf

PREFIX: Final = "/mend"


def base_url() -> str:
    """Airflow's address as its users type it; empty when nobody has set it."""
    return str(conf.get("api", "base_url", fallback="") or "")


def root() -> str:
    """The path of that address, without a slash at its end; empty when Airflow is at the top."""
    return urlsplit(base_url()).path.rstrip("/")


def own_origin() -> str | None:
    """Scheme, host and port of that address; None when nobody has set it."""
    parts = urlsplit(base_url())
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else None


def address(path: str = "/") -> str:
    """A page's address, to be put in a link.

    >>> address("/customers").endswith("/mend/customers")
    True
    """
    return f"{root()}{PREFIX}{path}"
