"""Words of the features that clusters are told apart by, from the dated rules of that room (and the home's own)."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from typing import Any, Final

from mend.foundation import rules as dated
from mend.foundation.periods import days_of
from mend.foundation.yaml_text import read_yaml

SHIPPED: Final = Path(str(resources.files("mend"))) / "grumbles" / "clusters" / "rules"


def feature_words(own: Path, month: str) -> dict[str, tuple[str, str]]:
    """Feature → English, Chinese, by the rules in force on the month's last day, and for features that these no longer
    have by the rules before them: a month that was fitted long ago has those.
    """
    last = days_of(month)[-1].isoformat()
    in_force = [path for path in dated.paths(SHIPPED, own) if path.stem <= last]
    found: dict[str, tuple[str, str]] = {}
    for path in in_force:
        found.update(_features(read_yaml(path.read_text("utf-8-sig"))))
    return found


def _features(value: Any) -> Iterator[tuple[str, tuple[str, str]]]:
    if not isinstance(value, dict):
        return
    for name, below in value.items():
        if name == "features" and isinstance(below, dict):
            for feature, words in below.items():
                if isinstance(words, dict) and "en" in words and "zh" in words:
                    yield str(feature), (str(words["en"]), str(words["zh"]))
        else:
            yield from _features(below)
