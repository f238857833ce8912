"""The whole suite behind proxies, on a mongod and a broker of its own that tests may hurt; it must heal by itself.

Whatever a test does to it, it ends with ``settle``: every report handled, every outbox empty, the ledger identity
without grace, and no document without its owner.
"""

import http.client
import json
import os
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from pymongo.errors import PyMongoError

from deploy.cli.ledger import check
from deploy.cli.ledger_sources import all_facts
from deploy.cli.run_settings import in_environment
from deploy.demo.partners import given
from deploy.demo.staff import Staff, hired
from deploy.local.broker import PROCESS as BROKER
from deploy.local.broker import Broker, find_broker
from deploy.local.mongod import Mongod, start_mongod
from deploy.local.ports import ADDRESS, free_port
from deploy.local.processes import Spec, Supervisor
from deploy.local.readiness import listening
from deploy.local.suite import Options, Suite
from shared.clock import SystemClock
from shared.contracts import topics
from tests.integration.local.waiting import until
from tests.integration.proxy import Proxy

WITHIN = 90.0
INSERT = b"\x02insert\x00\x08\x00\x00\x00reports\x00"  # as the driver sends it: how BSON has insert: "reports"
JSON = {"Content-Type": "application/json"}
_OUTBOXES = (
    ("intake", "reports"),
    ("intake", "refusals"),
    ("triage", "cases"),
    ("triage", "parked"),
    ("triage", "partner_keys"),
    ("reporting", "messages"),
    ("reporting", "blocked_builds"),
    ("reporting", "submissions"),
)


@dataclass(frozen=True)
class Answer:
    """What a door answered over HTTP."""

    status: int
    headers: Mapping[str, str]
    content: bytes
    seconds: float

    @property
    def body(self) -> Any:
        return json.loads(self.content)


def send(
    port: int,
    method: str,
    path: str,
    body: bytes | None = None,
    headers: Mapping[str, str] | None = None,
    within: float = 60,
) -> Answer:
    """Ask a door of this machine. Raises OSError or HTTPException where it does not answer."""
    started = time.monotonic()
    with closing(http.client.HTTPConnection(ADDRESS, port, timeout=within)) as connection:
        connection.request(method, path, body, dict(headers or {}))
        answer = connection.getresponse()
        named = {name.lower(): value for name, value in answer.getheaders()}
        return Answer(answer.status, named, answer.read(), time.monotonic() - started)


@dataclass(frozen=True)
class Rig:
    """The suite, its servers, and the proxies before them."""

    servers: Supervisor
    mongod: Mongod
    broker: Broker
    store: Proxy  # before mongod
    bus: Proxy  # before the broker
    suite: Suite
    straight: Mapping[str, str]  # the suite's settings, past the proxies
    client: Any  # of the administrator, past the proxy
    partner: Mapping[str, str]  # the headers that let a partner in
    staff: Staff  # who is signed in at review

    def post(self, body: object, **headers: str) -> Answer:
        """Post a report: bytes as they are, anything else as JSON."""
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return send(self.suite.intake_port, "POST", "/v1/reports", content, {**JSON, **self.partner, **named})

    def review(self, path: str, method: str = "GET", body: object = None, **headers: str) -> Answer:
        """Ask the review application."""
        content = None if body is None else json.dumps(body).encode()
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        typed = JSON if content else {}
        return send(self.suite.review_port, method, path, content, {**typed, **self.staff.headers(), **named})

    def case_of(self, report_id: str) -> dict[str, Any]:
        """Return the case that a report became, as the review API shows it."""
        reports = self.data("intake", "reports")
        until(lambda: reports.find_one(report_id)["status"]["state"] == "opened", WITHIN)
        case_id = reports.find_one(report_id)["status"]["case_id"]
        found: dict[str, Any] = self.review(f"/api/cases/{case_id}").body
        return found

    def data(self, service: str, collection: str) -> Any:
        """Return a service's collection, past the proxy."""
        return self.client[f"dayzero_{service}"][collection]

    def restart_broker(self) -> None:
        """Kill the broker and start it again: it has lost everything, its topics too."""
        self.servers.kill(BROKER)
        self.servers.restart(BROKER)
        self.broker.create_topics(topics.ALL)

    def settle(self, within: float = WITHIN) -> None:
        """Wait until the suite has done all its work, by itself, and the ledger identity holds without grace."""
        deadline = time.monotonic() + within
        while left := self._left():
            assert time.monotonic() < deadline, left
            time.sleep(0.1)
        self.suite.check()
        assert self._orphans() == []

    def _left(self) -> object:
        """Say what is still to be done: first what is cheap to ask."""
        try:
            pending = {f"{service}.{name}": self._pending(service, name) for service, name in _OUTBOXES}
            if any(pending.values()):
                return pending
            with in_environment(self.straight):
                return check(all_facts(), SystemClock().now(), grace=timedelta(0)).broken
        except PyMongoError as error:
            return error

    def _pending(self, service: str, name: str) -> int:
        waiting = {"outbox": {"$elemMatch": {"confirmed_at": None}}}
        return int(self.data(service, name).count_documents(waiting))

    def _orphans(self) -> list[str]:
        versions, cases = self.data("triage", "case_versions"), self.data("triage", "cases")
        return sorted(set(versions.distinct("case_id")) - set(cases.distinct("_id")))


