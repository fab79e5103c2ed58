"""An HTTP gateway as a transport: a request for each message, receipts and answers as requests to us.

The address is the gateway's sendsms with our own listener in its options, for example
`http://mend:secret@gateway:13013/cgi-bin/sendsms?listen=0.0.0.0:8088&callback=http://mend-relay:8088`.

Whoever reaches the listener could say what was delivered and opt anybody out. So it asks for the field `secret`
(MEND_SMS_SECRET_<ACCOUNT>), which the URLs of receipts carry and the gateway's own URL for messages must. Without one
it listens on this machine alone.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import hmac
import re
from asyncio import Future
from collections.abc import Callable, Sequence
from ipaddress import ip_address
from typing import Final
from urllib.parse import urlencode

from mend.care.sms.errors import LinkError, NumberError, SettingError
from mend.care.sms.http.client import NoAnswerError, get
from mend.care.sms.http.server import Server
from mend.care.sms.phone import NUMBER, e164
from mend.care.sms.receipts import unreadable
from mend.care.sms.rules import Link
from mend.care.sms.settings import Address
from mend.care.sms.text import UCS2, pieces
from mend.care.sms.transport import Incoming, Outcome, OutcomeKind, Part, Receipt, Reply

DELIVERED, UNDELIVERABLE, REJECTED = 1, 2, 16  # Kannel's dlr types
DLR_MASK: Final = DELIVERED | UNDELIVERABLE | REJECTED
OUTCOMES: Final = {DELIVERED: "delivered", UNDELIVERABLE: "undelivered", REJECTED: "undelivered"}
TYPE: Final = re.compile(r"[0-9]{1,3}")
# What a gateway may name; a message in any other is kept raw. Nothing said is UTF-8.
CHARSETS: Final = {
    each: coding
    for coding, names in {
        "utf-8": ("", "UTF-8", "UTF8", "US-ASCII", "ASCII"),
        "utf-16-be": ("UTF-16BE", "UTF-16", "UCS-2", "UCS2", "UCS-2BE", "ISO-10646-UCS-2"),
        "utf-16-le": ("UTF-16LE", "UCS-2LE"),
        "latin-1": ("ISO-8859-1", "LATIN-1", "LATIN1"),
        "cp1252": ("WINDOWS-1252", "CP1252"),
        "gb18030": ("GBK", "GB2312", "GB18030", "CP936"),
        "big5": ("BIG5",),
    }.items()
    for each in names
}
MOST_HELD: Final = 1_000  # requests that wait to be stored
ACCEPTED: Final = (200, 202)
FOR_NOW: Final = (429, 503)
OF_THE_SETTING: Final = (*range(300, 400), 401, 404, 405, 407)
FORBIDDEN: Final = 403  # Kannel's for a number that it does not serve, too


def _listener(address: Address, account_code: str, has_secret: bool) -> tuple[str, int]:
    """Host and port to listen on. SettingError when it is none, or open to other machines without a secret."""
    name = f"MEND_SMS_URL_{account_code.upper()}"
    host, _, port = address.options.get("listen", "127.0.0.1:0").rpartition(":")
    host = host.strip("[]")
    if not (port.isascii() and port.isdecimal() and int(port[:6]) < 65536):
        raise SettingError(f"{name}: the option listen is host:port")
    if not has_secret and not _is_this_machine(host):
        raise SettingError(
            f"{name}: listen={host}:{port} is open to other machines: set MEND_SMS_SECRET_{account_code.upper()}"
        )
    return host, int(port)


def _is_this_machine(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


class HttpTransport:
    """One account at an HTTP gateway. The gateway cuts texts into parts and adds them up, so a message is one part
    here.
    """

    def __init__(self, address: Address, account_code: str, link: Link, region: str, secret: str = "") -> None:
        self._address, self._account_code, self._link, self._region = address, account_code, link, region
        self._callback, self._secret = address.options.get("callback", ""), secret
        self._host, self._port = _listener(address, account_code, bool(secret))
        self._server: Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self.port, self._held = 0, 0

    def parts(
        self, message_id: int, phone_number: str, sender_number: str, text: str, valid_until: dt.datetime
    ) -> list[Part]:
        """The whole message; its receipts carry our own number for it."""
        if not NUMBER.fullmatch(phone_number):
            raise NumberError(f"message {message_id} goes to what is no number")
        coding = pieces(text, message_id)[0].data_coding
        content = text.encode("utf-8")
        return [
            Part(
                message_id,
                1,
                phone_number,
                sender_number,
                content,
                coding,
                0,
                valid_until,
                reference=self._reference(message_id),
            )
        ]

    def _reference(self, message_id: int) -> str:
        return f"{self._account_code}-{message_id}"

    async def open(self, receive: Callable[[Incoming], None], lost: Callable[[], None]) -> None:  # noqa: ARG002 - each request is a link of its own
        """Listen for receipts and answers. LinkError when the port is taken."""
        self._receive = receive
        self._server = Server(self._handle)
        try:
            self.port = await self._server.start(self._host, self._port)
        except OSError as error:
            raise LinkError(f"cannot listen for the gateway: {type(error).__name__}") from None

    def send(self, part: Part) -> Future[Outcome]:
        """Ask the gateway to send; resolved with what it answers."""
        future: Future[Outcome] = asyncio.get_running_loop().create_future()
        task = asyncio.create_task(self._request(part, future))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return future

    async def _request(self, part: Part, future: Future[Outcome]) -> None:
        outcome = Outcome("unknown", error_code="stopped")
        try:
            status, words = await get(
                self._address.host,
                self._address.port,
                self._address.path,
                self._fields(part),
                self._link.response_seconds,
            )
            outcome = self._outcome(status, words, part)
        except LinkError:
            outcome = Outcome("never_written", error_code="no_link")
        except NoAnswerError:
            outcome = Outcome("unknown", error_code="no_answer")
        finally:
            future.set_result(outcome)

    def _outcome(self, status: int, words: str, part: Part) -> Outcome:
        if status in ACCEPTED:
            return Outcome("accepted", part.reference)
        # An address or a login that is refused is no message's fault: all of them wait until it is mended, or they are
        # out of date.
        is_setting = status in OF_THE_SETTING or (status == FORBIDDEN and "authori" in words.lower())
        # 503 says so; of other failures of a server nobody knows where it failed.
        kind: OutcomeKind = (
            "refused_for_now" if status in FOR_NOW or is_setting else "unknown" if status >= 500 else "refused"
        )
        return Outcome(kind, error_code=f"http_{status}")

    def _fields(self, part: Part) -> dict[str, str | bytes]:
        callback = self._callback or f"http://127.0.0.1:{self.port}"
        named = {"id": part.reference or ""} | ({"secret": self._secret} if self._secret else {})
        receipt = f"{callback}/receipt?{urlencode(named)}&type=%d"
        left = part.valid_until - dt.datetime.now(dt.UTC)
        fields: dict[str, str | bytes] = {
            "username": self._address.user,
            "password": self._address.password,
            "from": part.sender_number,
            "to": part.phone_number,
            "text": part.content,
            "charset": "UTF-8",
            "coding": "2" if part.data_coding == UCS2 else "0",
            "validity": str(max(1, int(left.total_seconds() // 60))),
            "dlr-mask": str(DLR_MASK),
            "dlr-url": receipt,
        }
        smsc = self._address.options.get("smsc")
        return fields | ({"smsc": smsc} if smsc else {})

    async def _handle(self, path: str, fields: dict[str, str]) -> int:
        """A request of the gateway's: 200 once it is stored."""
        item = {"/receipt": self._receipt, "/inbound": self._reply}.get(path)
        if item is None:
            return 404
        shown = fields.pop("secret", "")
        if self._secret and not hmac.compare_digest(shown.encode("latin-1"), self._secret.encode("ascii")):
            return 403
        if self._held >= MOST_HELD:
            return 503
        stored: Future[int] = asyncio.get_running_loop().create_future()
        self._held += 1
        try:
            self._receive(Incoming(urlencode(sorted(fields.items())).encode(), item(fields), stored))
            return await stored
        finally:
            self._held -= 1

    def _receipt(self, fields: dict[str, str]) -> Receipt:
        kind = fields.get("type", "")
        if not fields.get("id") or not TYPE.fullmatch(kind):
            return unreadable()
        outcome = OUTCOMES.get(int(kind), f"DLR-{kind}")
        return Receipt(
            fields["id"], "", "", outcome, None
        )  # the id is ours; numbers would only end up in the gateway's logs

    def _reply(self, fields: dict[str, str]) -> Reply | None:
        """A message of a customer. The gateway has put its parts together and says in which character set it is."""
        if not fields.get("from") or not {"to", "text"} <= fields.keys():
            return None
        coding = CHARSETS.get(fields.get("charset", "").upper().replace("_", "-"))
        try:
            text = fields["text"].encode("latin-1").decode(coding or "none")
        except (UnicodeError, LookupError):
            return None
        content = text.removeprefix("\ufeff").encode("utf-16-be", "surrogatepass")
        return Reply(e164(fields["from"], self._region), fields["to"].lstrip("+"), content, UCS2, False)

    def acknowledge(self, incoming: Sequence[Incoming]) -> None:
        """Let the gateway's requests be answered."""
        for each in incoming:
            if isinstance(each.token, Future) and not each.token.done():
                each.token.set_result(200)

    async def close(self) -> None:
        """Stop listening; what is under way is resolved as unknown."""
        if self._server is not None:
            await self._server.stop()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
