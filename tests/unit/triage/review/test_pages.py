"""The pages as a browser without scripts gets them: what they say, what their forms do, and how they fail."""

import re
from dataclasses import replace
from datetime import date, timedelta

import msgspec
import pytest

from shared.contracts.clinical import Reporter
from shared.contracts.report_received import Query, Sender
from tests.builders import a_content, a_reaction, a_report, with_reaction
from tests.unit.icsr.filled import filled
from tests.unit.reporting.received import content_of
from tests.unit.triage.review.conftest import ELSEWHERE, EVERYTHING, Page, Review, read
from triage.domain.case import ObligationState, Status
from triage.domain.determination import Confidence

UNCODED = a_content(reactions=(a_reaction(verbatim="odd"),))


def chips(page: Page) -> list[str]:
    return re.findall(r"Overdue \d+ days?|Due today|\d+ days? left", page.words)


@pytest.mark.parametrize(
    ("days", "chip"),
    [(0, "15 days left"), (14, "1 day left"), (15, "Due today"), (16, "Overdue 1 day"), (17, "Overdue 2 days")],
)
def test_a_due_date_says_in_words_how_long_there_is(days: int, chip: str, review: Review) -> None:
    case = review.opened(a_report())
    review.advance(timedelta(days=days))
    assert chips(review.page("/")) == [chip]
    assert chips(review.page(f"/cases/{case.id}")) == [chip]


def test_a_closed_case_has_no_chip(review: Review) -> None:
    case = review.opened(a_report())
    review.cases.heads[case.id] = msgspec.structs.replace(case, status=Status.CLOSED)
    assert chips(review.page("/")) == []


def test_the_queue_has_tabs_with_counts_and_filters_by_url(review: Review) -> None:
    review.opened(a_report("rep_1"))
    review.opened(a_report("rep_2", sponsor="nobody"))
    review.opened(a_report("rep_3", content=a_content(patient=None)))
    page = review.page("/?sponsor=helvion")
    assert "All (2) Awaiting minimum criteria (1) Needs review (1) Returned (0)" in page.words
    assert [a["href"] for a in page.all("a") if a.get("aria-current")] == ["/?sponsor=helvion"]
    assert "2 cases, the earliest due date first" in page.words
    one = review.page("/?sponsor=helvion&status=needs_review")
    assert "1 case, the earliest" in one.words
    assert [o["value"] for o in one.all("option") if "selected" in o] == ["helvion"]


def test_the_queue_has_pages(review: Review) -> None:
    for number in range(3):
        review.opened(a_report(f"rep_{number}"))
    first = review.page("/?limit=2")
    assert "The first 2 cases" in first.words
    (following,) = [a["href"] for a in first.all("a") if a.get("rel") == "next"]
    second = review.page(following)
    assert "The next 1 case, the earliest" in second.words
    assert "First page" in second.words
    assert not [a for a in second.all("a") if a.get("rel") == "next"]


def test_an_empty_queue_explains_itself(review: Review) -> None:
    assert "No case here. Reports appear within seconds" in review.page("/").words
    assert "show all" in review.page("/?status=closed").words


@pytest.mark.parametrize("url", ["/?limit=many", "/?status=pending", "/?limit=0"])
def test_a_bad_filter_is_a_page_that_says_so(url: str, review: Review) -> None:
    answer = review.client.get(url)
    assert (answer.status_code, answer.mimetype) == (422, "text/html")
    assert read(answer).title.startswith("Error: ")


def test_a_case_shows_its_reasons(review: Review) -> None:
    query = Query(pointer="/reactions/0/onset", rule="date", words="Which year?", value='"soon"')
    words = review.page(f"/cases/{review.opened(a_report(queries=(query,))).id}").words
    for said in (
        "needs review",
        "Day zero 2026-11-23",
        "FDA, post-marketing: expedited, due 2026-12-08",
        "Nothing to tell: 9 destinations",
        "FDA-314.80-15D version 2, 21 CFR 314.80(c)(1)(i) (confidence V: read in the primary text)",
        "day zero 2026-11-23 + 15 calendar days = 2026-12-08",
        "FDA-600.80-15D: near miss , all but application",
        "Serious: hospitalisation.",
        "expectedness: unexpected",
        "Which year?",
    ):
        assert said in words


