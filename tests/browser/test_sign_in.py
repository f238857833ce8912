"""In a Chromium: sign-in, lock-out, authenticator, provider and step-up, disabled user, role change, session over."""

import re
import secrets
from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser

from shared.clock import SetClock, SystemClock
from tests.browser.desk import WORDS, Desk, at_a_desk
from tests.builders import a_report
from tests.openid.provider import CLIENT, Provider, providing
from tests.unit.triage.review.conftest import ADMINISTRATOR, Review
from triage.config import OpenIDSettings
from triage.domain.identity import Grant, Role
from triage.review.provider import OpenIDProvider

WEAK, WRONG = "Password1234", "wrong"
pytestmark = pytest.mark.timeout(300)


@pytest.fixture
def desk(chromium: Browser) -> Iterator[Desk]:
    with at_a_desk(chromium, Review()) as sitting:
        yield sitting


def test_a_first_sign_in_step_by_step_and_out_again(desk: Desk) -> None:
    one_time = desk.hire()
    desk.go("/?status=closed")
    assert (desk.heading(), desk.path()) == ("Sign in", "/sign-in?next=%2F%3Fstatus%3Dclosed")
    desk.is_clean()
    desk.give(name="ann", password=WRONG)
    assert "Name, password or code is wrong" in desk.page.locator("[role=alert]").inner_text()
    assert desk.page.input_value("#name") == "ann"
    assert desk.page.input_value("#password") == ""
    desk.is_clean()
    desk.give(password=one_time)
    assert desk.heading() == "A password of your own"
    desk.is_clean()
    desk.give(password=WEAK)
    assert "first that somebody would try" in desk.page.locator("[role=alert]").inner_text()
    desk.is_clean()
    desk.give(password=WORDS)
    assert desk.heading() == "Your authenticator"
    drawn = "(image) => image.complete && image.naturalWidth > 100"
    assert desk.page.locator("img.qr").evaluate(drawn)
    desk.is_clean()
    desk.give(totp="000000")
    assert "wrong" in desk.page.locator("[role=alert]").inner_text()
    desk.secret = "".join(desk.page.locator("main code").inner_text().split())
    desk.give(totp=desk.code())
    assert (desk.heading(), desk.path()) == ("Review queue", "/?status=closed")
    assert "Ann Smith" in desk.page.locator("header").inner_text()
    desk.is_clean()
    desk.sign_out()
    assert desk.heading() == "Sign in"
    desk.page.go_back()
    assert desk.heading() == "Sign in"  # nothing of it is kept to be shown again


def test_a_code_is_good_once(desk: Desk) -> None:
    desk.first(desk.hire())
    desk.sign_out()
    code = desk.code()
    for is_good in (True, False):
        desk.go("/sign-in")
        desk.give(name="ann", password=WORDS)
        assert desk.heading() == "Code of your authenticator"
        desk.is_clean()
        desk.give(totp=code)
        assert (desk.heading() == "Review queue") == is_good
        if is_good:
            desk.sign_out()
    assert "wrong" in desk.page.locator("[role=alert]").inner_text()
    desk.is_clean()


def test_ten_failures_lock_her_out_and_a_pause_lets_her_in(desk: Desk) -> None:
    desk.first(desk.hire())
    desk.sign_out()
    desk.go("/sign-in")
    for _ in range(10):
        desk.give(name="ann", password=WRONG)
    desk.give(name="ann", password=WORDS)
    assert desk.heading() == "Sign in"
    assert "locked for a while" in desk.page.locator("[role=alert]").inner_text()
    desk.review.clock.advance(timedelta(minutes=1))
    desk.again()
    assert desk.heading() == "Review queue"


def test_who_guesses_on_is_told_to_wait(desk: Desk) -> None:
    desk.go("/sign-in")
    for _ in range(31):
        if desk.heading() == "Sign in":
            desk.give(name="nobody", password=WRONG)
    assert desk.heading() == "Too Many Requests"
    assert "wait a minute" in desk.page.locator("main").inner_text()
    desk.is_clean()


def test_who_is_disabled_is_out_at_her_next_click(desk: Desk) -> None:
    desk.first(desk.hire())
    desk.review.administer.disable(ADMINISTRATOR, "ann")
    desk.page.click("text=Queue")
    assert desk.heading() == "Sign in"


