"""Fixtures of the parse gate's tests."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.mend.extract.desk import Desk

from mend.home import Home
from mend.workbench import Workbench


@pytest.fixture
def desk(home: Home, bench: Workbench, tmp_path: Path) -> Desk:
    """A place to load small files."""
    return Desk(home, bench, tmp_path)
