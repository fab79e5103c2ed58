"""Numbers as they travel and as we keep them (E.164)."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

import phonenumbers

NUMBER: Final = re.compile(r"\+?[0-9]{3,20}")  # one that a message can be sent to
LONGEST: Final = 65  # SMPP 3.4: an address is no longer


@lru_cache(maxsize=65536)
def e164(address: str, region: str) -> str:
    """A subscriber's address in E.164; what is no number there stays as it came.

    >>> e164("8613900001111", "CN"), e164("13900001111", "CN"), e164("+8613900001111", "CN"), e164("10086", "CN")
    ('+8613900001111', '+8613900001111', '+8613900001111', '10086')
    """
    if len(address) > LONGEST:
        return address
    digits = address.strip()
    if digits.startswith("00"):
        digits = "+" + digits[2:]
    # With the country code but without the plus is how message centres write it; a national number is shorter.
    for guess in (digits,) if digits.startswith("+") else (digits, f"+{digits}"):
        try:
            number = phonenumbers.parse(guess, region)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_possible_number(number) and len(digits.lstrip("+")) > 6:
            return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))
    return address


def kept(number: str) -> str:
    """A number as a column can keep it: nothing of what is too long to be one, or has signs that cannot be seen.

    >>> kept("+8613900001111"), kept("TELECOM"), kept("1" * 5000), kept("139\\0")
    ('+8613900001111', 'TELECOM', '', '')
    """
    return number if len(number) <= LONGEST and number.isprintable() else ""


def extension_of(to_number: str, sender_number: str, digits: int) -> str | None:
    """The extension that a customer answered to; None when it is missing, or the number is not ours.

    >>> extension_of("1008607", "10086", 2), extension_of("+861008607", "10086", 2), extension_of("10086", "10086", 2)
    ('07', '07', None)
    """
    before, found, extension = to_number.partition(sender_number)
    if not found or len(before) > 4 or len(extension) != digits or not extension.isdecimal():
        return None
    return extension
