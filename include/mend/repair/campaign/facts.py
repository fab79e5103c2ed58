"""What the bits of the frozen candidates mean: facts, gates, and the answers of the contact rules."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from mend.foundation.schema import CODES

# Bit k of a gate mask is the k-th gate, in the order in which they are looked at.
GATES: Final = tuple(CODES["campaign_gate"])
GATE_BIT: Final[Mapping[str, int]] = {code: bit for bit, code in enumerate(GATES)}

# Contact rules are asked about two kinds of contact. Their answers take 16 bits each of `contact_mask`.
KINDS: Final = ("service", "commercial")
KIND_BITS: Final = 16
CAP_OF_KIND: Final = 9  # the cap of messages of that kind: it closes messages alone, where the cap of all closes all
# Which gate a reason of the contact rules closes. Hours and the day's budget close none: a list is spread over a month,
# and room is taken when it is published.
GATE_OF_REASON: Final[Mapping[str, int]] = {
    "no_number": GATE_BIT["no_number"],
    "number_in_doubt": GATE_BIT["no_number"],
    "opted_out": GATE_BIT["opted_out"],
    "customer_left": GATE_BIT["left"],
    "no_consent": GATE_BIT["no_consent"],
    "matter_open": GATE_BIT["complaint_open"],
    "number_in_batch": GATE_BIT["contact_cap"],
    "cap_kind": CAP_OF_KIND,
    "cap_total": GATE_BIT["contact_cap"],
}
NO_GATE: Final = frozenset({"too_late", "quiet_hours", "budget_spent", "recalled"})

# Channels on which somebody is reached; who is put through first when they call is not.
MESSAGES: Final = frozenset({"sms"})
REACHING: Final = frozenset({"sms", "call", "rebate", "visit", "account_manager"})
BY_NUMBER: Final = frozenset({"sms", "call", "rebate"})  # another person's number would get it

# Indicators behind facts of the audience.
CUT_OFF: Final = ("AGT-01", "AGT-02", "AGT-03")
UNSATISFIED: Final = ("RES-03", "RES-04")
UNCONNECTED: Final = ("IVR-10", "CON-01", "CON-02", "CON-05", "CON-06")
NETWORK_AREA: Final = "network_coverage"
MOST_INDICATORS: Final = 62  # bits of a signed 64-bit number, one left

# Points that a level stands for where the score says less: what was said is a floor under the level.
LEVEL_HARM: Final = (0.0, 1.0, 5.0, 15.0, 30.0)
MOST_BENEFIT: Final = 2**24 - 1
CARRIED: Final = ("carried over from earlier months", "以前月份结转")
SAID: Final = ("grumble, complaint or poor rating", "抱怨、投诉或评价不满意")


def contact_gates(channel: str, consent: str) -> int:
    """The bits of a kind's answers that count for a strategy of this channel and consent.

    >>> [GATES[bit] for bit in range(9) if contact_gates("routing", "none") >> bit & 1]
    ['left', 'opted_out']
    >>> [GATES[bit] for bit in range(9) if contact_gates("sms", "service") >> bit & 1]
    ['left', 'no_number', 'no_consent', 'opted_out', 'complaint_open', 'contact_cap']
    """
    names = ["left", "opted_out"]
    names += ["no_number"] if channel in BY_NUMBER or channel not in REACHING | {"routing"} else []
    names += ["no_consent"] if consent != "none" else []
    names += ["complaint_open"] if channel in MESSAGES or consent == "commercial" else []
    names += ["contact_cap"] if channel != "routing" else []
    return sum(1 << GATE_BIT[name] for name in names)
