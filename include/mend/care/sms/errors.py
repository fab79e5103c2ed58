"""What can go wrong in the SMS room. No message carries a number or a text."""

from __future__ import annotations

from mend.errors import MendError, RetryableError


class SmsError(MendError):
    """Base of the room's errors."""


class RuleError(SmsError, ValueError):
    """A rule file that cannot be used; the message names the file, the rule and the reason."""


class SettingError(SmsError, ValueError):
    """A MEND_SMS_* variable that cannot be used; the message names it and what it should look like."""


class TextError(SmsError, ValueError):
    """A text that cannot travel as one SMS of up to 255 parts, or bytes that are no text."""


class NumberError(SmsError, ValueError):
    """What a message is to be sent to, and is no number."""


class LinkError(RetryableError, SmsError):
    """There is no link to the message centre, or it broke; the relay makes a new one."""
