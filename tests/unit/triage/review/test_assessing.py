"""Scales are worked out and change nothing; what a person judges is the sponsor's opinion, by an amendment."""

import re
from typing import Any

import msgspec
import pytest
from werkzeug.test import TestResponse

from shared.contracts.clinical import CaseContent, Causality
from shared.contracts.code_lists import ActionTaken, CausalityResult, CausalitySource, DrugRole
from shared.icsr.elements.g_matrix import Assessment
from shared.icsr.rules.walk import declared_element
from tests.builders import a_content, a_drug, a_reaction, a_report
from tests.unit.triage.review.conftest import ELSEWHERE, EVERYTHING, Page, Review, read, told
from triage.domain.case import Case, CauseKind
from triage.domain.causality_scales import CRITERIA, NARANJO, WHO_UMC, Answer, Naranjo, category_of
from triage.domain.identity import Role
from triage.review import scales
from triage.review.schemas import LONGEST_METHOD

INVESTIGATOR = Causality(
    source=CausalitySource.INVESTIGATOR, drug="Alvora", method="Global introspection", result=CausalityResult.RELATED
)
TWO = a_content(
    reactions=(a_reaction(causality=(INVESTIGATOR,)), a_reaction(verbatim="headache")),
    drugs=(a_drug(name="Tea", role=DrugRole.CONCOMITANT), a_drug(), a_drug(name=None, substances=("water",))),
)
ANSWERS = {"naranjo-after_the_drug": "yes", "naranjo-better_when_stopped": "yes", "naranjo-other_causes": "no"}
TICKS = {"who_umc-plausible_time": "yes", "who_umc-other_cause_unlikely": "yes"}
JUDGED = {"result": "not_related", "method": "Naranjo 5 (probable)", "own_method": "", "reason": "another cause"}


def post(review: Review, case: Case, fields: dict[str, str], of: str = "", record: bool = False) -> TestResponse:
    url = f"/cases/{case.id}/causality{'/record' * record}{of}"
    return review.client.post(url, data={"revision": "1"} | fields)


def opinions(review: Review, case: Case, event: int = 0) -> tuple[Causality, ...]:
    held = review.held(case)
    return review.cases.version(held, held.current.number).snapshot.content.reactions[event].causality


def chosen(page: Page) -> set[str]:
    """Return the ids of what is ticked."""
    return {str(each["id"]) for each in page.all("input") if "checked" in each}


@pytest.mark.parametrize("content", [a_content(), TWO], ids=["one", "two"])
def test_the_page_asks_and_presets_no_judgement(content: CaseContent, review: Review) -> None:
    case = review.opened(a_report(content=content))
    (link,) = [a["href"] for a in review.page(f"/cases/{case.id}").all("a") if str(a["href"]).endswith("/causality")]
    page = review.page(link)
    assert (page.unbalanced, page.open) == ([], [])
    assert page.title.startswith("Causality: rash with Alvora")
    assert chosen(page) == {*(f"naranjo-{each.name}-unknown" for each in NARANJO), "method"}
    assert len(page.all("fieldset")) == len(page.all("legend")) == len(NARANJO) + len(scales.GROUPS) + 2
    assert {each["for"] for each in page.all("label")} == {
        each["id"] for each in page.all("input") + page.all("select") if each.get("type") != "hidden"
    }
    assert "What they come to" not in page.words
    assert len(page.all("select")) == (2 if content is TWO else 0)


def test_what_was_judged_stands_on_the_page(review: Review) -> None:
    case = review.opened(a_report(content=TWO))
    words = review.page(f"/cases/{case.id}/causality").words
    assert "investigator related Global introspection Alvora" in words
    assert "Nobody has judged it." in review.page(f"/cases/{case.id}/causality?event=1&drug=1").words


def test_worked_out_it_says_the_arithmetic_and_the_criteria_and_changes_nothing(review: Review) -> None:
    case = review.opened(a_report())
    page = read(post(review, case, ANSWERS | TICKS | {"reason": "half typed", "result": "related"}))
    for said in (
        "Naranjo: 5, probable Did the event appear after the drug was given? Yes: +2",
        "Are there other causes that could alone have caused it? No: +2",
        "2 + 1 + 2 = 5. 9 or more is definite",
        "WHO-UMC: possible Because of what is met: Event with plausible time relationship to drug intake",
        "Missing for probable: Response to withdrawal clinically reasonable",
    ):
        assert said in page.words
    assert {*ANSWERS, "result", *TICKS} - chosen(page) == {"naranjo-other_causes"}
    assert "naranjo-other_causes-no" in chosen(page)
    assert page.by_id("reason")["value"] == "half typed"
    assert [each["value"] for each in page.all("input") if each["name"] == "method"] == [
        "",
        "Naranjo 5 (probable)",
        "WHO-UMC: possible",
    ]
    assert (page.unbalanced, page.open) == ([], [])
    assert review.held(case) == case


