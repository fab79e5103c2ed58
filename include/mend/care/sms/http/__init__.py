"""Sending through an HTTP gateway, Kannel's sendsms being the model."""

from mend.care.sms.http.transport import HttpTransport

__all__ = ["HttpTransport"]
