"""What an answer comes to: one outcome for each message, with what was found wrong by element (guide v5.03, 4.2).

A message's own code (ACK.B.r.6) says whether it was loaded; the batch's (ACK.A.4) AR says that none was.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from shared.icsr.model.issue import Severity


class Outcome(Enum):
    """What became of a message or a batch."""

    ACCEPTED = "accepted"
    WARNINGS = "accepted with warnings"
    REJECTED = "rejected"
    UNKNOWN = "unknown"  # the answer says nothing of it, or two things


@dataclass(frozen=True, slots=True)
class Finding:
    """One error or warning in the receiver's words; `element_ids` are the R3 elements that they name, in order."""

    severity: Severity
    text: str
    element_ids: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class MessageOutcome:
    """What became of one message; `why` tells in a sentence by which codes. None: not stated in the answer."""

    message_number: str | None
    local_report_number: str | None
    outcome: Outcome
    why: str
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Conclusion:
    """What became of a batch: `findings` are those of the batch, `messages` has each number once."""

    outcome: Outcome
    findings: tuple[Finding, ...]
    messages: tuple[MessageOutcome, ...]