def test_what_is_known_of_event_and_drug_is_told_and_what_is_not(review: Review) -> None:
    drug = a_drug(start="2026-11-01", end="2026-11-21", action_taken=ActionTaken.DOSE_REDUCED)
    case = review.opened(a_report(content=a_content(reactions=(a_reaction(onset="2026-11-20"),), drugs=(drug,))))
    words = review.page(f"/cases/{case.id}/causality").words
    assert "Event onset 2026-11-20; no end or outcome stated Drug" in words
    assert "Drug start 2026-11-01; end 2026-11-21; action taken dose reduced As judged" in words


def test_where_nothing_is_answered_no_method_is_offered(review: Review) -> None:
    page = read(post(review, review.opened(a_report()), {}))
    assert "No question is answered: 0." in page.words
    assert "WHO-UMC: no category" in page.words
    assert len([each for each in page.all("input") if each["name"] == "method"]) == 1


@pytest.mark.parametrize(
    ("fields", "method"),
    [
        (ANSWERS, "Naranjo 5 (probable)"),
        (TICKS | {"method": "WHO-UMC: possible"}, "WHO-UMC: possible"),
        ({"method": "", "own_method": " Global introspection "}, "Global introspection"),
        ({"method": ""}, None),
    ],
)
def test_what_she_judges_is_the_sponsors_opinion_beside_the_others(
    fields: dict[str, str], method: str | None, review: Review
) -> None:
    case = review.opened(a_report(content=TWO))
    answer = post(review, case, JUDGED | fields, "?event=0&drug=1", record=True)
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/cases/{case.id}")
    ours = Causality(source=CausalitySource.SPONSOR, drug="Alvora", method=method, result=CausalityResult.NOT_RELATED)
    assert opinions(review, case) == (INVESTIGATOR, ours)
    held = review.held(case)
    version = review.cases.version(held, 2)
    assert (version.cause.actor, version.cause.reason) == ("dr.test", "another cause")
    entry = review.cases.audit[-1]
    assert (entry.action, entry.actor, entry.reason) == ("case.amended", "dr.test", "another cause")
    assert [each.field for each in entry.changes if each.field.startswith("/")] == ["/reactions/0/causality/1"]


def test_her_next_judgement_takes_the_place_of_the_sponsors_and_says_so(review: Review) -> None:
    case = review.opened(a_report(content=TWO))
    assert post(review, case, JUDGED | ANSWERS, record=True).status_code == 303
    assert "It takes the place of the sponsor's earlier one." in review.page(f"/cases/{case.id}/causality").words
    again = {"result": "related", "reason": "new data", "revision": "2"}
    assert post(review, case, again, record=True).status_code == 303
    assert opinions(review, case) == (
        INVESTIGATOR,
        Causality(source=CausalitySource.SPONSOR, drug="Alvora", result=CausalityResult.RELATED),
    )


@pytest.mark.parametrize(
    ("fields", "status", "field", "said"),
    [
        ({"result": ""}, 422, "result", "One of related, not_related."),
        ({"result": "possible"}, 422, "result", "One of related, not_related."),
        ({"reason": " "}, 422, "reason", "Say why."),
        ({"reason": "x" * 2001}, 422, "reason", "At most 2000"),
        ({"method": "Naranjo 9 (definite)"}, 422, "method", "work it out again"),
        ({"method": "", "own_method": "x" * 61}, 422, "own_method", "At most 60"),
        ({"own_method": "by feel"}, 422, "own_method", "not both"),
        ({"method": "", "own_method": "a\x01b"}, 409, "result", "none that XML cannot carry"),
        ({"force": "1"}, 422, "reason", "Unknown field"),
        ({"naranjo-objective": "maybe"}, 422, "naranjo-objective", "One of yes, no, unknown."),
        ({"naranjo-mood": "yes"}, 422, "reason", "Unknown field"),
        ({"who_umc-definitive": "maybe"}, 422, "who_umc-definitive", "Tick it or leave it."),
    ],
)
def test_what_is_wrong_comes_back_beside_what_was_typed(
    fields: dict[str, str], status: int, field: str, said: str, review: Review
) -> None:
    case = review.opened(a_report())
    typed = ANSWERS | JUDGED | fields
    answer = post(review, case, typed, record=True)
    page = read(answer)
    assert answer.status_code == status
    assert page.title.startswith("Error: ")
    assert [a["href"] for a in page.all("a") if str(a["href"])[0] == "#"] == ["#main", f"#{field}"]
    assert said in page.words
    if field != "method":
        wrong = page.by_id(field)
        assert wrong["aria-invalid"] == "true"
        assert all(page.by_id(described) for described in wrong["aria-describedby"].split())
    assert page.by_id("reason")["value"] == typed["reason"]
    assert "naranjo-after_the_drug" in chosen(page)
    assert (page.unbalanced, page.open) == ([], [])
    assert review.held(case) == case


