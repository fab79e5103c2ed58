"""Where trouble comes from: damage by source, outages and bursts."""

from mend.prevention.trouble.errors import TroubleError, TroubleRuleError
from mend.prevention.trouble.rows import top_of
from mend.prevention.trouble.step import TroubleReport, find_month_trouble, find_trouble

__all__ = ["TroubleError", "TroubleReport", "TroubleRuleError", "find_month_trouble", "find_trouble", "top_of"]
