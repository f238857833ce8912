"""A report is sent as an XML file of the HL7 schema (guide v5.03, section 3.1): the model written by the plan.

The same model gives the same bytes. Each node of the plan is made once into a function that writes it, so that nothing
of the plan is looked up again while writing; text is put together directly, since a tree built only to be serialised
would take longer than the serialising.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import cast

from shared.icsr.e2b.ids import identified
from shared.icsr.e2b.plan import Node, Repeat, Slot, message_plan, sequence_getter
from shared.icsr.e2b.times import spelled
from shared.icsr.element import lexical
from shared.icsr.model.codes import NOT_XML
from shared.icsr.model.message import Batch
from shared.icsr.model.null_flavor import NullFlavor
from shared.icsr.model.values import Attachment, Coded

Ids = tuple[str, ...]
Write = Callable[[object, Ids], str]
Child = tuple[Node, Write]

_ATTRIBUTE = str.maketrans(
    {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\r": "&#13;", "\n": "&#10;", "\t": "&#9;"}
)


def write_batch(batch: Batch, note: str | None = None) -> bytes:
    """Write a batch as UTF-8 XML; what it says is not checked here (see `shared.icsr.api.write`).

    `note` becomes a comment of one line before the root element. Hyphens next to one another are set apart, since XML
    allows none in a comment.
    """
    comment = f"<!-- {_comment(note)} -->\n" if note else ""
    body = _plan_writer()(identified(batch), ())
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{comment}{body}\n'.encode()


def escape_attribute(value: str) -> str:
    """Escape a value for an attribute in double quotes, keeping its line ends from being normalised away."""
    return value if value.isalnum() else value.translate(_ATTRIBUTE)


def escape_text(value: str) -> str:
    """Escape a value for the text of an element; an embedded document may have millions of characters."""
    # Four searches that find nothing take less than one look at each character, as `translate` does.
    return value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\r", "&#13;")


@cache
def _plan_writer() -> Write:
    return _element_writer(message_plan())


def _writer(node: Node) -> Write:
    if node.fixed:
        constant = _constant(node)
        return lambda record, ids: constant
    write = _element_writer(node)
    return _repeated(write, node.repeat) if node.repeat else write


def _element_writer(node: Node) -> Write:
    if node.attachment:
        return _attachment_writer(node, node.attachment)
    if node.is_time:
        return _time_writer(node)
    children = [(child, _writer(child)) for child in node.children]
    if node.identity is not None:
        return _identity_writer(node, node.identity)
    return _value_writer(node, children) if node.slots else _structure_writer(node, children)


def _repeated(write: Write, repeat: Repeat) -> Write:
    getters = [sequence_getter(path) for path in repeat.paths]
    if not repeat.joined:
        members, keyed = getters[0], repeat.groups[0].key is not None

        def own(record: object, ids: Ids) -> str:
            found = members(record)
            return "".join([write(each, (cast("str", each.id),) if keyed else ids) for each in found]) if found else ""  # type: ignore[attr-defined]

        return own
    levels = [(each.down - 1, each.field) for each in repeat.keys]

    def joined(record: object, _: Ids) -> str:
        return "".join(
            write(chain[-1], tuple(str(getattr(chain[level], field)) for level, field in levels))
            for chain in _chains(record, getters)
        )

    return joined


def _chains(
    record: object, getters: Sequence[Callable[[object], tuple[object, ...]]], at: int = 0
) -> Iterator[tuple[object, ...]]:
    if at == len(getters):
        yield ()
        return
    for member in getters[at](record):
        for rest in _chains(member, getters, at + 1):
            yield (member, *rest)


def _structure_writer(node: Node, children: list[Child]) -> Write:
    """An element without values of its own; most are only on the way to one."""
    opening, closing = f"{node.opening}>", f"{node.inside}{node.closing}"
    inner = _children_writer(children, node.reference)
    bare = f"{node.opening}/>" if node.demanded else ""

    def structure(record: object, ids: Ids) -> str:
        content = inner(record, ids)
        return f"{opening}{content}{closing}" if content else bare

    return structure


def _value_writer(node: Node, children: list[Child]) -> Write:
    start = _start_writer(node)
    inner = _children_writer(children) if children else None
    constants = "".join(_constant(child) for child, _ in children if child.fixed)
    inside, closing, demanded = node.inside, node.closing, node.demanded

    def element(record: object, ids: Ids) -> str:
        opening, text, live = start(record)
        content = inner(record, ids) if inner else ""
        if not (live or content or demanded):
            return ""
        content = content or constants
        if content:
            return f"{opening}>{text}{content}{inside}{closing}"
        return f"{opening}>{text}{closing}" if text else f"{opening}/>"

    return element


def _identity_writer(node: Node, which: int) -> Write:
    def identity(_: object, ids: Ids) -> str:
        root, _, extension = ids[which].partition("/")
        extended = f' extension="{escape_attribute(extension)}"' if extension else ""
        return f'{node.opening} root="{escape_attribute(root)}"{extended}/>'

    return identity


def _children_writer(children: list[Child], always: bool = False) -> Write:
    """All children, or nothing if none says more than an id or a constant; `always`: also then."""
    told = [always or not (child.fixed or child.reference or child.identity is not None) for child, _ in children]
    if len(children) == 1 and told[0]:
        return children[0][1]
    writes = [
        (
            write,
            counts,
            f"<{child.name}/>" if child.step.position > 1 else "",
            f"{child.opening}/>" if child.completing else "",
        )
        for (child, write), counts in zip(children, told, strict=True)
    ]

    def inner(record: object, ids: Ids) -> str:
        parts: list[str] = []
        live = False
        before = ""
        for write, counts, stand_in, bare in writes:
            written = write(record, ids)
            if written:
                if stand_in and not before:
                    parts.append(stand_in)  # an empty one before it keeps its position
                live = live or (counts and written != bare)
                parts.append(written)
            before = written
        return "".join(parts) if live else ""

    return inner


def _start_writer(node: Node) -> Callable[[object], tuple[str, str, bool]]:
    """The start tag without its end, the text, and whether they say anything."""
    slots, scheme = tuple(node.slots), node.step.scheme

    def start(record: object) -> tuple[str, str, bool]:
        opening, text, live, listed = node.opening, "", False, ""
        attributes = ""
        for slot in slots:
            value = slot.get(record)
            if value is None:
                continue
            live = True
            if isinstance(value, NullFlavor):
                opening = node.opening_null
                attributes += _null(value, scheme)
            elif slot.attribute:
                listed = _system(slot, value) or listed
                if (said := lexical(value)) or not listed:
                    attributes += f' {slot.attribute}="{scheme}{escape_attribute(said)}"'
            else:
                text = escape_text(lexical(value))
        return opening + listed + attributes, text, live

    return start


def _null(flavor: NullFlavor, scheme: str) -> str:
    # Which of a person's telecoms is withheld can only be told by its scheme.
    return (f' value="{scheme}"' if scheme else "") + f' nullFlavor="{flavor.value}"'


def _system(slot: Slot, value: object) -> str:
    if slot.system is None or not slot.system.open:
        return ""
    root = value.system if isinstance(value, Coded) else slot.system.root
    return f' codeSystem="{escape_attribute(root)}"' if root else ""


def _attachment_writer(node: Node, slot: Slot) -> Write:
    def attachment(record: object, _: Ids) -> str:
        value = slot.get(record)
        if value is None:
            return ""
        if not isinstance(value, Attachment):
            return f"{node.opening}{_null(cast('NullFlavor', value), '')}/>"
        stated = {
            "mediaType": value.media_type,
            "representation": value.representation,
            "compression": value.compression,
        }
        start = node.opening + "".join(f' {k}="{escape_attribute(v)}"' for k, v in stated.items() if v is not None)
        reference = f'<reference value="{escape_attribute(value.reference)}"/>' if value.reference is not None else ""
        return f"{start}>{reference}{escape_text(value.content or '')}{node.closing}"

    return attachment


def _time_writer(node: Node) -> Write:
    parts = [(child.name, _writer(child)) for child in node.children]

    def time(record: object, ids: Ids) -> str:
        written = {name: text for name, write in parts if (text := write(record, ids))}
        return spelled(node.opening, node.outside, node.closing, written) if written else ""

    return time


def _constant(node: Node) -> str:
    inner = "".join(_constant(child) for child in node.children)
    return f"{node.opening}>{inner}{node.inside}{node.closing}" if inner else f"{node.opening}/>"


def _comment(note: str) -> str:
    return re.sub(r"-(?=-)|-$", "- ", " ".join(NOT_XML.sub("", note).split()))
