"""What a person reports on the form becomes a decided case that a physician sees."""

import os
from typing import Any

import pytest

from deploy.demo.staff import Staff, hired
from deploy.local.suite import Options, Suite
from shared.contracts import topics
from tests.browser.conftest import Visit
from tests.browser.journey import whole_report
from tests.integration.local.waiting import until


@pytest.mark.timeout(300)
def test_a_report_of_the_form_reaches_triage_as_a_case(visit: Visit) -> None:
    options = Options(republish_seconds=0.5, keep_data=False, topics=topics.ALL)
    with Suite(f"browser-{os.getpid()}", options) as suite, visit(at=suite.intake_url) as page:
        whole_report(page, "Cardivane")
        staff = hired(suite.settings, suite.review_url)
        until(lambda: len(cases(staff)) == 1, within=90)
        (case,) = cases(staff)
    assert case["title"] == "Cardivane, Vitamin D: Liver failure, Rash"
    assert case["sponsor"] == "helvion"


def cases(staff: Staff) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = staff.call("GET", "/api/cases").body["cases"]
    return found
