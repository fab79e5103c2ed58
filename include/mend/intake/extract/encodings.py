"""Which encoding a file may be in that is not in the stated one: words for an error, never a guess that is acted on."""

from __future__ import annotations

from typing import Final

# What centres send, the likelier first. Of a few characters several fit equally well, and this order decides which is
# named first.
CANDIDATES: Final = {"gb18030": "gb18030", "big5": "big5", "utf_8": "utf-8", "utf_16": "utf-16", "cp1252": "cp1252"}
SAMPLE_BYTES: Final = 1 << 16
NAMED: Final = 2
DAMAGED_SHARE: Final = (
    0.2  # of the characters beyond ASCII; when fewer are wrong, the stated encoding is right and the file damaged
)


def likely(sample: bytes, stated: str) -> list[str]:
    """Encodings that the bytes may be in, the likeliest first, two at most; none when nothing fits or the stated one
    nearly does.

    >>> likely("编号,备注\\n1,网络很慢，客户要求退费\\n2,账单错误".encode("gbk"), "utf-8")[0]
    'gb18030'
    >>> likely("网络很慢，客户要求退费".encode()[:-1], "utf-8")
    []
    """
    sample = sample[:SAMPLE_BYTES]
    if _is_damaged(sample, stated):
        return []
    from charset_normalizer import from_bytes

    found = from_bytes(sample, cp_isolation=list(CANDIDATES))
    order = list(CANDIDATES)
    ranked = sorted(found, key=lambda match: (round(match.chaos, 2), order.index(match.encoding)))
    return [CANDIDATES[match.encoding] for match in ranked if CANDIDATES[match.encoding] != stated][:NAMED]


def _is_damaged(sample: bytes, stated: str) -> bool:
    beyond = [character for character in sample.decode(stated, "replace") if not character.isascii()]
    return beyond.count("\N{REPLACEMENT CHARACTER}") < DAMAGED_SHARE * len(beyond)