@pytest.mark.parametrize("fields", [{"naranjo-objective": "maybe"}, {"who_umc-definitive": "maybe"}])
def test_a_bad_answer_is_not_worked_out(fields: dict[str, str], review: Review) -> None:
    answer = post(review, review.opened(a_report()), ANSWERS | fields)
    assert answer.status_code == 422
    assert read(answer).by_id(next(iter(fields)))["aria-invalid"] == "true"
    assert "What they come to" not in read(answer).words


@pytest.mark.parametrize("revision", ["", "0", "2", "x", "\u0661"])
def test_a_judgement_of_another_revision_changes_nothing_and_keeps_what_was_typed(
    revision: str, review: Review
) -> None:
    case = review.opened(a_report())
    answer = post(review, case, ANSWERS | JUDGED | {"revision": revision}, record=True)
    page = read(answer)
    assert answer.status_code == 409
    assert "Somebody changed the case meanwhile" in page.words
    assert {each["value"] for each in page.all("input") if each["name"] == "revision"} == {"1"}
    assert {"result-not_related", "method-1", "naranjo-after_the_drug"} <= chosen(page)
    assert review.held(case) == case


def test_working_out_does_not_hide_that_somebody_changed_the_case(review: Review) -> None:
    case = review.opened(a_report())
    review.form(case, "return", {"reason": "first"})
    page = read(post(review, case, ANSWERS))
    assert {each["value"] for each in page.all("input") if each["name"] == "revision"} == {"1"}


def test_the_same_again_is_refused(review: Review) -> None:
    case = review.opened(a_report())
    assert post(review, case, ANSWERS | JUDGED, record=True).status_code == 303
    answer = post(review, case, ANSWERS | JUDGED | {"revision": "2"}, record=True)
    assert (answer.status_code, review.held(case).revision) == (409, 2)
    assert "has that value already" in read(answer).words


def test_a_drug_without_a_name_has_no_form_and_is_not_judged(review: Review) -> None:
    case = review.opened(a_report(content=TWO))
    page = review.page(f"/cases/{case.id}/causality?drug=2")
    assert "Causality: rash with water" in page.words
    assert "give it one first" in page.words
    assert not [each for each in page.all("input") if each["name"] == "result"]
    answer = post(review, case, {**JUDGED, "method": ""}, "?drug=2", record=True)
    assert (answer.status_code, review.held(case)) == (409, case)


@pytest.mark.parametrize(
    "of", ["?event=2", "?event=-1", "?event=x", "?event=", "?drug=0", "?drug=9", "?drug=\u0661", "?event=00"]
)
def test_what_is_no_event_or_no_suspect_is_not_there(of: str, review: Review) -> None:
    case = review.opened(a_report(content=TWO))
    nowhere = review.client.get("/cases/case_none/causality")
    answers = [review.client.get(f"/cases/{case.id}/causality{of}")]
    answers += [post(review, case, ANSWERS | JUDGED, of, record) for record in (False, True)]
    assert {(each.status_code, each.data) for each in answers} == {(404, nowhere.data)}
    assert review.held(case) == case


@pytest.mark.parametrize("content", [a_content(reactions=()), a_content(drugs=(a_drug(role=DrugRole.CONCOMITANT),))])
def test_where_there_is_nothing_to_judge_there_is_no_way_to(content: CaseContent, review: Review) -> None:
    case = review.opened(a_report(content=content))
    assert "Assess causality" not in review.page(f"/cases/{case.id}").words
    assert review.client.get(f"/cases/{case.id}/causality").status_code == 404


