"""Whether a condition holds for one row of plain values, as SQL would say: yes, no, or nobody knows (None).

For single rows outside of an engine; rows of a table are for SQL (`Condition.sql`). A test holds one to the other.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, Final, TypeAlias

from sqlglot import exp

from mend.foundation.conditions import Condition, operands

Value: TypeAlias = bool | int | float | Decimal | str | None
COMPARED: Final[dict[type[exp.Expr], Callable[[Any, Any], bool]]] = {
    exp.EQ: operator.eq, exp.NEQ: operator.ne, exp.GT: operator.gt, exp.GTE: operator.ge, exp.LT: operator.lt,
    exp.LTE: operator.le,
}  # fmt: skip
WORKED_OUT: Final[dict[type[exp.Expr], Callable[[Any, Any], Any]]] = {
    exp.Add: operator.add, exp.Sub: operator.sub, exp.Mul: operator.mul,
}  # fmt: skip


def holds(condition: Condition, row: Mapping[str, Any]) -> bool | None:
    """Whether the condition holds for the row; None when nobody knows. A column that the row lacks is null.

    >>> from mend.foundation.conditions import parse
    >>> late = parse("hours > 24 or is_urgent", {"hours", "is_urgent"})
    >>> holds(late, {"hours": 30}), holds(late, {"hours": 3}), holds(late, {"hours": 3, "is_urgent": False})
    (True, None, False)
    """
    found = _value(condition.tree, row)
    return None if found is None else bool(found)


def _value(node: exp.Expr, row: Mapping[str, Any]) -> Any:
    if isinstance(node, exp.Column):
        return row.get(node.name)
    if isinstance(node, (exp.Literal, exp.Boolean, exp.Null)):
        return _written(node)
    if isinstance(node, exp.Connector):
        return _joined(node, row)
    values = [_value(part, row) for part in operands(node)]
    if isinstance(node, exp.Paren):
        return values[0]
    if isinstance(node, exp.Is):
        return values[0] is values[1] if values[1] is None else values[0] == values[1]
    if isinstance(node, exp.In):
        return _among(values[0], values[1:])
    return None if None in values else _of_known(node, values)


def _written(node: exp.Expr) -> Value:
    if isinstance(node, exp.Literal):
        return str(node.this) if node.is_string else Decimal(node.this)
    return bool(node.this) if isinstance(node, exp.Boolean) else None


def _joined(node: exp.Connector, row: Mapping[str, Any]) -> bool | None:
    """`and` is false as soon as one part is, `or` true; else nobody knows when one part is unknown."""
    decides = isinstance(node, exp.Or)
    values = [_value(part, row) for part in operands(node)]
    if decides in values:
        return decides
    return None if None in values else not decides


def _among(value: Any, listed: list[Any]) -> bool | None:
    if value is None:
        return None
    if any(each is not None and _alike(value, each) for each in listed):
        return True
    return None if None in listed else False


def _of_known(node: exp.Expr, values: list[Any]) -> Any:
    if isinstance(node, exp.Not):
        return not values[0]
    numbers = [_exact(each) for each in values]
    if isinstance(node, exp.Neg):
        return -numbers[0]
    if isinstance(node, exp.Between):
        return numbers[1] <= numbers[0] <= numbers[2]
    if (compared := COMPARED.get(type(node))) is not None:
        return compared(*numbers)
    return WORKED_OUT[type(node)](*numbers)


def _alike(value: Any, other: Any) -> bool:
    return bool(_exact(value) == _exact(other))


def _exact(value: Any) -> Any:
    """A number as it is written: 0.1 of a column is the 0.1 of a condition."""
    return Decimal(str(value)) if isinstance(value, float) else value
