"""Customers who are one person: an id that became another (merged accounts, a new number). One answer for every room."""

from mend.persons.resolving import Alias, Person, resolved
from mend.persons.tables import aliases, by_person, persons_of, put_persons, view_persons

__all__ = ["Alias", "Person", "aliases", "by_person", "persons_of", "put_persons", "resolved", "view_persons"]
