"""Customers who are one person: an id that became another (merged accounts, a new number). One answer for every
room.
"""

from mend.foundation.persons.resolving import Alias, Person, resolved
from mend.foundation.persons.tables import aliases, by_person, persons_of, put_persons, view_persons

__all__ = ["Alias", "Person", "aliases", "by_person", "persons_of", "put_persons", "resolved", "view_persons"]
