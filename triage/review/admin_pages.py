"""Who may do what, for administrators: of their sponsors' users, and of what these hold for their sponsors.

Every act has a reason. A one-time password is shown once, to be handed over; nobody's name stands in a URL (DOMAIN 20).
"""

from typing import Any

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response as Answer

from shared.problem import Problem
from triage.administer import By, Denied
from triage.domain.identity import Grant, Permission, Role, User
from triage.review.access import needs
from triage.review.naming import missing, user_id
from triage.review.presenting import FieldError
from triage.review.reading import form_of, loaded
from triage.review.schemas import ActionSchema
from triage.review.services import Services

Shown = Answer | str | tuple[str, int]

_ADMINISTER = needs(Permission.USERS_ADMINISTER)


def add_to(pages: Blueprint, services: Services) -> None:
    """Add the list of users, and the page of one with what can be done to her access."""
    administer = services.administer

    @pages.get("/admin/users")
    @_ADMINISTER
    def users() -> Shown:
        return _list(services)

    @pages.post("/admin/users")
    @_ADMINISTER
    def add_user() -> Shown:
        form = form_of()
        try:
            by = _by(services, form)
            name = form.get("name", "").strip()
            subject = form.get("subject", "").strip() or None
            password = administer.add(by, name, form.get("full_name", ""), [_grant(form)], subject)
        except (Denied, Problem) as error:
            return _list(services, form, _errors(error, "add", "name")), _status(error)
        return _handed(name, password)

    @pages.get("/admin/users/<user_id>")
    @_ADMINISTER
    def user(user_id: str) -> Shown:
        return _page(services, user_id)

    @pages.post("/admin/users/<user_id>/<any(grant, revoke, disable, enable, reset):action>")
    @_ADMINISTER
    def change_user(user_id: str, action: str) -> Shown:
        name, form = _found(services, user_id).name, form_of()
        try:
            password = _do(services, name, action, form)
        except (Denied, Problem) as error:
            where = f"revoke-{_position(services, user_id, form)}" if action == "revoke" else action
            return _page(services, user_id, form, action, _errors(error, where, "reason")), _status(error)
        except LookupError as error:
            raise missing() from error
        return _handed(name, password) if password else _back(services, user_id)


def _position(services: Services, wanted: str, form: dict[str, str]) -> int:
    """Return which of the forms that take a role it was; each has a field of its own."""
    held = [(grant.sponsor, grant.role.value) for grant in _found(services, wanted).grants]
    meant = (form.get("sponsor", ""), form.get("role", ""))
    return held.index(meant) + 1 if meant in held else 1


def _do(services: Services, name: str, action: str, form: dict[str, str]) -> str | None:
    """Do it; return a one-time password if one was made."""
    administer, by = services.administer, _by(services, form)
    if action == "grant":
        administer.grant(by, name, _grant(form))
    elif action == "revoke":
        administer.revoke(by, name, form.get("sponsor", ""), _role(form))
    elif action == "reset":
        return administer.reset(by, name)
    else:
        (administer.disable if action == "disable" else administer.enable)(by, name)
    return None


def _by(services: Services, form: dict[str, str]) -> By:
    return services.administering(loaded(ActionSchema(), {"reason": form.get("reason", "")})["reason"])


def _grant(form: dict[str, str]) -> Grant:
    return Grant(sponsor=form.get("sponsor", ""), role=_role(form), unblinded=form.get("unblinded") == "yes")


def _role(form: dict[str, str]) -> Role:
    try:
        return Role(form.get("role", ""))
    except ValueError as error:
        raise Denied("Choose a role.") from error


def _scopes(services: Services) -> tuple[str, ...]:
    return services.scopes(Permission.USERS_ADMINISTER)


def _found(services: Services, wanted: str) -> User:
    """Return a user of hers. Raises Problem 404, the same whatever the reason."""
    for user in services.administer.users(_scopes(services)):
        if user_id(user) == wanted:
            return user
    raise missing()


def _list(services: Services, typed: dict[str, str] | None = None, errors: tuple[FieldError, ...] = ()) -> str:
    scopes = _scopes(services)
    rows = [(user_id(user), user) for user in services.administer.users(scopes)]
    return render_template("users.html", rows=rows, typed=typed or {}, errors=errors, **_choices(services))


def _page(
    services: Services,
    wanted: str,
    typed: dict[str, str] | None = None,
    action: str = "",
    errors: tuple[FieldError, ...] = (),
) -> str:
    return render_template(
        "user.html",
        shown=_found(services, wanted),
        user_id=wanted,
        typed=typed or {},
        action=action,
        errors=errors,
        **_choices(services),
    )


def _choices(services: Services) -> dict[str, Any]:
    return {"sponsors": services.administer.sponsors(_scopes(services)), "roles": [role.value for role in Role]}


def _handed(name: str, password: str | None) -> str:
    return render_template("handed.html", name=name, password=password)


def _back(services: Services, wanted: str) -> Answer:
    """Show her, or the list if she is none of the administrator's any more."""
    known = {user_id(user) for user in services.administer.users(_scopes(services))}
    return redirect(url_for("pages.user", user_id=wanted) if wanted in known else url_for("pages.users"), 303)


def _errors(error: Denied | Problem, action: str, field: str) -> tuple[FieldError, ...]:
    """Return what the error summary says; a reason that is missing is told at its field."""
    listed: Any = error.document.get("errors", []) if isinstance(error, Problem) else []
    if listed:
        return tuple(FieldError(field=f"{action}-reason", words=each["words"]) for each in listed)
    return (FieldError(field=f"{action}-{field}", words=str(error)),)


def _status(error: Denied | Problem) -> int:
    return error.status if isinstance(error, Problem) else 409
