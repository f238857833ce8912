"""The parked page: what waits is seen with its age, tried again or closed, each with a reason and only in scope."""

from datetime import timedelta
from typing import Any

import msgspec
import pytest

from shared.contracts import topics
from shared.contracts.envelope import Event, encode
from shared.contracts.message_parked import MessageParked
from shared.contracts.parked_work import ParkedKind, ParkedState, ParkedWork
from shared.ids import derived_id
from shared.messaging.parked import By
from tests.builders import RECEIVED_AT, a_report, parked
from tests.unit.triage.review.conftest import ELSEWHERE, Review, read, told
from triage.domain.case import Case, ObligationState, Status
from triage.replay import ReplayParked

REPORT = encode(a_report())


def waiting(review: Review, content: bytes = REPORT, **facts: Any) -> ParkedWork:
    work = parked(**facts)
    review.parked.keep(work, content, None)
    return work


def act(review: Review, action: str, fields: dict[str, str]) -> int:
    return review.client.post(f"/parked/prk_1/{action}", data=fields).status_code


def test_nothing_waits(review: Review) -> None:
    assert "Nothing waits" in review.page("/parked").words


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (0, "Today 2026"),
        (1, "1 day old 2026"),
        (3, "3 days old: look at it now"),
        (7, "7 days old: a 7-day clock may have run out"),
        (16, "16 days old: a 15-day clock may have run out"),
    ],
)
def test_age_is_said_in_words(days: int, said: str, review: Review) -> None:
    waiting(review, reason="<b>400</b>")
    review.advance(timedelta(days=days))
    page = review.page("/parked")
    assert said in page.words
    assert "<b>400</b>" in page.words
    assert [a["href"] for a in page.all("a") if "prk" in a["href"]] == ["/parked/prk_1"]


def test_an_item_shows_its_reason_content_and_trail_as_text(review: Review) -> None:
    waiting(review, content=b'{"x": "<script>alert(1)</script>\xff"}', reason="ContractError: $.x")
    page = review.page("/parked/prk_1")
    assert not page.unbalanced
    assert not page.all("script")
    for words in ("ContractError: $.x", "<script>alert(1)</script>\\xff", "becomes a version of a case", "1 attempt"):
        assert words in page.words
    assert "triage, message.parked: ContractError: $.x" in page.words


def test_a_replay_makes_the_case_and_says_which(review: Review) -> None:
    waiting(review)
    assert act(review, "replay", {"reason": "the registry was completed"}) == 303
    (case,) = review.cases.heads.values()
    page = review.page("/parked/prk_1")
    assert f"replayed: case {case.id}" in page.words
    assert "dr.test, parked.replayed: the registry was completed" in page.words
    assert not page.forms()
    assert "Nothing waits" in review.page("/parked").words


def test_two_replays_have_one_effect(review: Review) -> None:
    waiting(review)
    assert [act(review, "replay", {"reason": "again"}) for _ in range(2)] == [303, 409]
    assert len(review.cases.versions) == 1


def test_a_replay_that_fails_is_parked_again(review: Review) -> None:
    waiting(review, content=b"{")
    assert act(review, "replay", {"reason": "try"}) == 303
    words = review.page("/parked/prk_1").words
    assert "2 attempts" in words
    assert "ContractError: not an event" in words


def test_a_dependency_that_is_away_counts_as_no_attempt(review: Review) -> None:
    def away(_event: Event) -> None:
        raise ConnectionError

    work = waiting(review)
    replay = ReplayParked(review.parked, review.cases, {topics.REPORT_RECEIVED: away}, (ConnectionError,))
    by = By(actor="ann", authentication="none", reason="mended")
    with pytest.raises(ConnectionError):
        replay.replay(work.id, None, by)
    (held,) = review.parked.works()
    assert (held.state, held.attempts) == (ParkedState.WAITING, 1)
    assert [step.action for step in held.trail] == ["message.parked", "parked.replay_asked"]


