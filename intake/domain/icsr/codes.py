"""E2B(R3) says in codes what a case says in words; these are the tables, by the field of the model that is coded.

A code that is not here is left out and asked about, never guessed.
"""

from collections.abc import Mapping
from typing import TypeVar

from shared.contracts.clinical import (
    ActionTaken,
    AgeGroup,
    AgeUnit,
    Criterion,
    DrugRole,
    Outcome,
    Qualification,
    ReportType,
    SenderType,
    Sex,
)

T = TypeVar("T")
Table = Mapping[str, T]

REPORT_TYPE: Table[ReportType] = {
    "1": ReportType.SPONTANEOUS,
    "2": ReportType.STUDY,
    "3": ReportType.OTHER,
    "4": ReportType.UNKNOWN,
}
FIRST_SENDER: Table[str] = {"1": "regulator", "2": "other"}
SENDER_TYPE: Table[SenderType] = {
    "1": SenderType.PHARMACEUTICAL_COMPANY,
    "2": SenderType.REGULATORY_AUTHORITY,
    "3": SenderType.HEALTH_PROFESSIONAL,
    "4": SenderType.REGIONAL_CENTRE,
    "5": SenderType.WHO_CENTRE,
    "6": SenderType.OTHER,
    "7": SenderType.PATIENT_OR_CONSUMER,
}
QUALIFICATION: Table[Qualification] = {
    "1": Qualification.PHYSICIAN,
    "2": Qualification.PHARMACIST,
    "3": Qualification.OTHER_HEALTH_PROFESSIONAL,
    "4": Qualification.LAWYER,
    "5": Qualification.CONSUMER,
}
PRIMARY: Table[bool] = {"1": True}
STUDY_TYPE: Table[int] = {"1": 1, "2": 2, "3": 3}
SEX: Table[Sex] = {"1": Sex.MALE, "2": Sex.FEMALE}
AGE_UNIT: Table[AgeUnit] = {
    "{decade}": AgeUnit.DECADE,
    "a": AgeUnit.YEAR,
    "mo": AgeUnit.MONTH,
    "wk": AgeUnit.WEEK,
    "d": AgeUnit.DAY,
    "h": AgeUnit.HOUR,
}
AGE_GROUP: Table[AgeGroup] = {
    "0": AgeGroup.FOETUS,
    "1": AgeGroup.NEONATE,
    "2": AgeGroup.INFANT,
    "3": AgeGroup.CHILD,
    "4": AgeGroup.ADOLESCENT,
    "5": AgeGroup.ADULT,
    "6": AgeGroup.ELDERLY,
}
CRITERIA: Mapping[str, Criterion] = {
    "results_in_death": Criterion.DEATH,
    "life_threatening": Criterion.LIFE_THREATENING,
    "hospitalisation": Criterion.HOSPITALISATION,
    "disabling": Criterion.DISABILITY,
    "congenital_anomaly": Criterion.CONGENITAL_ANOMALY,
    "other_medically_important": Criterion.OTHER_MEDICALLY_IMPORTANT,
}
HIGHLIGHTED_AS_SERIOUS: Table[bool] = {"1": False, "2": False, "3": True, "4": True}
OUTCOME: Table[Outcome] = {
    "0": Outcome.UNKNOWN,
    "1": Outcome.RECOVERED,
    "2": Outcome.RECOVERING,
    "3": Outcome.NOT_RECOVERED,
    "4": Outcome.RECOVERED_WITH_SEQUELAE,
    "5": Outcome.FATAL,
}
ROLE: Table[DrugRole] = {
    "1": DrugRole.SUSPECT,
    "2": DrugRole.CONCOMITANT,
    "3": DrugRole.INTERACTING,
    "4": DrugRole.NOT_ADMINISTERED,
}
ACTION: Table[ActionTaken] = {
    "0": ActionTaken.UNKNOWN,
    "1": ActionTaken.WITHDRAWN,
    "2": ActionTaken.DOSE_REDUCED,
    "3": ActionTaken.DOSE_INCREASED,
    "4": ActionTaken.DOSE_NOT_CHANGED,
    "9": ActionTaken.NOT_APPLICABLE,
}
