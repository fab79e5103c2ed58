"""Break lines of SQL files that are longer than 120 characters: `python scripts/wrap_sql.py FILE...` (`make format`).

A line is broken where the fewest brackets are open: before `and`, `or`, `then`, `else` and the like, after a comma,
else before an operator. Nothing but white space changes; what stands between quotes is never touched.
"""

from __future__ import annotations

import re
import sys
import textwrap
from pathlib import Path

WIDTH = 120
KEYWORDS = re.compile(
    r" (?=(?:and|or|then|else|when|join|left join|semi join|anti join|cross join|asof join|where|on|from|using|qualify"
    r"|group by|order by|having|union|limit|as [a-z_]+,?$)\b)"
)
OPERATORS = re.compile(r" (?=(?:\+|-|\*|/|\|\||=|<>|<=|>=|<|>) )")
COMMAS = re.compile(r",(?= )")
PROSE = re.compile(r"( *)-- (\w[^|]*|\([^|]*)$")  # a line of comment that is no table
HEADER = re.compile(r"-- (model|grain|inputs|share|params|fills): ")  # a model's header: one line each


def wrapped(line: str, indent: int | None = None) -> list[str]:
    """The line in as many lines as it needs; one that cannot be broken stays."""
    if len(line) <= WIDTH or HEADER.match(line):
        return [line]
    own = len(line) - len(line.lstrip())
    if (comment := comment_at(line)) is not None:
        return _comment(line[comment:], own) + (wrapped(line[:comment].rstrip()) if line[:comment].strip() else [])
    place = _place(line, own)
    if place is None:
        return [line]
    at, is_list = place
    deeper = own if is_list else (own + 4 if indent is None else indent)
    return [line[:at].rstrip(), *wrapped(" " * deeper + line[at:].strip(), None if is_list else deeper)]


def _place(line: str, own: int) -> tuple[int, bool] | None:
    """Where to break, and whether that is between two members of a list that begins with the line."""
    depth = depths(line)
    found: list[tuple[int, int, int, bool]] = []
    for rank, pattern, shift in ((0, KEYWORDS, 0), (0, COMMAS, 1), (1, OPERATORS, 0)):
        for match in pattern.finditer(line):
            at = match.start() + shift
            if depth[at] is not None and own + 8 < at <= WIDTH and not _is_of_between(line, match.start()):
                is_list = pattern is COMMAS and depth[at] == 0 and line[:at].count("(") == line[:at].count(")")
                found.append((depth[at] + rank * 0.5, -at, at, is_list))  # type: ignore[operator,arg-type]
    if not found:
        return None
    best = min(found)
    return best[2], best[3]


def _is_of_between(line: str, at: int) -> bool:
    return line.startswith(" and ", at) and re.search(r"\bbetween (?:(?! and )[^()])*$", line[:at]) is not None


def depths(line: str) -> list[int | None]:
    """How many brackets and cases are open before each sign; None between quotes."""
    found: list[int | None] = []
    depth, quote = 0, ""
    for at, sign in enumerate(line):
        if quote:
            quote = "" if sign == quote else quote
            found.append(None)
            continue
        if sign in "'\"":
            quote = sign
            found.append(None)
            continue
        if sign in ")]}" or (re.match(r"end\b", line[at:]) and _is_word(line, at)):
            depth -= 1
        found.append(max(depth, 0))
        if sign in "([{" or (re.match(r"case\b", line[at:]) and _is_word(line, at)):
            depth += 1
    return found


def _is_word(line: str, at: int) -> bool:
    return at == 0 or not (line[at - 1].isalnum() or line[at - 1] == "_")


def comment_at(line: str) -> int | None:
    """Where the line's comment begins."""
    depth = depths(line)
    return next((found.start() for found in re.finditer("--", line) if depth[found.start()] is not None), None)


def _comment(text: str, indent: int) -> list[str]:
    pad = " " * indent
    return [f"{pad}-- {each}" for each in textwrap.wrap(text.lstrip("- "), WIDTH - indent - 3)]


def reflowed(lines: list[str]) -> list[str]:
    """The lines, what is too much in a line of comment at the beginning of the comment's next one."""
    made: list[str] = []
    rest = indent = ""
    for line in lines:
        plain = PROSE.match(line)
        if rest and not (plain and plain[1] == indent):
            made.append(f"{indent}-- {rest}")
            rest = ""
        if plain is None or HEADER.match(line) or (not rest and len(line) <= WIDTH):
            made.append(line)
            continue
        indent = plain[1]
        pieces = _comment(f"-- {rest} {plain[2]}", len(indent))
        made += pieces[:-1]
        rest = pieces[-1].strip().removeprefix("-- ")
        if len(pieces) == 1:
            made.append(pieces[0])
            rest = ""
    return [*made, f"{indent}-- {rest}"] if rest else made


def bare(text: str) -> str:
    """The text without comments and white space, to see that nothing else changed."""
    lines = [line[: comment_at(line)] for line in text.splitlines()]
    return re.sub(r"\s+", "", " ".join(lines))


def main(names: list[str]) -> int:
    """Rewrite the files; the number of those that keep a longer line."""
    kept = 0
    for path in map(Path, names):
        text = path.read_text("utf-8")
        made = "\n".join(each for line in reflowed(text.splitlines()) for each in wrapped(line)) + "\n"
        if bare(made) != bare(text):
            raise ValueError(f"{path}: would change more than white space")
        if made != text:
            path.write_text(made, "utf-8")
        kept += any(len(line) > WIDTH and not HEADER.match(line) for line in made.splitlines())
    return kept


if __name__ == "__main__":
    sys.exit(1 if main(sys.argv[1:]) else 0)
