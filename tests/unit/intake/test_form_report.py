"""The form says what was answered and nothing else: 'not known' is an answer, a blank is none (DOMAIN 4)."""

from typing import Any

import pytest

from intake.api import schemas
from intake.domain.countries import COUNTRIES
from intake.form.body import content_of
from intake.form.country_names import COUNTRY_NAMES
from intake.form.fields import Kind
from intake.form.questions import PAGES, PRIVACY_NOTICE
from intake.form.told import told
from shared.contracts.report_received import Query
from tests.unit.intake.form_browser import Browser, body, errors

SCHEMAS: dict[str, Any] = {
    "drugs": schemas.DrugSchema,
    "reactions": schemas.ReactionSchema,
    "patient": schemas.PatientSchema,
    "reporter": schemas.ReporterSchema,
    "case": schemas.ReportSchema,
}
FIELDS = [(page, field) for page in PAGES.values() for field in page.fields]


@pytest.fixture
def browser() -> Browser:
    started = Browser()
    started.begin("helvion")
    return started


def full(browser: Browser) -> None:
    """Answer every question."""
    browser.answer("/report/who", relation_to_patient="other_person")
    browser.answer("/report/medicine/1", name="Cardivane", role="suspect", indication="fever", batch_number="B1")
    browser.answer(
        "/report/taken/1",
        dose_text="one a day",
        start__month="March",
        start__year="2026",
        end__year="2026",
        action_taken="withdrawn",
    )
    browser.answer("/report/medicine/2", name="Vitamin D", role="concomitant")
    browser.answer(
        "/report/reaction/1",
        verbatim="Liver failure",
        onset__day="9",
        onset__month="3",
        onset__year="2026",
        outcome="recovering",
    )
    browser.answer("/report/seriousness/1", serious=["hospitalisation", "life_threatening"])
    browser.answer(
        "/report/patient",
        initials="M.K.",
        sex="female",
        age="54",
        age__unit="year",
        birth_date__year="1971",
        weight_kg="72,5",
    )
    browser.answer("/report/story", narrative="Day one.\r\nDay two.", medical_history="Asthma")
    browser.answer(
        "/report/reporter",
        given_name="Ann",
        family_name="Muster",
        organisation="Clinic",
        qualification="consumer",
        country="CH",
    )
    browser.answer("/report/contact", contact="ann@example.org", contact_consent="yes", confidential="no")


def test_every_answer_stands_in_the_report_as_the_api_would_take_it(browser: Browser) -> None:
    full(browser)
    report = browser.submit()
    said = body(report)
    assert said.pop("sender").keys() == {"case_id"}
    assert said == {
        "sponsor": "helvion",
        "drugs": [
            {
                "name": "Cardivane",
                "role": "suspect",
                "indication": "fever",
                "batch_number": "B1",
                "dose_text": "one a day",
                "start": "2026-03",
                "end": "2026",
                "action_taken": "withdrawn",
            },
            {"name": "Vitamin D", "role": "concomitant"},
        ],
        "reactions": [
            {
                "verbatim": "Liver failure",
                "onset": "2026-03-09",
                "outcome": "recovering",
                "serious": True,
                "criteria": ["life_threatening", "hospitalisation"],
            }
        ],
        "patient": {
            "initials": "M.K.",
            "sex": "female",
            "age": {"value": 54.0, "unit": "year"},
            "birth_date": "1971",
            "weight_kg": 72.5,
            "medical_history": "Asthma",
        },
        "narrative": "Day one.\nDay two.",
        "reporters": [
            {
                "relation_to_patient": "other_person",
                "given_name": "Ann",
                "family_name": "Muster",
                "organisation": "Clinic",
                "qualification": "consumer",
                "country": "CH",
                "contact": "ann@example.org",
                "contact_consent": True,
                "confidential": False,
                "privacy_notice": PRIVACY_NOTICE,
            }
        ],
    }
    assert report.queries == ()
    assert (report.sponsor, report.first.receipt.channel, report.first.receipt.authentication) == (
        "helvion",
        "form",
        "none",
    )
    assert report.content.reporters[0].contact_consent is True


def test_not_known_is_an_answer_and_a_blank_is_none(browser: Browser) -> None:
    browser.answer("/report/medicine/1", name="Cardivane", role="not_known", batch_number__not_known="yes")
    browser.answer("/report/taken/1", start__not_known="yes", action_taken="unknown")
    browser.answer("/report/reaction/1", verbatim="Rash", onset__not_known="yes", outcome="unknown")
    browser.answer("/report/seriousness/1", serious="not_known")
    browser.answer("/report/patient", age__unit="year", age__not_known="yes", sex="not_known")
    report = browser.submit()
    said = body(report)
    assert said["drugs"] == [
        {"name": "Cardivane", "action_taken": "unknown", "not_known": ["role", "batch_number", "start"]}
    ]
    assert said["reactions"] == [{"verbatim": "Rash", "outcome": "unknown", "not_known": ["onset", "serious"]}]
    assert said["patient"] == {"not_known": ["sex", "age"]}
    assert report.queries == ()
    assert report.content.patient is not None
    assert report.content.patient.not_known == ("sex", "age")


