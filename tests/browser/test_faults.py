"""Nothing that was typed is lost: not to a double click, not while MongoDB is away."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from deploy.local.mongod import PROCESS, start_mongod
from deploy.local.processes import Supervisor
from tests.browser.conftest import PATIENCE, Visit, start_intake
from tests.browser.journey import begin, fill, go_on, reference
from tests.browser.reports import Reports


@pytest.mark.parametrize(
    ("act", "noticed"),
    [
        ("new Image().src = 'http://127.0.0.1:9/pixel.png'", "Content Security Policy"),
        ("document.querySelector('h1').setAttribute('style', 'color: red')", "Content Security Policy"),
        ("localStorage.setItem('name', 'M.K.')", "[1, 0"),
    ],
    ids=["another origin", "inline style", "browser storage"],
)
def test_a_visit_that_does_what_it_must_not_is_noticed(visit: Visit, act: str, noticed: str) -> None:
    def misbehave() -> None:
        with visit() as page:
            page.goto("/report")
            page.evaluate(act)
            page.reload()

    with pytest.raises(AssertionError, match=re.escape(noticed)):
        misbehave()


@pytest.mark.parametrize("js", [True, False], ids=["with-js", "without-js"])
def test_a_double_click_is_one_report(visit: Visit, reports: Reports, js: bool) -> None:
    drug = f"Doublane {js}"
    with visit(js=js) as page:
        begin(page)
        page.goto("/report/medicine/1")
        fill(page, name=drug)
        go_on(page)
        page.goto("/report/check")
        page.get_by_role("button", name="Send report").dblclick()
        number = reference(page)
    assert reports.naming(drug) == 1
    assert len(reports.kept(number)["receipts"]) == 1


def test_two_tabs_that_send_at_once_are_one_report(visit: Visit, reports: Reports) -> None:
    with visit() as page:
        begin(page)
        page.goto("/report/medicine/1")
        fill(page, name="Twotabine")
        go_on(page)
        page.goto("/report/check")
        other = page.context.new_page()
        other.goto("/report/check")
        send = "document.querySelectorAll('main form').forEach(form => form.submit())"
        page.evaluate(send, None)
        other.evaluate(send, None)
        assert reference(page) == reference(other)
    assert reports.naming("Twotabine") == 1


@pytest.mark.parametrize("js", [True, False], ids=["with-js", "without-js"])
def test_while_mongodb_is_away_the_page_keeps_what_was_typed(
    visit: Visit, private: Supervisor, tmp_path: Path, bin_folder: Path, js: bool
) -> None:
    mongod = start_mongod(private, tmp_path, bin_folder)
    at = start_intake(private, mongod.create_service_users()["DAYZERO_INTAKE_MONGO_URI"])
    with visit(js=js, at=at) as page:
        begin(page)
        page.goto("/report/medicine/1")
        fill(page, name="Awayline")
        go_on(page)
        page.goto("/report/reaction/1")
        private.stop(PROCESS)
        fill(page, verbatim="Dizziness", onset__month="March", onset__year="2026")
        page.get_by_label("It is getting better").check()
        go_on(page)
        expect(page.get_by_role("heading", name="We could not save this page")).to_be_visible(timeout=PATIENCE)
        expect(page.locator("#verbatim")).to_have_value("Dizziness")
        expect(page.locator("#onset-month")).to_have_value("March")
        expect(page.get_by_label("It is getting better")).to_be_checked()
        private.restart(PROCESS)
        go_on(page)
        page.wait_for_url("**/seriousness/1")
        page.goto("/report/check")
        page.get_by_role("button", name="Send report").click()
        assert reference(page)


def test_a_report_is_sent_when_mongodb_comes_back(
    visit: Visit, private: Supervisor, tmp_path: Path, bin_folder: Path
) -> None:
    mongod = start_mongod(private, tmp_path, bin_folder)
    at = start_intake(private, mongod.create_service_users()["DAYZERO_INTAKE_MONGO_URI"])
    with visit(at=at) as page:
        begin(page)
        page.goto("/report/reaction/1")
        fill(page, verbatim="Dizziness")
        go_on(page)
        page.goto("/report/check")
        private.stop(PROCESS)
        page.get_by_role("button", name="Send report").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("We cannot reach your answers just now")
        private.restart(PROCESS)
        page.get_by_role("link", name="Try again").click()
        expect(page.get_by_text("Dizziness").first).to_be_visible(timeout=PATIENCE)
        page.get_by_role("button", name="Send report").click()
        assert reference(page)
