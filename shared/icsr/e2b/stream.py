"""A batch holds any number of messages (guide v5.03, section 3.1: N.2.r repeats), so it is read one message at a time.

The schema is not asked while parsing, for libxml2 would end at its first error: each message's tree is validated once
it is whole, the wrapper once all is. Memory is bounded by the largest message.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path

from lxml import etree

from shared.icsr.e2b.hl7 import NAMESPACE
from shared.icsr.e2b.parser import stream
from shared.icsr.e2b.reader import DraftMessage, read_some
from shared.icsr.e2b.schema import SchemaResult, check_part, check_tree
from shared.icsr.model.issue import Issue
from shared.icsr.model.message import Batch

_PART = "PORR_IN049016UV"
_PART_TAG = f"{{{NAMESPACE}}}{_PART}"
MAX_STREAM = 4 * 1024 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Part:
    """A step of a stream: the wrapper (`number` 0, no message in `batch`) or a message (1, 2, ...; alone in `batch`).

    `batch.unknown` and `schema` are those of this part; places in `unknown` count this message only, lines the file's.
    `draft` is the readable line of a `DraftMessage`, or empty: a message with it is not in `batch`, since nothing in it
    can be told; of a wrapper `batch` holds what can.
    """

    number: int
    batch: Batch
    schema: SchemaResult
    draft: str = ""


def read_wrapper(source: Iterable[bytes], limit: int = MAX_STREAM) -> Batch:
    """Read what a batch says of itself; its messages are parsed and passed over. Raises as `read_stream` does.

    Raises:
        DraftMessage: see `read_batch`.
    """
    parts = stream(source, f"{{{NAMESPACE}}}{Batch.ROOT}", _PART_TAG, limit)
    batch, placeholder = next(_wrapper(root) for root, message in parts if message is None)
    if placeholder:
        raise DraftMessage(placeholder)
    return batch


def read_stream(source: Iterable[bytes], schemas: Path | None = None, limit: int = MAX_STREAM) -> Iterator[Part]:
    """Yield the wrapper as far as it is stated before the first message, each message, last the wrapper whole.

    N.1.3 and N.1.4 stand behind the messages; whoever needs them waits for the last part.

    Raises:
        FileNotFoundError: see `check`.
        RefusedXml, UnreadableMessage: see `parse`; raised where the fault stands, so that messages may come before it.
    """
    last = SchemaResult(checked=False)
    parts = stream(source, f"{{{NAMESPACE}}}{Batch.ROOT}", _PART_TAG, limit)
    for number, (root, message) in enumerate(parts, start=1):
        if message is None:
            batch, placeholder = _wrapper(root)
            yield Part(0, batch, _of_wrapper(root, schemas, last), placeholder)
            return
        if number == 1:
            batch, placeholder = read_some(takewhile(lambda each: each.tag != _PART_TAG, root))
            yield Part(0, batch, SchemaResult(checked=False), placeholder)
        last = check_part(message, _PART, schemas)
        batch, placeholder = read_some((message,))
        yield Part(number, Batch(message_type=None) if placeholder else batch, last, placeholder)


def _wrapper(root: etree._Element) -> tuple[Batch, str]:
    return read_some(each for each in root if each.tag != _PART_TAG)


def _of_wrapper(root: etree._Element, schemas: Path | None, last: SchemaResult) -> SchemaResult:
    """Validate the wrapper with the message that is left in it, of which what was told already is left out."""
    found = check_tree(root, schemas)
    told: set[Issue] = set(last.issues)
    return SchemaResult(found.checked, tuple(each for each in found.issues if each not in told))
