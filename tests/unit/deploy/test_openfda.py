"""A raw openFDA report is mapped by tables, and nothing is invented; expected bodies are typed by hand (DOMAIN 4)."""

from collections import Counter
from typing import Any

import pytest

from deploy.cli.openfda import body_of
from deploy.cli.openfda_codes import DOSE_UNIT, ROUTE

RAW: dict[str, Any] = {
    "safetyreportid": "10003304",
    "safetyreportversion": "2",
    "reporttype": "1",
    "serious": "1",
    "seriousnesshospitalization": "1",
    "seriousnessother": "1",
    "receivedate": "20140306",
    "receivedateformat": "102",
    "receiptdate": "20140312",
    "receiptdateformat": "102",
    "companynumb": "US-MADEUP-2014-7",
    "reportduplicate": {"duplicatesource": "MADEUP", "duplicatenumb": "2014-7"},
    "occurcountry": "US",
    "primarysourcecountry": "US",
    "primarysource": {"reportercountry": "US", "qualification": "3"},
    "sender": {"sendertype": "2", "senderorganization": "FDA-Public Use"},
    "patient": {
        "patientonsetage": "77",
        "patientonsetageunit": "801",
        "patientagegroup": "6",
        "patientsex": "2",
        "patientweight": "61.5",
        "reaction": [
            {"reactionmeddraversionpt": "17.0", "reactionmeddrapt": "Crohn^s disease", "reactionoutcome": "3"},
            {"reactionmeddrapt": "Nausea"},
        ],
        "drug": [
            {
                "drugcharacterization": "1",
                "medicinalproduct": "MADEUPINE",
                "activesubstance": {"activesubstancename": "MADEUPINE\\OTHERINE"},
                "drugauthorizationnumb": "021858",
                "drugbatchnumb": "H6200",
                "drugstructuredosagenumb": "3",
                "drugstructuredosageunit": "003",
                "drugdosagetext": "3 MG, ONCE",
                "drugadministrationroute": "042",
                "drugindication": "OSTEOPOROSIS",
                "drugstartdate": "201309",
                "drugstartdateformat": "610",
                "actiondrug": "5",
                "openfda": {"brand_name": ["MADEUPINE"]},
            }
        ],
        "summary": {"narrativeincludeclinical": "CASE EVENT DATE: 2013"},
    },
}
BODY: dict[str, Any] = {
    "sponsor": "helvion",
    "sender": {"organisation": "FDA-Public Use", "type": "regulatory_authority", "case_id": "10003304"},
    "first_aware_at": "2014-03-06",
    "latest_information_on": "2014-03-12",
    "report_type": "spontaneous",
    "serious": True,
    "seriousness_criteria": ["hospitalisation", "other_medically_important"],
    "worldwide_case_id": "US-MADEUP-2014-7",
    "first_sender": "other",
    "other_case_ids": [{"source": "MADEUP", "identifier": "2014-7"}],
    "patient": {
        "age": {"value": 77.0, "unit": "year"},
        "age_group": "elderly",
        "sex": "female",
        "weight_kg": 61.5,
    },
    "reporters": [{"country": "US", "qualification": "other_health_professional"}],
    "reactions": [
        {"verbatim": "Crohn's disease", "outcome": "not_recovered", "country": "US"},
        {"verbatim": "Nausea", "country": "US"},
    ],
    "drugs": [
        {
            "name": "MADEUPINE",
            "role": "suspect",
            "substances": ["MADEUPINE", "OTHERINE"],
            "authorisation_number": "021858",
            "batch_number": "H6200",
            "dose": {"value": 3.0, "unit": "mg"},
            "dose_text": "3 MG, ONCE",
            "route": "Intravenous (not otherwise specified)",
            "start": "2013-09",
            "indication": "OSTEOPOROSIS",
            "action_taken": "unknown",
        }
    ],
    "narrative": "CASE EVENT DATE: 2013",
}


def changed(**changes: Any) -> dict[str, Any]:
    return {**RAW, **changes}


def test_a_whole_report() -> None:
    mapped = body_of(RAW, "helvion")
    assert mapped.body == BODY
    assert mapped.left_out == Counter()
    assert mapped.no_place == Counter({"safetyreportversion": 1, "reactionmeddraversionpt": 1})


def test_an_empty_report_says_nothing() -> None:
    assert body_of({}, "helvion").body == {"sponsor": "helvion"}
    assert body_of("not an object", "helvion").body == {"sponsor": "helvion"}


