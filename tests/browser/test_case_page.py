"""The case page of a report with every element, in a real Chromium: axe finds nothing, and nothing goes sideways."""

import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser
from werkzeug.serving import make_server

from tests.browser.conftest import PATIENCE
from tests.builders import a_report
from tests.unit.icsr.filled import filled
from tests.unit.reporting.received import content_of
from tests.unit.triage.review.conftest import Review

REPORT = filled(messages=1).messages[0].report
NULLIFIED = replace(
    REPORT,
    identification=replace(
        REPORT.identification, nullification_or_amendment="1", nullification_or_amendment_reason="duplicate"
    ),
)


@pytest.fixture
def case_url() -> Iterator[str]:
    """The page of a nullified case, served by a thread of the test."""
    review = Review()
    case = review.opened(a_report(content=content_of(NULLIFIED)))
    server = make_server("127.0.0.1", 0, review.client.application)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/cases/{case.id}"
    server.shutdown()
    thread.join()


@pytest.mark.timeout(300)
@pytest.mark.parametrize("width", [1200, 320])
def test_a_received_report_is_read_by_everyone(chromium: Browser, case_url: str, width: int) -> None:
    context = chromium.new_context(viewport={"width": width, "height": 900})
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    page.goto(case_url)
    assert page.get_by_role("heading", name="As received (E2B)").is_visible()
    results = Axe().run(page)
    assert results.violations_count == 0, results.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    context.close()
