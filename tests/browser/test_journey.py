"""A person reports with JavaScript and without, by mouse and by keyboard alone, and the report says it."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.journey import begin, expected, fill, go_on, reference, tick, whole_report
from tests.browser.reports import Reports


@pytest.mark.parametrize("js", [True, False], ids=["with-js", "without-js"])
def test_a_whole_report(visit: Visit, reports: Reports, js: bool) -> None:
    drug = f"Cardivane {js}"
    with visit(js=js) as page:
        number = whole_report(page, drug)
        expect(page).to_have_title("Report received – Report a side effect")
        page.reload()
        assert reference(page) == number
    assert reports.said(number) == expected(drug)
    kept = reports.kept(number)
    assert (kept["sponsor"], kept["queries"], kept["receipts"][0]["channel"]) == ("helvion", [], "form")
    assert kept["content"]["drugs"][0]["not_known"] == ["batch_number", "end"]


def press_to(page: Page, selector: str, key: str = "Tab") -> None:
    """Move the focus to an element with a key, as somebody without a mouse does, and see that it shows."""
    for _ in range(80):
        page.keyboard.press(key)
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            box = page.evaluate("document.activeElement.getBoundingClientRect().toJSON()")
            assert box["top"] >= 0, "the focus is out of sight"
            return
    raise AssertionError(f"the keyboard does not reach {selector}")


def type_into(page: Page, selector: str, text: str) -> None:
    press_to(page, selector)
    page.keyboard.type(text)


def press(page: Page, selector: str, key: str = "Space") -> None:
    press_to(page, selector)
    page.keyboard.press(key)


BUTTON = "main button.govuk-button"


def test_by_keyboard_alone(visit: Visit, reports: Reports) -> None:
    with visit() as page:
        start_by_keyboard(page)
        medicine_by_keyboard(page)
        problem_by_keyboard(page)
        page.goto("/report/check")
        press(page, BUTTON, "Enter")
        said = reports.said(reference(page))
    assert said["drugs"] == [
        {"name": "Keyborine", "role": "suspect", "start": "2026-02", "not_known": ["batch_number"]}
    ]
    assert said["reactions"] == [{"verbatim": "Dizziness", "serious": False}]
    assert said["reporters"][0]["relation_to_patient"] == "other_person"


def start_by_keyboard(page: Page) -> None:
    page.goto("/report")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to main content"
    page.keyboard.press("Enter")
    press(page, BUTTON, "Enter")
    page.wait_for_url("**/who")
    press(page, "#relation_to_patient")
    page.keyboard.press("ArrowDown")
    press(page, BUTTON, "Enter")
    page.wait_for_url("**/medicine/1")


def medicine_by_keyboard(page: Page) -> None:
    type_into(page, "#name", "Keyborine")
    press(page, "#role")
    press(page, "#batch_number-not-known")
    press(page, BUTTON, "Enter")
    page.wait_for_url("**/taken/1")
    type_into(page, "#start-day", "31")
    type_into(page, "#start-month", "feb")
    type_into(page, "#start-year", "2026")
    page.keyboard.press("Enter")
    page.wait_for_selector(".govuk-error-summary:focus")
    press(page, ".govuk-error-summary a", "Enter")
    assert page.evaluate("document.activeElement.id") == "start-day"
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.press("Delete")
    page.keyboard.press("Enter")
    page.wait_for_url("**/medicines")
    press(page, "main a.govuk-button", "Enter")
    page.wait_for_url("**/reaction/1")


def problem_by_keyboard(page: Page) -> None:
    type_into(page, "#verbatim", "Dizziness")
    page.keyboard.press("Enter")
    page.wait_for_url("**/seriousness/1")
    press(page, "#serious")
    press(page, "input[value=none]")
    expect(page.locator("#serious")).not_to_be_checked()
    press(page, BUTTON, "Enter")
    page.wait_for_url("**/reactions")


def test_add_change_and_remove(visit: Visit, reports: Reports) -> None:
    with visit() as page:
        begin(page)
        page.goto("/report/medicine/1")
        for name in ("Aline", "Bline", "Cline"):
            fill(page, name=name)
            go_on(page)
            go_on(page)
            if name != "Cline":
                page.get_by_role("button", name="Add another medicine").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("You have added 3 medicines")
        page.get_by_role("link", name="Remove (Bline)").click()
        page.get_by_role("link", name="Keep it").click()
        page.get_by_role("link", name="Remove (Bline)").click()
        page.get_by_role("button", name="Remove").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("You have added 2 medicines")
        page.goto("/report/check")
        page.get_by_role("link", name="Change name (Cline)").click()
        expect(page.locator("#name")).to_have_value("Cline")
        fill(page, name="Dline")
        go_on(page)
        page.wait_for_url("**/check")
        page.get_by_role("link", name="Change initials or number").click()
        fill(page, initials="Z.")
        go_on(page)
        page.wait_for_url("**/check")
        page.get_by_role("link", name="Add a side effect").click()
        fill(page, verbatim="Cough")
        go_on(page)
        tick(page, "not_known")
        go_on(page)
        page.wait_for_url("**/check")
        page.get_by_role("button", name="Send report").click()
        said = reports.said(reference(page))
    assert [drug["name"] for drug in said["drugs"]] == ["Aline", "Dline"]
    assert said["reactions"] == [{"verbatim": "Cough", "not_known": ["serious"]}]
    assert said["patient"] == {"initials": "Z."}


def test_an_empty_report_is_led_to_what_is_missing(visit: Visit) -> None:
    with visit() as page:
        begin(page)
        page.goto("/report/check")
        page.get_by_role("button", name="Send report").click()
        expect(page).to_have_title("Error: Check your answers – Report a side effect")
        page.get_by_role("link", name="Tell us what happened, even in a few words").click()
        fill(page, verbatim="Nausea")
        go_on(page)
        go_on(page)
        page.wait_for_url("**/check")
        page.get_by_role("button", name="Send report").click()
        assert reference(page)
