"""The staff application in a real Chromium, served by a thread of the test over in-memory stores, at its own clock."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pyotp
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page
from werkzeug.serving import make_server

from deploy.local.ports import ADDRESS
from tests.browser.conftest import PATIENCE
from tests.unit.triage.review.conftest import ADMINISTRATOR, Review
from triage.domain.identity import Grant, Role
from triage.review.browsing import COOKIE

WORDS = "lantern goat quarry"
STEP = timedelta(seconds=30)
_RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
_ANSWERED = "Failed to load resource: the server responded with a status of"


class Desk:
    """Somebody at her desk: the application, her browser, and her authenticator."""

    def __init__(self, review: Review, page: Page, origin: str) -> None:
        self.review, self.page, self.origin, self.secret = review, page, origin, ""

    def hire(
        self, name: str = "ann", roles: tuple[Role, ...] = (Role.APPROVER,), unblinded: bool = False, **more: Any
    ) -> str:
        """Add a user of helvion, and return her one-time password."""
        grants = [Grant(sponsor="helvion", role=role, unblinded=unblinded) for role in roles]
        return self.review.administer.add(ADMINISTRATOR, name, f"{name.title()} Smith", grants, **more) or ""

    def go(self, path: str) -> None:
        self.page.goto(self.origin + path)

    def path(self) -> str:
        return self.page.url.removeprefix(self.origin)

    def heading(self) -> str:
        return self.page.locator("h1").inner_text()

    def give(self, **fields: str) -> None:
        """Fill in the form of the page, and send it with its last field's Enter."""
        for name, value in fields.items():
            self.page.fill(f"#{name}", value)
        self.page.press(f"#{name}", "Enter")

    def code(self) -> str:
        return pyotp.TOTP(self.secret).at(self.review.clock.now())

    def first(self, one_time: str, name: str = "ann") -> None:
        """Sign in for the first time."""
        self.go("/sign-in")
        self.give(name=name, password=one_time)
        self.give(password=WORDS)
        self.secret = "".join(self.page.locator("main code").inner_text().split())
        self.give(totp=self.code())
        self.review.clock.advance(STEP)

    def again(self, name: str = "ann") -> None:
        """Sign in as usual."""
        self.go("/sign-in")
        self.give(name=name, password=WORDS)
        self.give(totp=self.code())
        self.review.clock.advance(STEP)

    def sign_out(self) -> None:
        self.page.click("text=Sign out")

    def is_clean(self) -> None:
        """Hold the page against axe, and against a narrow window."""
        found = Axe().run(self.page, options=_RULES)
        assert found.violations_count == 0, f"{self.path()}: {found.generate_report()}"
        self.page.set_viewport_size({"width": 320, "height": 640})
        assert self.page.evaluate("document.documentElement.scrollWidth") <= 320, self.path()
        self.page.set_viewport_size({"width": 1200, "height": 900})


@contextmanager
def at_a_desk(chromium: Browser, review: Review, also: str = "") -> Iterator[Desk]:
    """Sit down; nothing may have left the origin (or ``also``), broken the policy or been stored when it ends."""
    server = make_server(ADDRESS, 0, review.app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    origin = f"http://{ADDRESS}:{server.server_port}"
    context = chromium.new_context()
    context.set_default_timeout(PATIENCE)
    seen = _watched(context, (origin, also or origin))
    page = context.new_page()
    try:
        yield Desk(review, page, origin)
        if page.url.startswith(origin):
            stored = page.evaluate("[localStorage.length, sessionStorage.length, document.cookie]")
            assert stored == [0, 0, ""]
        assert seen == []
        ours = [cookie for cookie in context.cookies() if cookie["name"].startswith("__Host-")]
        assert [(c["name"], c["secure"], c["httpOnly"], c["sameSite"]) for c in ours] in (
            [],
            [(COOKIE, True, True, "Lax")],
        )
    finally:
        context.close()
        server.shutdown()
        thread.join()
        server.server_close()


def _watched(context: BrowserContext, origins: tuple[str, ...]) -> list[str]:
    seen: list[str] = []

    def said(kind: str, text: str) -> None:
        if kind in {"error", "warning"} and not text.startswith(_ANSWERED):
            seen.append(text)

    context.on("request", lambda request: None if request.url.startswith(origins) else seen.append(request.url))
    context.on("console", lambda message: said(message.type, message.text))
    context.on("weberror", lambda error: seen.append(str(error.error)))
    return seen
