"""Opening a home: its server runs, and folder, databases and lake are parts of one home, at this path, before anything
is done there.
"""

from mend.foundation.opening.cases import Case, Mixed, Refused, decide
from mend.foundation.opening.opening import as_copy, as_moved, open_home, require_sender
from mend.foundation.opening.seen import Original, Seen, look

__all__ = [
    "Case", "Mixed", "Original", "Refused", "Seen", "as_copy", "as_moved", "decide", "look", "open_home",
    "require_sender"
]  # fmt: skip
