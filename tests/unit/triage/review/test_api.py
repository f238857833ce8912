"""The review API: what is read, what is changed, and what is refused in which words."""

from datetime import UTC, datetime
from typing import Any

import pytest

from shared.contracts.report_received import Query
from tests.builders import a_content, a_reaction, a_receipt, a_report, with_reaction
from tests.unit.triage.review.conftest import ELSEWHERE, Review, told
from triage.domain.case import Status

PROBLEM = "application/problem+json"
UNCODED = a_content(reactions=(a_reaction(verbatim="odd"),))


def test_the_queue_is_sorted_by_due_date_with_those_without_one_last(review: Review) -> None:
    invalid = review.opened(a_report("rep_1", content=a_content(patient=None)))
    later = review.opened(
        a_report("rep_2", receipt=a_receipt(received_at=datetime(2026, 12, 1, 9, 0, tzinfo=UTC))),
    )
    sooner = review.opened(a_report("rep_3"))
    cases = told(review.client.get("/api/cases"))["cases"]
    assert [(case["id"], case["due"]) for case in cases] == [
        (sooner.id, "2026-12-08"),
        (later.id, "2026-12-16"),
        (invalid.id, None),
    ]


def test_the_queue_shows_what_is_needed_to_choose(review: Review) -> None:
    case = review.opened(a_report())
    (row,) = told(review.client.get("/api/cases"))["cases"]
    obligations = row.pop("obligations")
    assert row == {
        "id": case.id,
        "sponsor": "helvion",
        "revision": 1,
        "status": "needs_review",
        "title": "Alvora: rash",
        "version": 1,
        "day_zero": "2026-11-23",
        "due": "2026-12-08",
        "safety_report_id": None,
        "note": None,
        "priority": None,
        "task": None,
        "decisions": [
            {"destination": "fda_postmarketing", "kind": "expedited", "due": "2026-12-08"},
            {"destination": "eu_postmarketing", "kind": "expedited", "due": "2026-12-08"},
        ],
    }
    assert [(o["destination"], o["due"], o["state"]) for o in obligations] == [
        ("fda_postmarketing", "2026-12-08", "open"),
        ("eu_postmarketing", "2026-12-08", "open"),
    ]


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("", 2),
        ("sponsor=&status=&limit=", 2),
        ("sponsor=helvion", 1),
        ("sponsor=unassigned", 1),
        ("sponsor=boreal", 0),
        ("status=needs_review", 2),
        ("status=closed", 0),
        ("limit=1", 1),
        ("colour=red", 2),
    ],
)
def test_the_queue_is_filtered(query: str, count: int, review: Review) -> None:
    review.opened(a_report("rep_1"))
    review.opened(a_report("rep_2", sponsor="nobody"))
    assert len(told(review.client.get(f"/api/cases?{query}"))["cases"]) == count


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ("limit=many", "/limit"),
        ("limit=0", "/limit"),
        ("limit=1001", "/limit"),
        ("limit=1e9", "/limit"),
        ("limit=" + "9" * 5000, "/limit"),
        ("status=pending", "/status"),
        ("after=tomorrow~case_1", "/after"),
        ("after=2026-99-99~case_1", "/after"),
    ],
)
def test_a_bad_filter_is_named(query: str, pointer: str, review: Review) -> None:
    answer = review.client.get(f"/api/cases?{query}")
    assert (answer.status_code, answer.content_type) == (422, PROBLEM)
    assert [error["pointer"] for error in told(answer)["errors"]] == [pointer]


def test_the_queue_is_walked_by_its_own_links(review: Review) -> None:
    for number in range(5):
        review.opened(a_report(f"rep_{number}", content=a_content(patient=None) if number == 3 else a_content()))
    url: str | None = "/api/cases?limit=2&sponsor=helvion"
    seen: list[str] = []
    while url:
        answer = review.client.get(url)
        seen += [case["id"] for case in told(answer)["cases"]]
        link = answer.headers.get("Link")
        assert bool(link) is bool(told(answer)["next"])
        url = link.split(">")[0][1:] if link else None
    assert seen == [case["id"] for case in told(review.client.get("/api/cases"))["cases"]]
    assert len(set(seen)) == 5


def test_several_changes_by_the_api_are_one_version(review: Review) -> None:
    case = review.opened(a_report(content=UNCODED))
    changes = [{"pointer": "/reactions/0/coding", "value": {"llt_code": "99000003"}}]
    changes.append({"pointer": "/narrative", "value": "more"})
    body = told(review.api(case, "amend", {"reason": "read again", "changes": changes}))
    assert [change["pointer"] for change in body["current"]["changes"]] == ["/reactions/0/coding", "/narrative"]


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"changes": []}, "/changes"),
        ({"changes": "x"}, "/changes"),
        ({"changes": [{"pointer": "narrative", "value": 1}]}, "/changes/0/pointer"),
        ({"changes": [{"pointer": "/narrative"}]}, "/changes/0/value"),
        ({"changes": [], "pointer": "/narrative", "value": "x"}, "/changes"),
        ({"pointer": "/narrative"}, "/value"),
    ],
)
def test_a_change_that_is_none_is_named(body: dict[str, Any], pointer: str, review: Review) -> None:
    answer = review.api(review.opened(a_report()), "amend", {"reason": "because", **body})
    assert answer.status_code == 422
    assert pointer in [error["pointer"] for error in told(answer)["errors"]]


