"""All of reporting's use cases over stores in memory and a clock that stands still."""

from pathlib import Path

from reporting.acknowledge import Acknowledge
from reporting.build import Build
from reporting.domain.records import Blocked, Message, Submission, submission_id_of
from reporting.submit import Submit
from shared.clock import SetClock
from shared.contracts.case_approved import CaseApproved
from tests.unit.reporting.cases import NOW, event
from tests.unit.reporting.fakes import FakeAcknowledgements, FakeGateway, FakeMessages, FakeSubmissions


class Desk:
    """A reporting service without servers."""

    def __init__(self, schemas: Path | None = None) -> None:
        self.clock = SetClock(NOW)
        self.submissions = FakeSubmissions()
        self.messages = FakeMessages(self.submissions)
        self.acknowledgements = FakeAcknowledgements()
        self.gateway = FakeGateway()
        self.build = Build(self.messages, self.submissions, self.clock, schemas)
        self.submit = Submit(self.messages, self.submissions, self.gateway, self.clock)
        self.acknowledge = Acknowledge(self.acknowledgements, self.submissions, self.clock)

    def built(self, body: CaseApproved) -> Message:
        """Build, and expect a message."""
        result = self._settled(body)
        assert isinstance(result, Message), result
        return result

    def blocked(self, body: CaseApproved) -> Blocked:
        """Build, and expect a block."""
        result = self._settled(body)
        assert isinstance(result, Blocked), result
        return result

    def send(self) -> int:
        """Promote and hand over once."""
        self.submit.promote()
        return self.submit.hand_over()[0]

    def submission(self, body: CaseApproved) -> Submission:
        return self.submissions.kept[submission_id_of(body.approval_id)]

    def _settled(self, body: CaseApproved) -> Message | Blocked | None:
        self.build(event(body))
        return self.messages.of_approval(body.snapshot.sponsor, body.approval_id)
