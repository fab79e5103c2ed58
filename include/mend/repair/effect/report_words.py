"""Words of the reports in English and Chinese, from the files beside this module."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final, TypeAlias

from mend.foundation.yaml_text import read_yaml

Words: TypeAlias = Mapping[str, str]
FOLDER: Final = Path(__file__).parent


@cache
def words_of(language: str, file: str = "report_words.yaml") -> Words:
    """The words of a language, `en` or `zh`.

    >>> words_of("en")["verdict"], words_of("zh")["verdict"]
    ('Verdict', '结论')
    """
    return {name: words[language] for name, words in read_yaml((FOLDER / file).read_text("utf-8")).items()}