def test_a_case_shows_every_reason(review: Review) -> None:
    query = Query(pointer="/reactions/0/onset", rule="date", words="Which year?", value='"soon"')
    case = review.opened(a_report(content=UNCODED, queries=(query,)))
    answer = review.client.get(f"/api/cases/{case.id}")
    body = told(answer)
    assert answer.headers["ETag"] == '"1"'
    assert body["snapshot"]["content"]["reactions"][0]["verbatim"] == "odd"
    assert body["blockers"][0]["pointer"] == "/reactions/0/coding"
    assert body["current"]["queries"][0]["words"] == "Which year?"
    assert [ref["number"] for ref in body["versions"]] == [1]
    seriousness = next(d for d in body["current"]["determinations"] if d["stage"] == "seriousness")
    assert (seriousness["value"], seriousness["rule_id"], seriousness["rule_version"]) == ("serious", "SER-1", 1)
    assert seriousness["facts"]["criteria"] == ["hospitalisation"]
    fda = body["decisions"][0]
    assert (fda["rule_id"], fda["paragraph"]) == ("FDA-314.80-15D", "21 CFR 314.80(c)(1)(i)")
    assert fda["arithmetic"] == "day zero 2026-11-23 + 15 calendar days = 2026-12-08"
    missed = {tried["rule_id"]: tried["missed"] for tried in fda["tried"]}
    assert missed["FDA-314.80-15D"] == []
    assert missed["FDA-600.80-15D"] == ["application"]


def test_approval_answers_with_the_changed_case(review: Review) -> None:
    case = review.opened(a_report())
    answer = review.api(case, "approve", {"reason": "complete"})
    assert (answer.status_code, answer.headers["ETag"], told(answer)["status"]) == (200, '"2"', "approved")
    assert told(answer)["safety_report_id"] == "DE-HELV-00000001"
    given = told(answer)["approvals"][0]["approval"]
    assert (given["actor"], given["authentication"], given["reason"]) == ("dr.test", "password+totp", "complete")
    assert [event.topic for event in review.cases.outgoing.events[-2:]] == ["dayzero.case.approved.v1"] * 2


def test_a_return_keeps_the_clock(review: Review) -> None:
    case = review.opened(a_report())
    body = told(review.api(case, "return", {"reason": "ask for the batch"}))
    assert (body["status"], body["note"], body["due"]) == ("returned", "ask for the batch", "2026-12-08")
    assert review.cases.audit[-1].action == "case.returned"


def test_an_amendment_is_a_new_version_and_the_old_one_stays(review: Review) -> None:
    case = review.opened(a_report())
    change = {"pointer": "/reactions/0/onset", "value": "2026-11-20", "reason": "partner called"}
    body = told(review.api(case, "amend", change))
    assert [ref["kind"] for ref in body["versions"]] == ["initial", "amendment"]
    assert body["snapshot"]["content"]["reactions"][0]["onset"] == "2026-11-20"
    assert body["current"]["changes"] == [{"pointer": "/reactions/0/onset", "old": "null", "new": '"2026-11-20"'}]
    first = told(review.client.get(f"/api/cases/{case.id}/versions/1"))
    assert "onset" not in first["snapshot"]["content"]["reactions"][0]


def test_a_value_may_be_null(review: Review) -> None:
    case = review.opened(a_report())
    body = told(review.api(case, "amend", {"pointer": "/narrative", "value": None, "reason": "wrong patient"}))
    assert "narrative" not in body["snapshot"]["content"]


@pytest.mark.parametrize(
    ("if_match", "status"),
    [(None, 428), ('"0"', 412), ('"2"', 412), ("1", 412), ('W/"1"', 412), ("*", 412), ('"' + "9" * 40 + '"', 412)],
)
def test_a_change_needs_the_revision_that_was_read(if_match: str | None, status: int, review: Review) -> None:
    case = review.opened(a_report())
    answer = review.api(case, "approve", {"reason": "complete"}, if_match)
    assert (answer.status_code, answer.content_type) == (status, PROBLEM)
    assert review.held(case) == case


def test_a_refusal_names_what_is_open(review: Review) -> None:
    case = review.opened(a_report(content=UNCODED))
    answer = review.api(case, "approve", {"reason": "complete"})
    assert (answer.status_code, answer.content_type) == (409, PROBLEM)
    assert [(error["pointer"], error["rule"]) for error in told(answer)["errors"]] == [
        ("/reactions/0/coding", "E.i.2.1b-uncoded")
    ]
    assert "llt_code" in told(answer)["errors"][0]["words"]


