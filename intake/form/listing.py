"""There may be more than one medicine and more than one problem: each can be added, changed and taken out again."""

from flask import Blueprint, Response, abort, redirect, request
from werkzeug.wrappers import Response as Answer

from intake.form import body, journey, summary
from intake.form.drafting import Drafting
from intake.form.journey import ORIGINS
from intake.form.questions import GROUPS
from intake.form.rendering import page
from intake.form.services import Services

_LISTED = ",".join(GROUPS)


def add_to(form: Blueprint, services: Services, drafting: Drafting) -> None:
    """Add the list of each group, and the page that asks before it takes one out."""

    @form.get(f"/<any({_LISTED}):listed>", endpoint="items")
    def items(listed: str) -> Response:
        group, draft = GROUPS[listed], drafting.current()
        return page(
            "items",
            group=group,
            cards=summary.cards(draft, group),
            add_url=journey.adding(group, draft),
            next_url=journey.beyond(group, draft),
            back_url=journey.before_page(group.slug),
        )

    @form.route(f"/<any({_LISTED}):listed>/<int:number>/remove", methods=["GET", "POST"], endpoint="remove")
    def remove(listed: str, number: int) -> Answer:
        group = GROUPS[listed]
        draft = drafting.opened_in() if request.method == "POST" else drafting.current()
        origin = request.args.get("from")
        back = journey.origin_url(origin if origin in ORIGINS else group.slug)
        if number not in body.numbers(draft, group):
            abort(404)
        if request.method == "POST":
            if not services.drafts.drop(draft, [body.key(slug, number) for slug in group.pages], drafting.now()):
                drafting.refused()
            return redirect(back, 303)
        name = summary.named(draft, group, number)
        return page("remove", group=group, name=name, back_url=back, opened_in=drafting.reference())
