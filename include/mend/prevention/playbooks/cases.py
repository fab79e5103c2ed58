"""What a playbook's condition may ask of a case: the columns of a strategy's audience, and those of a ticket or
warning. What nobody knows of a case is null, and null is not true.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, TypeAlias

from mend.foundation.condition_kinds import Kind
from mend.foundation.conditions import Condition
from mend.foundation.schema import CODES
from mend.repair.strategies import AUDIENCE_COLUMNS, parse_audience
from mend.repair.strategies.audience import AudienceColumn

Case: TypeAlias = Mapping[str, Any]


def _codes(name: str, en: str, zh: str) -> AudienceColumn:
    return AudienceColumn(Kind("text", codes=frozenset(str(code) for code in CODES[name])), en, zh)


# A call label knows the first alone: a list says nothing of a single ticket.
OF_A_CASE: Final[Mapping[str, AudienceColumn]] = {
    "about_code": _codes("playbook_about", "what the case is: follow-up ticket, call label or warning", "事项类型"),
    "measure_code": _codes("follow_up_measure", "measure of the follow-up ticket", "服务补救措施"),
    "topic_code": AudienceColumn(Kind("text"), "topic of the ticket", "业务主题"),
    "grumble_type_code": AudienceColumn(
        Kind("text"), "grumble point of the warning, with its area: marketing.lock_in", "抱怨点"
    ),
    "grumble_area_code": AudienceColumn(Kind("text"), "grumble area of the warning", "抱怨领域"),
    "tier": AudienceColumn(Kind("number", least=1, most=3), "tier that has the ticket; 3 is the province", "处理层级"),
    "complaint_count": AudienceColumn(Kind("number"), "complaints on the ticket's matter", "投诉次数"),
    "reopen_count": AudienceColumn(Kind("number"), "times the ticket was reopened", "重开次数"),
    "is_past_limit": AudienceColumn(Kind("boolean"), "the ticket is past its limit", "是否超时"),
}
COLUMNS: Final[Mapping[str, AudienceColumn]] = {**AUDIENCE_COLUMNS, **OF_A_CASE}


def parse_case(text: str, columns: Mapping[str, AudienceColumn] = COLUMNS) -> Condition:
    """A condition over the columns of a case.

    Raises:
        ConditionError: naming the part that is wrong and what to write.

    >>> sorted(parse_case("hit_agt_07 or grumble_type_code = 'service_attitude.blunt'").columns)
    ['grumble_type_code', 'hit_agt_07']
    """
    return parse_audience(text, columns)
