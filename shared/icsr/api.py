"""The facade of the ICSR language: reports in, E2B(R3) files out, and back (ICH E2B(R3) guide v5.03).

A caller builds a `Batch` from the records in `shared.icsr.model.message` and the sections in `shared.icsr.elements`,
and needs no other module of this package. Everything here is a pure function of its arguments.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from shared.icsr.e2b.acknowledgement import write_acknowledgement
from shared.icsr.e2b.acknowledgement_reader import read_acknowledgement
from shared.icsr.e2b.parser import MAX_BYTES, RefusedXml, UnreadableMessage, parse
from shared.icsr.e2b.reader import DraftMessage, read_batch
from shared.icsr.e2b.schema import SchemaResult, UnusableSchemas, check_tree, compile_set, needed_files
from shared.icsr.e2b.schema import check as _check_schema
from shared.icsr.e2b.stream import MAX_STREAM, Part
from shared.icsr.e2b.stream import read_stream as _read_stream
from shared.icsr.e2b.stream import read_wrapper as _read_wrapper
from shared.icsr.e2b.writer import write_batch
from shared.icsr.element import Element, declarations
from shared.icsr.json_form import NoCase, from_json, to_json, value_to_json
from shared.icsr.model.acknowledgement import (
    Acknowledgement,
    MessageAcknowledgement,
    MessageCode,
    Release,
    TransmissionCode,
)
from shared.icsr.model.issue import Issue, Severity
from shared.icsr.model.message import Batch, Unread
from shared.icsr.model.outcome import Conclusion, Finding, MessageOutcome, Outcome
from shared.icsr.rules.answering import answer_batch, answer_message
from shared.icsr.rules.check import check
from shared.icsr.rules.conclude import conclude, outcome_of
from shared.icsr.rules.first import check_first

__all__ = [
    "MAX_BYTES",
    "Acknowledgement",
    "Batch",
    "Conclusion",
    "DraftMessage",
    "ElementInfo",
    "Finding",
    "Issue",
    "MessageAcknowledgement",
    "MessageCode",
    "MessageOutcome",
    "NoCase",
    "Outcome",
    "Part",
    "RefusedXml",
    "Release",
    "SchemaResult",
    "Severity",
    "TransmissionCode",
    "Unread",
    "UnreadableMessage",
    "UnusableSchemas",
    "Written",
    "answer_batch",
    "answer_message",
    "check",
    "check_schema",
    "check_structure",
    "compile_set",
    "conclude",
    "elements",
    "from_json",
    "needed_files",
    "outcome_of",
    "read",
    "read_acknowledgement",
    "read_stream",
    "read_wrapper",
    "render",
    "to_json",
    "value_to_json",
    "write",
    "write_acknowledgement",
]


_UNWRITABLE = (".characters", "DZ.id.form", "DZ.id.unique")


@dataclass(frozen=True, slots=True)
class Written:
    """What became of writing: the file, unless an issue of severity `ERROR` stopped it; warnings do not."""

    xml: bytes | None
    issues: tuple[Issue, ...]


@dataclass(frozen=True, slots=True)
class ElementInfo:
    """One declared element and the field that holds it, e.g. `messages[].report.drugs[].name`."""

    element: Element
    field: str


def write(batch: Batch, note: str | None = None, *, first: bool = False) -> Written:
    """Check a batch against the rules (guide, section 3.4) and write it as UTF-8 XML (section 3.1).

    The same batch gives the same bytes. `note` is written as a comment of one line before the root element. `first`
    says that the receiver has no report of these cases, which no message tells of itself.
    """
    issues = (*check(batch), *check_first(batch)) if first else check(batch)
    if any(issue.severity is Severity.ERROR for issue in issues):
        return Written(None, issues)
    return Written(write_batch(batch, note), issues)


def render(batch: Batch, schemas: Path | None) -> Written:
    """Write a batch whatever the rules find in it, as a file that is read again and the schema accepts: or none.

    This is for handing on what was received, which may break rules that its sender answers for; to send a report of
    one's own, `write` it. The issues are those of the rules; where there is no file, those that say why: characters and
    ids that XML can't carry, an id of two records, sizes beyond what is read, or what the schema refuses.

    Raises:
        FileNotFoundError: see `check_schema`.
    """
    issues = check(batch)
    if unwritable := tuple(each for each in issues if each.rule_id.endswith(_UNWRITABLE)):
        return Written(None, unwritable)
    xml = write_batch(batch)
    try:
        refused = check_tree(parse(xml), schemas).issues
    except UnreadableMessage as error:
        cure = "Shorten what is too long."
        refused = (Issue(Severity.ERROR, "DZ.unreadable", "", "", f"The file would not be read: {error}", cure),)
    return Written(None, refused) if refused else Written(xml, issues)


def read(xml: bytes, limit: int = MAX_BYTES) -> Batch:
    """Read a batch of ICSR messages (guide, section 3.4) of at most `limit` bytes.

    What `write` wrote is read back equal. Content that no declared element holds is listed in `Batch.unknown`.

    Raises:
        RefusedXml: the file has a DOCTYPE or more than `limit` bytes.
        DraftMessage: the file names its code lists by placeholders of a draft of the guide.
        UnreadableMessage: the file is no XML, or no batch of ICSR messages; the text is one readable line.
    """
    return read_batch(xml, limit)


def read_stream(source: Iterable[bytes], schemas: Path | None = None, limit: int = MAX_STREAM) -> Iterator[Part]:
    """Read a batch of any number of messages in pieces (such as an open binary file), one message in memory at a time.

    Yields the wrapper as far as it is stated before the first message (N.1.2, N.1.5), then each message, last the whole
    wrapper. Given `schemas` (see `check_schema`), each part is validated too. A message to a draft of the guide is
    flagged (`Part.draft`) and the next one read.

    Raises:
        FileNotFoundError: see `check_schema`.
        RefusedXml, UnreadableMessage: see `read`; raised where the fault stands, after the messages before it.
    """
    return _read_stream(source, schemas, limit)


def read_wrapper(source: Iterable[bytes], limit: int = MAX_STREAM) -> Batch:
    """Read what a batch of any size says of itself (N.1), of which a part stands behind its messages.

    Raises:
        RefusedXml, DraftMessage, UnreadableMessage: see `read`.
    """
    return _read_wrapper(source, limit)


def check_structure(xml: bytes) -> tuple[Issue, ...]:
    """Read a file back and check it against the rules; needs no schema set.

    Raises:
        UnreadableMessage: see `read`.
    """
    return check(read_batch(xml))


def check_schema(xml: bytes, schemas: Path | None) -> SchemaResult:
    """Validate a message or acknowledgement against the ICH schema set (guide, Appendix I (A)).

    `schemas` is the folder that holds `multicacheschemas/`; None means that none is configured, and nothing is checked.

    Raises:
        FileNotFoundError: the folder is configured and holds no schema set.
        UnreadableMessage: the file can't be parsed, or has another root.
    """
    return _check_schema(xml, schemas)


def elements() -> Iterator[ElementInfo]:
    """Yield every declared element, ICH's and the regions', in the order of declaration."""
    yield from _elements(Batch, "")


def _elements(kind: type, above: str) -> Iterator[ElementInfo]:
    for name, declared in declarations(kind):
        if isinstance(declared, Element):
            yield ElementInfo(declared, above + name)
        else:
            yield from _elements(declared.kind, f"{above}{name}{'[]' if declared.repeats else ''}.")