def test_a_version_says_what_changed_and_what_is_decided_otherwise(review: Review) -> None:
    sender = Sender(case_id="P-1")
    review.opened(a_report("rep_1", sender=sender, content=with_reaction(serious=False, criteria=())))
    case = review.opened(a_report("rep_2", sender=sender, content=with_reaction(serious=True)))
    words = review.page(f"/cases/{case.id}").words
    assert "/reactions/0/serious was false , is true" in words
    assert "EU, post-marketing (EudraVigilance): was expedited, due 2027-02-21 (EU-107-NON-SERIOUS-90D)" in words
    assert "is expedited, due 2026-12-08 (EU-107-SERIOUS-15D)" in words


def test_an_unconfirmed_rule_has_a_banner(review: Review) -> None:
    case = review.opened(a_report())
    assert "Unconfirmed" not in review.page(f"/cases/{case.id}").words
    version = review.cases.version(case, 1)
    doubtful = tuple(msgspec.structs.replace(d, confidence=Confidence.KNOWLEDGE) for d in version.decisions)
    review.cases.versions[case.current.version_id] = msgspec.structs.replace(version, decisions=doubtful)
    assert "the rule was not verified in any source" in review.page(f"/cases/{case.id}").words


def test_derived_values_are_never_shown_as_reported(review: Review) -> None:
    content = a_content(
        reporters=(Reporter(given_name="Maria"), Reporter(country="FR")),
        reactions=(a_reaction(criteria_derived=True),),
    )
    words = review.page(f"/cases/{review.opened(a_report(content=content)).id}").words
    assert "1: country CH derived country in which the report was received" in words
    assert "2: country FR Amend" in words
    assert "criteria hospitalisation derived derived from case level" in words
    assert "criteria derived" not in words
    assert words.count("no qualification stated: counts as a consumer") == 2


def test_what_was_received_is_shown_with_what_of_it_is_sent_on(review: Review) -> None:
    review.grants("dr.test", EVERYTHING, unblinded=True)
    report = filled(messages=1).messages[0].report
    case = review.opened(a_report(content=content_of(report)))
    page = review.page(f"/cases/{case.id}")
    words = page.words.split("As received (E2B)")[1].split("Determinations")[0]
    for said in (
        "Results of tests and procedures relevant to the investigation of the patient (F.r)",
        "Test result (code) F.r.3.1 test 1 positive (1) Yes",
        "Reaction(s) / event(s) assessed G.k.9.i.1 drug 1, reaction 2 reaction 2 Yes",
        "Definition of the time interval unit G.k.4.r.3 drug 1, dosage 2 months (mo) Yes",
        "Patient race code FDA.D.11.r.1 fda race 1 African American (C16352) No (eu postmarketing): It is FDA's own",
        "C.1.10.r",
    ):
        assert said in words
    assert "Sender's organisation" not in words  # ours takes its place
    assert "received id" not in page.words
    assert (page.unbalanced, page.open) == ([], [])
    assert [len(page.all(tag)) for tag in ("caption", "table")] == [len(page.all("table"))] * 2


def test_what_nobody_said_and_the_message_calls_unknown_is_shown_too(review: Review) -> None:
    review.grants("dr.test", EVERYTHING, unblinded=True)
    report = filled(messages=1).messages[0].report
    tests = tuple(replace(each, test_date=None) for each in report.tests[:1])
    page = review.page(f"/cases/{review.opened(a_report(content=content_of(replace(report, tests=tests)))).id}")
    assert "Test date F.r.1 test 1 not stated As UNK (fda postmarketing, eu postmarketing): F.r.1" in page.words


def test_what_a_person_took_out_is_shown_as_not_sent_on(review: Review) -> None:
    review.grants("dr.test", EVERYTHING, unblinded=True)
    content = content_of(filled(messages=1).messages[0].report)
    content = msgspec.structs.replace(content, reactions=content.reactions[:1], reporters=())
    page = review.page(f"/cases/{review.opened(a_report(content=content)).id}")
    gone = "No (fda postmarketing, eu postmarketing): The case has no such reaction / event any more. DZ.carry.gone"
    assert f"Duration of reaction / event (number) E.i.6a reaction 2 2 {gone}" in page.words


def test_a_report_that_was_not_received_by_e2b_has_no_such_section(review: Review) -> None:
    assert "As received" not in review.page(f"/cases/{review.opened(a_report()).id}").words


def test_a_received_report_that_cannot_be_read_says_so(review: Review) -> None:
    content = a_content(received_icsr={"of_a_later_form": True})
    words = review.page(f"/cases/{review.opened(a_report(content=content)).id}").words
    assert "Nothing of it is sent on: the report as received cannot be read" in words


