"""Which use case takes which event, for the worker that consumes them and for whoever replays a parked one."""

from pathlib import Path

from reporting.build import Build
from reporting.confirm import Confirm
from reporting.ports import Messages, Submissions
from shared.clock import Clock
from shared.contracts import topics
from shared.messaging.worker import Handler


def handlers(messages: Messages, submissions: Submissions, clock: Clock, schemas: Path | None) -> dict[str, Handler]:
    """Return the handler of each topic that reporting consumes."""
    return {
        topics.CASE_APPROVED: Build(messages, submissions, clock, schemas),
        topics.SUBMISSION_NOTED: Confirm(submissions, clock),
    }
