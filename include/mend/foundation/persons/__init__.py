"""Customers who are one person: an id that became another (merged accounts, a new number). One answer for every
room.
"""

from mend.foundation.persons.resolving import Alias, Person, resolved
from mend.foundation.persons.tables import aliases, aliases_in, persons_of, put_persons, rows_of, view_snapshots

__all__ = [
    "Alias",
    "Person",
    "aliases",
    "aliases_in",
    "persons_of",
    "put_persons",
    "resolved",
    "rows_of",
    "view_snapshots",
]
