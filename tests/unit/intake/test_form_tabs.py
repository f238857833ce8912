"""Two tabs of one browser: a page goes into the report that it was opened in, or is told not to; none is mixed."""

import pytest

from tests.unit.intake.form_browser import Away, Browser, body


@pytest.fixture
def browser() -> Browser:
    started = Browser()
    started.begin()
    started.answer("/report/reaction/1", verbatim="Rash")
    return started


def another_begun(browser: Browser) -> str:
    """Begin another report in a second tab, and return what the first tab's page said of its own."""
    before = browser.opened_in
    browser.begin()
    browser.open("/report/patient")
    browser.opened_in, after = before, browser.opened_in
    assert after != before
    return after


def test_a_page_of_an_earlier_report_does_not_go_into_a_newer_one(browser: Browser) -> None:
    browser.open("/report/patient")
    newer = another_begun(browser)
    for _ in range(2):
        page = browser.send("/report/patient", {"initials": "M.K.", "age": "x", "birth_date-year": "1971"})
        assert page.status_code == 409
        assert "Another report was started in this browser" in page.text
        assert all(f">{typed}</span>" in page.text for typed in ("M.K.", "x", "1971"))
        assert 'href="/report/check"' in page.text
    assert all("patient" not in draft.answers for draft in browser.drafts.kept.values())
    browser.opened_in = newer
    assert browser.send("/report/patient", {"initials": "B."}).status_code == 303


def test_a_check_page_of_an_earlier_report_sends_and_removes_nothing_of_a_newer_one(browser: Browser) -> None:
    browser.open("/report/check")
    earlier = browser.opened_in
    another_begun(browser)
    browser.answer("/report/reaction/1", verbatim="Fever")
    browser.opened_in = earlier
    assert browser.send("/report/check").status_code == 409
    assert browser.send("/report/reactions/1/remove").status_code == 409
    assert not browser.reports.kept
    assert body(browser.submit())["reactions"] == [{"verbatim": "Fever"}]


def test_what_a_page_says_of_its_draft_does_not_open_it(browser: Browser) -> None:
    page = browser.open("/report/patient").text
    (draft_id,) = browser.drafts.kept
    assert browser.opened_in in page
    assert draft_id not in page


def test_a_page_that_failed_its_token_still_belongs_to_its_own_report(browser: Browser) -> None:
    browser.open("/report/patient")
    another_begun(browser)
    token, browser.token = browser.token, "forged"
    assert browser.send("/report/patient", {"initials": "M.K."}).status_code == 400
    browser.token = token
    assert browser.send("/report/patient", {"initials": "M.K."}).status_code == 409


def test_a_change_after_sending_is_told_to_be_missing_and_shown(browser: Browser) -> None:
    browser.open("/report/story")
    report = browser.submit()
    page = browser.send("/report/story", {"narrative": "It was on the left arm."})
    assert page.status_code == 409
    assert "Your report was already sent; this change is not in it" in page.text
    assert "It was on the left arm." in page.text
    assert report.report_id in page.text
    assert browser.send("/report/reactions/1/remove").status_code == 409


def test_a_page_saved_while_the_report_is_sent_makes_no_second_report(browser: Browser) -> None:
    (draft,) = browser.drafts.kept.values()
    browser.open("/report/check")
    pages = []

    def meanwhile() -> None:
        browser.meanwhile = lambda: None
        pages.append(browser.send("/report/story", {"narrative": "And fever."}))
        pages.append(browser.send("/report/reactions/1/remove"))
        pages.append(browser.send("/report/check"))

    browser.meanwhile = meanwhile
    assert browser.send("/report/check").location == "/report/sent"
    assert [page.status_code for page in pages] == [409, 409, 303]
    assert "Your report is being sent; this change is not in it" in pages[0].text
    assert "And fever." in pages[0].text
    (report,) = browser.reports.kept.values()
    assert browser.drafts.kept[draft.draft_id].report_id == report.report_id
    assert "narrative" not in body(report)


def test_a_report_that_could_not_be_received_is_sent_again_as_it_was(browser: Browser) -> None:
    browser.open("/report/check")

    def away() -> None:
        browser.meanwhile = lambda: None
        raise Away

    browser.meanwhile = away
    assert browser.send("/report/check").status_code == 503
    assert browser.send("/report/story", {"narrative": "And fever."}).status_code == 409
    assert "narrative" not in body(browser.submit())


def test_a_report_that_says_too_little_can_be_changed_again() -> None:
    browser = Browser()
    browser.begin()
    browser.open("/report/check")
    assert browser.send("/report/check").status_code == 422
    browser.answer("/report/story", narrative="ill")
    assert body(browser.submit())["narrative"] == "ill"
