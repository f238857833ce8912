"""Check, send, and a reference number: what the number stands for is durable before it is shown (DOMAIN 2)."""

from zoneinfo import ZoneInfo

from flask import Blueprint, Response, redirect, url_for
from werkzeug.wrappers import Response as Answer

from intake.domain.records import Draft, Held
from intake.form import body, dates, journey, notices, summary
from intake.form.agreeing import REPORTER, disagreements
from intake.form.drafting import Drafting, Gone
from intake.form.fields import FieldError
from intake.form.journey import Place
from intake.form.notices import Notice
from intake.form.questions import MEDICINES, REACTIONS
from intake.form.rendering import page
from intake.form.services import Services
from intake.form.told import told
from intake.receive import Accepted, Arrival
from shared.ids import derived_id, sha256


def add_to(form: Blueprint, services: Services, drafting: Drafting) -> None:
    """Add the check page and the confirmation."""

    @form.get("/check", endpoint="check")
    def check() -> Response:
        return _check_page(drafting.current(), drafting.reference())

    @form.post("/check", endpoint="send")
    def send() -> Answer:
        draft = services.drafts.close(drafting.opened_in())
        if draft is None:  # since it was found
            drafting.refused()
        return _sent(draft, services, drafting)

    @form.get("/sent", endpoint="sent")
    def sent() -> Answer:
        report_id = drafting.any().report_id
        if report_id is None:
            return redirect(url_for(".check"), 303)
        held = services.find(report_id)
        if held is None:
            raise Gone
        response = _confirmation(held)
        response.headers["Clear-Site-Data"] = '"cache", "storage"'
        return response


def _sent(draft: Draft, services: Services, drafting: Drafting) -> Answer:
    """Send a closed draft. A store that fails leaves it closed: the next try has the same key, and finds the report."""
    missing = _missing(draft)
    outcome = None if missing else services.receive(arrival(draft, services))
    if not isinstance(outcome, Accepted):
        services.drafts.reopen(draft)
        return _check_page(draft, drafting.reference(), notices.REFUSED if outcome else None, missing)
    services.drafts.finish(draft, outcome.report_id, drafting.now())
    return redirect(url_for(".sent"), 303)


def arrival(draft: Draft, services: Services) -> Arrival:
    """Return the draft as a request of the API; the same answers have the same key, so that a double click is one."""
    content = body.content_of(draft)
    return Arrival(
        content=content,
        complete=True,
        content_type="application/json",
        content_encoding="",
        idempotency_key=derived_id("form", draft.draft_id, sha256(content)),
        strict=False,
        actor=services.actor,
        authentication="none",
        channel=services.channel,
    )


def _check_page(
    draft: Draft, opened_in: str, notice: Notice | None = None, errors: tuple[FieldError, ...] = ()
) -> Response:
    return page(
        "check",
        notice,
        errors,
        opened_in=opened_in,
        sections=summary.sections(draft),
        back_url=journey.before_page("check"),
        links={error.field: error.input for error in errors},
    )


def _missing(draft: Draft) -> tuple[FieldError, ...]:
    if not body.says_enough(draft):
        return _nothing_said()
    page_again = Place(slug=REPORTER, origin="check").url
    return tuple(
        FieldError(error.field, f"{page_again}#{error.input}", error.words) for error in disagreements(draft.answers)
    )


def _nothing_said() -> tuple[FieldError, ...]:
    medicine, problem = (Place(slug=group.pages[0], number=1, origin="check").url for group in (MEDICINES, REACTIONS))
    return (
        FieldError("reactions", problem, "Tell us what happened, even in a few words"),
        FieldError("medicines", medicine, "Or tell us which medicine it is about"),
    )


def _confirmation(held: Held) -> Response:
    receipt = held.receipts[0].receipt
    at = receipt.received_at.astimezone(ZoneInfo(receipt.zone))
    return page(
        "sent",
        reference=held.report_id,
        received=f"{dates.words(at.date().isoformat())} at {at:%H:%M}",
        zone=receipt.zone,
        questions=told(held.queries),
    )
