"""What waits for a person, with the age of what was received: a regulatory clock may be running behind each item.

Each is replayed or closed with a reason; an item keeps its bytes and its trail for good.
"""

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response as Answer

from shared.contracts.parked_work import ParkedState, ParkedWork, on_replay
from shared.messaging.parked import NotWaiting
from shared.messaging.replay import NotReplayable
from shared.problem import Problem
from triage.domain.identity import Permission
from triage.review import presenting
from triage.review.access import needs
from triage.review.api import found, parked_act
from triage.review.reading import form_of, loaded
from triage.review.schemas import ActionSchema
from triage.review.services import Services

_MOST_SHOWN = 100_000  # bytes


def add_to(pages: Blueprint, services: Services) -> None:
    """Add the list of parked items, the page of one, and its two forms."""

    @pages.get("/parked")
    @needs(Permission.PARKED_READ)
    def parked() -> str:
        works = sorted(
            services.worklist.parked(services.scopes(Permission.PARKED_READ), None, services.unblinded),
            key=lambda work: work.received_at,
        )
        rows = [(work, _age(services, work)) for work in works]
        return render_template("parked.html", rows=rows)

    @pages.get("/parked/<work_id>")
    @needs(Permission.PARKED_READ)
    def parked_item(work_id: str) -> str:
        return _page(services, work_id)

    @pages.post("/parked/<work_id>/<any(replay, close):action>")
    @needs(Permission.PARKED_ACT)
    def parked_action(work_id: str, action: str) -> Answer | tuple[str, int]:
        form = form_of()
        found(
            lambda: services.worklist.parked_item(work_id, services.scopes(Permission.PARKED_ACT), services.unblinded)
        )
        try:
            reason = loaded(ActionSchema(), form)["reason"]
            parked_act(services, work_id, action, reason)
        except (Problem, NotWaiting, NotReplayable) as error:
            return _page(services, work_id, action, form, _words(error)), getattr(error, "status", 409)
        return redirect(url_for("pages.parked_item", work_id=work_id), 303)


def _page(
    services: Services, work_id: str, action: str = "", typed: dict[str, str] | None = None, wrong: str = ""
) -> str:
    scopes = services.scopes(Permission.PARKED_READ)
    work, content = found(lambda: services.worklist.parked_item(work_id, scopes, services.unblinded))
    is_withheld, content = content is None, content or b""
    return render_template(
        "parked_item.html",
        work=work,
        age=_age(services, work),
        on_replay=on_replay(work),
        is_waiting=work.state is ParkedState.WAITING,
        may_act=services.user.may(Permission.PARKED_ACT, work.sponsor),
        content=content[:_MOST_SHOWN].decode(errors="backslashreplace"),
        is_withheld=is_withheld,
        left_out=max(0, len(content) - _MOST_SHOWN),
        action=action,
        typed=typed or {},
        errors=(presenting.FieldError(field="reason", words=wrong),) if wrong else (),
    )


def _age(services: Services, work: ParkedWork) -> presenting.Due:
    return presenting.age(work.received_at.date(), services.clock.now().date())


def _words(error: Exception) -> str:
    listed = error.document.get("errors", []) if isinstance(error, Problem) else []
    return "; ".join(str(each["words"]) for each in listed) if isinstance(listed, list) and listed else str(error)
