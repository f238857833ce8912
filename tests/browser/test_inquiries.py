"""A follow-up attempt in a real Chromium: from the list of what is to be asked to the record, and axe finds nothing."""

import pytest
from playwright.sync_api import Browser

from shared.contracts.clinical import Reporter
from tests.browser.desk import at_a_desk
from tests.builders import a_content, a_report
from tests.unit.triage.review.conftest import Review
from triage.domain.identity import Role

CALLER = Reporter(given_name="Ada", family_name="Bell", contact="ada@example.org", country="FR")


@pytest.mark.timeout(300)
def test_who_is_to_be_asked_is_found_in_the_queue_and_the_attempt_kept(chromium: Browser) -> None:
    review = Review()
    for number in range(2):
        review.opened(a_report(f"rep_{number}", content=a_content(patient=None, reporters=(CALLER,))))
    with at_a_desk(chromium, review) as desk:
        desk.first(desk.hire(roles=(Role.INTAKE_ASSOCIATE,)))
        desk.page.click("text=To ask (2)")
        desk.is_clean()
        desk.page.locator("tbody a").first.click()
        desk.is_clean()
        desk.page.click("p >> text=Record a follow-up attempt")
        desk.page.select_option("#inquire-means", "phone")
        desk.page.select_option("#inquire-outcome", "no_answer_yet")
        desk.page.fill("#inquire-ask_again", "2020-01-01")
        desk.give(**{"inquire-reason": "The practice is closed until Monday."})
        assert desk.page.locator("#inquire-ask_again-error").is_visible()
        assert desk.page.input_value("#inquire-means") == "phone"
        desk.is_clean()
        desk.page.fill("#inquire-ask_again", "2026-12-01")
        desk.page.click("text=Record the attempt")
        assert desk.page.get_by_text("Ask on 2026-12-01").is_visible()
        desk.is_clean()
        desk.go("/")
        assert desk.page.get_by_text("To ask (1)").is_visible()
