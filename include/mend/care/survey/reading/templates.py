"""Phrases written as templates, matched by a machine that looks at each sign once: no text makes it slow.

A template is words with `(a|b)` for a choice, `?` for what may be missing, `+` for what may repeat, `*` for what may do
both, `{name}` for a named part and `#` for a digit.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from mend.errors import BadConfigurationError

DIGITS: Final = frozenset("0123456789")
ANY_DIGIT: Final = "0-9"  # no sign of a text is as long as that


class TemplateError(BadConfigurationError, ValueError):
    """A template that cannot be read; the message names it."""


@dataclass(frozen=True, eq=False)
class Node:
    """A piece of a template: a sign, a sequence, a choice, a named part, or a node that may be missing or repeat."""

    kind: str  # sign, all, any, part, ?, *
    sign: str = ""
    nodes: tuple[Node, ...] = ()


@dataclass(frozen=True, eq=False)
class Place:
    """A place in a template: item `index` of a node comes next, then `after`. At the end of a template, a tag."""

    node: Node | None
    index: int
    after: Place | None
    tag: str = ""


def read_template(template: str) -> Node:
    """The pieces of a template. TemplateError where a bracket does not fit."""
    node, place = _choice(template, 0)
    if place != len(template):
        raise TemplateError(f"template {template!r}: one bracket too many at {place}")
    return node


def _choice(template: str, place: int) -> tuple[Node, int]:
    options = []
    while True:
        node, place = _sequence(template, place)
        options.append(node)
        if template[place : place + 1] != "|":
            return Node("any", nodes=tuple(options)), place
        place += 1


def _sequence(template: str, place: int) -> tuple[Node, int]:
    items: list[Node] = []
    while place < len(template) and template[place] not in "|)":
        node, place = _item(template, place)
        while template[place : place + 1] in ("?", "+", "*"):
            node, place = _repeated(node, template[place]), place + 1
        items.append(node)
    return Node("all", nodes=tuple(items)), place


def _repeated(node: Node, sign: str) -> Node:
    return Node("all", nodes=(node, Node("*", nodes=(node,)))) if sign == "+" else Node(sign, nodes=(node,))


def _item(template: str, place: int) -> tuple[Node, int]:
    sign = template[place]
    if sign == "(":
        node, place = _choice(template, place + 1)
        if template[place : place + 1] != ")":
            raise TemplateError(f"template {template!r}: a bracket is not closed")
        return node, place + 1
    if sign == "{":
        close = template.find("}", place)
        if close < 0:
            raise TemplateError(f"template {template!r}: a part's name is not closed")
        return Node("part", template[place + 1 : close]), close + 1
    return Node("sign", ANY_DIGIT if sign == "#" else sign), place + 1


class Phrases:
    """Phrases by tag. What a text leads to is worked out when it first leads there, and kept."""

    def __init__(self, templates: Mapping[str, list[str]], parts: Mapping[str, str]) -> None:
        self._parts = {name: read_template(part) for name, part in parts.items()}
        self._places: dict[tuple[int, int, int], Place] = {}
        self._states: dict[frozenset[Place], int] = {}
        self._moves: list[dict[str, list[Place]]] = []
        self._known: list[dict[str, int]] = []
        self._tags: list[tuple[str, ...]] = []
        self._order = {tag: number for number, tag in enumerate(templates)}
        begins = []
        for tag, lines in templates.items():
            end = Place(None, 0, None, tag)
            begins += [self._place(read_template(line), 0, end) for line in lines]
        self._first = self._state(begins)

    def ends(self, text: str, start: int) -> Iterator[tuple[int, tuple[str, ...]]]:
        """Where phrases that begin at `start` end, the shortest first, with their tags in the order they were given."""
        state = self._first
        for place in range(start, len(text)):
            state = self._step(state, text[place])
            if state < 0:
                return
            if self._tags[state]:
                yield place + 1, self._tags[state]

    def _step(self, state: int, sign: str) -> int:
        known = self._known[state]
        if sign not in known:
            moves = self._moves[state]
            reached = [*moves.get(sign, ()), *(moves.get(ANY_DIGIT, ()) if sign in DIGITS else ())]
            known[sign] = self._state(reached) if reached else -1
        return known[sign]

    def _state(self, places: list[Place]) -> int:
        """The number of a set of places; new ones are spread out to the signs that may come next."""
        key = frozenset(places)
        if key not in self._states:
            self._states[key] = len(self._known)
            moves, tags = self._spread(places)
            self._moves.append(moves)
            self._known.append({})
            self._tags.append(tuple(sorted(tags, key=self._order.__getitem__)))
        return self._states[key]

    def _spread(self, places: list[Place]) -> tuple[dict[str, list[Place]], set[str]]:
        moves: dict[str, list[Place]] = {}
        tags: set[str] = set()
        seen, waiting = set(places), list(places)
        while waiting:
            place = waiting.pop()
            if place.node is None:
                tags.add(place.tag)
                continue
            sign, following = self._next(place)
            if sign:
                moves.setdefault(sign, []).extend(following)
                continue
            for each in following:
                if each not in seen:
                    seen.add(each)
                    waiting.append(each)
        return moves, tags

    def _next(self, place: Place) -> tuple[str, list[Place]]:
        """The sign that stands here, or none, and the places behind it."""
        node, after = place.node, place.after
        assert node is not None
        assert after is not None
        if node.kind == "sign":
            return node.sign, [after]
        if node.kind == "all":
            if place.index == len(node.nodes):
                return "", [after]
            rest = after if place.index + 1 == len(node.nodes) else self._place(node, place.index + 1, after)
            return "", [self._place(node.nodes[place.index], 0, rest)]
        if node.kind == "any":
            return "", [self._place(each, 0, after) for each in node.nodes]
        if node.kind == "part":
            return "", [self._place(self._part(node.sign), 0, after)]
        inner = node.nodes[0]
        if node.kind == "?":
            return "", [self._place(inner, 0, after), after]
        return "", [self._place(inner, 0, place), after]

    def _part(self, name: str) -> Node:
        if name not in self._parts:
            raise TemplateError(f"no part of a template is named {name!r}")
        return self._parts[name]

    def _place(self, node: Node, index: int, after: Place) -> Place:
        """The one place of its sort, so that sets of places can be compared."""
        key = (id(node), index, id(after))
        if key not in self._places:
            self._places[key] = Place(node, index, after)
        return self._places[key]
