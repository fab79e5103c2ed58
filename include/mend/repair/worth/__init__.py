"""What a repair is worth by its speed: customers kept, people told, yuan; ranges from published figures."""

from mend.repair.worth.errors import WorthError
from mend.repair.worth.report import WorthReport, said, value_month
from mend.repair.worth.rules import WorthRules, load_rules, rules_on

__all__ = ["WorthError", "WorthReport", "WorthRules", "load_rules", "rules_on", "said", "value_month"]
