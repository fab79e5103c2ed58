"""Cleaning of ids, codes, numbers and times before they are read, the same for every kind of source, as SQL
expressions.

What people cannot see is taken out, and what a spreadsheet put around a text to protect it: both are counted as
repaired. Texts that people wrote are kept to the letter.
"""

from __future__ import annotations

from typing import Final, Literal, TypeAlias

from mend.foundation.schema import Column
from mend.intake.extract import marks
from mend.intake.extract.staging import Traits

# What a text is read as: an id or code, a number, a number of seconds, a point in time, or what people wrote.
Use: TypeAlias = Literal["code", "number", "seconds", "time", "free"]
# The soft marks (all, where none is named) that say nothing to such a text. Times and lengths are read by their marks;
# codes have none.
READ_WITHOUT: Final[dict[Use, tuple[str, ...]]] = {"number": (), "free": (), "seconds": marks.NUMBERS}


# How an id or code reads that may be none. Text files keep it to the letter, and people are told: a customer NULL would
# be everybody who is
# unknown, and 120000000510.0 nobody, as programs write a whole number that they took for a fraction.
NOTHING: Final = (
    "null",
    "(null)",
    "[null]",
    "<null>",
    "nan",
    "nat",
    "<na>",
    "\\n",
    "na",
    "n/a",
    "nil",
    "none",
    "-",
    "--",
    "无",
    "未知",
)
FLOATED: Final = "[0-9]{5,}[.]00?"


def _span(first: int, last: int) -> str:
    return "".join(map(chr, range(first, last + 1)))


# Full-width forms and the wide spaces → ASCII: what NFKC does to the characters that typed values are made of.
SPACES: Final = "\u3000\u00a0\u1680\u202f\u205f" + _span(0x2000, 0x200A)
BREAKS: Final = "\u0085\u2028\u2029"  # stand for a line break, as chr(30) does
WIDE_FORMS: Final = _span(0xFF01, 0xFF5E) + SPACES + BREAKS
ASCII_FORMS: Final = _span(0x21, 0x7E) + " " * len(SPACES) + "\x1e" * len(BREAKS)
# Soft hyphen, zero-width signs, marks of writing direction, byte order marks: nobody sees them in an id, and no two ids
# differ by them.
INVISIBLE: Final = (
    "\u00ad\u034f\u061c\u180e\ufeff"
    + _span(0x200B, 0x200F)
    + _span(0x202A, 0x202E)
    + _span(0x2060, 0x206F)
    + _span(0xFFF9, 0xFFFB)
)
TO_ASCII: Final = str.maketrans(WIDE_FORMS, ASCII_FORMS, INVISIBLE)
BLANKS: Final = "' ' || chr(9)"
EDGES: Final = "' ' || chr(9) || chr(10) || chr(11) || chr(12) || chr(13) || chr(30)"
# ="0700" keeps a text a text in a spreadsheet; so does a sign before the digits.
PROTECTED: Final = r"""(="([^"]*)"|[''`]([+]?[0-9]+))"""
# What a spreadsheet writes in place of a value, in any of its languages: #N/A, #REF!, #DIV/0!, #NV, #ЗНАЧ!, #¿NOMBRE?,
# Err:502, ####
ERROR_TEXT: Final = (
    r"#[0-9/_¡¿]*\p{Lu}[\p{Lu}0-9/_]*[!?]|#(N/A|NV|N/D|Н/Д|N/B|YOK|PUUTTUU|GETTING_DATA)|Err:[0-9]{3}|###+"
)


def use_of(column: Column, is_time: bool = False) -> Use:
    """What the text of a contract column is read as."""
    if is_time or column.type in ("date", "timestamp"):
        return "time"
    if column.type == "string":
        return "free" if is_free_text(column) else "code"
    return "seconds" if column.unit == "s" else "number"


