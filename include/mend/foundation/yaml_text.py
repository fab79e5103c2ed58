"""Reading YAML, by libyaml where PyYAML has it: the descriptions of tables and rules are read by every task."""

from __future__ import annotations

from typing import Any, Final

import yaml

LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_yaml(text: str) -> Any:
    """The content of a YAML text: plain values only. Raises yaml.YAMLError, which says where the text is no YAML."""
    return yaml.load(text, LOADER)  # noqa: S506 - both loaders are the safe ones