def test_a_report_nullified_by_its_sender_leads_the_list_of_what_to_choose(review: Review) -> None:
    identification = {"nullification_or_amendment": "1", "nullification_or_amendment_reason": "duplicate"}
    case = review.opened(a_report(content=a_content(received_icsr={"identification": identification})))
    assert "The sender nullified this report: duplicate." in review.page(f"/cases/{case.id}").words
    assert review.form(case, "approve", {"reason": "complete"}).status_code == 409
    fields = {"pointer": "/goes_on", "value": "true", "reason": "the physician's own report stands"}
    assert review.form(case, "amend", fields).status_code == 303
    assert review.held(case).blockers == ()


def test_a_blocker_leads_to_the_form_that_lifts_it(review: Review) -> None:
    case = review.opened(a_report(content=UNCODED))
    page = review.page(f"/cases/{case.id}")
    url = next(a["href"] for a in page.all("a") if a["href"].endswith("coding#amend"))
    assert page.words.index("To choose before a message can be built") < page.words.index("Decisions")
    assert review.page(url).by_id("amend-pointer")["value"] == "/reactions/0/coding"
    fields = {"pointer": "/reactions/0/coding", "value": '{"llt_code": "99000003"}', "reason": "says rash"}
    answer = review.form(case, "amend", fields)
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/cases/{case.id}")
    assert review.held(case).blockers == ()


def test_forms_approve_and_return(review: Review) -> None:
    case = review.opened(a_report())
    assert review.form(case, "return", {"reason": "ask"}).status_code == 303
    assert review.held(case).status is Status.RETURNED
    assert review.form(case, "approve", {"revision": "2", "reason": "complete"}).status_code == 303
    assert review.held(case).status is Status.APPROVED
    words = review.page(f"/cases/{case.id}").words
    assert "DE-HELV-00000001" in words
    assert "dr.test, 2026-11-23T10:00+00:00: complete" in words


@pytest.mark.parametrize(
    ("typed", "stored"),
    [("2026-11-20", "2026-11-20"), ('"2026"', "2026"), ("null", None)],
)
def test_a_value_is_json_or_words(typed: str, stored: str | None, review: Review) -> None:
    case = review.opened(a_report(content=with_reaction(onset="2025-01-01")))
    answer = review.form(case, "amend", {"pointer": "/reactions/0/onset", "value": typed, "reason": "known"})
    assert answer.status_code == 303
    assert review.cases.version(review.held(case), 2).snapshot.content.reactions[0].onset == stored


@pytest.mark.parametrize(
    ("action", "fields", "status", "field", "said"),
    [
        ("approve", {"reason": " "}, 422, "approve-reason", "Say why."),
        ("return", {}, 422, "return-reason", "Say why."),
        ("approve", {"reason": "complete"}, 409, "approve-reason", "is not coded"),
        ("amend", {"pointer": "", "value": "x", "reason": "y"}, 422, "amend-pointer", "Name the field"),
        ("amend", {"pointer": "/narrative", "reason": "y"}, 422, "amend-value", "Give the new value"),
        ("amend", {"pointer": "/colour", "value": "x", "reason": "y"}, 409, "amend-pointer", "is no field"),
        (
            "amend",
            {"pointer": "/reactions/0/criteria", "value": "[]", "reason": "y"},
            409,
            "amend-pointer",
            "downgrade",
        ),
        ("amend", {"pointer": "/narrative/0", "value": "x", "reason": "y"}, 409, "amend-pointer", "has no parts"),
        ("amend", {"pointer": "/drugs", "value": "[" * 9999, "reason": "y"}, 409, "amend-pointer", "cannot be that"),
        ("return", {"reason": "y", "force": "1"}, 422, "return-reason", "Unknown field"),
    ],
)
def test_what_is_wrong_comes_back_beside_what_was_typed(
    action: str, fields: dict[str, str], status: int, field: str, said: str, review: Review
) -> None:
    case = review.opened(a_report(content=UNCODED))
    answer = review.form(case, action, fields)
    page = read(answer)
    assert answer.status_code == status
    assert page.title.startswith("Error: ")
    assert "There is a problem" in page.words
    assert said in page.words
    assert [a["href"] for a in page.all("a") if str(a["href"]).startswith(f"#{action}-")] == [f"#{field}"]
    wrong = page.by_id(field)
    assert wrong["aria-invalid"] == "true"
    assert all(page.by_id(described) for described in wrong["aria-describedby"].split())
    for name in {"reason", "pointer", "value"} & set(fields):
        assert page.by_id(f"{action}-{name}")["value"] == fields[name]
    assert review.held(case) == case