def test_a_nullified_case_is_not_judged_any_more(review: Review) -> None:
    case = review.opened(a_report())
    void = msgspec.structs.replace(case.current, kind=CauseKind.NULLIFICATION)
    review.cases.heads[case.id] = msgspec.structs.replace(case, versions=(void,))
    assert review.held(case).is_void
    assert "Assess causality" not in review.page(f"/cases/{case.id}").words
    answers = [review.client.get(f"/cases/{case.id}/causality")]
    answers += [post(review, case, ANSWERS | JUDGED, "", record) for record in (False, True)]
    answers.append(review.client.post(f"/api/cases/{case.id}/causality", json={}))
    assert {each.status_code for each in answers} == {409}
    assert all("The case is nullified" in each.text for each in answers)


def test_who_may_not_amend_is_not_shown_it(review: Review) -> None:
    case = review.opened(a_report())
    review.grants("dr.test", [(Role.APPROVER, "helvion"), *ELSEWHERE])
    assert "Assess causality" not in review.page(f"/cases/{case.id}").words
    answers = [review.client.get(f"/cases/{case.id}/causality")]
    answers += [post(review, case, ANSWERS | JUDGED, "", record) for record in (False, True)]
    answers.append(review.client.post(f"/api/cases/{case.id}/causality", json={}))
    assert {each.status_code for each in answers} == {404}


def test_who_is_blinded_sees_nothing_of_it_and_who_may_know_is_entered(review: Review) -> None:
    review.grants("dr.test", EVERYTHING, unblinded=True)
    review.hire("dr.blind", EVERYTHING)
    case = review.opened(a_report(content=a_content(drugs=(a_drug(name="Study drug", blinded=True),))))
    review.page(f"/cases/{case.id}/causality")
    seen = [entry for entry in review.users.entries if entry.action == "case.seen_unblinded"]
    assert [(each.actor, each.subject) for each in seen] == [("dr.test", case.id)]
    review.client = review.signed_in("dr.blind")
    volatile = r'value="[^"]{60,}"'
    shown = [review.client.get(f"/cases/{case.id}{way}") for way in ("", "/causality", "/causality?event=7")]
    assert len({re.sub(volatile, "", each.text) for each in shown}) == 1
    assert "You see this case blinded" in shown[1].text
    answers = [post(review, case, fields, "?event=7", record) for fields in ({}, JUDGED) for record in (False, True)]
    answers.append(review.client.post(f"/api/cases/{case.id}/causality", json={"force": 1}))
    assert {each.status_code for each in answers} == {403}
    assert review.held(case).revision == 1


def api(review: Review, case: Case, body: Any) -> TestResponse:
    return review.client.post(f"/api/cases/{case.id}/causality", json=body)


def test_a_script_has_the_scales_worked_out(review: Review) -> None:
    case = review.opened(a_report())
    body = {"naranjo": {"after_the_drug": "no", "objective": "yes"}, "who_umc": {"reasonable_time": True}}
    said = told(api(review, case, body))
    assert (said["naranjo"]["score"], said["naranjo"]["category"], said["arithmetic"]) == (0, "doubtful", "-1 + 1 = 0")
    assert [(each["name"], each["points"]) for each in said["naranjo"]["counted"]] == [
        ("after_the_drug", -1),
        ("objective", 1),
    ]
    assert said["who_umc"]["category"] == "possible"
    assert said["methods"] == ["Naranjo 0 (doubtful)", "WHO-UMC: possible"]
    assert review.held(case) == case


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"naranjo": {"objective": 1}}, "/naranjo/objective"),
        ({"naranjo": {"mood": "yes"}}, "/naranjo/mood"),
        ({"naranjo": None}, "/naranjo"),
        ({"who_umc": {"definitive": None}}, "/who_umc/definitive"),
        ({"who_umc": ["definitive"]}, "/who_umc/_schema"),
        ({"result": "related"}, "/result"),
    ],
)
def test_a_script_is_told_what_is_wrong_field_by_field(body: Any, pointer: str, review: Review) -> None:
    answer = api(review, review.opened(a_report()), body)
    assert answer.status_code == 422
    assert [each["pointer"] for each in told(answer)["errors"]] == [pointer]


def test_every_criterion_is_asked_once_and_every_method_fits_its_element() -> None:
    assert sorted(each for group in scales.GROUPS.values() for each in group) == sorted(CRITERIA)
    longest = declared_element(Assessment, "method").max_length
    assert longest == LONGEST_METHOD
    offered = [scales.method_of_score(Naranjo(score, category_of(score), NONE)) for score in range(-4, 14)]
    offered += [f"WHO-UMC: {category}" for category in WHO_UMC]
    assert all(len(str(each)) <= LONGEST_METHOD for each in offered)


NONE: Any = (Answer.UNKNOWN,)
