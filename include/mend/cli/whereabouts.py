"""`mend home`: which home this is, by each of its parts, and what a person says of one that was moved or copied."""

from __future__ import annotations

import argparse
import sys

from mend.cli.arguments import Subparsers, add_command
from mend.cli.home import require
from mend.cli.text import table
from mend.foundation.home import Home

WORDS = """\
A home's folder, its databases and its lake bear one identity. A folder that was moved or copied whole, its PostgreSQL
stopped, is settled
when it is next used: a copy becomes a home of its own. Where a database or the lake is not in the folder,
say what it is:

  mend home moved    it is the home itself, and nothing uses another folder of it any more
  mend home copy     it is a copy, with databases and a lake of its own

A copy sends no messages: those that wait in it are the first home's to send. `mend home moved` in a copy lets it take
that home's place.
"""


def add(subparsers: Subparsers) -> None:
    """`mend home`, `mend home moved`, `mend home copy`."""
    does = "say which home this is; settle one that was moved or copied"
    command = add_command(
        subparsers, "home", does, home_, epilog=WORDS, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    command.add_argument(
        "what", nargs="?", choices=["moved", "copy"], help="what a person knows of it; without it, each part is shown"
    )


def home_(arguments: argparse.Namespace, home: Home) -> None:
    from mend.foundation.opening import as_copy, as_moved

    require(home)
    if arguments.what == "moved":
        as_moved(home)
    elif arguments.what == "copy":
        as_copy(home)
    _show(home)


def _show(home: Home) -> None:
    """Each part with its place and the identity that it bears; then what will be done when it is next used, or why
    nothing will.
    """
    from mend.foundation import server
    from mend.foundation.opening import Refused, Seen, decide, look

    server.start(home)
    seen: Seen = look(home)
    known = seen.identity
    places = {"operations": home.database_url, "catalog": home.catalog_url, "lake": home.warehouse}
    rows = [["folder", str(home.root), known.home_id if known else ""]]
    rows += [[name, _without_password(places[name]), mark or ""] for name, mark in seen.marks.items()]
    sys.stdout.write(table(["part", "place", "home"], rows))
    if known and known.copy_of:
        sys.stdout.write(f"a copy of the home in {known.copy_of.root}: it sends no messages\n")
    try:
        sys.stdout.write(f"when it is next used: {decide(seen).value}\n")
    except Refused as refused:
        sys.stdout.write(f"it cannot be used: {refused}\n")


def _without_password(url: str) -> str:
    """
    >>> _without_password("postgresql+psycopg://mend:secret@db/mend"), _without_password("file:///a/b@c")
    ('postgresql+psycopg://mend:***@db/mend', 'file:///a/b@c')
    """
    from sqlalchemy import make_url

    return make_url(url).render_as_string(hide_password=True) if url.startswith("postgresql") else url