@pytest.mark.parametrize("revision", ["", "0", "2", "x", "-1", "9" * 50, "\u0661\u0662"])
def test_a_form_of_another_revision_changes_nothing_and_shows_the_case_as_it_is(revision: str, review: Review) -> None:
    case = review.opened(a_report())
    answer = review.form(case, "approve", {"revision": revision, "reason": "complete"})
    page = read(answer)
    assert answer.status_code == 409
    assert "Somebody changed the case meanwhile" in page.words
    assert {i["value"] for i in page.all("input") if i["name"] == "revision"} == {"1"}
    assert page.by_id("approve-reason")["value"] == "complete"
    assert review.held(case) == case


def test_a_bad_field_does_not_hide_that_somebody_changed_the_case(review: Review) -> None:
    case = review.opened(a_report())
    review.form(case, "return", {"reason": "first"})
    page = read(review.form(case, "approve", {"revision": "1", "reason": ""}))
    assert sorted(str(i["value"]) for i in page.all("input") if i["name"] == "revision") == ["1", *["2"] * 5]


def test_versions_show_what_changed(review: Review) -> None:
    case = review.opened(a_report())
    review.form(case, "amend", {"pointer": "/narrative", "value": "Rash on the arm.", "reason": "typing error"})
    review.form(case, "amend", {"revision": "2", "pointer": "/patient/initials", "value": "C. D.", "reason": "wrong"})
    words = review.page(f"/cases/{case.id}").words
    assert '/narrative was "A patient had a rash." , is "Rash on the arm."' in words
    assert '/patient/initials was "A. B." , is "C. D."' in words
    assert words.index("Version 3: amendment") < words.index("Version 1: initial")


def test_what_became_of_an_approval_is_shown(review: Review) -> None:
    case = review.opened(a_report())
    review.form(case, "approve", {"reason": "complete"})
    case = review.held(case)
    outcome = {
        "state": ObligationState.REJECTED,
        "file_name": "DE-HELV-1.xml",
        "schema_checked": True,
        "acknowledgement": "rejected 2026-11-24",
        "errors": ("E.i.4 is missing",),
    }
    approvals = (msgspec.structs.replace(case.approvals[0], **outcome), *case.approvals[1:])
    review.cases.heads[case.id] = msgspec.structs.replace(case, approvals=approvals)
    words = review.page(f"/cases/{case.id}").words
    assert "DE-HELV-1.xml checked rejected 2026-11-24: E.i.4 is missing" in words


def test_another_scope_gets_one_and_the_same_page(review: Review) -> None:
    case = review.opened(a_report())
    review.grants("dr.test", ELSEWHERE)
    answers = [review.client.get(f"/cases/{case.id}"), review.client.get("/cases/case_none")]
    answers.append(review.form(case, "approve", {"reason": "mine"}))
    assert {(a.status_code, a.mimetype, a.data) for a in answers} == {(404, "text/html", answers[0].data)}
    assert "Alvora" not in review.page("/").words
    assert review.held(case) == case


def test_what_a_first_report_left_out_is_shown_and_signed_complete(review: Review) -> None:
    case = review.opened(a_report())
    owed = case.obligations[0]
    rest = msgspec.structs.replace(owed, id=f"{owed.id}-completion", due=date(2026, 12, 16), completion=True)
    review.cases.heads[case.id] = msgspec.structs.replace(case, obligations=(*case.obligations, rest))
    assert "Sign that it was complete" not in review.page(f"/cases/{case.id}").words  # nothing was told yet
    assert review.form(case, "complete", {"reason": "all is said"}).status_code == 409
    review.form(case, "approve", {"reason": "as it is"})
    words = review.page(f"/cases/{case.id}").words
    assert "what its report left out" in words
    assert "What a first report left out is due 2026-12-16 (FDA, post-marketing)" in words
    assert review.form(case, "complete", {"revision": "2", "reason": "all is said"}).status_code == 303
    assert [each.state for each in review.held(case).obligations if each.completion] == [ObligationState.COMPLETE]
    words = review.page(f"/cases/{case.id}").words
    assert "complete: all is said" in words
    assert "Sign that it was complete" not in words


def test_what_is_looked_at_first_is_marked(review: Review) -> None:
    case = review.opened(a_report())
    marked = msgspec.structs.replace(case, priority="designated medical event, DME 2020")
    review.cases.heads[case.id] = marked
    assert "Alvora: rash designated medical event, DME 2020" in review.page("/").words
    assert "Look at first designated medical event, DME 2020" in review.page(f"/cases/{case.id}").words
