"""All services' use cases over a real MongoDB in one process, with outboxes that deliver to handlers.

What a process or a person does again after a crash is what she would do: send the same again, look and go on.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import structlog

import reporting.handlers
import triage.handlers
from deploy.demo.regulator import Regulator
from deploy.local.suite import Options
from intake.api.messages import E2bReader
from intake.api.reading import BodyReader
from intake.confirm import Confirm
from intake.domain.arrival import Arrival, Site
from intake.handlers import handlers as intake_handlers
from intake.note_keys import NoteKeys
from intake.receive import Receive
from intake.receive_icsrs import ReceiveIcsrs
from intake.refuse import Refuse
from intake.store.connection import IntakeDatabase
from intake.store.files import MongoFiles
from intake.store.keys import MongoKeys
from intake.store.refusals import MongoRefusals
from intake.store.reports import MongoReports
from reporting.acknowledge import Acknowledge
from reporting.gateways.file_drop import FileDrop, IncomingFolder
from reporting.sender import collect, send
from reporting.store.acknowledgements import MongoAcknowledgements
from reporting.store.database import Database
from reporting.store.messages import MongoMessages
from reporting.store.parked import MongoParking
from reporting.store.submissions import MongoSubmissions
from reporting.submit import Submit
from shared.audit.ledger import Ledger
from shared.audit.sequencer import Sequencer, Source
from shared.clock import SetClock
from shared.contracts.audit import INSTALLATION
from shared.contracts.envelope import Event
from shared.logs import Log
from shared.messaging.parked import By as ParkedBy
from shared.messaging.worker import Handler, Unprocessable
from shared.outbox import relay_once
from tests.e2b_files import batch, message
from tests.integration.rig import a_body
from tests.unit.triage.signing import signing
from triage.administer import Administer, By
from triage.decide import Actor, Decide
from triage.domain.amendment import Edit
from triage.domain.case import Case, Status
from triage.domain.identity import Grant, Role
from triage.downgrade import Downgrade
from triage.nullify import Nullify
from triage.park import Park
from triage.partner_keys import PartnerKeys
from triage.prove import NotLetIn
from triage.reference.source import FileReference
from triage.sign_in import SignIn
from triage.store.cases import MongoCaseStore
from triage.store.memory import MongoMemory
from triage.store.parked import MongoParkedStore
from triage.store.partner_keys import MongoPartnerKeyStore
from triage.store.users import MongoSessionStore, MongoUserStore

START = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
SPONSOR = "helvion"
PHYSICIAN = Actor(name="dr.test", authentication="password+totp", scopes=(SPONSOR,))
ROOT = By(actor="root", authentication="console", scopes=(INSTALLATION,), reason="a test")
PAUSE = timedelta(seconds=5)
JSON, XML = "application/json", "application/xml"


class World:
    """Every use case, wired anew as after a start."""

    def __init__(
        self,
        intake: IntakeDatabase,
        triage_database: Database,
        reporting_database: Database,
        ledgers: Mapping[str, tuple[Ledger, Callable[[], list[Source]]]],
        folder: Path,
    ) -> None:
        self.clock, self._ledgers = SetClock(START), ledgers
        self._log: Log = structlog.get_logger()
        self._wire_intake(intake)
        self._wire_triage(triage_database)
        self._wire_reporting(reporting_database, folder)

    def _wire_intake(self, database: IntakeDatabase) -> None:
        reports, refusals, keys = MongoReports(database), MongoRefusals(database), MongoKeys(database)
        site, limit = Site(zone=ZoneInfo("Europe/Zurich"), country="CH", service_version="test"), 2_000_000
        self.receive = Receive(BodyReader(), reports, refusals, self.clock, site)
        reader, refuse = E2bReader(None, limit), Refuse(refusals, site)
        self.receive_files = ReceiveIcsrs(
            reader, MongoFiles(database), self.receive.keep, refuse, self.clock, site, limit
        )
        confirm = Confirm([reports, refusals], self.clock, "test")
        self._handlers: dict[str, Handler] = intake_handlers(confirm, NoteKeys(keys, self.clock, "test"))
        self._outboxes = [reports.outbox(), refusals.outbox(), keys.outbox()]

    def _wire_triage(self, database: Database) -> None:
        options = Options()
        reference = FileReference(options.registry, options.dictionary, MongoMemory(database))
        self.cases = MongoCaseStore(database, self.clock)
        self.parked = MongoParkedStore(database, self.clock, "test")
        keys = MongoPartnerKeyStore(database, self.clock)
        users, sessions = MongoUserStore(database), MongoSessionStore(database)
        self.decide = Decide(self.cases, reference, self.clock)
        self.downgrade = Downgrade(self.decide, self.cases, self.clock)
        self.nullify = Nullify(self.decide, self.cases, self.clock)
        self.administer = Administer(users, sessions, reference.registry.scopes, self.clock, "test")
        self.sign_in = SignIn(users, sessions, self.clock, "test")
        self.keys = PartnerKeys(keys, reference.registry.scopes, self.clock)
        self.park = Park(self.parked, reference, self.clock)
        self._handlers |= triage.handlers.handlers(self.cases, self.parked, keys, reference, self.clock)
        self._outboxes += [self.cases.outbox, self.parked.outbox, keys.outbox]

    def _wire_reporting(self, database: Database, folder: Path) -> None:
        messages, submissions = MongoMessages(database), MongoSubmissions(database)
        outgoing, incoming = folder / "outgoing", folder / "incoming"
        for each in (outgoing, incoming):
            each.mkdir(exist_ok=True)
        self._submit = Submit(messages, submissions, FileDrop(outgoing), self.clock)
        self._acknowledge = Acknowledge(MongoAcknowledgements(database), submissions, self.clock)
        self._incoming = IncomingFolder(incoming)
        self._regulator = Regulator(outgoing, incoming, self.clock, None, rejects_one=False)
        self._handlers |= reporting.handlers.handlers(messages, submissions, self.clock, None)
        self._outboxes += [*messages.outboxes, submissions.outbox, MongoParking(database, self.clock).outbox]

    def publish(self, events: Iterable[Event]) -> set[str]:
        """Deliver as a broker and workers would (``shared.outbox.Publisher``)."""
        delivered = list(events)
        for event in delivered:
            self._handlers[event.topic](event)
        return {event.id for event in delivered}

    def run_down(self) -> None:
        """Relay, send, collect until nothing moves."""
        while True:
            self.clock.advance(timedelta(hours=1))
            moved = relay_once(self._outboxes, self, self.clock.now(), PAUSE)
            moved += send(self._submit, self._log)
            self._regulator.answer_new()
            moved += collect(self._acknowledge, self._incoming, self._log)
            if not moved:
                return

    def move_entries(self) -> None:
        """Let every service's sequencer move what waits."""
        for ledger, sources in self._ledgers.values():
            Sequencer(ledger, sources()).move_all()

    def steps(self, moves_often: bool) -> list[Callable[[], None]]:
        """Return what is done, in order; each may be done again after a crash."""
        steps = self._steps()
        return [each for step in steps for each in (step, self.move_entries)] if moves_often else steps

    def _steps(self) -> list[Callable[[], None]]:
        return [
            lambda: self._post({**a_body("first"), "reactions": SERIOUS}),
            lambda: self._post({**a_body("first"), "reactions": SERIOUS}),  # a repeat
            lambda: self._send(b'{"half": ', JSON),
            lambda: self._send(batch(message("SE-1")), XML),
            self.run_down,
            self.move_entries,
            lambda: self._post({**a_body("first"), "narrative": "A follow-up."}),
            self.run_down,
            self._amend,
            self._propose,
            self._decline,
            self._give_back,
            self._approve,
            self.run_down,
            self.move_entries,
            self._hire,
            self._guess,
            self._keys,
            self._poison,
            self.run_down,
            self.move_entries,
        ]

    def _post(self, body: Mapping[str, Any]) -> None:
        self._send(json.dumps(body).encode(), JSON)

    def _send(self, content: bytes, content_type: str) -> None:
        arrival = Arrival(
            content=content,
            complete=True,
            content_type=content_type,
            content_encoding="",
            idempotency_key="",
            strict=False,
            actor="partner",
            authentication="key:dzk_test",
            channel="api",
            sponsor_stated=SPONSOR if content_type == XML else None,
            sponsors=frozenset({SPONSOR}),
        )
        if content_type == XML:
            self.receive_files(arrival)
        else:
            self.receive(arrival)

    def _case(self) -> Case:
        cases = self.cases.worklist((SPONSOR,), None, 10)
        return next(case for case in cases if case.sender_key and "first" in case.sender_key)

    def _amend(self) -> None:
        case = self._case()
        if case.current.number == 2:
            edits = [Edit("/reactions/0/onset", "2026-11-20")]
            self.decide.amend(case.id, case.revision, PHYSICIAN, "onset known", edits)

    def _propose(self) -> None:
        case = self._case()
        if case.proposal is None:
            edits = [Edit("/reactions/0/criteria", [])]
            self.downgrade.propose(case.id, case.revision, PHYSICIAN, signing(PHYSICIAN), "a check-up", edits)

    def _decline(self) -> None:
        case = self._case()
        if case.proposal is not None:
            self.downgrade.decline(case.id, case.revision, PHYSICIAN, "it was none")

    def _give_back(self) -> None:
        case = self._case()
        if case.status is Status.REVIEW:
            self.decide.give_back(case.id, case.revision, PHYSICIAN, "please look again")

    def _approve(self) -> None:
        case = self._case()
        if case.status is Status.RETURNED:
            self.decide.approve(case.id, case.revision, PHYSICIAN, signing(PHYSICIAN), "complete")

    def _hire(self) -> None:
        names = [user.name for user in self.administer.users((INSTALLATION,))]
        if "ann.smith" not in names:
            self.administer.add(ROOT, "ann.smith", "Ann Smith", [Grant(sponsor=SPONSOR, role=Role.APPROVER)])
        user = self.administer.user("ann.smith", (INSTALLATION,))
        if len(user.grants) == 1:
            self.administer.grant(ROOT, "ann.smith", Grant(sponsor=SPONSOR, role=Role.AUDITOR))

    def _guess(self) -> None:
        try:
            self.sign_in.by_password("ann.smith", "a wrong password")
        except NotLetIn:
            return
        raise AssertionError("let in by a wrong password")

    def _keys(self) -> None:
        if not self.keys.all():
            self.keys.issue(ROOT, "Partner", [SPONSOR])
        (key,) = self.keys.all()
        if key.revoked_at is None:
            self.keys.revoke(ROOT, key.key_id)

    def _poison(self) -> None:
        content = b"no event"
        self.park.park(
            Unprocessable(topic="dayzero.x.v1", event_id="x" * 64, event=None, content=content, error="no event")
        )
        for work in self.parked.works(None):
            if work.topic == "dayzero.x.v1":
                by = ParkedBy(actor="dr.test", authentication="password+totp", reason="nothing in it")
                self.parked.close(work.id, by)


SERIOUS = [
    {"verbatim": "Headache", "serious": True, "criteria": ["hospitalisation"], "country": "FR", "outcome": "recovered"}
]
