"""YAML is read as it is meant: plain values, and no key twice."""

from __future__ import annotations

import pytest
import yaml

from mend.foundation.yaml_text import read_yaml


@pytest.mark.parametrize(
    "text",
    [
        "limit: 5\nlimit: 500",
        "{limit: 5, limit: 5}",
        "a: {b: [{limit: 1, limit: 2}]}",
        '"limit": 5\nlimit: 500',
        "levels: {1: 5, 0x1: 500}",
        "yes: 5\ntrue: 500",
    ],
)
def test_a_key_that_stands_twice_is_an_error_with_its_line(text: str) -> None:
    with pytest.raises(yaml.YAMLError, match=r"the key \S+ stands twice; keep one of them[\s\S]*line \d"):
        read_yaml(text)


def test_the_same_key_in_two_mappings_is_no_mistake() -> None:
    assert read_yaml("a: {limit: 5}\nb: {limit: 6}\n1: x\n'1': y") == {
        "a": {"limit": 5},
        "b": {"limit": 6},
        1: "x",
        "1": "y",
    }


def test_what_a_merge_gives_may_be_overwritten() -> None:
    assert read_yaml("a: &a {limit: 5, share: 1}\nb: {<<: *a, limit: 6}")["b"] == {"limit": 6, "share": 1}


def test_no_object_is_made() -> None:
    with pytest.raises(yaml.YAMLError):
        read_yaml("!!python/object/apply:os.system ['true']")
