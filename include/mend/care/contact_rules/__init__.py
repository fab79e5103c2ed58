"""Whether somebody may be contacted: the one place that says so. `addresses` refreshes what it knows of them."""

from mend.care.contact_rules.opt_outs import opt_in, opt_out
from mend.care.contact_rules.reasons import (
    REASONS,
    Reason,
    Request,
    Terms,
    numbers_now,
    open_requests,
    reasons_at_claim,
    reasons_by_request,
    reasons_not_to_contact,
)
from mend.care.contact_rules.room import Reserved, lock, release_untried, reserve
from mend.care.contact_rules.sets import reasons_of_set

__all__ = [
    "REASONS",
    "Reason",
    "Request",
    "Reserved",
    "Terms",
    "lock",
    "numbers_now",
    "open_requests",
    "opt_in",
    "opt_out",
    "reasons_at_claim",
    "reasons_by_request",
    "reasons_not_to_contact",
    "reasons_of_set",
    "release_untried",
    "reserve",
]
