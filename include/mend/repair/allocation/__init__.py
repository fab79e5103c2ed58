"""Who gets what under all capacities, budgets and floors, with prices and the bound that they prove."""

from mend.repair.allocation.allocate import allocate, replay
from mend.repair.allocation.errors import AllocationError
from mend.repair.allocation.options import Options
from mend.repair.allocation.problem import Problem
from mend.repair.allocation.result import Allocation, Price
from mend.repair.allocation.shadow import shadow

__all__ = ["Allocation", "AllocationError", "Options", "Price", "Problem", "allocate", "replay", "shadow"]
