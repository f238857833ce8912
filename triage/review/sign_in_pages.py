"""Sign-in, page by page: name and password, then a code; at first a password of one's own and an authenticator.

What is wrong is told in the same words whatever it is; nothing that was typed comes back but the name.
"""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import msgspec
import segno
from flask import Blueprint, Response, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from triage.domain.credentials import provisioning_uri
from triage.domain.identity import Permission
from triage.prove import NotLetIn
from triage.review import browsing
from triage.review.access import begun, public, same_site, signed_in
from triage.review.leaving import gone
from triage.review.presenting import FieldError
from triage.review.services import Services
from triage.sign_in import Missing, Opened, Unfit

Shown = Answer | str | tuple[str, int]

_NEXT = {
    None: "pages.sign_in",
    Missing.PASSWORD: "pages.first_password",
    Missing.AUTHENTICATOR: "pages.authenticator",
    Missing.CODE: "pages.code",
}


class Step(msgspec.Struct, frozen=True):
    """A page of sign-in: its template, its one field to which errors belong, and what is missing when it is due."""

    template: str
    field: str
    missing: Missing | None = None


_NAME = Step("sign_in.html", "name")
_CODE = Step("code.html", "totp", Missing.CODE)
_PASSWORD = Step("first_password.html", "password", Missing.PASSWORD)
_AUTHENTICATOR = Step("authenticator.html", "totp", Missing.AUTHENTICATOR)
_ACCOUNT = Step("account.html", "password")


def add_to(pages: Blueprint, services: Services) -> None:
    """Add the pages."""
    _add_sign_in(pages, services)
    _add_first(pages, services)
    _add_account(pages, services)


def _add_sign_in(pages: Blueprint, services: Services) -> None:
    proving, provider = services.sign_in, services.provider.name if services.provider else None

    @pages.get("/sign-in")
    @public
    def sign_in() -> Shown:
        return _page(_NAME, provider=provider)

    @pages.post("/sign-in")
    @public
    @services.rates.guesses
    def give_password() -> Shown:
        name, password = request.form.get("name", ""), request.form.get("password", "")
        return _tried(_NAME, lambda: proving.by_password(name, password, g.opened), name=name, provider=provider)

    @pages.get("/sign-in/code")
    @begun
    def code() -> Shown:
        return _due(services, _CODE)

    @pages.post("/sign-in/code")
    @begun
    @services.rates.guesses
    def give_code() -> Shown:
        return _tried(_CODE, lambda: proving.by_code(services.opened, request.form.get("totp", "")))

    @pages.post("/sign-out")
    @signed_in
    def sign_out() -> Answer:
        proving.sign_out(services.opened)
        return gone(redirect(url_for("pages.sign_in"), 303))


def _add_first(pages: Blueprint, services: Services) -> None:
    proving = services.sign_in

    @pages.get("/sign-in/password")
    @begun
    def first_password() -> Shown:
        return _due(services, _PASSWORD)

    @pages.post("/sign-in/password")
    @begun
    @services.rates.guesses
    def give_first_password() -> Shown:
        return _tried(_PASSWORD, lambda: proving.choose_password(services.opened, request.form.get("password", "")))

    @pages.get("/sign-in/authenticator")
    @begun
    def authenticator() -> Shown:
        return _due(services, _AUTHENTICATOR, secret=_in_fours(services.opened))

    @pages.get("/sign-in/authenticator.svg")
    @begun
    def authenticator_code() -> Answer:
        if services.opened.missing is not Missing.AUTHENTICATOR:
            return redirect(url_for(_NEXT[services.opened.missing]), 303)
        image = BytesIO()
        opened = services.opened
        uri = provisioning_uri(opened.session.enrolling or "", opened.account.user.name)
        segno.make(uri, micro=False).save(image, kind="svg", scale=5, xmldecl=False)
        return Response(image.getvalue(), content_type="image/svg+xml")

    @pages.post("/sign-in/authenticator")
    @begun
    @services.rates.guesses
    def give_authenticator() -> Shown:
        confirm = request.form.get("totp", "")
        secret = _in_fours(services.opened)
        return _tried(_AUTHENTICATOR, lambda: proving.confirm(services.opened, confirm), secret=secret)


def _add_account(pages: Blueprint, services: Services) -> None:
    @pages.get("/account")
    @signed_in
    def account() -> Shown:
        return _page(_ACCOUNT, done="changed" in request.args)

    @pages.post("/account")
    @signed_in
    @services.rates.guesses
    def change_password() -> Shown:
        current, password = request.form.get("current", ""), request.form.get("password", "")
        try:
            services.sign_in.change_password(services.opened, current, password)
        except NotLetIn:
            return _page(_ACCOUNT, "current", "That is not your password.")
        except Unfit as error:
            return _page(_ACCOUNT, "password", str(error))
        return redirect(url_for("pages.account", changed=1), 303)


def _tried(step: Step, prove: Callable[[], Opened], **shown: Any) -> Shown:
    """Go on to what is missing next, else to where the person wanted to be."""
    try:
        opened = prove()
    except NotLetIn as error:
        return _page(step, step.field, str(error), 403, **shown)
    except Unfit as error:
        return _page(step, step.field, str(error), **shown)
    browsing.hold(opened.token)
    if opened.missing is None:
        return redirect(_home(opened), 303)
    return redirect(url_for(_NEXT[opened.missing], **_carried()), 303)


def _due(services: Services, step: Step, **shown: Any) -> Shown:
    """Show a page if it is its turn."""
    missing = services.opened.missing
    return _page(step, **shown) if missing is step.missing else redirect(url_for(_NEXT[missing], **_carried()), 303)


def _page(step: Step, field: str = "", wrong: str = "", status: int = 422, **shown: Any) -> tuple[str, int]:
    errors = (FieldError(field=field, words=wrong),) if wrong else ()
    page = render_template(step.template, errors=errors, onward=_carried(), **shown)
    return page, status if wrong else 200


def _home(opened: Opened) -> str:
    onward = same_site(request.args.get("next"))
    reads = opened.account.user.scopes(Permission.CASE_READ)
    return onward if onward != "/" or reads else url_for("pages.account")


def _carried() -> dict[str, Any]:
    onward = same_site(request.args.get("next"))
    return {"next": onward} if onward != "/" else {}


def _in_fours(opened: Opened) -> str:
    secret = opened.session.enrolling or ""
    return " ".join(secret[i : i + 4] for i in range(0, len(secret), 4))
