"""A customer is "they": no text of ours says he or she."""

from __future__ import annotations

import re
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
SEXED = re.compile(r"\b(she|her|hers|herself|he|him|his|himself)\b|她|(?<!其)他(?!人)", re.IGNORECASE)
KINDS = {".py", ".sql", ".yaml", ".md", ".toml", ".sh", ".html", ".txt"}
EXCEPT = {
    # Migrations are never edited; the second gives the comment that the first made other words.
    "include/mend/foundation/operations/migrations/versions/0004_warnings.py",
    "include/mend/foundation/operations/migrations/versions/0011_words.py",
    "tests/docs/test_words.py",
    "tests/mend/test_server.py",  # the name of a folder
    "include/mend/grumbles/records/taxonomy/1990-01-01.yaml",  # keywords that customers say
}
# What customers write is not ours.
THEIR_WORDS = (
    "include/mend/care/survey/reading/",
    "tests/mend/care/survey/",
    "tests/mend/grumbles/records/everyday.tsv",
)


def test_no_text_says_of_which_sex_a_customer_is() -> None:
    folders = ("include", "plugins", "dags", "docs", "bench", "deploy", "scripts", "tests")
    paths = [
        path
        for folder in folders
        for path in (REPOSITORY / folder).rglob("*")
        if path.suffix in KINDS and "node_modules" not in path.parts
    ]
    paths += [REPOSITORY / name for name in ("README.md", "README.zh-CN.md", "CHANGELOG.md")]
    found = [
        f"{name}:{number}: {line.strip()[:120]}"
        for path in paths
        if path.is_file()
        and (name := path.relative_to(REPOSITORY).as_posix()) not in EXCEPT
        and not name.startswith(THEIR_WORDS)
        for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1)
        if SEXED.search(line)
    ]
    assert found == []