def test_words_beside_the_box_count_more_than_the_box(browser: Browser) -> None:
    browser.answer("/report/medicine/1", name="Cardivane", name__not_known="yes")
    assert body(browser.submit())["drugs"] == [{"name": "Cardivane"}]


def test_none_of_these_is_not_serious(browser: Browser) -> None:
    browser.answer("/report/reaction/1", verbatim="Rash")
    browser.answer("/report/seriousness/1", serious="none")
    assert body(browser.submit())["reactions"] == [{"verbatim": "Rash", "serious": False}]


def test_two_people_who_say_the_same_are_two_reports() -> None:
    browser = Browser()
    ids = set()
    for _ in range(2):
        browser.begin()
        browser.answer("/report/reaction/1", verbatim="Headache")
        ids.add(browser.submit().report_id)
    assert len(ids) == 2


def test_the_same_answers_are_the_same_bytes(browser: Browser) -> None:
    full(browser)
    (draft,) = browser.drafts.kept.values()
    assert content_of(draft) == content_of(draft)


def test_without_a_sponsor_it_is_unassigned_and_a_name_that_is_none_is_kept() -> None:
    for stated, scope in (("", "unassigned"), ("Helvion AG", "unassigned"), ("helvion", "helvion")):
        browser = Browser()
        browser.begin(stated)
        browser.answer("/report/reaction/1", verbatim="Headache")
        report = browser.submit()
        assert report.sponsor == scope
        assert body(report).get("sponsor", "") == stated


@pytest.mark.parametrize(("page", "field"), FIELDS, ids=[f"{page.slug}.{field.name}" for page, field in FIELDS])
def test_every_question_is_a_field_of_the_schema_and_every_choice_is_taken_by_it(page: Any, field: Any) -> None:
    known = SCHEMAS[field.part or page.part]().fields
    assert field.name in known
    if field.kind is Kind.ONE:
        for option in field.options:
            if option.value != "not_known":
                assert known[field.name].deserialize(option.value) == option.value


@pytest.mark.parametrize(
    ("name", "typed", "highest", "says"),
    [
        ("age", "999999999", "99999", "‘Age’ must be at most 99999: check number and unit"),
        ("weight_kg", "999999999", "1000", "‘Weight’ must be at most 1000: check number and unit"),
        ("weight_kg", "3500", "3,5", "‘Weight’ must be at most 1000: check number and unit"),
    ],
)
def test_a_number_is_held_to_the_bounds_of_the_schema(
    browser: Browser, name: str, typed: str, highest: str, says: str
) -> None:
    browser.open("/report/patient")
    page = browser.send("/report/patient", {name: typed})
    assert (page.status_code, errors(page)) == (422, [says])
    browser.answer("/report/patient", **{name: highest})
    browser.answer("/report/reaction/1", verbatim="Rash")
    assert "range" not in {query.rule for query in browser.submit().queries}


@pytest.mark.parametrize("qualification", ["", "consumer", "lawyer"])
def test_who_reports_for_a_patient_of_theirs_is_asked_for_the_profession(browser: Browser, qualification: str) -> None:
    says = [
        "Select which health professional you are, or change whom you report for, because you chose ‘A patient of mine’"
    ]
    browser.answer("/report/reaction/1", verbatim="Rash")
    browser.answer("/report/reporter", qualification=qualification, country="CH")  # before: it contradicts nothing
    browser.answer("/report/who", relation_to_patient="health_professional")
    browser.open("/report/check")
    page = browser.send("/report/check")
    assert (page.status_code, errors(page)) == (422, says)
    assert 'href="/report/reporter?from=check#qualification"' in page.text
    browser.open("/report/reporter")
    assert errors(browser.send("/report/reporter", {"qualification": qualification})) == says
    assert not browser.reports.kept
    browser.answer("/report/reporter", qualification="other_health_professional")
    assert body(browser.submit())["reporters"][0]["qualification"] == "other_health_professional"


def test_a_number_out_of_bounds_is_told() -> None:
    assert told([Query(pointer="/patient/weight_kg", rule="range", words="")]) == [
        "A number is too high or too low to be right."
    ]


def test_every_country_has_a_name() -> None:
    assert set(COUNTRY_NAMES) == COUNTRIES
