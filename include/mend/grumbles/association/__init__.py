"""How grumbles lead to complaints: counts, lift and influence by window and cluster, and the key grumble points."""

from mend.grumbles.association.rules import AssociationRuleError, AssociationSettings
from mend.grumbles.association.step import AssociationReport, find_associations

__all__ = ["AssociationReport", "AssociationRuleError", "AssociationSettings", "find_associations"]
