"""Every page, fresh and with errors: no accessibility violation (WCAG 2.2 AA), nothing sideways at 320 px."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.journey import QUESTIONS, begin, fill, go_on, to_errors

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
OPTIONS = {"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations"]}
LONG = "Donaudampfschifffahrtsgesellschaft" * 6


def every_page(page: Page) -> Iterator[str]:
    """Go to every page that there is, and yield its name there, once its style has been loaded."""
    for name in journey(page):
        page.wait_for_load_state()
        yield name


def journey(page: Page) -> Iterator[str]:
    """Go to every page that there is."""
    page.goto("/report?sponsor=helvion")
    yield "start"
    page.goto("/report/privacy")
    yield "privacy"
    page.goto("/report/nowhere")
    yield "not found"
    begin(page)
    yield from with_nothing(page)
    page.goto("/report/medicine/1")
    fill(page, name=LONG)
    go_on(page)
    go_on(page)
    yield "medicines"
    page.goto("/report/medicines/1/remove")
    yield "remove"
    for slug, url in QUESTIONS.items():
        page.goto(url)
        yield slug
        to_errors(page, slug)
        yield f"{slug} with errors"
    page.goto("/report")
    yield "start with a report under way"
    page.goto("/report/story")
    fill(page, narrative=f"{LONG}\n\n{LONG}")
    go_on(page)
    page.goto("/report/check")
    yield "check"
    page.get_by_role("button", name="Send report").click()
    page.wait_for_url("**/sent")
    yield "sent"


def with_nothing(page: Page) -> Iterator[str]:
    page.goto("/report/medicines")
    yield "no medicines"
    page.goto("/report/check")
    page.get_by_role("button", name="Send report").click()
    page.wait_for_selector(".govuk-error-summary")
    yield "check with errors"


@pytest.mark.timeout(600)
@pytest.mark.parametrize("width", [1200, 320])
def test_no_page_has_an_accessibility_violation(visit: Visit, width: int) -> None:
    axe, found = Axe(), {}
    with visit(width=width) as page:
        for name in every_page(page):
            results = axe.run(page, options=OPTIONS)
            if results.violations_count:
                found[name] = results.generate_report()
    assert not found, "\n".join(f"{name}\n{told}" for name, told in found.items())


@pytest.mark.parametrize("js", [True, False], ids=["with-js", "without-js"])
def test_nothing_goes_sideways_at_320_pixels(visit: Visit, js: bool) -> None:
    wide = {}
    with visit(js=js, width=320) as page:
        for name in every_page(page):
            across = page.evaluate("document.documentElement.scrollWidth")
            if across > 320:
                wide[name] = across
    assert not wide


@pytest.mark.parametrize("slug", QUESTIONS)
def test_an_error_summary_takes_the_focus_and_leads_to_its_field(visit: Visit, slug: str) -> None:
    with visit() as page:
        begin(page)
        to_errors(page, slug)
        expect(page.locator(".govuk-error-summary")).to_be_focused()
        assert page.title().startswith("Error: ")
        for link in page.locator(".govuk-error-summary a").all():
            words, target = link.inner_text(), (link.get_attribute("href") or "")[1:]
            link.click()
            assert page.evaluate("document.activeElement.id") == target
            message = page.locator(".govuk-error-message", has_text=words)
            expect(message).to_have_count(1)


def test_errors_are_told_without_javascript_too(visit: Visit) -> None:
    with visit(js=False) as page:
        begin(page)
        page.goto("/report/taken/1")
        fill(page, start__day="31", start__month="2", start__year="2026", dose_text="one")
        go_on(page)
        expect(page.get_by_role("alert")).to_contain_text("February 2026 has no day 31")
        expect(page.locator("#dose_text")).to_have_value("one")
        expect(page.locator("#start-day")).to_have_value("31")


@pytest.mark.parametrize("width", [1200, 320])
def test_a_long_name_leaves_the_actions_beside_it_whole(visit: Visit, width: int) -> None:
    with visit(js=False, width=width) as page:
        begin(page)
        page.goto("/report/medicine/1")
        fill(page, name=LONG)
        go_on(page)
        for url in ("/report/check", "/report/medicines"):
            page.goto(url)
            remove = page.get_by_role("link", name="Remove").first
            assert remove.evaluate("link => link.getClientRects().length") == 1
            assert page.evaluate("document.documentElement.scrollWidth") <= width
