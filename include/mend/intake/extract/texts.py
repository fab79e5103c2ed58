"""The text of a source's columns as SQL: cleaned, joined, tested, before anything is made of it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Final

from mend.intake.extract import marks
from mend.intake.extract.cleaning import Use, cleaned, errors, is_mended, narrowed
from mend.intake.extract.mapping import Condition, Part
from mend.intake.extract.relation import Values
from mend.intake.extract.staging import Traits

ABSENT: Final = "cast(null as varchar)"
SHORT: Final = re.compile(r"[a-z]+[0-9]*|cast\(null as varchar\)")


class Texts:
    """Makes the expressions for files of one form.

    A column's cleaned text is long and needed often: it is a helper column, one of `helpers`, which a step before must
    give.

    Args:
        columns: source column → its expression; a column that the file lacks reads as null.
        computed: columns that are made after the helpers, and need no cleaning.
        null_values: values of any column that mean "empty".
        days: source columns that are read as times somewhere: there a typed day is what is meant, in a joined id too.
    """

    def __init__(
        self,
        columns: Mapping[str, str],
        computed: Mapping[str, str],
        null_values: Sequence[str],
        traits: Traits,
        values: Values,
        days: Collection[str] = (),
    ) -> None:
        self.traits = traits
        self.helpers: dict[str, str] = {}
        self._names: dict[str, str] = {}
        self._columns = columns
        self._computed = computed
        self._null_values = null_values
        self._values = values
        self._days = days

    def filled(self, part: Part, null_values: Sequence[str] = (), use: Use = "code", is_joined: bool = False) -> str:
        """A source column's text; its own default, or null, where it is empty.

        Args:
            is_joined: it is one of several parts, each as its cell shows it.
        """
        text = self.without(self._cleaned(part.column, use, is_joined), (*self._null_values, *null_values))
        return text if part.default is None else f"coalesce({text}, {self._values.bind(part.default)})"

    def joined(
        self, parts: Sequence[Part], separator: str, null_values: Sequence[str], use: Use
    ) -> tuple[str, str | None]:
        """The parts' text, null where all are empty; and the name of the first empty part where others are not (None:
        cannot be).
        """
        if len(parts) == 1:
            return self.filled(parts[0], null_values, use), None
        each = [self.filled(part, null_values, use, is_joined=True) for part in parts]
        between = self._values.bind(separator)
        if use == "free":
            return f"nullif(concat_ws({between}, {', '.join(each)}), '')", None
        as_given = [self.filled(Part(column=part.column), null_values, use, is_joined=True) for part in parts]
        needed = [(text, part.column) for text, part in zip(as_given, parts, strict=True) if part.default is None]
        whole = f" || {between} || ".join(f"coalesce({text}, '')" for text in each)
        if not needed:  # a value whose every part has a default is never empty
            return whole, None
        is_filled = f"coalesce({', '.join(as_given)}) is not null"
        arms = " ".join(f"when {text} is null then {self._values.bind(name)}" for text, name in needed)
        return f"case when {is_filled} then {whole} end", f"case when {is_filled} then case {arms} end end"

    def group_key(self, column: str) -> str:
        """The text that tells groups apart, as its cell shows it; marked where different values may be written the
        same.
        """
        text = self.filled(Part(column=column), is_joined=True)
        alike = [reason for reason in (marks.DATE, marks.LENGTH, *marks.NUMBERS) if reason != marks.INEXACT]
        return marks.without_soft(text, alike) if self.traits.has_marks else text

    def without(self, text: str, unwanted: Iterable[str]) -> str:
        """The text, null where it is one of those."""
        listed = self._listed(unwanted)
        return f"case when {self.shown(text)} in ({listed}) then null else {text} end" if listed else text

    def shown(self, text: str) -> str:
        """The text as people see it."""
        return marks.shown(text) if self.traits.has_marks else text

    def mended(self, columns: Iterable[str]) -> str | None:
        """Whether invisible signs or a protection were taken off one of the columns; None when that cannot be."""
        texts = [self._columns[column] for column in columns if column in self._columns]
        found = [each for each in (is_mended(text, self.traits) for text in texts) if each]
        return " or ".join(f"coalesce({each}, false)" for each in found) or None

    def decided(self, conditions: Sequence[Condition]) -> str:
        """Whether every condition holds; null where one cannot be decided, and a marked text where that is by an error
        in its cell.
        """
        met = self._all_met(conditions)
        arms = self._error_arms(conditions)
        return f"case when ({met}) is not null then cast(({met}) as varchar) {arms} end" if arms else met

    def where(self, conditions: Sequence[Condition], text: str) -> str:
        """The text where every condition holds, else null; a marked text where an error in a cell leaves that open."""
        met = self._all_met(conditions)
        arms = self._error_arms(conditions)
        if not arms:
            return f"case when {met} then {text} end"
        return f"case when {met} then cast({text} as varchar) when ({met}) is null then case {arms} end end"

    def forms(self, value: str) -> list[str]:
        """A configured value as a file's cleaned text may have it: full-width letters and brackets are narrowed
        there.
        """
        return list(dict.fromkeys((value, narrowed(value))))

    def _all_met(self, conditions: Iterable[Condition]) -> str:
        return " and ".join(self._met(condition) for condition in conditions)

    def _met(self, condition: Condition) -> str:
        text, error = self._tested(condition.column), self._error(condition)
        if condition.among is not None:
            met = (
                f"coalesce({self.shown(text)} in ({self._listed(condition.among)}), false)"
                if condition.among
                else "false"
            )
        elif condition.above is not None:
            met = (
                f"case when {text} is null then false else try_cast({text} as double) > "
                f"{self._values.bind(condition.above)} end"
            )
        else:
            met = f"{self.without(text, self._null_values)} is {condition.state}"
        return f"case when {error} then null else {met} end" if error else met

    def _tested(self, column: str) -> str:
        """A condition's column as its cell shows it."""
        return self._cleaned(column, "number", is_joined=True)

    def _cleaned(self, column: str, use: Use, is_joined: bool) -> str:
        if column in self._computed:
            return self._computed[column]
        text = self._columns.get(column, ABSENT)
        if not is_joined or not self.traits.has_marks:
            return self._helper(cleaned(text, use, self.traits))
        text = self._helper(marks.as_shown(text))
        if use != "code":
            return self._helper(cleaned(text, use, self.traits))
        if column in self._days:
            text = self._helper(marks.without_soft(text, [marks.DATE]))
        return self._marked_error(self._helper(cleaned(text, use, self.traits)))

    def _helper(self, expression: str) -> str:
        """The column of this expression."""
        if SHORT.fullmatch(expression):
            return expression
        name = self._names.setdefault(expression, f"h{len(self._names)}")
        self.helpers[name] = expression
        return name

    def _marked_error(self, text: str) -> str:
        """The text, marked where it is an error's: joined to others or in a condition's place it would not be told."""
        arms = [f"when {marks.is_unusable(text)} then {text}"]
        arms += [
            f"when {is_error} then {marks.marked_sql(marks.HARD, 'error_value', text)}"
            for is_error, _ in errors(text, self.traits)
        ]
        return self._helper(f"case {' '.join(arms)} else {text} end")

    def _error(self, condition: Condition) -> str | None:
        """Whether the condition's cell holds an error, which is no value and not none; None when that cannot be. One
        that the mapping names, as an empty value or among those that meet the condition, is what it says."""
        text = self._tested(condition.column)
        found = " or ".join(f"({is_error})" for is_error, _ in errors(text, self.traits))
        named = self._listed((*self._null_values, *(condition.among or ())))
        return f"({found}) and {self.shown(text)} not in ({named})" if found and named else found or None

    def _error_arms(self, conditions: Iterable[Condition]) -> str:
        arms = [
            f"when {error} then {self._marked_error(self._tested(condition.column))}"
            for condition in conditions
            if (error := self._error(condition))
        ]
        return " ".join(arms)

    def _listed(self, values: Iterable[str]) -> str:
        return self._values.listed(dict.fromkeys(form for value in values for form in self.forms(value)))
