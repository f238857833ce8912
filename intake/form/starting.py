"""The first page says what the form is for, what it is not for, and what is done with the answers (DOMAIN 20)."""

from flask import Blueprint, Response, abort, redirect, request, url_for
from werkzeug.wrappers import Response as Answer

from intake.form import notices
from intake.form.drafting import Drafting, Gone, NotBegun, Sent
from intake.form.journey import Place
from intake.form.questions import PRIVACY_NOTICE
from intake.form.rendering import page
from intake.form.services import Services


def add_to(form: Blueprint, services: Services, drafting: Drafting) -> None:
    """Add the first page, the privacy notice, and the page for addresses that lead nowhere."""

    @form.get("", endpoint="start")
    def start() -> Response:
        return page("start", sponsor=request.args.get("sponsor", ""), under_way=_under_way(services, drafting))

    @form.post("", endpoint="begin")
    def begin() -> Answer:
        sponsor = request.form.get("sponsor", "")
        try:
            drafting.begin(sponsor)
        except services.away:
            return page("start", notices.NOT_BEGUN, sponsor=sponsor, under_way=False)
        return redirect(Place(slug="who").url, 303)

    @form.get("/privacy", endpoint="privacy")
    def privacy() -> Response:
        return page("privacy", version=PRIVACY_NOTICE)

    @form.get("/", endpoint="start_with_slash")
    def start_with_slash() -> Answer:
        return redirect(url_for(".start", sponsor=request.args.get("sponsor")), 308)

    @form.route("/<path:rest>", methods=["GET", "POST", "PUT", "PATCH", "DELETE"])
    def nowhere(rest: str) -> Answer:
        abort(404)


def _under_way(services: Services, drafting: Drafting) -> bool:
    """Say whether this browser has a report to go on with; while MongoDB is away it says no, and the page is shown."""
    try:
        drafting.current()
    except (NotBegun, Gone, Sent):
        return False
    except services.away:
        return False
    return True
