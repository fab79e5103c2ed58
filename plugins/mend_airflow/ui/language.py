"""In which language a page answers: Airflow's own choice (a cookie that our script copies from it), else the
browser's.
"""

from __future__ import annotations

from typing import Final, Literal

from starlette.requests import Request

Language = Literal["en", "zh"]
COOKIE: Final = "mend_language"
TAGS: Final[dict[Language, str]] = {"en": "en", "zh": "zh-CN"}


def language_of(request: Request) -> Language:
    """The request's language; English when nothing says otherwise."""
    chosen = request.cookies.get(COOKIE)
    return spoken(chosen) if chosen else preferred(request.headers.get("accept-language", ""))


def spoken(tag: str) -> Language:
    """
    >>> spoken("zh-CN"), spoken("de"), spoken("ZH")
    ('zh', 'en', 'zh')
    """
    return "zh" if tag.lower().startswith("zh") else "en"


def preferred(header: str) -> Language:
    """The language of ours that a browser likes best.

    >>> preferred("de, zh-CN;q=0.9, en;q=0.8"), preferred("en-GB,zh;q=0.5"), preferred("fr"), preferred("zh;q=x")
    ('zh', 'en', 'en', 'en')
    """
    liked: list[tuple[float, str]] = []
    for part in header.split(","):
        tag, _, quality = part.strip().partition(";q=")
        try:
            liked.append((float(quality or 1), tag.lower()))
        except ValueError:
            continue
    ours = [(quality, tag) for quality, tag in liked if tag[:2] in TAGS and quality > 0]
    return spoken(max(ours, key=lambda each: each[0])[1]) if ours else "en"