@pytest.mark.parametrize("action", ["replay", "close"])
@pytest.mark.parametrize("fields", [{}, {"reason": " "}, {"reason": "x" * 2001}, {"reason": "y", "force": "1"}])
def test_a_reason_is_mandatory(action: str, fields: dict[str, str], review: Review) -> None:
    work = waiting(review)
    answer = review.client.post(f"/parked/prk_1/{action}", data=fields)
    page = read(answer)
    assert answer.status_code == 422
    assert page.title.startswith("Error: ")
    assert page.by_id(f"{action}-reason")["aria-invalid"] == "true"
    assert [a["href"] for a in page.all("a") if a["href"].startswith("#") and "reason" in a["href"]] == [
        f"#{action}-reason"
    ]
    held = review.parked.find(work.id)
    assert held is not None
    assert (held.state, len(held.trail)) == (ParkedState.WAITING, 1)


def test_closing_keeps_who_and_why(review: Review) -> None:
    waiting(review, kind=ParkedKind.REFUSAL, content=b"")
    page = review.page("/parked/prk_1")
    assert page.forms() == [{"method": "post", "action": "/parked/prk_1/close"}]
    assert "kept by intake" in page.words
    assert act(review, "replay", {"reason": "try"}) == 409
    assert act(review, "close", {"reason": "a scanner, not a person"}) == 303
    assert "closed: dr.test: a scanner, not a person" in review.page("/parked/prk_1").words
    assert act(review, "close", {"reason": "again"}) == 409


def test_another_origin_and_another_scope_change_nothing(review: Review) -> None:
    waiting(review)
    answer = review.client.post(
        "/parked/prk_1/close", data={"reason": "mine"}, headers={"Origin": "https://elsewhere.example"}
    )
    assert answer.status_code == 403
    review.grants("dr.test", ELSEWHERE)
    missing = review.client.get("/parked/prk_none").data
    for answer in (
        review.client.get("/parked/prk_1"),
        review.client.post("/parked/prk_1/close", data={"reason": "mine"}),
        review.client.post("/parked/prk_1/replay", data={"reason": "mine"}),
    ):
        assert (answer.status_code, answer.data) == (404, missing)
    assert "Nothing waits" in review.page("/parked").words
    assert [work.state for work in review.parked.items.values()] == [ParkedState.WAITING]


def test_the_api_lists_within_scope_oldest_first_and_acts(review: Review) -> None:
    for name, sponsor, days in (("b", "helvion", 2), ("a", "helvion", 1), ("c", "boreal", 0)):
        review.parked.keep(parked(name, sponsor=sponsor, parked_at=RECEIVED_AT + timedelta(days=days)), REPORT, None)
    assert [item["id"] for item in told(review.client.get("/api/parked"))["parked"]] == ["a", "b"]
    assert review.client.get("/api/parked/c").status_code == 404
    assert told(review.client.post("/api/parked/a/replay", json={"reason": "mended"}))["state"] == "replayed"
    assert told(review.client.post("/api/parked/b/close", json={"reason": "the same"}))["state"] == "closed"
    assert told(review.client.get("/api/parked/b"))["outcome"] == "dr.test: the same"
    assert [review.client.post("/api/parked/b/close", json=body).status_code for body in ({}, {"reason": "x"})] == [
        422,
        409,
    ]


# --- approvals that reporting parked


def message_parked(case: Case, attempts: int = 1, **facts: object) -> Event:
    approval = case.approvals[0]
    default: dict[str, object] = {
        "parked_id": derived_id("prk", "reporting", topics.CASE_APPROVED, approval.id),
        "reason": "TypeError",
        "attempts": attempts,
        "approved_at": RECEIVED_AT,
        "parked_at": RECEIVED_AT,
        "size": 900,
    }
    body = MessageParked(**(default | facts))  # type: ignore[arg-type]
    return Event(
        id=f"evt_parked_{attempts}_{body.closed_by}",
        topic=topics.MESSAGE_PARKED,
        occurred_at=RECEIVED_AT,
        sponsor=case.sponsor,
        subject=case.id,
        data=msgspec.to_builtins(body),
        answers=approval.id,
    )


