"""Which months are due to be closed, and what closing one takes along."""

from mend.damage.closing.months import due, to_close, to_list

__all__ = ["due", "to_close", "to_list"]
