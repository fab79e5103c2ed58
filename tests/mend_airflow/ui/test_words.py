"""Words: every key that a template or a module asks for is there, in both languages; rights read from the setting."""

from __future__ import annotations

import doctest
import re
from pathlib import Path

import pytest

from mend_airflow.ui import charts, formats, language, rights, steps
from mend_airflow.ui.errors import RightsError
from mend_airflow.ui.rights import DEFAULT, Right, read_setting
from mend_airflow.ui.words import all_words

UI = Path(steps.__file__).parent
FIXED = re.compile(r"""(?:\bt\(|say\((?:self\.)?language, |empty\()["']([\w.]+)["']""")


def test_every_key_that_is_asked_for_has_words() -> None:
    asked = {
        key
        for path in [*UI.rglob("*.html"), *UI.rglob("*.py")]
        for key in FIXED.findall(path.read_text("utf-8"))
        if not key.endswith((".", "_"))
    }
    assert len(asked) > 80
    assert {key for key in asked if "." in key and key not in all_words()} == set()


def test_every_step_has_words_and_no_step_has_words_too_many() -> None:
    named = {each.name for chain in steps.STEPS.values() for each in chain}
    assert {f"steps.{name}" for name in named} == {key for key in all_words() if key.startswith("steps.")}


def test_both_languages_have_the_same_places() -> None:
    for key, words in all_words().items():
        places = [sorted(re.findall(r"{\w+}", words[tongue])) for tongue in ("en", "zh")]
        assert places[0] == places[1], key


@pytest.mark.parametrize("module", [charts, formats, language, rights], ids=lambda module: module.__name__)
def test_the_examples_hold(module: object) -> None:
    assert doctest.testmod(module).failed == 0  # type: ignore[arg-type]


def test_rights_of_a_role_and_of_a_user_come_from_the_setting() -> None:
    assert read_setting(DEFAULT)["@desktop"] == {Right.CARD}
    assert read_setting("op=see,whole;")["op"] == {Right.SEE, Right.WHOLE}


@pytest.mark.parametrize(
    ("setting", "named"), [("boss=see", "'boss=see'"), ("op=all", "'all' is no right"), ("op", "'op' is not")]
)
def test_a_setting_with_a_mistake_is_refused_and_names_it(setting: str, named: str) -> None:
    with pytest.raises(RightsError, match=named):
        read_setting(setting)
