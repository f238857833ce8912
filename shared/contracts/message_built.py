"""``dayzero.message.built.v1``: reporting to triage. The approval became a message, or was blocked by name."""

from enum import StrEnum

import msgspec


class BuildOutcome(StrEnum):
    """What became of an approval."""

    BUILT = "built"
    BLOCKED = "blocked"


class BuildIssue(msgspec.Struct, frozen=True, kw_only=True):
    """Why no message could be built, with the cure; or what it leaves out of a received report and why."""

    rule_id: str
    element_id: str
    words: str


class MessageBuilt(msgspec.Struct, frozen=True, kw_only=True):
    """The answer to ``case.approved``."""

    approval_id: str
    case_id: str
    version: int
    destination: str
    outcome: BuildOutcome
    message_id: str | None = None
    batch_number: str | None = None
    sha256: str | None = None
    schema_checked: bool = False
    issues: tuple[BuildIssue, ...] = ()
    left_out: tuple[BuildIssue, ...] = ()  # of the report as received: what does not go on, by name
