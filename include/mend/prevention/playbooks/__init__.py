"""Playbooks: what is said, done and given after a failure, by whose authority; and what a service guarantee costs."""

from mend.prevention.playbooks.authority import Allowed, NextLevel, Refused, authorise
from mend.prevention.playbooks.errors import GrantError, PlaybookError
from mend.prevention.playbooks.found import Found, of_customer, of_ticket
from mend.prevention.playbooks.grants import Asked, Person, ask, decide, given_to, history, waiting
from mend.prevention.playbooks.labels import hits_named, put_label_playbooks
from mend.prevention.playbooks.playbook import Chosen, Playbook, PlaybookSet
from mend.prevention.playbooks.rules import load_playbooks, parse_playbooks, pinned_playbooks, playbooks_on
from mend.prevention.playbooks.tickets import playbook_of_ticket

__all__ = [
    "Allowed",
    "Asked",
    "Chosen",
    "Found",
    "GrantError",
    "NextLevel",
    "Person",
    "Playbook",
    "PlaybookError",
    "PlaybookSet",
    "Refused",
    "ask",
    "authorise",
    "decide",
    "given_to",
    "history",
    "hits_named",
    "load_playbooks",
    "of_customer",
    "of_ticket",
    "parse_playbooks",
    "pinned_playbooks",
    "playbook_of_ticket",
    "playbooks_on",
    "put_label_playbooks",
    "waiting",
]
