"""Who tells of the case and whom it happened to (ICH E2B(R3) C.2.r, D).

A parent is told of only where a child or foetus was exposed through one (D.10).
"""

from intake.domain.icsr import codes
from intake.domain.icsr.said import Said
from intake.domain.values import MOST_AGE, MOST_WEIGHT_KG
from shared.contracts.clinical import Age, Parent, Patient, Reporter

_CONTACT = ("street", "city", "state", "postcode", "telephone", "fda_email")
_REPORTER_FIELDS = ("title", "given_name", "family_name", "organisation", "country", "qualification")
_PATIENT_FIELDS = {
    "initials": "initials",
    "birth_date": "birth_date",
    "age": "age",
    "age_group": "age_group",
    "sex": "sex",
    "weight": "weight_kg",
    "height": "height_cm",
}


def reporter(said: Said) -> Reporter:
    """Return a primary source; only one marked for regulatory purposes is primary."""
    contact = ", ".join(filter(None, (said.text(name, 100) for name in _CONTACT)))
    return Reporter(
        title=said.text("title", 50),
        given_name=said.text("given_name", 60),
        family_name=said.text("family_name", 60),
        organisation=said.text("organisation", 60),
        country=said.country("country"),
        qualification=said.coded("qualification", codes.QUALIFICATION),
        primary=said.coded("regulatory_purposes", codes.PRIMARY),
        contact=contact[:250] or None,
        received_id=said.identity,
        not_known=said.not_known({name: name for name in _REPORTER_FIELDS}),
    )


def patient(said: Said, history: Said, death: Said) -> Patient:
    """Return the patient, with the history in words; what of it is coded stays in the report as received."""
    unknown = (
        *said.not_known(_PATIENT_FIELDS),
        *history.not_known({"narrative": "medical_history"}),
        *death.not_known({"death_date": "death_date"}),
    )
    return Patient(
        initials=said.text("initials", 60),
        birth_date=said.day("birth_date"),
        age=_age(said),
        age_group=said.coded("age_group", codes.AGE_GROUP),
        sex=said.coded("sex", codes.SEX),
        weight_kg=said.number("weight", 0, MOST_WEIGHT_KG),
        height_cm=said.number("height", 0, 300),
        medical_history=history.text("narrative", 10000),
        death_date=death.day("death_date"),
        not_known=unknown,
    )


def parent(said: Said) -> Parent:
    """Return the parent of a child or foetus (D.10); what of the history is coded stays in the report as received."""
    return Parent(
        identification=said.text("identification", 60),
        birth_date=said.day("birth_date"),
        age=_age(said),
        sex=said.coded("sex", codes.SEX),
        medical_history=said.text("history_narrative", 10000),
    )


def _age(said: Said) -> Age | None:
    value, unit = said.number("age", 0, MOST_AGE), said.coded("age_unit", codes.AGE_UNIT)
    return None if value is None else Age(value=value, unit=unit)
