"""A taxonomy that is based on an earlier version: it says only what is new or other."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import yaml

from mend.foundation import rules as dated
from mend.foundation.yaml_text import read_yaml
from mend.grumbles.records.taxonomy_errors import TaxonomyError

SHIPPED: Final = Path(__file__).parent / "taxonomy"
BASE: Final = "based_on"


def whole_text(path: Path) -> str:
    """The text of a file; where it names a version that it is based on (one beside it, else one that Mend ships), that
    version's with what the file says in its place. TaxonomyError for a version that is not there, or not earlier."""
    text = dated.read_text(path, TaxonomyError)
    if f"{BASE}:" not in text:
        return text
    try:
        own = read_yaml(text)
    except (yaml.YAMLError, RecursionError):
        return text  # the check says what is wrong with it
    if not isinstance(own, dict) or BASE not in own:
        return text
    named = str(own.pop(BASE))
    found = next((each for each in (path.parent / f"{named}.yaml", SHIPPED / f"{named}.yaml") if each.is_file()), None)
    if found is None or named >= path.stem:
        raise TaxonomyError(
            f"{path}: {BASE}: there is no earlier version {named!r}; name the first day of a file beside it, or of one "
            f"that Mend ships, such as {min(each.stem for each in SHIPPED.glob('*.yaml'))}"
        )
    base = read_yaml(whole_text(found))
    return yaml.safe_dump(merged(base, own), allow_unicode=True, sort_keys=False, width=10_000)


def merged(base: Any, own: Any) -> Any:
    """The own content over the base: key by key, and a list or word in place of the base's.

    >>> merged({"a": {"x": 1, "y": [2]}, "b": 3}, {"a": {"y": [4]}, "c": 5})
    {'a': {'x': 1, 'y': [4]}, 'b': 3, 'c': 5}
    """
    if not isinstance(base, dict) or not isinstance(own, dict):
        return own
    return {**base, **{name: merged(base.get(name), value) for name, value in own.items()}}
