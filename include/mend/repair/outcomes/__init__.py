"""What became of each listed, deferred and held-out customer."""

from mend.repair.outcomes.errors import OutcomeError
from mend.repair.outcomes.following import OutcomeReport, follow

__all__ = ["OutcomeError", "OutcomeReport", "follow"]
