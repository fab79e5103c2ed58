"""The written pages say what is there: links lead somewhere, names exist, the examples are real."""

from __future__ import annotations

import argparse
import re
from pathlib import Path

import duckdb
import pytest

from mend.cli.main import parser
from mend.intake.extract import read_source
from mend.simulate import simulate

REPOSITORY = Path(__file__).resolve().parents[2]
DOCS = REPOSITORY / "docs"
READMES = [REPOSITORY / "README.md", REPOSITORY / "README.zh-CN.md"]
GUIDE = DOCS / "guide"
ENGLISH = [
    READMES[0],
    DOCS / "runbook.md",
    *sorted(path for path in GUIDE.glob("*.md") if not path.name.endswith(".zh-CN.md")),
]
ROOMS = sorted((REPOSITORY / "include").rglob("README.md"))
BENCH = sorted((REPOSITORY / "bench").rglob("*.md"))
PAGES = sorted([*READMES, REPOSITORY / "CHANGELOG.md", *DOCS.rglob("*.md"), *BENCH, *ROOMS])
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def blocks(page: Path, language: str) -> list[str]:
    """The page's blocks of code in a language ('' for plain ones)."""
    return [text for named, text in BLOCK.findall(page.read_text("utf-8")) if named == language]


def headings(page: Path) -> set[str]:
    """The anchors of a page's headings."""
    lines = re.findall(r"^#+ (.*)$", page.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", line.lower()).replace(" ", "-") for line in lines}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(REPOSITORY)))
def test_every_link_leads_to_something_in_the_repository(page: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", BLOCK.sub("", page.read_text("utf-8"))):
        if target.startswith(("https://", "http://")):
            continue
        name, _, anchor = target.partition("#")
        linked = (page.parent / name).resolve() if name else page
        assert linked.exists(), target
        if anchor:
            assert anchor in headings(linked), target


@pytest.mark.parametrize("page", ENGLISH, ids=lambda page: page.name)
def test_both_languages_have_the_same_headings_commands_and_examples(page: Path) -> None:
    other = page.with_name(f"{page.stem}.zh-CN.md")
    assert _shape(page) == _shape(other)
    english, chinese = (BLOCK.findall(each.read_text("utf-8")) for each in (page, other))
    assert [language for language, _ in english] == [language for language, _ in chinese]
    for (language, text), (_, translated) in zip(english, chinese, strict=True):
        if language:
            assert _without_comments(text) == _without_comments(translated.replace(" --lang zh", ""))


def test_every_chinese_page_has_an_english_one() -> None:
    chinese = {path.name.removesuffix(".zh-CN.md") for path in GUIDE.glob("*.zh-CN.md")}
    assert chinese == {path.stem for path in ENGLISH if path.parent == GUIDE}


@pytest.mark.parametrize("page", READMES, ids=lambda page: page.name)
def test_a_readme_has_at_most_900_words(page: Path) -> None:
    assert words(page.read_text("utf-8")) <= 900


def test_two_chinese_signs_count_as_a_word() -> None:
    assert words("Mend reads calls") == 3
    assert words("读取通话 daily") == 3


@pytest.mark.parametrize("page", sorted((DOCS / "decisions").glob("0*.md")), ids=lambda page: page.name)
def test_a_decision_has_at_most_250_words(page: Path) -> None:
    assert words(page.read_text("utf-8")) <= 250


def test_the_table_of_benchmarks_says_aim_figure_whether_met_and_command() -> None:
    lines = [line for line in (BENCH[0].parent / "README.md").read_text("utf-8").splitlines() if line.startswith("|")]
    assert lines[0] == "| aim | figure | met? | command |"
    for line in lines[2:]:
        _, figure, met, command = (cell.strip() for cell in line.strip("|").split("|"))
        assert figure
        assert met in {"yes", "no", ""}
        assert command == "the same" or re.search(r"python -m [\w.]+|make check-long", command)


def words(text: str) -> int:
    """Words of a page as people count them: what stands between spaces, and two Chinese signs for one word."""
    signs = re.findall(r"[\u4e00-\u9fff]", text)
    return len(re.sub(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]", " ", text).split()) + len(signs) // 2


def _shape(page: Path) -> list[str]:
    """The levels of the page's headings, in order."""
    return re.findall(r"^(#+) ", BLOCK.sub("", page.read_text("utf-8")), re.MULTILINE)


def _without_comments(text: str) -> list[str]:
    return [line for line in (re.sub(r"\s+# .*", "", each).rstrip() for each in text.splitlines()) if line]


def test_the_table_of_commands_names_every_command() -> None:
    choices = next(action.choices for action in parser()._actions if isinstance(action, argparse._SubParsersAction))
    for page in (GUIDE / "commands.md", GUIDE / "commands.zh-CN.md"):
        assert set(re.findall(r"^\| `mend ([a-z-]+)", page.read_text("utf-8"), re.MULTILINE)) == set(choices)


@pytest.mark.parametrize("page", [GUIDE / "sources.md", GUIDE / "sources.zh-CN.md"], ids=lambda page: page.name)
def test_the_source_in_the_guide_loads(page: Path, tmp_path: Path) -> None:
    path = tmp_path / "hotline.yaml"
    path.write_text(blocks(page, "yaml")[0], "utf-8")
    assert sorted(read_source(path).records) == ["contact", "ticket"]


def test_the_readmes_explanation_is_what_the_simulated_truth_says(tmp_path: Path) -> None:
    """Day, points and indicator of each line. When the simulator changes on purpose, run the README's commands
    again.
    """
    command = next(text for text in blocks(READMES[0], "sh") if "mend explain" in text)
    customers, months, first, seed = re.findall(r"--(?:customers|months|first-month|seed) (\S+)", command)
    customer, month = re.findall(r"mend explain (\S+) --month (\S+)", command)[0]
    simulate(tmp_path / "world", int(customers), first, int(months), int(seed))
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'Asia/Shanghai'")
        rows = connection.execute(
            "select strftime(posted_at, '%Y-%m-%d %H:%M'), points, indicator_id "
            f"from '{tmp_path}/world/truth/ledger.parquet' "
            "where customer_id = $customer and strftime(posted_on, '%Y-%m') = $month",
            {"customer": customer, "month": month},
        ).fetchall()
        score = connection.execute(
            f"select score from '{tmp_path}/world/truth/month.parquet' "
            "where customer_id = $customer and strftime(month_on, '%Y-%m') = $month",
            {"customer": customer, "month": month},
        ).fetchall()[0][0]
    for page in READMES:
        shown = next(text for text in blocks(page, "") if customer in text)
        lines = re.findall(r"^(\S+ \S+)  +([+-]\d+)  (\S+)  ", shown, re.MULTILINE)
        assert sorted((time, int(points), name) for time, points, name in lines) == sorted(rows)
        assert f"{score:.2f}" in shown.splitlines()[0]


def test_every_direct_dependency_has_its_reason() -> None:
    wanted = set()
    for name in ("requirements.in", "requirements-dev.in"):
        lines = (REPOSITORY / name).read_text("utf-8").splitlines()
        wanted |= {re.split(r"[\[=<>]", line)[0] for line in lines if line and line[0] not in "#-"}
    text = (DOCS / "dependencies.md").read_text("utf-8")
    assert set(re.findall(r"^\| ([\w-]+) \| \S", text, re.MULTILINE)) - {"package"} == wanted


def test_every_decision_is_in_the_list_and_has_its_four_parts() -> None:
    listed = (DOCS / "decisions" / "README.md").read_text("utf-8")
    for path in sorted((DOCS / "decisions").glob("0*.md")):
        text = path.read_text("utf-8")
        assert f"({path.name})" in listed
        assert [part for part in ("Status", "Context", "Decision", "Consequences") if f"**{part}.**" not in text] == []
