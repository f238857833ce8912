"""How a person goes through the form, and what the report then says."""

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page

from intake.form.questions import PRIVACY_NOTICE

Act = Callable[[Page], None]

QUESTIONS = {  # every page of questions
    "who": "/report/who",
    "medicine": "/report/medicine/1",
    "taken": "/report/taken/1",
    "reaction": "/report/reaction/1",
    "seriousness": "/report/seriousness/1",
    "patient": "/report/patient",
    "story": "/report/story",
    "reporter": "/report/reporter",
    "contact": "/report/contact",
}
WRONG: dict[str, dict[str, str]] = {  # what makes no sense on a page; other pages take everything
    "taken": {"start-day": "31", "start-month": "February", "start-year": "2026", "end-day": "9"},
    "reaction": {"onset-month": "Smarch", "onset-year": "2026", "end-year": "26"},
    "patient": {"age": "old", "birth_date-day": "x", "birth_date-year": "1971", "weight_kg": "heavy"},
}


def begin(page: Page, sponsor: str = "helvion") -> None:
    """Come from a sponsor's site and press Start."""
    page.goto(f"/report?sponsor={sponsor}")
    page.get_by_role("button", name="Start").click()
    page.wait_for_url("**/report/who")


def go_on(page: Page) -> None:
    """Press Continue, and wait until the page behind it is there with its style."""
    with page.expect_navigation():
        page.get_by_role("button", name="Continue").click()


def fill(page: Page, **typed: str) -> None:
    """Type into inputs by their ids; ``__`` stands for ``-``."""
    for name, text in typed.items():
        page.locator(f"#{name.replace('__', '-')}").fill(text)


def tick(page: Page, *values: str) -> None:
    """Choose by value."""
    for value in values:
        page.locator(f"input[value='{value}']").check()


def whole_report(page: Page, drug: str) -> str:
    """Report as a relative does, and return the reference number."""
    begin(page)
    tick(page, "other_person")
    go_on(page)
    medicines(page, drug)
    problem(page)
    people(page)
    page.get_by_role("button", name="Send report").click()
    return reference(page)


def medicines(page: Page, drug: str) -> None:
    fill(page, name=drug, indication="high blood pressure")
    tick(page, "suspect")
    page.get_by_label("Not known: Batch number").check()
    go_on(page)
    fill(page, dose_text="one a day", start__month="March", start__year="2026")
    page.get_by_label("Not known: Last taken").check()
    tick(page, "withdrawn")
    go_on(page)
    page.get_by_role("button", name="Add another medicine").click()
    fill(page, name="Vitamin D")
    tick(page, "concomitant")
    go_on(page)
    go_on(page)
    go_on(page)


def problem(page: Page) -> None:
    fill(page, verbatim="Liver failure", onset__day="9", onset__month="3", onset__year="2026")
    tick(page, "recovering")
    go_on(page)
    tick(page, "hospitalisation")
    go_on(page)
    page.get_by_role("button", name="Add another side effect").click()
    fill(page, verbatim="Rash")
    page.get_by_label("Not known: Began").check()
    tick(page, "unknown")
    go_on(page)
    tick(page, "not_known")
    go_on(page)
    go_on(page)


def people(page: Page) -> None:
    fill(page, initials="M.K.", age="54", weight_kg="72,5")
    tick(page, "female")
    page.get_by_label("Not known: Date of birth").check()
    go_on(page)
    fill(page, narrative="She took it for three weeks.\nThen she turned yellow – 黄疸.")
    page.get_by_label("Not known: Other illnesses").check()
    go_on(page)
    fill(page, given_name="Ann", family_name="Muster")
    tick(page, "consumer")
    page.get_by_label("Your country").select_option("CH")
    go_on(page)
    fill(page, contact="+41 44 000 00 00")
    page.locator("#contact_consent").check()
    page.locator("#confidential").check()
    go_on(page)


def reference(page: Page) -> str:
    """Return the number on the confirmation."""
    page.wait_for_url("**/report/sent")
    return page.locator(".dz-reference").inner_text()


def expected(drug: str) -> dict[str, Any]:
    """Return what the report of ``whole_report`` says."""
    return {
        "sponsor": "helvion",
        "drugs": [
            {
                "name": drug,
                "role": "suspect",
                "indication": "high blood pressure",
                "dose_text": "one a day",
                "start": "2026-03",
                "action_taken": "withdrawn",
                "not_known": ["batch_number", "end"],
            },
            {"name": "Vitamin D", "role": "concomitant"},
        ],
        "reactions": [
            {
                "verbatim": "Liver failure",
                "onset": "2026-03-09",
                "outcome": "recovering",
                "serious": True,
                "criteria": ["hospitalisation"],
            },
            {"verbatim": "Rash", "outcome": "unknown", "not_known": ["onset", "serious"]},
        ],
        "patient": {
            "initials": "M.K.",
            "sex": "female",
            "age": {"value": 54.0, "unit": "year"},
            "weight_kg": 72.5,
            "not_known": ["birth_date", "medical_history"],
        },
        "narrative": "She took it for three weeks.\nThen she turned yellow – 黄疸.",
        "reporters": [
            {
                "relation_to_patient": "other_person",
                "given_name": "Ann",
                "family_name": "Muster",
                "qualification": "consumer",
                "country": "CH",
                "contact": "+41 44 000 00 00",
                "contact_consent": True,
                "confidential": True,
                "privacy_notice": PRIVACY_NOTICE,
            }
        ],
    }


def to_errors(page: Page, slug: str) -> None:
    """Send a page of questions so that it comes back with an error summary."""
    page.goto(QUESTIONS[slug])
    if slug == "seriousness":
        page.eval_on_selector_all("input[type=checkbox]", "boxes => boxes.forEach(box => { box.checked = true })")
    elif slug not in WRONG:  # every answer is taken there: so it is the page's token that is wrong
        page.eval_on_selector("input[name=csrf_token]", "input => { input.value = 'stale' }")
    for name, text in WRONG.get(slug, {}).items():
        page.locator(f"#{name}").fill(text)
    go_on(page)
    page.wait_for_selector(".govuk-error-summary")
