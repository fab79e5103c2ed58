"""Reading YAML, by libyaml where PyYAML has it: the descriptions of tables and rules are read by every task."""

from __future__ import annotations

from typing import Any, Final

import yaml

SAFE: Final[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

SIGNS: Final = {"tag:yaml.org,2002:merge", "tag:yaml.org,2002:value"}  # << and = are no keys of their own


class Loader(SAFE):  # type: ignore[misc]
    """The safe loader; but a key that stands twice is an error, of which YAML would keep the last in silence."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> Any:
        seen = set()
        for key, _ in node.value:
            if isinstance(key, yaml.ScalarNode) and key.tag not in SIGNS:
                named = self.construct_object(key, deep=True)
                if named in seen:
                    message = f"the key {key.value} stands twice; keep one of them"
                    raise yaml.constructor.ConstructorError(None, None, message, key.start_mark)
                seen.add(named)
        return super().construct_mapping(node, deep=deep)


def read_yaml(text: str) -> Any:
    """The content of a YAML text: plain values only. Raises yaml.YAMLError, which says where the text is no YAML, or
    which key stands twice.
    """
    return yaml.load(text, Loader)  # noqa: S506 - the loader is a safe one