def test_serious_without_a_flag_stays_without_a_criterion() -> None:
    raw = {"serious": "1"}
    assert body_of(raw, "helvion").body == {"sponsor": "helvion", "serious": True}


def test_not_serious_is_said_and_not_left_out() -> None:
    assert body_of({"serious": "2"}, "helvion").body["serious"] is False


@pytest.mark.parametrize(
    ("raw", "no_place"),
    [
        ({"patient": {"reaction": "boom"}}, {"reaction": 1}),
        ({"patient": {"reaction": ["boom", {"reactionmeddrapt": "Rash"}]}}, {"reaction": 1}),
        ({"patient": {"drug": {"medicinalproduct": ["a"]}}}, {"medicinalproduct": 1}),
        ({"patient": {"drug": [{"activesubstance": {"activesubstancename": ["a"]}}]}}, {"activesubstancename": 1}),
        ({"patient": {"drug": [{"drugstartdate": {"year": 1}}, None]}}, {"drugstartdate": 1}),
        ({"patient": "x", "sender": [], "primarysource": None}, {"patient": 1}),
        ({"safetyreportid": {"a": 1}}, {"safetyreportid": 1}),
        (["boom"], {"a report that is no object": 1}),
    ],
)
def test_what_has_another_form_than_it_should_is_counted(raw: object, no_place: dict[str, int]) -> None:
    assert body_of(raw, "helvion").no_place == Counter(no_place)


@pytest.mark.parametrize("weight", ["nan", "1e999"])
def test_a_number_without_a_value_is_left_out(weight: str) -> None:
    mapped = body_of({"patient": {"patientweight": weight}}, "helvion")
    assert (mapped.body, mapped.left_out) == ({"sponsor": "helvion"}, Counter({f"patientweight={weight}": 1}))


@pytest.mark.parametrize(
    ("part", "name", "code", "absent"),
    [
        ("primarysource", "qualification", "9", "qualification"),
        ("patient", "patientsex", "0", "sex"),
        ("patient", "patientagegroup", "7", "age_group"),
    ],
)
def test_an_unknown_code_is_left_out_and_counted(part: str, name: str, code: str, absent: str) -> None:
    mapped = body_of(changed(**{part: {**RAW[part], name: code}}), "helvion")
    assert mapped.left_out == Counter({f"{name}={code}": 1})
    assert absent not in mapped.body["reporters"][0] | mapped.body["patient"]


def test_an_age_without_its_unit_is_sent_as_it_is_and_a_unit_alone_is_not() -> None:
    assert body_of({"patient": {"patientonsetage": "77"}}, "helvion").body["patient"] == {"age": {"value": 77.0}}
    assert body_of({"patient": {"patientonsetageunit": "801"}}, "helvion").body == {"sponsor": "helvion"}


def test_an_unknown_role_is_not_stated() -> None:
    mapped = body_of({"patient": {"drug": [{"medicinalproduct": "X", "drugcharacterization": "7"}]}}, "helvion")
    assert mapped.body["drugs"] == [{"name": "X"}]
    assert mapped.left_out == Counter({"drugcharacterization=7": 1})


def test_duplicates_come_as_one_or_as_a_list() -> None:
    pair = {"duplicatesource": "A", "duplicatenumb": "1"}
    several = body_of(changed(reportduplicate=[pair, {"duplicatesource": "B"}]), "helvion").body
    assert several["other_case_ids"] == [{"source": "A", "identifier": "1"}]


def test_a_date_that_is_none_is_left_out_and_counted() -> None:
    mapped = body_of({"receivedate": "spring"}, "helvion")
    assert mapped.body == {"sponsor": "helvion"}
    assert mapped.left_out == Counter({"receivedate=spring": 1})


@pytest.mark.parametrize(
    ("code", "words"), [("001", "Auricular (otic)"), ("048", "Oral"), ("058", "Subcutaneous"), ("067", "Vaginal")]
)
def test_routes_are_those_of_the_list(code: str, words: str) -> None:
    assert ROUTE[code] == words


@pytest.mark.parametrize(
    ("code", "unit"), [("001", "kg"), ("003", "mg"), ("009", "mg/m2"), ("012", "mL"), ("025", "[iU]"), ("032", "{DF}")]
)
def test_dose_units_are_ucum(code: str, unit: str) -> None:
    assert DOSE_UNIT[code] == unit
