"""The customer's own words: without what was quoted, signed by the phone, or written by a machine."""

from __future__ import annotations

import re
from typing import Final

# Where a line begins that brings the original along.
ORIGINAL: Final = re.compile(
    r"\n?[ \t]*(?:-{2,}[ \t]*(?:原始|原|转发|回复|original|forwarded)|(?:原短信|原始短信|原文|原信息|original message|from|发件人|发送者)[ \t]*[:：]"
    r"|on [^\n]{0,80} wrote:|[^\n]{0,40}写道[:：]|_{5,})"
)
QUOTED_LINE: Final = re.compile(r"^[ \t]*[>|》].*$", re.MULTILINE)
SIGNED: Final = re.compile(
    r"(?:^|[\n,。.!;:]|(?<=[0-9\u4e00-\u9fff]))[ \t]*(?:--+[ \t]*\n?[ \t]*)?"
    r"(?:(?:发自|来自)[ \t]*(?:我的)?[^\n。!]{0,30}|(?:由|通过)[^\n]{0,20}发送|获取 ?outlook[^\n]{0,40})[ \t]*$"
    r"|(?:^|[\n ,.!])[ \t]*(?:--+[ \t]*\n?[ \t]*)?(?:sent (?:from|via|using|on)\b[^\n]{0,60}|get outlook[^\n]{0,60}|sent with[^\n]{0,60})$"
)
HEAD: Final = re.compile(r"^\s*(?:【[^】\d\n]{1,20}】|\[(?:中国)?(?:移动|联通|电信|10086)[^\]\n]{0,10}\])")
REPLY_MARK: Final = re.compile(r"^\s*(?:re|fw|回复|答复|答)[ \t]*[:：][ \t]*(?:[^\n?]{4,60}\?[ \t]*)?(?=\S)")
# Sentences of our own messages. The strong ones nobody writes but us; of the weak ones two together are a quotation.
STRONG: Final = re.compile(
    r"(?:如?已?解决|如已解决)请?(?:回复?|按)1|(?:如?仍?未|没)解决请?(?:回复?|按)7|1 ?(?:表示)?(?:已)?解决[,， ]*7 ?(?:表示)?未解决"
    r"|我们(?:会在|将)[^\n,。]{0,20}(?:与您联系|再次跟进|答复您)|10分(?:表示|为|是)非常满意|(?:请)?(?:回复)?0(?:-|到|~|至)10(?:分|的数字)[^\n,。]{0,6}"
    r"|您[^\n,。?!]{0,20}(?:处理完毕|再次跟进)|请?您?对[^\n,。?!]{0,16}打分|您的问题我们已处理|请问您现在是否满意"
    r"|reply 1 for yes|7 for no\b|reply stop to opt ?out|reply with a number from 0 to 10|your complaint has been closed"
    r"|you called us a moment ago|we followed up on your case|we have put your problem right|how satisfied are you with[^\n.?!]{0,60}"
    r"|how satisfied are you now|we are still working on the problem you reported[^\n.]{0,40}|您反映的问题我们仍在处理[^\n。]{0,40}"
)
WEAK: Final = re.compile(
    r"您好|回 ?(?:复)?(?:t|td|r) ?退订|您[^\n,。?!]{0,24}解决了吗|现在解决了吗|is your question solved|is it solved(?: now)?"
)
SENTENCE: Final = re.compile(r"[。.!?;\n]")
SHORTEST: Final = 6  # signs; a shorter sentence a customer may write too
AROUND: Final = re.compile(r"[\s,.，。?？!！;；:：、\"'“”]*")
MACHINE: Final = re.compile(
    r"自动(?:回复|应答|答复)|智能(?:助理|助手|秘书|应答)|秘书台|来电提醒|(?:此|本)(?:短信|邮件)(?:由系统)?自动|请勿(?:直接)?回复"
    r"|(?:正在|在)(?:开会|开车|休假|度假|出差|上课|忙)|(?:不方便|无法|不能)接(?:听|电话)|稍后(?:再)?(?:回|联系|给您|与您|和您|致电)|有事不在"
    r"|\bauto(?:matic|mated)?[ -]?(?:reply|response|message|responder)|out of (?:the )?office|\bautomated\b|do not reply|(?:annual|sick|maternity) leave"
    r"|\bi am (?:currently )?(?:driving|away|on leave|in a meeting|on holiday|on vacation)|im (?:currently )?(?:driving|away|on leave)|i'm (?:currently )?(?:driving|away|on leave|in a meeting|on holiday|on vacation)"
    r"|\b(?:can't|cannot|cant) (?:talk|take your call|answer)|will (?:get|call|ring|text) (?:back )?(?:to )?you|call you (?:back|later)|not accept(?:ing)? (?:text|sms)"
)


def own_words(plain: str, sent: str = "") -> str:
    """The words of a plain text that are the customer's: without those of the plain message that was `sent`, or of any message like ours.

    >>> own_words("7\\n> 现在解决了吗?已解决请回复1,未解决请回复7。回t退订")
    '7'
    >>> own_words("was it mended? reply 1 or 7. 7", "was it mended? reply 1 or 7.")
    '7'
    """
    text = QUOTED_LINE.sub("\n", plain)
    found = ORIGINAL.search(text)
    if found and found.start() > 0:
        text = text[: found.start()]
    text = SIGNED.sub("", text.strip())
    text = _unquoted(text, sent)
    text = REPLY_MARK.sub("", HEAD.sub("", text))
    return text.strip()


def written_by_machine(plain: str) -> bool:
    """Whether it is an automatic reply."""
    return bool(MACHINE.search(plain))


def _unquoted(text: str, sent: str) -> str:
    """Without the stretch from the first to the last sentence of ours."""
    strong = [(each.start(), each.end()) for each in STRONG.finditer(text)] + _sent_words(text, sent)
    weak = [(each.start(), each.end()) for each in WEAK.finditer(text)]
    if not strong and len(weak) < 2:
        return text
    places = sorted(strong + weak)
    first, last = places[0][0], max(end for _, end in places)
    before, after = text[:first], text[last:]
    head = before.rfind("【")
    if head >= 0 and "】" in before[head:]:
        before = before[:head]
    return before.rstrip("\"'“ \t") + "\n" + after[_skip(after) :]


def _sent_words(text: str, sent: str) -> list[tuple[int, int]]:
    """Where sentences of the message that was sent stand in the text."""
    sentences = [sentence.strip() for sentence in SENTENCE.split(sent)]
    found = [(text.find(sentence), len(sentence)) for sentence in sentences if len(sentence) >= SHORTEST]
    return [(place, place + size) for place, size in found if place >= 0]


def _skip(text: str) -> int:
    found = AROUND.match(text)
    return found.end() if found else 0
