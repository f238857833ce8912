"""A report is sent as an XML file of the HL7 schema (guide v5.03, section 3.1): the model written by the plan.

The same model gives the same bytes. Each node of the plan becomes lines of a function that writes it
(`shared.icsr.e2b.writer_source`); text is put together directly, since a tree built only to be serialised would take
longer than the serialising. Here is what those functions call.
"""

from __future__ import annotations

import re
from functools import cache

from shared.icsr.e2b.ids import Ids
from shared.icsr.e2b.times import spelled
from shared.icsr.e2b.writer_source import Write, writer_of
from shared.icsr.element import lexical
from shared.icsr.model.codes import NOT_XML
from shared.icsr.model.message import Batch
from shared.icsr.model.null_flavor import NullFlavor
from shared.icsr.model.values import Attachment, Coded

_ATTRIBUTE = str.maketrans(
    {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\r": "&#13;", "\n": "&#10;", "\t": "&#9;"}
)
_TEXT = (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("\r", "&#13;"))
_SPECIAL = re.compile("".join(("[", *map(chr, _ATTRIBUTE), "]")))


def write_batch(batch: Batch, note: str | None = None) -> bytes:
    """Write a batch as UTF-8 XML; what it says is not checked here (see `shared.icsr.api.write`).

    `note` becomes a comment of one line before the root element. Hyphens next to one another are set apart, since XML
    allows none in a comment.
    """
    comment = f"<!-- {_comment(note)} -->\n" if note else ""
    out = [f'<?xml version="1.0" encoding="UTF-8"?>\n{comment}']
    _plan_writer()(out, batch, (), None)
    out.append("\n")
    whole = "".join(out)
    # One letter that is not ASCII makes encoding slow for all that is written with it, such as a document of base 64.
    return whole.encode() if whole.isascii() else b"".join(map(str.encode, out))


def escape_attribute(value: str) -> str:
    """Escape a value for an attribute in double quotes, keeping its line ends from being normalised away."""
    # Most values have nothing to escape; looking for it takes less than `translate` does.
    return value if value.isalnum() or not _SPECIAL.search(value) else value.translate(_ATTRIBUTE)


def escape_text(value: str) -> str:
    """Escape a value for the text of an element; an embedded document may have millions of characters."""
    for character, escaped in _TEXT:
        if character in value:  # what is not there is found not to be much sooner than it is replaced
            value = value.replace(character, escaped)
    return value


@cache
def _plan_writer() -> Write:
    return writer_of(
        {
            "Null": NullFlavor,
            "Ids": Ids,
            "spelled": spelled,
            "quoted": _quoted,
            "texted": _texted,
            "identity": _identity,
            "system": _system,
            "attachment": _attachment,
        }
    )


def _quoted(value: object) -> str:
    return escape_attribute(value if isinstance(value, str) else lexical(value))


def _texted(value: object) -> str:
    return escape_text(value if isinstance(value, str) else lexical(value))


def _identity(identifier: str) -> str:
    """What an id says: its root, and behind a slash its extension."""
    root, _, extension = identifier.partition("/")
    extended = f' extension="{escape_attribute(extension)}"' if extension else ""
    return f' root="{escape_attribute(root)}"{extended}'


def _system(value: object, declared: str) -> str:
    """The code system of a value of an open list."""
    root = value.system if isinstance(value, Coded) else declared
    return f' codeSystem="{escape_attribute(root)}"' if root else ""


def _attachment(opening: str, closing: str, after: str, value: Attachment | NullFlavor) -> tuple[str, ...]:
    """A document in pieces, since putting millions of characters together once more would take as long as all else."""
    if not isinstance(value, Attachment):
        return (f'{opening} nullFlavor="{value.value}"/>', after)
    stated = {"mediaType": value.media_type, "representation": value.representation, "compression": value.compression}
    start = opening + "".join(f' {k}="{escape_attribute(v)}"' for k, v in stated.items() if v is not None)
    reference = f'<reference value="{escape_attribute(value.reference)}"/>' if value.reference is not None else ""
    return (f"{start}>{reference}", escape_text(value.content or ""), closing)


def _comment(note: str) -> str:
    return re.sub(r"-(?=-)|-$", "- ", " ".join(NOT_XML.sub("", note).split()))
