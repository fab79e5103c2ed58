"""Sending SMS once: the outbox, the relay that alone sends, receipts and answers. Other rooms meet it in its tables."""

from mend.care.sms.handling import InboundMessage, mark_inbound, read_inbound
from mend.care.sms.outbox import NewMessage, enqueue, sending_account, withdraw
from mend.care.sms.policy import Candidate, Guard
from mend.care.sms.rules import Rules, rules_on
from mend.care.sms.running import relay_of, run_relay

__all__ = [
    "Candidate",
    "Guard",
    "InboundMessage",
    "NewMessage",
    "Rules",
    "enqueue",
    "mark_inbound",
    "read_inbound",
    "relay_of",
    "rules_on",
    "run_relay",
    "sending_account",
    "withdraw",
]
