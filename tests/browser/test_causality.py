"""In a Chromium, without a script: scales are worked out, and a physician's own judgement becomes the sponsor's."""

import re

import pytest
from playwright.sync_api import Browser, expect

from shared.contracts.clinical import Causality
from shared.contracts.code_lists import CausalityResult, CausalitySource
from tests.browser.desk import Desk, at_a_desk
from tests.builders import a_content, a_drug, a_reaction, a_report
from tests.unit.triage.review.conftest import Review
from triage.domain.identity import Role

INVESTIGATOR = Causality(source=CausalitySource.INVESTIGATOR, drug="Alvora", result=CausalityResult.RELATED)
CONTENT = a_content(
    reactions=(a_reaction(causality=(INVESTIGATOR,)), a_reaction(verbatim="Donaudampfschifffahrtsgesellschaft" * 3)),
    drugs=(a_drug(), a_drug(name="Biovex")),
)


def answered(desk: Desk) -> None:
    page = desk.page
    page.get_by_role("group", name="2. Did the event appear").get_by_label("Yes").check()
    page.get_by_role("group", name="3. Did it improve").get_by_label("Yes").check()
    page.get_by_role("group", name="5. Are there other causes").get_by_label("No", exact=True).check()
    page.get_by_label("Event with plausible time").check()


@pytest.mark.timeout(300)
def test_a_physician_judges_with_the_scales_beside_her(chromium: Browser) -> None:
    review = Review()
    case = review.opened(a_report(content=CONTENT))
    with at_a_desk(chromium, review) as desk:
        page = desk.page
        desk.first(desk.hire(roles=(Role.SAFETY_PHYSICIAN,)))
        desk.go(f"/cases/{case.id}")
        page.get_by_role("link", name="Assess causality").click()
        page.select_option("#event", "1")
        page.get_by_role("button", name="Show").click()
        expect(page).to_have_url(re.compile(r"/causality\?event=1&drug=0$"))
        desk.is_clean()
        page.go_back()
        answered(desk)
        page.get_by_role("button", name="Work it out").click()
        expect(page).to_have_url(re.compile(r"/causality\?event=0&drug=0#worked$"))
        expect(page.get_by_text("2 + 1 + 2 = 5")).to_be_in_viewport()
        expect(page.get_by_role("heading", name="WHO-UMC: possible")).to_be_visible()
        desk.is_clean()
        page.get_by_label("Not related").check()
        page.get_by_label("Naranjo 5 (probable)").check()
        page.get_by_label("Method in your own words").fill("by feel")
        page.get_by_role("textbox", name="Reason").fill("an infection explains it")
        page.get_by_role("button", name="Record").click()
        expect(page.get_by_role("alert")).to_contain_text("not both")
        expect(page.get_by_label("Not related")).to_be_checked()
        desk.is_clean()
        page.get_by_label("Method in your own words").fill("")
        page.get_by_role("button", name="Record").click()
        expect(page).to_have_url(re.compile(f"/cases/{case.id}$"))
        assert review.held(case).current.number == 2
