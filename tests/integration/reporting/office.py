"""All of reporting's use cases over MongoDB and folders, and a clock that stands still."""

from pathlib import Path
from typing import Any

import structlog
from pymongo.database import Database

from reporting.acknowledge import Acknowledge
from reporting.build import Build
from reporting.domain.records import Message
from reporting.gateways.file_drop import FileDrop, IncomingFolder
from reporting.sender import collect, send
from reporting.store.acknowledgements import MongoAcknowledgements
from reporting.store.messages import MongoMessages
from reporting.store.submissions import MongoSubmissions
from reporting.submit import Submit
from shared.clock import SetClock
from shared.contracts.case_approved import CaseApproved
from shared.logs import Log
from tests.unit.reporting.cases import NOW, event


class Office:
    """A reporting service without its processes."""

    def __init__(self, database: Database[dict[str, Any]], outgoing: Path, incoming: Path) -> None:
        self.database, self.outgoing, self.incoming = database, outgoing, incoming
        self.clock = SetClock(NOW)
        self.messages = MongoMessages(database)
        self.submissions = MongoSubmissions(database)
        self.acknowledgements = MongoAcknowledgements(database)
        self.build = Build(self.messages, self.submissions, self.clock, None)
        self.submit = Submit(self.messages, self.submissions, FileDrop(outgoing), self.clock)
        self.acknowledge = Acknowledge(self.acknowledgements, self.submissions, self.clock)
        self._log: Log = structlog.get_logger()

    def built(self, body: CaseApproved) -> Message:
        self.build(event(body))
        result = self.messages.of_approval(body.snapshot.sponsor, body.approval_id)
        assert isinstance(result, Message), result
        return result

    def send(self) -> int:
        return send(self.submit, self._log)

    def collect(self) -> int:
        return collect(self.acknowledge, IncomingFolder(self.incoming), self._log)

    def answer(self, file_name: str, content: bytes) -> None:
        """Lay an acknowledgement where a destination would."""
        (self.incoming / file_name).write_bytes(content)

    def row(self, approval_id: str) -> dict[str, Any]:
        """The submission of an approval, as stored."""
        found = self.database["submissions"].find_one({"approval_id": approval_id})
        assert found is not None
        return found

    def active(self) -> list[str]:
        """The approvals whose submissions are active."""
        return [row["approval_id"] for row in self.database["submissions"].find({"active": True})]

    def files(self) -> dict[str, bytes]:
        """What lies in the outgoing folder."""
        return {path.name: path.read_bytes() for path in self.outgoing.iterdir()}
