"""HL7 spells a time as an interval, as a period, or as an expression of both (guide v5.03, sections E.i.4 to E.i.6 and
G.k.4.r.2 to G.k.4.r.6).

An interval takes a start, an end and a duration, but not all three; then the duration is an interval of its own. More
than one part makes an expression.
"""

from __future__ import annotations

from shared.icsr.e2b.hl7 import EXPRESSION, INTERVAL, PERIOD

_INDENT = "  "


def spelled(opening: str, indent: str, closing: str, period: str, low: str, width: str, high: str) -> str:
    """Put the written parts together, each empty if not said; `indent` begins the line of the element."""
    whole = low and width and high
    if not period and not whole:  # as most are
        return f'{opening} xsi:type="{INTERVAL}">{low}{width}{high}{indent}{closing}'
    members = [(PERIOD, period)] if period else []
    if whole:
        members += [(INTERVAL, low + high), (INTERVAL, width)]
    elif low or width or high:
        members.append((INTERVAL, low + width + high))
    if len(members) == 1:
        return f'{opening} xsi:type="{PERIOD}">{period}{indent}{closing}'
    inner = "".join(
        _member(kind, content, indent + _INDENT, index > 0) for index, (kind, content) in enumerate(members)
    )
    return f'{opening} xsi:type="{EXPRESSION}">{inner}{indent}{closing}'


def _member(kind: str, content: str, indent: str, narrows: bool) -> str:
    operator = ' operator="A"' if narrows else ""
    deeper = content.replace("\n", "\n" + _INDENT)
    return f'{indent}<comp xsi:type="{kind}"{operator}>{deeper}{indent}</comp>'
