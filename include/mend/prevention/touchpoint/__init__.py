"""Touchpoints: the inventory, a month's effectiveness, corrective actions."""
