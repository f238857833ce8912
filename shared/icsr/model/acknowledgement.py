"""Every batch is answered: for the batch, and for each message in it (guide v5.03, section 4)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from shared.icsr.model.dates import TS


class TransmissionCode(Enum):
    """ACK.A.4: what became of the batch."""

    ACCEPTED = "AA"
    ERROR = "AE"  # some messages need action
    REJECTED = "AR"  # the whole batch has to be sent again


class MessageCode(Enum):
    """ACK.B.r.6: what became of one message."""

    ACCEPTED = "CA"
    REJECTED = "CR"


class Release(Enum):
    """The release of E2B that an answer is written in; R2's has the same content under other names and codes."""

    R2 = "R2"
    R3 = "R3"


@dataclass(frozen=True, kw_only=True, slots=True)
class MessageAcknowledgement:
    """ACK.B.r: the answer to one message.

    `message_number` is N.2.r.1 of the message (B.r.1; FDA sends C.1.1, its equal), `local_report_number` the number the
    receiver gave it (B.r.2), `receiver` and `sender` are B.r.3 and B.r.4, `message_date` is B.r.5, `code` B.r.6 and
    `comment` B.r.7, which in practice runs to many lines. None: not stated.
    """

    message_number: str | None = None
    local_report_number: str | None = None
    receiver: str | None = None
    sender: str | None = None
    message_date: TS | None = None
    code: MessageCode | None = None
    comment: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Acknowledgement:
    """ACK.M and ACK.A: the answer to one batch, and the answers to its messages.

    `ack_batch_number` is M.1, `sender` M.2, `receiver` M.3, `date` M.4; `batch_number` is N.1.2 of the batch that is
    answered (A.1), `local_message_number` A.2, `batch_date` A.3, `code` A.4, `error` A.5. None: not stated. `unread`
    lists what a reader could not understand, one line each.
    """

    ack_batch_number: str | None = None
    sender: str | None = None
    receiver: str | None = None
    date: TS | None = None
    batch_number: str | None = None
    local_message_number: str | None = None
    batch_date: TS | None = None
    code: TransmissionCode | None = None
    error: str | None = None
    messages: tuple[MessageAcknowledgement, ...] = ()
    unread: tuple[str, ...] = ()
    release: Release = Release.R3
