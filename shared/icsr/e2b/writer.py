"""A report is sent as an XML file of the HL7 schema (guide v5.03, section 3.1): the model written by the plan.

The same model gives the same bytes. Ids that tie a drug to what is said of it elsewhere are derived (uuid5) from the
message id and the drug's position. Text is put together directly, since a tree built only to be serialised would take
longer than the serialising.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import cast
from uuid import NAMESPACE_OID, UUID, uuid5

from shared.icsr.e2b.plan import Node, message_plan
from shared.icsr.element import lexical
from shared.icsr.model.codes import NOT_XML
from shared.icsr.model.message import Batch
from shared.icsr.model.null_flavor import NullFlavor

_IDS = uuid5(NAMESPACE_OID, "2.16.840.1.113883.3.989.2.1 DayZero ICSR")
_TEXT = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"})
_ATTRIBUTE = str.maketrans(
    {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\r": "&#13;", "\n": "&#10;", "\t": "&#9;"}
)


def write_batch(batch: Batch, note: str | None = None) -> bytes:
    """Write a batch as UTF-8 XML; what it says is not checked here (see `shared.icsr.api.write`).

    `note` becomes a comment of one line before the root element. Hyphens next to one another are set apart, since XML
    allows none in a comment.
    """
    comment = f"<!-- {_comment(note)} -->\n" if note else ""
    body = _element(message_plan(), batch, "", _IDS)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{comment}{body}\n'.encode()


def escape_attribute(value: str) -> str:
    """Escape a value for an attribute in double quotes, keeping its line ends from being normalised away."""
    return value.translate(_ATTRIBUTE)


def escape_text(value: str) -> str:
    """Escape a value for the text of an element."""
    return value.translate(_TEXT)


def _node(node: Node, record: object, key: str, scope: UUID) -> str:
    if node.repeat is None:
        return _element(node, record, key, scope)
    parts = []
    field, named_by = node.repeat.path[-1], node.repeat.group.names_ids
    for index, member in enumerate(cast("Iterable[object]", node.repeat.get(record))):
        name = lexical(getattr(member, named_by)) if named_by else f"{field}/{index}"
        below = uuid5(scope, name)
        parts.append(_element(node, member, str(below), below))
    return "".join(parts)


def _element(node: Node, record: object, key: str, scope: UUID) -> str:
    opening, text, live = _values(node, record, key)
    inner, told = _children(node, record, key, scope)
    if not (live or told or node.reference):
        return ""
    if node.expression and len(inner) == 1:
        return _only_part(node, record, key, scope)
    if inner:
        return f"{opening}>{text}{''.join(inner)}{node.inside}{node.closing}"
    return f"{opening}>{text}{node.closing}" if text else f"{opening}/>"


def _values(node: Node, record: object, key: str) -> tuple[str, str, bool]:
    opening, text, live = node.opening, "", False
    for slot in node.slots:
        value = slot.get(record) if slot.element else key
        if value is None:
            continue
        live = live or slot.element is not None
        if isinstance(value, NullFlavor):
            opening = f'{opening.replace(node.opening, node.opening_null, 1)} nullFlavor="{value.value}"'
        elif slot.attribute:
            opening += f' {slot.attribute}="{node.step.scheme}{escape_attribute(lexical(value))}"'
        else:
            text = escape_text(lexical(value))
    return opening, text, live


def _children(node: Node, record: object, key: str, scope: UUID) -> tuple[list[str], bool]:
    inner: list[str] = []
    told = False
    for child in node.children:
        if child.fixed:
            inner.append(_constant(child))
            continue
        written = _node(child, record, key, scope)
        if written:
            told = told or not child.reference  # an id alone does not make its element worth writing
            if child.step.position > 1 and not any(part.startswith(child.opening.split(" ")[0]) for part in inner):
                inner.append(f"<{child.name}/>")  # an empty one before it keeps its position
            inner.append(written)
    return inner, told


def _only_part(node: Node, record: object, key: str, scope: UUID) -> str:
    """Write a time expression of one part as that part: the schema wants two in an expression."""
    parts = (_element(child.alone, record, key, scope) for child in node.children if child.alone)
    return next(part for part in parts if part)


def _constant(node: Node) -> str:
    inner = "".join(_constant(child) for child in node.children)
    return f"{node.opening}>{inner}{node.inside}{node.closing}" if inner else f"{node.opening}/>"


def _comment(note: str) -> str:
    return re.sub(r"-(?=-)|-$", "- ", " ".join(NOT_XML.sub("", note).split()))
