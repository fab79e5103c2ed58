"""How grumbles lead to complaints: counts, lift and influence by window and cluster, and the key grumble points."""

from mend.grumbles.association.findings import AssociationReport, find_associations
from mend.grumbles.association.rules import AssociationRuleError, AssociationSettings

__all__ = ["AssociationReport", "AssociationRuleError", "AssociationSettings", "find_associations"]
