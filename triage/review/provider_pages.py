"""The way to the OpenID provider and back, to sign in or to prove for a signature who one is.

People are sent there from a page, not by a redirect: CSP's form-action would bind us to every address that a provider
passes them on to.
"""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from shared import loopback
from shared.problem import Problem
from triage.domain.session import Errand
from triage.ports import NotVouched, Provider, ProviderAway
from triage.prove import NotLetIn
from triage.review import browsing
from triage.review.access import public, same_site, signed_in
from triage.review.services import Services

_RETRY_SECONDS = 30


def add_to(pages: Blueprint, services: Services) -> None:
    """Add the two ways there, and the one back."""

    @pages.post("/sign-in/provider")
    @public
    @services.rates.departures
    def depart() -> str:
        provider = _provider(services)
        token, errand = services.sign_in.depart(same_site(request.form.get("next")))
        browsing.hold(token)
        return _leave(provider, errand, again=False)

    @pages.post("/account/prove")
    @signed_in
    def prove() -> str:
        provider = _provider(services)
        try:
            errand = services.sign_in.prove_again(services.opened, same_site(request.form.get("next")))
        except NotLetIn as error:
            raise _refused() from error
        return _leave(provider, errand, again=True)

    @pages.get("/sign-in/provider/back")
    @public
    def arrive() -> Answer:
        provider, given = _provider(services), request.args.to_dict()
        try:
            away = services.sign_in.returned(browsing.held(), given.get("state", ""))
            vouched = provider.answered(away.errand, _back(), given, again=away.is_signed_in)
            opened = services.sign_in.vouched(away, vouched)
        except NotVouched as error:
            services.sign_in.not_vouched(str(error))
            raise _refused() from error
        except NotLetIn as error:
            raise _refused() from error
        except ProviderAway as error:
            raise _away() from error
        browsing.hold(opened.token)
        browsing.csrf_token()
        return redirect(away.errand.onward, 303)


def _leave(provider: Provider, errand: Errand, *, again: bool) -> str:
    try:
        url = provider.ask(errand, _back(), again=again)
    except ProviderAway as error:
        raise _away() from error
    return render_template("leave.html", url=url, name=provider.name)


def _provider(services: Services) -> Provider:
    if services.provider is None:
        raise Problem(404, "not-found", "Not found", "No OpenID provider is set up here.")
    return services.provider


def _back() -> str:
    return loopback.own_origin() + url_for("pages.arrive")


def _refused() -> Problem:
    return Problem(403, "not-let-in", "Not let in", "The provider vouches for nobody who may enter; start again.")


def _away() -> Problem:
    headers = {"Retry-After": str(_RETRY_SECONDS)}
    return Problem(503, "provider-away", "Try again", "The OpenID provider does not answer.", headers=headers)
