"""How much each credit takes off. Pure: debits, earlier credits and dates in, points out, in thousandths of a point.

Each close after a debit's month keeps a share of what the debit still has, cut to whole thousandths; under a hundredth
nothing is left. A credit takes what is there when it is posted, of the oldest debit first.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Final, NamedTuple

NOTHING_LEFT: Final = 10  # thousandths: less than this is nothing
AccountKey = tuple[str, str]
CarryOver = Callable[[int], Fraction]


class AccountRow(NamedTuple):
    """A debit, less its cap, or a credit that was given before. `month_number` is 12 × year + month."""

    subject_kind: str
    account_id: str
    subject_id: str
    indicator_id: str
    is_credit: bool
    cause: str
    posted_us: int
    month_number: int
    thousandths: int


class Claim(NamedTuple):
    """A credit offered, and one account that it names by a contact or ticket."""

    offer_number: int
    posted_us: int
    month_number: int
    thousandths: int
    repairs: list[str]
    subject_kind: str
    named_id: str
    account_id: str


class Taken(NamedTuple):
    """What a credit took, and where."""

    offer_number: int
    subject_kind: str
    subject_id: str
    account_id: str
    thousandths: int


class Left(NamedTuple):
    """What the debits of a contact or ticket still have, and the month of the last credit that named it."""

    subject_id: str
    thousandths: int
    credited_month: int | None


@dataclass
class Account:
    """A ticket, or an incident with all its contacts: what its debits still have."""

    rows: list[AccountRow]
    carry_over: CarryOver
    month_number: int = 0
    debits: list[tuple[AccountRow, int]] = field(default_factory=list)
    place: int = 0

    def bring_to(self, posted_us: int, month_number: int) -> None:
        """Put in what was posted until a moment, and keep what every close on the way keeps."""
        while self.place < len(self.rows) and self.rows[self.place].posted_us <= posted_us:
            row = self.rows[self.place]
            self._close_until(row.month_number)
            if row.is_credit:
                self.take(-row.thousandths, row.subject_id)
            else:
                self.debits.append((row, max(0, row.thousandths)))
            self.place += 1
        self._close_until(month_number)

    def left(self, named_id: str) -> int:
        """What the damage of a contact or ticket still has; of an incident's first contact, the whole incident's."""
        return sum(left for row, left in self.debits if self._is_named(row, named_id))

    def indicators(self, named_id: str) -> set[str]:
        """The indicators that hit there so far."""
        return {row.indicator_id for row, _ in self.debits if self._is_named(row, named_id)}

    def take(self, thousandths: int, named_id: str) -> int:
        """Take off as much as is there; gives how much that was."""
        wanted = thousandths
        for place, (row, left) in enumerate(self.debits):
            if self._is_named(row, named_id):
                taken = min(left, wanted)
                self.debits[place] = (row, left - taken)
                wanted -= taken
        return thousandths - wanted

    @staticmethod
    def _is_named(row: AccountRow, named_id: str) -> bool:
        return named_id in (row.subject_id, row.account_id)

    def _close_until(self, month_number: int) -> None:
        while self.debits and self.month_number < month_number:
            self.month_number += 1
            share = self.carry_over(self.month_number)
            self.debits = [(row, kept(left, share)) for row, left in self.debits]
        self.month_number = month_number


def settle(rows: Iterable[AccountRow], claims: Iterable[Claim], carry_over: CarryOver) -> list[Taken]:
    """What each credit takes, in the order in which they were offered.

    Args:
        rows: each account's in the order of their moments, a debit before a credit (model credit_account).
        carry_over: the share that the close before a month keeps, by the month's number.

    >>> debit = AccountRow("contact", "k", "k", "AGT-08", False, "", 1, 24_301, 5_000)
    >>> claim = Claim(1, 2, 24_302, 4_000, [], "contact", "k", "k")
    >>> settle([debit], [claim], lambda month: Fraction(1, 2))[0].thousandths
    2500
    """
    accounts = _accounts(rows, carry_over)
    offers: dict[int, list[Claim]] = defaultdict(list)
    for claim in claims:
        offers[claim.offer_number].append(claim)
    taken = (_settle_one(accounts, offers[number]) for number in sorted(offers))
    return [each for each in taken if each is not None]


def left_of(rows: Iterable[AccountRow], carry_over: CarryOver, month_number: int) -> list[Left]:
    """What each contact or ticket of the accounts has at a month's end, all rows counted.

    >>> rows = [AccountRow("contact", "a", name, "AGT-08", False, "", 1, 24_301, 5_000) for name in ("a", "b")]
    >>> credit = AccountRow("contact", "a", "a", "REP-04", True, "r", 2, 24_301, -6_000)
    >>> [tuple(each) for each in left_of([*rows, credit], lambda month: Fraction(1, 2), 24_302)]
    [('a', 0, 24301), ('b', 2000, 24301)]
    """
    found = []
    for account in _accounts(rows, carry_over).values():
        account.bring_to(max(row.posted_us for row in account.rows), month_number)
        for subject in sorted({row.subject_id for row, _ in account.debits}):
            left = sum(left for row, left in account.debits if row.subject_id == subject)
            months = [
                row.month_number for row in account.rows
                if row.is_credit and row.subject_id in (subject, row.account_id)
            ]  # fmt: skip
            found.append(Left(subject, left, max(months, default=None)))
    return found


def _settle_one(accounts: Mapping[AccountKey, Account], claims: list[Claim]) -> Taken | None:
    """The credit repairs what has damage left, a ticket before a contact."""
    for claim in sorted(claims, key=lambda claim: claim.subject_kind, reverse=True):
        account = accounts[claim.subject_kind, claim.account_id]
        account.bring_to(claim.posted_us, claim.month_number)
        if claim.repairs and not account.indicators(claim.named_id) & set(claim.repairs):
            continue
        if taken := account.take(claim.thousandths, claim.named_id):
            return Taken(claim.offer_number, claim.subject_kind, claim.named_id, claim.account_id, taken)
    return None


def _accounts(rows: Iterable[AccountRow], carry_over: CarryOver) -> dict[AccountKey, Account]:
    of_account: dict[AccountKey, list[AccountRow]] = defaultdict(list)
    for row in rows:
        of_account[row.subject_kind, row.account_id].append(row)
    return {key: Account(each, carry_over) for key, each in of_account.items()}


def kept(left: int, share: Fraction) -> int:
    """What a close keeps of so many thousandths.

    >>> [kept(thousandths, Fraction(1, 2)) for thousandths in (5000, 25, 19)]
    [2500, 12, 0]
    """
    whole = int(left * share)
    return whole if whole >= NOTHING_LEFT else 0
