"""What people read of a page: its texts, and the words in attributes; no commands, no script, no field's own value."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Final

# `code` holds commands, ids and paths, `samp` what a program or a file says: marked as such.
# A `textarea` holds what somebody writes, an element with `lang=""` what somebody wrote, in whatever language.
SILENT: Final = frozenset({"script", "style", "code", "samp", "textarea"})
SPOKEN: Final = frozenset({"aria-label", "title", "placeholder", "alt"})
VOID: Final = frozenset({"input", "meta", "link", "br", "img", "hr"})


def texts_of(page: str) -> list[str]:
    """The page's texts, one for each text node and spoken attribute, in order."""
    reader = _Reader()
    reader.feed(page)
    return reader.found


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self._open: list[tuple[str, bool]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        is_switch = tag == "button" and given.get("lang") == "en"  # the switch to English
        silent = tag in SILENT or is_switch or given.get("lang") == ""
        if tag not in VOID:
            self._open.append((tag, silent))
        if not self._is_silent:
            self._keep(*(value for name, value in attrs if name in SPOKEN and value))

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if not self._is_silent:
            self._keep(data)

    def _keep(self, *texts: str) -> None:
        self.found += [each for text in texts if (each := " ".join(text.split()))]

    @property
    def _is_silent(self) -> bool:
        return any(silent for _, silent in self._open)
