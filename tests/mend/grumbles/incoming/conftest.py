"""One home for each file of tests, and a small night in it."""

from __future__ import annotations

import pytest
from tests.mend.grumbles.incoming.small import put_small_night
from tests.mend.grumbles.one_home import bench, home, opened

from mend.foundation.home import Home
from mend.foundation.pipeline.workbench import Workbench

__all__ = ["bench", "home", "night", "opened"]


@pytest.fixture(scope="module")
def night(home: Home, bench: Workbench) -> None:
    """The small night of `small.py`, published."""
    put_small_night(home, bench)