@contextmanager
def running(folder: Path, bin_folder: Path, harmed: bool = True) -> Iterator[Rig]:
    """Start everything; stop it at the end. Where no server is ``harmed`` the proxies stand aside."""
    with ExitStack() as stack:
        servers = stack.enter_context(Supervisor(folder / "servers-log"))
        mongod = start_mongod(servers, folder, bin_folder)
        store = stack.enter_context(Proxy(mongod.port))
        bus, broker = _broker(stack, servers, bin_folder, harmed)
        straight = mongod.create_service_users()
        uris = {name: _through(uri, mongod.port, store.port) for name, uri in straight.items()}
        environ = {
            **os.environ,
            **(uris if harmed else straight),
            "DAYZERO_KAFKA": broker.address,
            "DAYZERO_RUN": str(folder / "run"),
        }
        options = Options(republish_seconds=0.5, topics=topics.ALL)
        suite = stack.enter_context(Suite("rig", options, environ=environ))
        client = stack.enter_context(closing(mongod.admin()))
        past = {**suite.settings, **straight}
        partner = given(past, suite.intake_url).headers
        yield Rig(servers, mongod, broker, store, bus, suite, past, client, partner, hired(past, suite.review_url))


def _broker(stack: ExitStack, servers: Supervisor, bin_folder: Path, harmed: bool) -> tuple[Proxy, Broker]:
    """Start a broker that tells its clients the proxy's address: they follow what it advertises."""
    port = free_port()
    bus = stack.enter_context(Proxy(port))
    address = bus.port if harmed else port
    listens, told = (f"tcp://{ADDRESS}:{each}" for each in (port, address))
    options = ("--listener-url", listens, "--advertised-listener-url", told, "--storage-engine", "memory://tansu/")
    servers.start(Spec(BROKER, (str(find_broker(bin_folder)), "broker", *options), {}, listening(port)))
    return bus, Broker(f"{ADDRESS}:{address}", ours=False)


def _through(uri: str, port: int, proxy: int) -> str:
    """Return the URI by way of the proxy; a client that asks the set for its members would go past it."""
    return uri.replace(f":{port}/", f":{proxy}/").replace("replicaSet=rs0", "directConnection=true")


def a_body(name: str, **more: Any) -> dict[str, Any]:
    """Return a valid report of a case of its own, serious and unlisted, which a sponsor must send on."""
    return {
        "sponsor": "helvion",
        "sender": {"organisation": "Faults", "case_id": name},
        "patient": {"initials": "F.T.", "sex": "female"},
        "reporters": [{"given_name": "Ann", "country": "FR", "qualification": "physician"}],
        "drugs": [{"name": "Cardivane", "role": "suspect"}],
        "reactions": [
            {
                "verbatim": "Headache",
                "serious": True,
                "criteria": ["hospitalisation"],
                "country": "FR",
                "outcome": "recovered",
            }
        ],
        "narrative": f"Report {name}.",
        **more,
    }
