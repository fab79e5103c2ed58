"""Who a list may go to."""

from __future__ import annotations

import pytest
from tests.mend.repair.publishing.written import known, open_account

from mend.foundation.home import Home


@pytest.fixture
def desk(home: Home) -> Home:
    """A home with an SMS account and three customers who consent to everything."""
    open_account(home)
    known(home, "A", "B", "C")
    return home
