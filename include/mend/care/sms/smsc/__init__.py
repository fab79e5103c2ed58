"""A message centre of ours, for the demo and the tests: SMPP 3.4 over TCP, with customers who answer."""

from mend.care.sms.smsc.centre import Centre
from mend.care.sms.smsc.world import World, read_world

__all__ = ["Centre", "World", "read_world"]
