"""Sign-in for scripts: the same steps as the pages', as JSON; every answer says what is missing yet.

``GET /api/session`` gives the cookie and the CSRF token with which to begin.
"""

from typing import Any

from flask import Blueprint, Response, g
from marshmallow import fields

from shared.problem import Problem
from triage.domain.credentials import provisioning_uri
from triage.domain.session import Stage
from triage.prove import NotLetIn
from triage.review import browsing
from triage.review.access import begun, public, signed_in
from triage.review.leaving import gone
from triage.review.reading import body_of, json_of, loaded
from triage.review.schemas import StrictSchema
from triage.review.services import Services
from triage.sign_in import Missing, Opened, Unfit

_LONGEST = 400


class SignInSchema(StrictSchema):
    """Name and password; the code may follow."""

    name = fields.String(required=True)
    password = fields.String(required=True)
    totp = fields.String(load_default=None, allow_none=True)


class PasswordSchema(StrictSchema):
    """A password of one's own."""

    password = fields.String(required=True)


class CodeSchema(StrictSchema):
    """A code of the authenticator."""

    totp = fields.String(required=True)


def add_to(api: Blueprint, services: Services) -> None:
    """Add the routes of a session."""
    _add_first(api, services)

    @api.get("/session")
    @public
    def session() -> Response:
        return _told(g.opened, browsing.csrf_token())

    @api.post("/session")
    @public
    @services.rates.guesses
    def sign_in() -> Response:
        given = loaded(SignInSchema(), body_of())
        opened = _tried(lambda: services.sign_in.by_password(given["name"], given["password"], g.opened))
        if given["totp"] is not None and opened.missing is Missing.CODE:
            opened = _tried(lambda: services.sign_in.by_code(opened, given["totp"]))
        return _held(opened)

    @api.post("/session/code")
    @begun
    @services.rates.guesses
    def code() -> Response:
        given = loaded(CodeSchema(), body_of())
        return _held(_tried(lambda: services.sign_in.by_code(services.opened, given["totp"])))

    @api.delete("/session")
    @signed_in
    def sign_out() -> Response:
        services.sign_in.sign_out(services.opened)
        return gone(Response(status=204))


def _add_first(api: Blueprint, services: Services) -> None:
    @api.post("/session/password")
    @begun
    @services.rates.guesses
    def password() -> Response:
        given = loaded(PasswordSchema(), body_of())
        return _held(_tried(lambda: services.sign_in.choose_password(services.opened, given["password"])))

    @api.post("/session/authenticator")
    @begun
    @services.rates.guesses
    def authenticator() -> Response:
        given = loaded(CodeSchema(), body_of())
        return _held(_tried(lambda: services.sign_in.confirm(services.opened, given["totp"])))


def _held(opened: Opened) -> Response:
    return _told(opened, browsing.hold(opened.token))


def _tried(prove: Any) -> Opened:
    """Return the session. Raises Problem 403, the same whatever is wrong, or 422 for an unfit password."""
    try:
        opened: Opened = prove()
    except NotLetIn as error:
        raise Problem(403, "not-let-in", "Not let in", str(error)) from error
    except Unfit as error:
        errors = [{"pointer": "/password", "rule": "password", "words": str(error)}]
        raise Problem(422, "fields", "Fields need attention", str(error), errors) from error
    return opened


def _told(opened: Opened | None, csrf_token: str) -> Response:
    told: dict[str, Any] = {"signed_in": False, "missing": "password", "csrf_token": csrf_token}
    if opened is not None:
        told["missing"] = opened.missing
        told["ends_at"] = opened.session.ends_at
        if opened.missing is Missing.AUTHENTICATOR:
            told["secret"] = opened.session.enrolling
            told["uri"] = provisioning_uri(opened.session.enrolling or "", opened.account.user.name)
    if opened is not None and opened.session.stage is Stage.SIGNED_IN:
        user = opened.account.user
        told |= {"signed_in": True, "name": user.name, "full_name": user.full_name, "grants": user.grants}
    return json_of(told)
