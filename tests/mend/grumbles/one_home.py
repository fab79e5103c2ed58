"""One home for each file of tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.conftest import Template, fresh_home

from mend.foundation.home import Home
from mend.foundation.pipeline.workbench import Workbench


@pytest.fixture(scope="module")
def opened(template: Template, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Home, Workbench]]:
    with fresh_home(template, tmp_path_factory.mktemp("one-home")) as home, Workbench.open(home) as bench:
        yield home, bench


@pytest.fixture(scope="module")
def home(opened: tuple[Home, Workbench]) -> Home:
    return opened[0]


@pytest.fixture(scope="module")
def bench(opened: tuple[Home, Workbench]) -> Workbench:
    return opened[1]
