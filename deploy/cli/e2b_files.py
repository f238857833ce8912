"""A file is held against the schema set, if there is one, and the rules of the guide (ICH E2B(R3) v5.03, 3.4)."""

from enum import IntEnum
from pathlib import Path

import msgspec

from deploy.cli.failure import CommandError
from shared.icsr import api as icsr


class ExitCode(IntEnum):
    """What the command's exit code says, the worst file deciding."""

    NOTHING_FOUND = 0
    ISSUES = 1
    UNREADABLE = 3


class FileResult(msgspec.Struct, frozen=True, kw_only=True):
    """What was found in one file; ``unreadable`` says why it could not be looked at."""

    file: str
    schema_checked: bool = False
    issues: tuple[dict[str, str], ...] = ()
    unreadable: str | None = None

    @property
    def code(self) -> ExitCode:
        """Return what this file alone would make of the exit code."""
        if self.unreadable is not None:
            return ExitCode.UNREADABLE
        return ExitCode.ISSUES if self.issues else ExitCode.NOTHING_FOUND


def validate(file: Path, schemas: Path | None) -> FileResult:
    """Check one message or acknowledgement. Raises CommandError where the schema set is not where it was said to be."""
    if file.exists() and not file.is_file():  # a device may have no end
        return FileResult(file=str(file), unreadable="it is no regular file")
    try:
        xml = file.read_bytes()
        schema = icsr.check_schema(xml, schemas)
        issues = (*schema.issues, *_structure(xml))
    except icsr.UnreadableMessage as error:
        return FileResult(file=str(file), unreadable=str(error))
    except FileNotFoundError as error:
        if error.filename is None:
            raise CommandError(str(error)) from error
        return FileResult(file=str(file), unreadable="there is no such file")
    except OSError as error:
        return FileResult(file=str(file), unreadable=error.strerror or str(error))
    return FileResult(file=str(file), schema_checked=schema.checked, issues=tuple(map(_told, issues)))


def _structure(xml: bytes) -> tuple[icsr.Issue, ...]:
    try:
        return icsr.check_structure(xml)
    except icsr.RefusedXml:
        raise
    except icsr.UnreadableMessage as no_message:
        return _acknowledgement(xml, no_message)


def _acknowledgement(xml: bytes, no_message: icsr.UnreadableMessage) -> tuple[icsr.Issue, ...]:
    """An acknowledgement has no rules beyond the schema, but what cannot be understood in it is told."""
    try:
        answer = icsr.read_acknowledgement(xml)
    except icsr.UnreadableMessage:
        raise no_message from None  # it names what was expected first: a message
    cure = "Ask the sender of the acknowledgement what is meant."
    return tuple(icsr.Issue(icsr.Severity.WARNING, "ACK.unread", "", "", words, cure) for words in answer.unread)


def _told(issue: icsr.Issue) -> dict[str, str]:
    return {
        "severity": issue.severity.value,
        "rule": issue.rule_id,
        "element": issue.element_id,
        "place": issue.location,
        "words": issue.message,
        "cure": issue.cure,
    }