@pytest.mark.parametrize(
    ("action", "body", "pointers"),
    [
        ("approve", {}, ["/reason"]),
        ("approve", {"reason": ""}, ["/reason"]),
        ("approve", {"reason": " \t"}, ["/reason"]),
        ("approve", {"reason": 7}, ["/reason"]),
        ("approve", {"reason": None}, ["/reason"]),
        ("return", {"reason": "x" * 2001}, ["/reason"]),
        ("return", {"reason": "x", "force": True}, ["/force"]),
        ("amend", {}, ["/pointer", "/reason", "/value"]),
        ("amend", {"pointer": "narrative", "value": "x", "reason": "x"}, ["/pointer"]),
        ("amend", {"pointer": "/" + "x" * 300, "value": "x", "reason": "x"}, ["/pointer"]),
        ("amend", {"pointer": ["/narrative"], "value": "x", "reason": "x"}, ["/pointer"]),
        ("approve", ["reason"], [""]),
        ("approve", "reason", [""]),
        ("approve", 7, [""]),
    ],
)
def test_a_bad_body_is_named_field_by_field(action: str, body: Any, pointers: list[str], review: Review) -> None:
    case = review.opened(a_report())
    answer = review.api(case, action, body)
    assert (answer.status_code, answer.content_type) == (422, PROBLEM)
    assert sorted(error["pointer"] for error in told(answer)["errors"]) == pointers
    assert not any(error["words"].startswith("[") for error in told(answer)["errors"])
    assert review.held(case) == case


@pytest.mark.parametrize(
    ("content", "content_type", "status"),
    [
        (b'{"reason": "x"}', "text/plain", 415),
        (b'{"reason": "x"}', "", 415),
        (b"reason=x", "application/x-www-form-urlencoded", 415),
        (b"{", "application/json", 400),
        (b"", "application/json", 400),
        (b"\xff\xfe", "application/json", 400),
        (b'{"reason": "\xff"}', "application/json", 400),
        (b'{"reason": "\\ud800"}', "application/json", 400),
        (b"[" * 100_000, "application/json", 400),
        (b'{"reason": "' + b"x" * 2_000_000 + b'"}', "application/json", 413),
    ],
)
def test_what_is_no_json_is_refused(content: bytes, content_type: str, status: int, review: Review) -> None:
    case = review.opened(a_report())
    headers = {"If-Match": '"1"', "Content-Type": content_type}
    answer = review.client.post(f"/api/cases/{case.id}/approve", data=content, headers=headers)
    assert (answer.status_code, answer.content_type) == (status, PROBLEM)
    assert review.held(case) == case


@pytest.mark.parametrize(
    ("pointer", "value"),
    [
        ("/narrative/0", "x"),
        ("/patient/initials/x", 1),
        ("/reactions/\u00b2/onset", "2026"),
        ("/reactions/-1/onset", "2026"),
        ("/reactions/0", None),
        ("/reactions/0/coding", [1]),
        ("/reactions/0/criteria/0", {}),
        ("/drugs", {"0": {}}),
        ("/patient/weight_kg", 10**30),
        ("/patient/weight_kg", "heavy"),
        ("/patient/age/value", "old"),
        ("/colour", "red"),
        ("//", 1),
        ("/reactions/99999999999999999999", {}),
    ],
)
def test_an_amendment_that_cannot_be_is_refused_in_words(pointer: str, value: Any, review: Review) -> None:
    case = review.opened(a_report())
    answer = review.api(case, "amend", {"pointer": pointer, "value": value, "reason": "because"})
    assert (answer.status_code, answer.content_type) == (409, PROBLEM)
    assert [error["pointer"] for error in told(answer)["errors"]] == [pointer]
    assert review.held(case) == case


def test_an_unknown_case_and_one_out_of_scope_are_answered_alike(review: Review) -> None:
    case = review.opened(a_report())
    review.grants("dr.test", ELSEWHERE)
    hidden, unknown = (review.client.get(f"/api/cases/{name}") for name in (case.id, "case_none"))
    assert hidden.status_code == unknown.status_code == 404
    assert hidden.data == unknown.data
    assert told(review.client.get("/api/cases"))["cases"] == []
    for action, more in (("approve", {}), ("return", {}), ("amend", {"pointer": "/narrative", "value": "x"})):
        acted = review.api(case, action, {"reason": "mine", **more})
        assert (acted.status_code, acted.data) == (404, unknown.data)
    assert review.held(case) == case


@pytest.mark.parametrize("number", ["0", "2", "-1", "x", "9" * 30])
def test_a_version_that_is_not_there(number: str, review: Review) -> None:
    case = review.opened(a_report())
    answer = review.client.get(f"/api/cases/{case.id}/versions/{number}")
    assert (answer.status_code, answer.content_type) == (404, PROBLEM)


def test_two_persons_at_one_revision(review: Review) -> None:
    case = review.opened(a_report(content=with_reaction(verbatim="headache")))
    statuses = [review.api(case, "return", {"reason": "first come"}).status_code for _ in range(2)]
    assert statuses == [200, 412]
    assert review.held(case).status is Status.RETURNED
