"""The field's words and the codes that E2B(R3) has for them, one table for each code list (guide v5.03)."""

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
    Sex,
)

W = TypeVar("W")

REPORT_TYPES = {  # C.1.3
    ReportType.SPONTANEOUS: "1",
    ReportType.STUDY: "2",
    ReportType.OTHER: "3",
    ReportType.UNKNOWN: "4",
}
FIRST_SENDERS = {"regulator": "1", "other": "2"}  # C.1.8.2
QUALIFICATIONS = {  # C.2.r.4
    Qualification.PHYSICIAN: "1",
    Qualification.PHARMACIST: "2",
    Qualification.OTHER_HEALTH_PROFESSIONAL: "3",
    Qualification.LAWYER: "4",
    Qualification.CONSUMER: "5",
}
AGE_UNITS = {  # D.2.2b, UCUM
    AgeUnit.DECADE: "{decade}",
    AgeUnit.YEAR: "a",
    AgeUnit.MONTH: "mo",
    AgeUnit.WEEK: "wk",
    AgeUnit.DAY: "d",
    AgeUnit.HOUR: "h",
}
AGE_GROUPS = {  # D.2.3
    AgeGroup.FOETUS: "0",
    AgeGroup.NEONATE: "1",
    AgeGroup.INFANT: "2",
    AgeGroup.CHILD: "3",
    AgeGroup.ADOLESCENT: "4",
    AgeGroup.ADULT: "5",
    AgeGroup.ELDERLY: "6",
}
SEXES = {Sex.MALE: "1", Sex.FEMALE: "2"}  # D.5
CRITERIA = {  # E.i.3.2a to f: which element of a reaction says it
    Criterion.DEATH: "results_in_death",
    Criterion.LIFE_THREATENING: "life_threatening",
    Criterion.HOSPITALISATION: "hospitalisation",
    Criterion.DISABILITY: "disabling",
    Criterion.CONGENITAL_ANOMALY: "congenital_anomaly",
    Criterion.OTHER_MEDICALLY_IMPORTANT: "other_medically_important",
}
OUTCOMES = {  # E.i.7
    Outcome.UNKNOWN: "0",
    Outcome.RECOVERED: "1",
    Outcome.RECOVERING: "2",
    Outcome.NOT_RECOVERED: "3",
    Outcome.RECOVERED_WITH_SEQUELAE: "4",
    Outcome.FATAL: "5",
}
ROLES = {  # G.k.1
    DrugRole.SUSPECT: "1",
    DrugRole.CONCOMITANT: "2",
    DrugRole.INTERACTING: "3",
    DrugRole.NOT_ADMINISTERED: "4",
}
ACTIONS_TAKEN = {  # G.k.8
    ActionTaken.WITHDRAWN: "1",
    ActionTaken.DOSE_REDUCED: "2",
    ActionTaken.DOSE_INCREASED: "3",
    ActionTaken.DOSE_NOT_CHANGED: "4",
    ActionTaken.UNKNOWN: "0",
    ActionTaken.NOT_APPLICABLE: "9",
}


def coded(codes: Mapping[W, str], word: W | None) -> str | None:
    """Return the code of a word; what was not said has none."""
    return None if word is None else codes[word]
