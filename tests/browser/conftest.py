"""One Chromium and one intake a run; a visit of its own for every test, and no visit leaves the origin.

A missing Chromium is a failure, not a skip: it says what to install.
"""

import os
import secrets
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, sync_playwright
from pymongo import MongoClient

from deploy.local.mongod import Mongod
from deploy.local.ports import ADDRESS, free_port
from deploy.local.processes import Spec, Supervisor
from deploy.local.readiness import answering
from tests.browser.reports import Reports
from tests.integration.conftest import bin_folder, broker, mongod, prefix, servers, suite_env

__all__ = ["bin_folder", "broker", "mongod", "prefix", "servers", "suite_env"]

_QUIET = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update")
_ALONE = ("--disable-sync", "--no-first-run", "--disable-quic")
_ANSWERED = "Failed to load resource: the server responded with a status of"  # how Chromium tells of a page with errors
PATIENCE = 30_000  # milliseconds: the machine may be shared

Visit = Callable[..., AbstractContextManager[Page]]


class Watch:
    """What a page must not do: ask another origin for anything, break the policy, fail in a script, store anything."""

    def __init__(self, origin: str) -> None:
        self._origin = origin
        self.seen: list[str] = []

    def attach(self, context: BrowserContext) -> None:
        context.on("request", self._request)
        context.on("console", self._console)
        context.on("weberror", lambda error: self.seen.append(f"error: {error.error}"))

    def _request(self, request: Request) -> None:
        if not request.url.startswith(f"{self._origin}/report"):
            self.seen.append(f"request: {request.url}")
        if urlsplit(request.url).query.partition("=")[0] not in {"", "from", "sponsor"}:
            self.seen.append(f"query: {request.url}")

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and not message.text.startswith(_ANSWERED):
            self.seen.append(f"console: {message.text}")


def start_intake(supervisor: Supervisor, mongo_uri: str, name: str = "intake.app") -> str:
    """Start intake's HTTP door on a database, and return its address."""
    port = free_port()
    environment = {
        **{name: os.environ[name] for name in ("PATH", "HOME", "LD_LIBRARY_PATH") if name in os.environ},
        "DAYZERO_INTAKE_MONGO_URI": mongo_uri,
        "DAYZERO_INTAKE_PORT": str(port),
        "DAYZERO_INTAKE_SECRET_KEY": secrets.token_hex(32),
        "DAYZERO_KAFKA": f"{ADDRESS}:9",  # the door speaks to no broker
        "DAYZERO_SITE_COUNTRY": "CH",
        "DAYZERO_SITE_ZONE": "Europe/Zurich",
    }
    supervisor.start(Spec(name, (sys.executable, "-m", "intake.app"), environment, answering(port)))
    return f"http://{ADDRESS}:{port}"


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    program = os.environ.get("DAYZERO_CHROMIUM") or shutil.which("chromium")
    assert program, "no Chromium: apt-get install chromium, or name one in DAYZERO_CHROMIUM"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=[*_QUIET, *_ALONE])
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def intake_uri(mongod: Mongod) -> str:
    """The database of the run's intake."""
    return mongod.create_service_users(f"b{secrets.token_hex(4)}")["DAYZERO_INTAKE_MONGO_URI"]


@pytest.fixture(scope="session")
def origin(servers: Supervisor, intake_uri: str) -> str:
    """The address of the run's intake."""
    return start_intake(servers, intake_uri)


@pytest.fixture
def reports(intake_uri: str) -> Iterator[Reports]:
    """The reports that are kept, by their number."""
    with MongoClient[dict[str, object]](intake_uri) as client:
        yield Reports(client.get_default_database()["reports"])


@pytest.fixture
def visit(chromium: Browser, origin: str) -> Visit:
    """Visit the form: ``visit(js=False, width=320)``. When the visit ends, it has done nothing that it must not."""

    @contextmanager
    def visiting(js: bool = True, width: int = 1200, at: str = origin) -> Iterator[Page]:
        context = chromium.new_context(
            base_url=at, java_script_enabled=js, viewport={"width": width, "height": 900}, service_workers="block"
        )
        watch = Watch(at)
        watch.attach(context)
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        try:
            yield page
            if js and page.url.startswith(at):
                stored = page.evaluate("[localStorage.length, sessionStorage.length, document.cookie]")
                assert stored == [0, 0, ""]
            assert watch.seen == []
        finally:
            context.close()

    return visiting


@pytest.fixture
def private(tmp_path: Path) -> Iterator[Supervisor]:
    """Supervise processes that belong to one test."""
    with Supervisor(tmp_path / "log") as supervisor:
        yield supervisor
