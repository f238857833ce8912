"""Pages are rendered by the server, complete without JavaScript; a page with errors says so in its title."""

from collections.abc import Sequence

from flask import Response, make_response, render_template

from intake.form.country_names import COUNTRY_NAMES
from intake.form.fields import FieldError, Typed
from intake.form.journey import Place, before
from intake.form.notices import Notice
from intake.form.questions import PAGES
from intake.form.summary import as_typed

RETRY_SECONDS = 5


def page(template: str, notice: Notice | None = None, errors: Sequence[FieldError] = (), **more: object) -> Response:
    """Return a page; a notice or errors set its status."""
    text = render_template(f"report/{template}.html", notice=notice, errors=errors, **more)
    response = make_response(text, notice.status if notice else 422 if errors else 200)
    if response.status_code == 503:
        response.headers["Retry-After"] = str(RETRY_SECONDS)
    return response


def question(
    place: Place, typed: Typed, opened_in: str, notice: Notice | None = None, errors: Sequence[FieldError] = ()
) -> Response:
    """Return a page of questions with what was typed in its fields; ``opened_in`` is its draft's reference."""
    return page(
        "question",
        notice,
        errors,
        page=PAGES[place.slug],
        typed=typed,
        opened_in=opened_in,
        wrong={error.field: error for error in errors},
        countries=COUNTRY_NAMES,
        action=place.url,
        back_url=before(place),
    )


def unsaved(notice: Notice, place: Place | None, typed: Typed, **ways: str) -> Response:
    """Return a page that shows what was typed and not kept; ``ways`` to go on: ``reference``, ``newer``, ``check``."""
    rows = as_typed(PAGES[place.slug], typed) if place else []
    return page("unsaved", notice, rows=rows, ways=ways)


def notice_page(notice: Notice, again: str | None = None) -> Response:
    """Return a page that only tells something; ``again`` is where to try again."""
    return page("notice", notice, again=again)
