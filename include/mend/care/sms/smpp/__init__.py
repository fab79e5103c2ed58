"""SMPP 3.4: frames and PDUs on smpplib's codec, and the transport that the relay sends through."""

from mend.care.sms.smpp.transport import SmppTransport

__all__ = ["SmppTransport"]
