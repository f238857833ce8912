"""HL7 spells a time as an interval, as a period, or as an expression of both (guide v5.03, sections E.i.4 to E.i.6 and
G.k.4.r.2 to G.k.4.r.6).

An interval takes a start, an end and a duration, but not all three; then the duration is an interval of its own. More
than one part makes an expression.
"""

from __future__ import annotations

from collections.abc import Mapping

from shared.icsr.e2b.hl7 import EXPRESSION, INTERVAL, PERIOD

_INDENT = "  "


def spelled(opening: str, indent: str, closing: str, parts: Mapping[str, str]) -> str:
    """Put the written parts (`period`, `low`, `width`, `high`) together; `indent` begins the line of the element."""
    members = [(PERIOD, parts["period"])] if "period" in parts else []
    interval = [parts[name] for name in ("low", "width", "high") if name in parts]
    if len(interval) == 3:
        members += [(INTERVAL, parts["low"] + parts["high"]), (INTERVAL, parts["width"])]
    elif interval:
        members.append((INTERVAL, "".join(interval)))
    if len(members) == 1:
        kind, content = members[0]
        return f'{opening} xsi:type="{kind}">{content}{indent}{closing}'
    inner = "".join(
        _member(kind, content, indent + _INDENT, index > 0) for index, (kind, content) in enumerate(members)
    )
    return f'{opening} xsi:type="{EXPRESSION}">{inner}{indent}{closing}'


def _member(kind: str, content: str, indent: str, narrows: bool) -> str:
    operator = ' operator="A"' if narrows else ""
    deeper = content.replace("\n", "\n" + _INDENT)
    return f'{indent}<comp xsi:type="{kind}"{operator}>{deeper}{indent}</comp>'
