"""Lists of customers to be repaired."""

from mend.repair.campaign.damage_list import ListError, ListReport, damage_list

__all__ = ["ListError", "ListReport", "damage_list"]
