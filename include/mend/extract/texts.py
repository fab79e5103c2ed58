"""The text of a source's columns as SQL: cleaned, joined, tested, before anything is made of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from mend.extract.mapping import Condition, Part
from mend.extract.relation import Values, literal
from mend.extract.staging import Traits

# Full-width forms and the two wide spaces → ASCII: what NFKC does to the characters that typed values are made of.
WIDE_FORMS: Final = "".join(chr(code) for code in range(0xFF01, 0xFF5F)) + "\u3000\u00a0"
ASCII_FORMS: Final = "".join(chr(code) for code in range(0x21, 0x7F)) + "  "
TO_ASCII: Final = str.maketrans(WIDE_FORMS, ASCII_FORMS)
ABSENT: Final = "cast(null as varchar)"


class Texts:
    """Makes the expressions for files of one form.

    Args:
        columns: source column → its expression; a column that the file lacks reads as null.
        null_values: values of any column that mean "empty".
    """

    def __init__(self, columns: Mapping[str, str], null_values: Sequence[str], traits: Traits, values: Values) -> None:
        self._columns = columns
        self._null_values = null_values
        self._traits = traits
        self._values = values

    def filled(self, part: Part, null_values: Sequence[str] = (), is_free: bool = False) -> str:
        """A source column's text; its own default, or null, where it is empty."""
        text = self.without(self._cleaned(part.column, is_free), (*self._null_values, *null_values))
        return text if part.default is None else f"coalesce({text}, {self._values.bind(part.default)})"

    def joined(self, parts: Sequence[Part], separator: str, null_values: Sequence[str], is_free: bool) -> tuple[str, str | None]:
        """The parts' text, null where all are empty; and the name of the first empty part where others are not (None: cannot be)."""
        each = [self.filled(part, null_values, is_free) for part in parts]
        if len(each) == 1:
            return each[0], None
        between = self._values.bind(separator)
        if is_free:
            return f"nullif(concat_ws({between}, {', '.join(each)}), '')", None
        as_given = [self.filled(Part(column=part.column), null_values) for part in parts]
        needed = [(text, part.column) for text, part in zip(as_given, parts, strict=True) if part.default is None]
        whole = f" || {between} || ".join(f"coalesce({text}, '')" for text in each)
        if not needed:  # a value whose every part has a default is never empty
            return whole, None
        is_filled = f"coalesce({', '.join(as_given)}) is not null"
        arms = " ".join(f"when {text} is null then {self._values.bind(name)}" for text, name in needed)
        return f"case when {is_filled} then {whole} end", f"case when {is_filled} then case {arms} end end"

    def without(self, text: str, unwanted: Iterable[str]) -> str:
        """The text, null where it is one of those."""
        listed = self._listed(unwanted)
        return f"case when {text} in ({listed}) then null else {text} end" if listed else text

    def met(self, conditions: Iterable[Condition]) -> str:
        """Whether every condition holds; null where one cannot be decided."""
        return " and ".join(self._met(condition) for condition in conditions)

    def forms(self, value: str) -> list[str]:
        """A configured value as a file's cleaned text may have it: full-width letters and brackets are narrowed there."""
        return list(dict.fromkeys((value, value.translate(TO_ASCII).strip())))

    def _met(self, condition: Condition) -> str:
        text = self._cleaned(condition.column, is_free=False)
        if condition.among is not None:
            return f"coalesce({text} in ({self._listed(condition.among)}), false)" if condition.among else "false"
        if condition.above is not None:
            return f"case when {text} is null then false else try_cast({text} as double) > {self._values.bind(condition.above)} end"
        return f"{self.without(text, self._null_values)} is {condition.state}"

    def _cleaned(self, source_column: str, is_free: bool) -> str:
        """The text of a source column; what people wrote is kept to the letter, other texts are trimmed and narrowed."""
        text = self._columns.get(source_column, ABSENT)
        if is_free:
            return f"replace({text}, chr(30), chr(10))" if self._traits.has_breaks else text
        if self._traits.has_wide:
            # translate() makes its table anew for every row: only texts with more bytes than characters are worth it.
            narrowed = f"translate({text}, {literal(WIDE_FORMS)}, {literal(ASCII_FORMS)})"
            text = f"case when strlen({text}) > length({text}) then {narrowed} else {text} end"
        if self._traits.has_wide or self._traits.has_padding:
            text = f"nullif(trim({text}, ' ' || chr(9)), '')"
        return text

    def _listed(self, values: Iterable[str]) -> str:
        return self._values.listed(dict.fromkeys(form for value in values for form in self.forms(value)))