def built(case: Case) -> Event:
    approval = case.approvals[0]
    data = {
        "approval_id": approval.id,
        "case_id": case.id,
        "version": approval.version,
        "destination": approval.destination,
        "outcome": "built",
        "message_id": "msg_1",
        "schema_checked": True,
    }
    return Event(
        id="evt_built",
        topic=topics.MESSAGE_BUILT,
        occurred_at=RECEIVED_AT,
        sponsor=case.sponsor,
        subject=case.id,
        data=data,
        answers=approval.id,
    )


@pytest.fixture
def approved(review: Review) -> Case:
    case = review.opened(a_report())
    assert review.form(case, "approve", {"reason": "complete"}).status_code == 303
    return review.held(case)


def hear(review: Review, event: Event) -> None:
    review.handlers[event.topic](event)


def test_a_physician_sees_that_an_approved_message_was_not_built(review: Review, approved: Case) -> None:
    for _ in range(2):  # a redelivery changes nothing
        hear(review, message_parked(approved))
    case = review.held(approved)
    assert (case.status, case.approvals[0].state) == (Status.REVIEW, ObligationState.BLOCKED)
    assert approved.approvals[0].id not in review.cases.outgoing.waiting  # it is not sent for ever
    page = review.page(f"/cases/{case.id}")
    assert "Not built: what was approved 2026-11-23 09:00+00:00 could not be processed (TypeError)" in page.words
    (href,) = {a["href"] for a in page.all("a") if a["href"].startswith("/parked/")}
    item = review.page(href)
    assert [form["action"] for form in item.forms()] == [f"{href}/replay"]
    assert "kept by reporting" in item.words


def test_a_replay_publishes_the_approval_again_and_its_message_ends_the_wait(review: Review, approved: Case) -> None:
    hear(review, message_parked(approved))
    (work,) = review.parked.works()
    answers = [review.client.post(f"/parked/{work.id}/replay", data={"reason": "mended"}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert approved.approvals[0].id in review.cases.outgoing.waiting
    hear(review, message_parked(approved, attempts=2, reason="KeyError"))
    assert [(item.attempts, item.reason) for item in review.parked.works()] == [(2, "KeyError")]
    assert "KeyError" in (review.held(approved).note or "")
    hear(review, built(approved))
    case = review.held(approved)
    assert (case.status, case.approvals[0].state, case.note) == (Status.APPROVED, ObligationState.BUILT, None)
    assert [o.errors for o in case.obligations if o.destination == case.approvals[0].destination] == [()]
    held = review.parked.find(work.id)
    assert held is not None
    assert (held.state, held.outcome) == (ParkedState.REPLAYED, "message msg_1")


def test_news_that_comes_late_does_not_take_a_message_back(review: Review, approved: Case) -> None:
    hear(review, built(approved))
    hear(review, message_parked(approved))
    case = review.held(approved)
    assert (case.status, case.approvals[0].state) == (Status.APPROVED, ObligationState.BUILT)


def test_an_older_version_is_not_built_after_a_newer_one_was_approved(review: Review, approved: Case) -> None:
    hear(review, message_parked(approved))
    case = review.held(approved)
    change = {"revision": str(case.revision), "pointer": "/narrative", "value": "More.", "reason": "typing error"}
    assert review.form(case, "amend", change).status_code == 303
    again = {"revision": str(case.revision + 1), "reason": "complete now"}
    assert review.form(case, "approve", again).status_code == 303
    newer = review.held(approved)
    hear(review, message_parked(approved, attempts=2))
    assert review.held(approved) == newer
    (work,) = review.parked.works()
    answer = review.client.post(f"/parked/{work.id}/replay", data={"reason": "try"})
    assert answer.status_code == 409
    assert "Version 2 of the case was approved since" in read(answer).words
    assert review.client.post(f"/parked/{work.id}/close", data={"reason": "superseded"}).status_code == 409
    closing = {"closed_by": "op", "closed_because": "superseded"}
    for _ in range(2):
        hear(review, message_parked(approved, attempts=2, **closing))
    held = review.parked.find(work.id)
    assert held is not None
    assert (held.state, held.outcome) == (ParkedState.CLOSED, "op: superseded")
