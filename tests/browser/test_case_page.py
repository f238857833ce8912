"""The case page of a report with every element, in a real Chromium: axe finds nothing, and nothing goes sideways."""

from dataclasses import replace

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from tests.browser.desk import at_a_desk
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


@pytest.mark.timeout(300)
@pytest.mark.parametrize("width", [1200, 320])
def test_a_received_report_is_read_by_everyone(chromium: Browser, width: int) -> None:
    review = Review()
    case = review.opened(a_report(content=content_of(NULLIFIED)))
    with at_a_desk(chromium, review) as desk:
        desk.first(desk.hire(unblinded=True))  # every element is filled, G.k.2.5 too
        desk.page.set_viewport_size({"width": width, "height": 900})
        desk.go(f"/cases/{case.id}")
        assert desk.page.get_by_role("heading", name="As received (E2B)").is_visible()
        results = Axe().run(desk.page)
        assert results.violations_count == 0, results.generate_report()
        assert desk.page.evaluate("document.documentElement.scrollWidth") <= width
