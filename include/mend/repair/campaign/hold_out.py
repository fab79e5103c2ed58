"""Hold-out by a hash, as strategies say it: see `mend.repair.strategies.hold_out`."""

from mend.repair.strategies.hold_out import UNIVERSAL, in_hold_out, is_withheld, limit, number_of, salt

__all__ = ["UNIVERSAL", "in_hold_out", "is_withheld", "limit", "number_of", "salt"]
