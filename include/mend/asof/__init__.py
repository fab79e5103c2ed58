"""The tables as of a past business date: a second home that reads what had arrived by then from the first one's
files.
"""

from mend.asof.days import stretches
from mend.asof.home import AsOfError, begin
from mend.asof.reference import Referenced, reference

__all__ = ["AsOfError", "Referenced", "begin", "reference", "stretches"]