def test_a_role_counts_from_the_next_click(desk: Desk) -> None:
    case = desk.review.opened(a_report())
    desk.first(desk.hire())
    desk.go(f"/cases/{case.id}")
    assert desk.page.locator("text=Amend a field").count() == 0
    desk.review.administer.grant(ADMINISTRATOR, "ann", Grant(sponsor="helvion", role=Role.INTAKE_ASSOCIATE))
    desk.page.reload()
    assert desk.page.locator("text=Amend a field").count() == 1
    for role in (Role.APPROVER, Role.INTAKE_ASSOCIATE):
        desk.review.administer.revoke(ADMINISTRATOR, "ann", "helvion", role)
    desk.page.reload()
    assert desk.heading() == "Not yours to do"
    assert "Alvora" not in desk.page.content()
    desk.is_clean()


@pytest.mark.parametrize("idle", [True, False])
def test_a_session_that_is_over_asks_to_sign_in_and_leads_back(idle: bool, desk: Desk) -> None:
    desk.first(desk.hire())
    for minutes in [31] if idle else [20] * 36:
        desk.review.clock.advance(timedelta(minutes=minutes))
        if not idle:
            desk.go("/account")
    desk.go("/parked")
    assert desk.heading() == "Sign in"
    desk.give(name="ann", password=WORDS)
    desk.give(totp=desk.code())
    assert desk.path() == "/parked"


def test_a_page_of_before_is_out_of_date(desk: Desk) -> None:
    desk.first(desk.hire())
    desk.go("/account")
    desk.page.evaluate("document.querySelector('main input[name=csrf_token]').value = 'x'")
    desk.give(current=WORDS, password=WORDS[::-1])
    assert desk.heading() == "The page is out of date"
    desk.is_clean()


def test_her_account_and_the_administrators_pages(desk: Desk) -> None:
    desk.hire("bob")
    desk.first(desk.hire(roles=(Role.ADMINISTRATOR,)))
    assert desk.heading() == "Your account"
    desk.is_clean()
    desk.page.click("text=Users")
    assert desk.heading() == "Users"
    desk.is_clean()
    desk.page.click("text=bob")
    desk.is_clean()
    desk.give(**{"disable-reason": "left the company"})
    assert "disabled" in desk.page.locator("main").inner_text()
    desk.is_clean()
    desk.give(**{"enable-reason": "came back"})
    desk.give(**{"reset-reason": "lost her telephone"})
    (password,) = re.findall(r"within 72 hours: (\S+)", desk.page.locator("main").inner_text())
    desk.is_clean()
    desk.sign_out()
    desk.give(name="bob", password=password)
    assert desk.heading() == "A password of your own"


@pytest.fixture
def provided(chromium: Browser) -> Iterator[tuple[Desk, Provider]]:
    """A desk whose door knows a provider, which knows the door's address."""
    secret, clock = secrets.token_urlsafe(32), SetClock(SystemClock().now())
    with providing("http://127.0.0.1/", secret) as provider:
        stated = OpenIDSettings(issuer=provider.issuer, client_id=CLIENT, client_secret=secret)
        review = Review(clock, OpenIDProvider(stated, clock))
        with at_a_desk(chromium, review, also=provider.issuer) as sitting:
            provider.knows(f"{sitting.origin}/sign-in/provider/back")
            yield sitting, provider


def test_who_signs_in_at_the_provider_proves_there_again_before_she_signs(provided: tuple[Desk, Provider]) -> None:
    desk, provider = provided
    desk.hire(subject="subject-of-ann")
    case = desk.review.opened(a_report())
    desk.go("/sign-in")
    desk.is_clean()
    desk.page.click("text=Sign in at 127.0.0.1")
    desk.give(who="ann")
    assert desk.heading() == "Review queue"
    desk.go(f"/cases/{case.id}")
    assert "First prove who you are" in desk.page.locator("main").inner_text()
    desk.page.click("text=Prove who you are, to sign")
    desk.page.wait_for_url(f"{provider.issuer}/**")  # asked again, though the provider knows her
    desk.give(who="ann")
    assert desk.path().startswith(f"/cases/{case.id}")
    desk.is_clean()
    desk.give(**{"approve-reason": "complete and plausible"})
    assert desk.review.held(case).status == "approved"


def test_whom_the_provider_knows_and_we_do_not_is_refused(provided: tuple[Desk, Provider]) -> None:
    desk, _ = provided
    desk.go("/sign-in")
    desk.page.click("text=Sign in at 127.0.0.1")
    desk.give(who="eve")
    assert desk.heading() == "Not let in"
    desk.is_clean()
