"""The staff application as its door wires it, on a real MongoDB, with a user for each role and two sponsors' cases."""

import json
import secrets
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any

import msgspec
import pytest
from flask import Flask
from pymongo import monitoring
from werkzeug.test import TestResponse

from deploy.local.mongod import Mongod
from deploy.local.ports import ADDRESS
from deploy.local.suite import Options
from shared.clock import SystemClock
from shared.contracts import topics
from shared.contracts.audit import INSTALLATION
from shared.contracts.envelope import event_of
from shared.contracts.report_refused import ReportRefused
from shared.ids import new_id
from tests.builders import a_report
from triage import config
from triage.administer import Administer, By
from triage.app import create_app
from triage.domain.identity import Grant, Role, User
from triage.domain.session import Stage, new_session
from triage.open_case import OpenCase
from triage.park import Park
from triage.reference.source import FileReference
from triage.review.browsing import COOKIE
from triage.review.naming import user_id
from triage.store.cases import MongoCaseStore
from triage.store.database import Database, connect, prepare
from triage.store.parked import MongoParkedStore
from triage.store.users import MongoSessionStore, MongoUserStore

OWN, OTHER = "helvion", "boreal"
ROOT = By(actor="root", authentication="console", scopes=(INSTALLATION,), reason="a test")


class Commands(monitoring.CommandListener):
    """What was asked of MongoDB."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, str]] = []
        self.listens = False

    def started(self, event: monitoring.CommandStartedEvent) -> None:
        if self.listens:
            self.seen.append((event.command_name, str(event.command.get(event.command_name))))

    def succeeded(self, event: monitoring.CommandSucceededEvent) -> None:
        """Nothing more is to be known."""

    def failed(self, event: monitoring.CommandFailedEvent) -> None:
        """Nothing more is to be known."""


COMMANDS = Commands()
monitoring.register(COMMANDS)  # of clients that are made from now on: those of this process


@dataclass
class Office:
    """The application, its database, and an id of everything for each sponsor and for nobody."""

    app: Flask
    database: Database
    ids: dict[str, dict[str, str]] = field(default_factory=dict)

    def ask(
        self, name: str | None, method: str, url: str, body: Mapping[str, Any] | None, by_form: bool
    ) -> TestResponse:
        """Send a request as a user, or as nobody, in a session of its own and with the token that it takes."""
        browser = self.app.test_client()
        address = (
            f"10.{secrets.randbelow(256)}.{secrets.randbelow(256)}.{secrets.randbelow(256)}"  # rates are another's
        )
        browser.environ_base["REMOTE_ADDR"] = address
        headers = {} if method == "GET" else {"If-Match": '"1"'}
        if name is not None:
            token, session = new_session(Stage.SIGNED_IN, SystemClock().now(), name, "password+totp")
            MongoSessionStore(self.database).put(session)
            browser.set_cookie(COOKIE, token, path="/", secure=True)
        if method != "GET":
            headers["X-CSRF-Token"] = json.loads(browser.get("/api/session").data)["csrf_token"]
        sent: dict[str, Any] = {} if body is None else {"data" if by_form else "json": body}
        COMMANDS.seen, COMMANDS.listens = [], True
        try:
            answer = browser.open(url, method=method, headers=headers, **sent)
            answer.get_data()
            answer.close()
            return answer
        finally:
            COMMANDS.listens = False


def _refused(sponsor: str) -> Any:
    body = ReportRefused(
        refusal_id=new_id("ref"),
        received_at=SystemClock().now(),
        zone="UTC",
        status=422,
        reason="says nothing",
        source="api",
        content_sha256="0" * 64,
        bytes_kept=2,
    )
    event_id, at = new_id("evt"), body.received_at
    topic = topics.REPORT_REFUSED
    return event_of(event_id=event_id, topic=topic, at=at, sponsor=sponsor, subject=body.refusal_id, body=body)


def _fill(office: Office, reference: FileReference) -> None:
    clock = SystemClock()
    cases, parked = MongoCaseStore(office.database, clock), MongoParkedStore(office.database, clock, "test")
    for sponsor in (OWN, OTHER):
        report = msgspec.structs.replace(a_report(), sponsor=sponsor, id=new_id("evt"))
        report.data["report_id"] = new_id("rep")
        OpenCase(cases, reference, clock)(report)
        Park(parked, reference, clock).refusal(_refused(sponsor))
        case_id = office.database["cases"].find_one({"sponsor": sponsor}, {"_id": 1})
        work_id = office.database["parked"].find_one({"sponsor": sponsor}, {"_id": 1})
        assert case_id is not None
        assert work_id is not None
        office.ids[sponsor] = {
            "case_id": case_id["_id"],
            "work_id": work_id["_id"],
            "user_id": _page_of(f"of.{sponsor}"),
        }
    office.ids["nobody"] = {"case_id": new_id("case"), "work_id": new_id("prk"), "user_id": _page_of("of.nobody")}


def _page_of(name: str) -> str:
    return user_id(User(name=name, full_name=name, revision=1))


def _hire(office: Office, reference: FileReference) -> None:
    users, sessions = MongoUserStore(office.database), MongoSessionStore(office.database)
    administer = Administer(users, sessions, reference.registry.scopes, SystemClock(), "test")
    for role in Role:
        administer.add(ROOT, role.value, role.value, [Grant(sponsor=OWN, role=role)])
    for sponsor in (OWN, OTHER):
        administer.add(ROOT, f"of.{sponsor}", sponsor, [Grant(sponsor=sponsor, role=Role.AUDITOR)])


@pytest.fixture(scope="module")
def office(mongod: Mongod) -> Iterator[Office]:
    """Wire it as the door does; one for all tests, which change nothing that another one looks at."""
    prefix, options = f"t{secrets.token_hex(4)}", Options()
    settings = {
        **mongod.create_service_users(prefix),
        "DAYZERO_KAFKA": f"{ADDRESS}:9",  # the door speaks to no broker
        "DAYZERO_REGISTRY": str(options.registry),
        "DAYZERO_DICTIONARY": str(options.dictionary),
        "DAYZERO_REVIEW_SECRET_KEY": secrets.token_hex(config.KEY_LENGTH),
    }
    with pytest.MonkeyPatch.context() as patched:
        for name, value in settings.items():
            patched.setenv(name, value)
        app = create_app()
    database = connect(settings["DAYZERO_TRIAGE_MONGO_URI"])
    with closing(database.client):
        prepare(database)
        made, reference = Office(app, database), FileReference(options.registry, options.dictionary)
        _fill(made, reference)
        _hire(made, reference)
        yield made
    app.extensions["triage"].client.close()
    app.extensions["triage_ledger"].client.close()
    mongod.drop_service_users(prefix)