def cleaned(text: str, use: Use, traits: Traits) -> str:
    """The text of a source column, cleaned as its use allows; null when nothing is left of it."""
    if traits.has_marks and use in READ_WITHOUT:
        text = marks.without_soft(text, READ_WITHOUT[use])
    if use == "free":
        return f"replace({text}, chr(30), chr(10))" if traits.has_breaks else text
    if traits.has_wide:
        # translate() makes its table for every row: only texts with more bytes than characters are worth it.
        narrowed = f"translate({text}, {quoted(WIDE_FORMS + INVISIBLE)}, {quoted(ASCII_FORMS)})"
        text = f"case when strlen({text}) > length({text}) then {narrowed} else {text} end"
    if traits.has_wide or traits.has_padding or traits.has_breaks or traits.has_controls:
        text = f"nullif(trim({text}, {_edges(traits)}), '')"
    if traits.has_protected:
        read = rf"nullif(trim(regexp_replace({text}, '^{PROTECTED}$', '\2\3')), '')"
        text = f"case when {_may_be_protected(text)} then {read} else {text} end"
    return text


def is_mended(text: str, traits: Traits) -> str | None:
    """Whether invisible signs or a protection were taken off the text of a source column; None when there are none."""
    arms = []  # case, because both sides of an `and` are worked out for every row
    if traits.has_hidden:
        arms.append(
            f"when strlen({text}) > length({text}) and translate({text}, {quoted(INVISIBLE)}, '') <> {text} then true"
        )
    if traits.has_protected:
        trimmed = f"trim({text}, {_edges(traits)})"
        arms.append(f"when {_may_be_protected(trimmed)} then regexp_full_match({trimmed}, '{PROTECTED}')")
    return f"case {' '.join(arms)} else false end" if arms else None


def _edges(traits: Traits) -> str:
    """What is trimmed: every character in the list costs time in every row."""
    return EDGES if traits.has_breaks or traits.has_controls else BLANKS


def _may_be_protected(text: str) -> str:
    return f"left({text}, 1) in ('=', '''', '`')"


def errors(text: str, traits: Traits) -> list[tuple[str, str]]:
    """Conditions under which a text is an error's, or a value that nothing can use, each with the expression of its
    reason.
    """
    found = []
    if traits.has_marks:
        found.append((marks.is_unusable(text), marks.reason_of(text)))
    if traits.has_errors:
        starts = f"left({text}, 1) = '#' or starts_with({text}, 'Err:')"
        found.append(
            (f"case when {starts} then regexp_full_match({text}, '{ERROR_TEXT}') else false end", "'error_value'")
        )
    return found


def problems(text: str, use: Use, traits: Traits) -> list[tuple[str, str]]:
    """Conditions under which a cleaned text says itself why it is unusable, each with the expression of its reason."""
    found = errors(text, traits)
    if traits.has_marks and use == "code":
        found.append((marks.is_marked(text), marks.reason_of(text)))
    if traits.has_breaks or traits.has_controls:
        found.append((" or ".join(f"contains({text}, chr({code}))" for code in (30, 10, 13)), "'line_break'"))
    if traits.has_controls:
        # Those that marks are made of are not meant.
        found.append((rf"regexp_matches({text}, '[\x00-\x1b\x1e\x1f\x7f\x{{80}}-\x{{9f}}]')", "'control_character'"))
    return found


def is_doubtful(text: str) -> str:
    """Whether an id or code reads like no value, or like a number with an empty fraction."""
    names = ", ".join(map(quoted, NOTHING))
    short = f"when length({text}) <= {max(map(len, NOTHING))} then lower({text}) in ({names})"
    return (
        f"case {short} when suffix({text}, '.0') or suffix({text}, '.00') then regexp_full_match({text}, "
        f"'{FLOATED}') else false end"
    )


def is_free_text(column: Column) -> bool:
    """Texts that people wrote are kept to the letter; ids, codes and numbers are cleaned."""
    return column.type == "string" and column.name.endswith("_text")


def narrowed(text: str) -> str:
    """A configured value as a file's cleaned text has it.

    >>> narrowed("（空\u200b）　")
    '(空)'
    """
    return text.translate(TO_ASCII).strip()


def quoted(text: str) -> str:
    """A constant of the code's own as SQL."""
    return "'" + text.replace("'", "''") + "'"
