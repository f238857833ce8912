"""The decisions of a case on its page: a physician sees what, why and by when, at any width, and axe finds nothing."""

import pytest
from playwright.sync_api import Browser

from shared.contracts.report_received import Sender
from tests.browser.desk import at_a_desk
from tests.builders import a_content, a_drug, a_report, with_reaction
from tests.unit.triage.review.conftest import Review
from triage.domain.identity import Role

SENDER = Sender(case_id="P-1")


@pytest.mark.timeout(300)
def test_decisions_are_read_by_everyone(chromium: Browser) -> None:
    review = Review()
    review.opened(a_report("rep_1", sender=SENDER, content=with_reaction(serious=False, criteria=())))
    case = review.opened(a_report("rep_2", sender=SENDER, content=with_reaction()))
    with at_a_desk(chromium, review) as desk:
        desk.first(desk.hire(roles=(Role.SAFETY_PHYSICIAN,)))
        desk.go(f"/cases/{case.id}")
        assert desk.page.get_by_role("heading", name="FDA, post-marketing: expedited, due 2026-12-08").is_visible()
        desk.page.locator("summary", has_text="Nothing to tell").click()
        desk.page.locator("summary", has_text="Facts and rules tried").first.click()
        desk.page.locator("summary", has_text="not significant").click()
        desk.is_clean()


@pytest.mark.timeout(300)
def test_an_unread_rule_says_that_it_waits(chromium: Browser) -> None:
    review = Review()
    case = review.opened(a_report(content=a_content(drugs=(a_drug(name="Saline", placebo=True),))))
    with at_a_desk(chromium, review) as desk:
        desk.first(desk.hire(roles=(Role.SAFETY_PHYSICIAN,)))
        desk.go(f"/cases/{case.id}")
        assert desk.page.get_by_text("a regulatory owner has to confirm it").first.is_visible()
        desk.is_clean()
