"""Libraries of libraries, loaded when used."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from mend.intake.quality.lazily import load_when_used


def test_a_module_is_loaded_when_something_in_it_is_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "some_package").mkdir()
    (tmp_path / "some_package" / "__init__.py").touch()
    (tmp_path / "some_package" / "heavy.py").write_text(
        "import some_package\nsome_package.is_loaded = True\nvalue = 7\n", "utf-8"
    )
    monkeypatch.syspath_prepend(tmp_path)
    load_when_used("some_package.heavy")
    import some_package  # type: ignore[import-not-found]
    from some_package import heavy  # type: ignore[import-not-found]

    assert not hasattr(some_package, "is_loaded")
    assert heavy.value == 7
    assert some_package.is_loaded
    load_when_used("some_package.heavy")  # it is there
    assert sys.modules["some_package.heavy"] is heavy


def test_a_module_that_is_nowhere_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "other_package").mkdir()
    (tmp_path / "other_package" / "__init__.py").touch()
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(ModuleNotFoundError, match=r"other_package\.none"):
        load_when_used("other_package.none")


def test_great_expectations_does_without_scipy_s_statistics_until_they_are_used() -> None:
    code = (
        "import sys; from mend.intake.quality.lazily import load_when_used; load_when_used('scipy.stats'); import "
        "great_expectations; "
        "first = 'scipy.stats._stats_py' in sys.modules; from scipy import stats; half = stats.norm.cdf(0); import "
        "scipy.stats as again; "
        "print(first, half, again.norm is stats.norm, 'scipy.stats._stats_py' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "0.5", "True", "True"]
