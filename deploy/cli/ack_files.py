"""Files of acknowledgements read, and batches answered with one (ICH E2B(R3) v5.03, section 4)."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import msgspec

from deploy.cli.e2b_files import pieces
from deploy.cli.e2b_many import ExitCode
from deploy.cli.failure import CommandError
from shared.clock import Clock
from shared.icsr import api as icsr
from shared.icsr.model.dates import TS

_LONGEST_NUMBER = 100  # ACK.M.1


class FindingTold(msgspec.Struct, frozen=True, kw_only=True):
    """One error or warning, and the E2B elements that it names."""

    severity: str
    words: str
    elements: tuple[str, ...]


class MessageTold(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one message."""

    message_number: str | None
    local_report_number: str | None
    outcome: str
    why: str
    findings: tuple[FindingTold, ...]


class AckResult(msgspec.Struct, frozen=True, kw_only=True):
    """What an acknowledgement says; ``unreadable`` tells why it says nothing, ``written`` where a new one lies."""

    file: str
    unreadable: str | None = None
    written: str | None = None
    release: str | None = None
    ack_batch_number: str | None = None
    sender: str | None = None
    receiver: str | None = None
    date: str | None = None
    batch_number: str | None = None
    code: str | None = None
    outcome: str | None = None
    findings: tuple[FindingTold, ...] = ()
    messages: tuple[MessageTold, ...] = ()
    unread: tuple[str, ...] = ()

    @property
    def exit_code(self) -> ExitCode:
        """Return what this file alone would make of the exit code."""
        if self.unreadable is not None:
            return ExitCode.UNREADABLE
        outcomes = {self.outcome, *(each.outcome for each in self.messages)}
        fine = outcomes == {icsr.Outcome.ACCEPTED.value} and not self.unread and not self.findings
        return ExitCode.NOTHING_FOUND if fine else ExitCode.ISSUES


def read_file(file: Path) -> AckResult:
    """Read one acknowledgement of R3 or R2."""
    try:
        with file.open("rb") as opened:
            answer = icsr.read_acknowledgement(opened.read(icsr.MAX_BYTES + 1))
    except (icsr.UnreadableMessage, OSError) as error:
        return AckResult(file=str(file), unreadable=_words(error))
    return _told(file, answer)


def write_answer(file: Path, folder: Path, schemas: Path | None, clock: Clock, *, strict: bool) -> AckResult:
    """Answer one batch with a file ``ack-NAME.xml`` in the folder. Raises CommandError where there is no schema set."""
    target = folder / f"ack-{file.stem}.xml"
    try:
        answer = _answer(file, schemas, clock, strict=strict)
        content = icsr.write_acknowledgement(answer)
        with target.open("xb") as opened:  # an answer that was given is never replaced
            opened.write(content)
    except FileNotFoundError as error:
        if error.filename is None:
            raise CommandError(str(error)) from error
        return AckResult(file=str(file), unreadable=_words(error))
    except icsr.UnusableSchemas:  # no fault of this file
        raise
    except (ValueError, OSError) as error:
        return AckResult(file=str(file), unreadable=_words(error))
    return msgspec.structs.replace(_told(file, answer), written=str(target))


def _answer(file: Path, schemas: Path | None, clock: Clock, *, strict: bool) -> icsr.Acknowledgement:
    with file.open("rb") as opened:
        wrapper = icsr.read_wrapper(pieces(opened))  # N.1.4, which decides whose rules hold, stands behind the messages
        opened.seek(0)
        answers: list[icsr.MessageAcknowledgement] = []
        of_wrapper: dict[str, icsr.Issue] = {}
        for part in icsr.read_stream(pieces(opened), schemas):
            if part.draft:
                raise icsr.DraftMessage(part.draft)  # it has no number to be answered by
            own, others = _issues(wrapper, part)
            of_wrapper |= {issue.message: issue for issue in others}
            answers += (icsr.answer_message(message, own, strict=strict) for message in part.batch.messages)
    now = TS(clock.now().strftime("%Y%m%d%H%M%S%z"))
    number = f"ACK-{wrapper.batch_number}"[:_LONGEST_NUMBER]
    return icsr.answer_batch(wrapper, answers, list(of_wrapper.values()), number=number, date=now)


def _issues(wrapper: icsr.Batch, part: icsr.Part) -> tuple[list[icsr.Issue], list[icsr.Issue]]:
    """Return what is wrong with the message of a part, and what with the wrapper."""
    if not part.number:
        return [], list(part.schema.issues)
    found = icsr.check(replace(wrapper, messages=part.batch.messages, unknown=()))
    own = [issue for issue in found if issue.location.startswith("messages[")]
    return [*part.schema.issues, *own], [issue for issue in found if issue not in own]


def _told(file: Path, answer: icsr.Acknowledgement) -> AckResult:
    concluded = icsr.conclude(answer)
    return AckResult(
        file=str(file),
        release=answer.release.value,
        ack_batch_number=answer.ack_batch_number,
        sender=answer.sender,
        receiver=answer.receiver,
        date=str(answer.date) if answer.date else None,
        batch_number=answer.batch_number,
        code=answer.code.value if answer.code else None,
        outcome=concluded.outcome.value,
        findings=_findings(concluded.findings),
        messages=tuple(map(_message, concluded.messages)),
        unread=answer.unread,
    )


def _message(concluded: icsr.MessageOutcome) -> MessageTold:
    return MessageTold(
        message_number=concluded.message_number,
        local_report_number=concluded.local_report_number,
        outcome=concluded.outcome.value,
        why=concluded.why,
        findings=_findings(concluded.findings),
    )


def _findings(found: Sequence[icsr.Finding]) -> tuple[FindingTold, ...]:
    return tuple(FindingTold(severity=f.severity.value, words=f.text, elements=f.element_ids) for f in found)


def _words(error: Exception) -> str:
    if isinstance(error, FileExistsError):
        return f"{error.filename} lies there already; name another folder with --to"
    return (error.strerror if isinstance(error, OSError) else None) or str(error)
