"""A file is held against the schema set, if there is one, and the rules of the guide (ICH E2B(R3) v5.03, 3.4).

A batch is read one message at a time, so that one of any size takes no more memory than its largest message.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

import msgspec

from deploy.cli import schema_set
from deploy.cli.e2b_many import ExitCode
from deploy.cli.failure import CommandError
from deploy.local.schema_folder import schema_folder
from shared.icsr import api as icsr
from shared.icsr.rules.ich import sent_before

_PIECE = 64 * 1024
_MOST_TOLD = 1000
_LINE = re.compile(r"line (\d+)")
_ANSWER = re.compile(rb"<(?:[\w.]+:)?(?:MCCI_IN200101UV|ichicsrack\b)", re.IGNORECASE)
# A number that differs stops our own writing; of a received message it is told and no more (it is matched by C.1.1).
_ON_READING = {"ICH.N.2.r.1.equal": icsr.Severity.WARNING}


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """One issue: `line` of the file where it is known, `place` in the case otherwise."""

    severity: str
    rule: str
    element: str
    line: int | None
    place: str
    words: str
    cure: str


class FileResult(msgspec.Struct, frozen=True, kw_only=True):
    """What was found in one file; ``unreadable`` says why (the rest of) it could not be looked at.

    ``issues`` are the first thousand, ``more`` counts those beyond. ``is_r2``: it is an acknowledgement of R2, which no
    schema of ICH's set describes.
    """

    file: str
    messages: int = 0
    schema_checked: bool = False
    is_r2: bool = False
    issues: tuple[Told, ...] = ()
    more: int = 0
    unreadable: str | None = None

    @property
    def code(self) -> ExitCode:
        """Return what this file alone would make of the exit code."""
        if self.unreadable is not None:
            return ExitCode.UNREADABLE
        return ExitCode.ISSUES if self.issues else ExitCode.NOTHING_FOUND


def whole_schemas() -> Path | None:
    """Return the folder of the schema set, None where there is none.

    Raises CommandError where its files are not those that were installed, for then nothing it says can be trusted.
    """
    folder = schema_folder()
    if folder and (folder / schema_set.MANIFEST).exists() and (faults := schema_set.faults(folder)):
        raise CommandError(
            f"the schema set in {folder} was changed ({'; '.join(faults[:3])}): nothing was checked;"
            " install it again with: dayzero schemas install"
        )
    return folder


def pieces(opened: BinaryIO) -> Iterator[bytes]:
    """Yield an open file piece by piece."""
    return iter(lambda: opened.read(_PIECE), b"")


def validate(file: Path, schemas: Path | None) -> FileResult:
    """Check one file. Raises CommandError, UnusableSchemas where the schema set is not where it was said to be."""
    if file.exists() and not file.is_file():  # a device may have no end
        return FileResult(file=str(file), unreadable="it is no regular file")
    looked = _Looked()
    try:
        with file.open("rb") as opened:
            looked.at(opened, schemas)
    except icsr.UnreadableMessage as error:
        looked.unreadable = str(error)
    except FileNotFoundError as error:
        if error.filename is None:
            raise CommandError(str(error)) from error
        looked.unreadable = "there is no such file"
    except OSError as error:
        looked.unreadable = error.strerror or str(error)
    return looked.result(str(file))


class _Looked:
    """One pass over one file."""

    def __init__(self) -> None:
        self.unreadable: str | None = None
        self._messages = 0
        self._checked = False
        self._is_r2 = False
        self._issues: list[Told] = []
        self._more = 0
        self._seen: set[object] = set()
        self._of_wrapper: tuple[icsr.Unread, ...] = ()

    def at(self, opened: BinaryIO, schemas: Path | None) -> None:
        """Look at a batch or an acknowledgement."""
        head = opened.read(_PIECE)
        opened.seek(0)
        if _ANSWER.search(head):
            self._answer(opened.read(icsr.MAX_BYTES + 1), schemas)
            return
        wrapper = icsr.read_wrapper(pieces(opened))  # N.1.4, which decides whose rules hold, stands behind the messages
        opened.seek(0)
        for part in icsr.read_stream(pieces(opened), schemas):
            self._part(wrapper, part)
        self._issues += map(_left_over, self._of_wrapper)
        self._add([each for each in icsr.check(wrapper) if each.rule_id != "ICH.N.2.r.missing" or not self._messages])

    def result(self, file: str) -> FileResult:
        """Return what was found."""
        return FileResult(
            file=file,
            messages=self._messages,
            schema_checked=self._checked,
            is_r2=self._is_r2,
            issues=tuple(self._issues),
            more=self._more,
            unreadable=self.unreadable,
        )

    def _part(self, wrapper: icsr.Batch, part: icsr.Part) -> None:
        self._checked = self._checked or part.schema.checked
        self._add(part.schema.issues)
        if not part.number:  # the wrapper comes twice, the second time whole
            self._of_wrapper = part.batch.unknown
            return
        self._messages += 1
        index = part.number - 1
        found = icsr.check(replace(wrapper, messages=part.batch.messages))
        own = [each for each in found if each.location.startswith("messages[0]")]
        self._add([replace(each, location=each.location.replace("[0]", f"[{index}]", 1)) for each in own])
        if draft := part.draft:  # a message of which nothing can be told
            self._add([icsr.Issue(icsr.Severity.ERROR, "DZ.draft", "", f"messages[{index}]", draft, "")])
        for message in part.batch.messages:
            self._add(list(sent_before(message, index, self._seen)))
        self._issues += map(_left_over, part.batch.unknown)

    def _answer(self, xml: bytes, schemas: Path | None) -> None:
        """An acknowledgement has no rules beyond the schema, but what cannot be understood in it is told."""
        answer = icsr.read_acknowledgement(xml)
        self._is_r2 = answer.release is icsr.Release.R2
        if not self._is_r2:
            schema = icsr.check_schema(xml, schemas)
            self._checked = schema.checked
            self._add(schema.issues)
        self._messages = len(answer.messages)
        cure = "Ask the sender of the acknowledgement what is meant."
        self._add([icsr.Issue(icsr.Severity.WARNING, "ACK.unread", "", "", words, cure) for words in answer.unread])

    def _add(self, found: Sequence[icsr.Issue]) -> None:
        room = max(0, _MOST_TOLD - len(self._issues))
        self._issues += map(_told, found[:room])
        self._more += len(found[room:])


def _told(issue: icsr.Issue) -> Told:
    line = _LINE.fullmatch(issue.location)
    return Told(
        severity=_ON_READING.get(issue.rule_id, issue.severity).value,
        rule=issue.rule_id,
        element=issue.element_id,
        line=int(line[1]) if line else None,
        place="" if line else issue.location,
        words=issue.message,
        cure=issue.cure,
    )


def _left_over(unread: icsr.Unread) -> Told:
    return Told(
        severity=icsr.Severity.WARNING.value,
        rule="DZ.unknown",
        element="",
        line=unread.line or None,
        place=unread.place,
        words=f"{brief(unread)} was not understood: {unread.reason}.",
        cure="If an element is meant, correct it; it is kept under `unknown`, and is not written again.",
    )


_NAMESPACES = re.compile(r' xmlns(?::\w+)?="[^"]*"')


def brief(unread: icsr.Unread, most: int = 100) -> str:
    """Say in a line what was left over: where, and how it begins."""
    content = " ".join(_NAMESPACES.sub("", unread.content).split())
    if content.startswith("@"):
        content = f"{unread.place.rpartition('/')[2]} {content}"
    return content if len(content) <= most else f"{content[:most]}... ({len(content)} characters)"
