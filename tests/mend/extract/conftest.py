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


@pytest.fixture
def shared_data() -> Path:
    """The public data beside the repository; the test is skipped where it is not."""
    folder = Path(__file__).resolve().parents[4] / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("the public data (../shared/data beside the repository) is not on this machine")
    return folder
