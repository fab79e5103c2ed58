"""What became of each listed, deferred and held-out customer."""

from mend.repair.outcomes.errors import OutcomeError
from mend.repair.outcomes.following import OutcomeReport, follow, is_seen_after
from mend.repair.outcomes.rules import followed

__all__ = ["OutcomeError", "OutcomeReport", "follow", "followed", "is_seen_after"]
