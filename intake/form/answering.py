"""A page of questions: what was typed is kept before the next page comes, and is never lost while it cannot be kept."""

from collections.abc import Mapping

import msgspec
from flask import Blueprint, Response, abort, redirect, request
from werkzeug.wrappers import Response as Answer

from intake.form import body, journey, notices, reading
from intake.form.agreeing import REPORTER, disagreements
from intake.form.drafting import Drafting, Gone, NotBegun
from intake.form.failures import asked_place
from intake.form.fields import FieldError, Typed
from intake.form.journey import Place
from intake.form.questions import MOST_ITEMS, PAGES, group_of
from intake.form.rendering import question
from intake.form.services import Services
from intake.receive import BODY_LIMIT

_SINGLE = ",".join(slug for slug in PAGES if group_of(slug) is None)
_ITEM = ",".join(slug for slug in PAGES if group_of(slug))
_TOO_LONG = "Your report has become longer than we can take in one piece: please shorten this text"


def add_to(form: Blueprint, services: Services, drafting: Drafting) -> None:
    """Add the pages of questions."""

    def answer(slug: str, number: int | None = None) -> Answer:
        place = asked_place()
        if place is None or not (number is None or 1 <= number <= MOST_ITEMS):
            abort(404)
        if request.method == "POST":
            return _taken(place, services, drafting)
        return question(place, drafting.current().answers.get(place.key, {}), drafting.reference())

    form.add_url_rule(f"/<any({_SINGLE}):slug>", "answer", answer, methods=["GET", "POST"])
    form.add_url_rule(f"/<any({_ITEM}):slug>/<int:number>", "answer_item", answer, methods=["GET", "POST"])


def _taken(place: Place, services: Services, drafting: Drafting) -> Answer:
    typed = reading.typed_on(PAGES[place.slug], request.form)
    try:
        return _kept(place, typed, services, drafting)
    except (Gone, NotBegun):
        return _begun_again(place, typed, services, drafting)
    except services.away:
        return question(place, typed, drafting.reference(), notices.NOT_SAVED)


def _kept(place: Place, typed: Mapping[str, list[str]], services: Services, drafting: Drafting) -> Answer:
    draft = drafting.opened_in()
    longer = msgspec.structs.replace(draft, answers={**draft.answers, place.key: dict(typed)})
    wrong = [
        *reading.errors(PAGES[place.slug], typed),
        *(disagreements(longer.answers) if place.slug == REPORTER else []),
    ]
    if wrong:
        return question(place, typed, drafting.reference(), errors=wrong)
    if len(body.content_of(longer)) > BODY_LIMIT:
        return question(place, typed, drafting.reference(), errors=[_too_long(place, typed)])
    if not services.drafts.save(draft, place.key, typed, drafting.now()):
        drafting.refused()
    return redirect(journey.after(place, longer), 303)


def _begun_again(place: Place, typed: Typed, services: Services, drafting: Drafting) -> Response:
    """Give what was typed a new draft to go into: only the pages before are gone."""
    try:
        drafting.begin_again()
    except services.away:
        return question(place, typed, drafting.reference(), notices.NOT_SAVED)
    return question(place, typed, drafting.reference(), notices.EXPIRED_HERE)


def _too_long(place: Place, typed: Typed) -> FieldError:
    longest = max(PAGES[place.slug].fields, key=lambda field: sum(map(len, typed.get(field.name, []))))
    return FieldError(longest.name, longest.inputs[0], _TOO_LONG)
