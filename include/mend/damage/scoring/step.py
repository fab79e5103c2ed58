"""Scoring: the damage ledger and the exposure of the days that a run's rows and the clock bear on, whole days at once.

What the other parts of the room give, each on the step that is open:

`make_record_entries(step, rules, days)` makes `_record_entry`: the debits of tickets, bookings and survey replies that
one version of the rules posts on these days, in the ledger's columns. `days` is a range without gaps.

`make_credit_entries(step, versions, days)` makes `_credit_entry`: the credits posted on these days (a range without
gaps up to the last day known). It may read `ledger_debit` (debits and caps as they will be, posted within a year before
the last of the days) and `ledger_credit` (the credits posted before the first of the days, as they are).

Both open the core tables that they need by themselves, under names of their own.
"""
