"""Fixtures of the parse gate's tests."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.mend.intake.extract.desk import Desk

from mend.foundation.home import Home
from mend.foundation.pipeline.workbench import Workbench


@pytest.fixture
def desk(home: Home, bench: Workbench, tmp_path: Path) -> Desk:
    """A place to load small files."""
    return Desk(home, bench, tmp_path)
