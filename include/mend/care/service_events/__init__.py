"""What happened to customers: events from files and by night, each once. The only writer of service_event."""

from mend.care.service_events.files import Taken, read_event, take_events
from mend.care.service_events.recording import follow_again, mark_dispatched, mark_followed, record

__all__ = ["Taken", "follow_again", "mark_dispatched", "mark_followed", "read_event", "record", "take_events"]
