"""Words in Python, element ids as data: the code that each word of a case has in ICH E2B(R3), one table an element.

Intake reads by these tables what reporting writes by them.
"""

from shared.contracts.case_approved import CorrectionKind
from shared.contracts.code_lists import (
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
    Situation,
)

CORRECTIONS = {CorrectionKind.NULLIFICATION: "1", CorrectionKind.AMENDMENT: "2"}  # C.1.11.1
PRIMARY = "1"  # C.2.r.5
UNDETERMINED_LANGUAGE = "und"  # E.i.1.1b: ISO 639-2's own word for a language that nobody stated

REPORT_TYPES = {  # C.1.3
    ReportType.SPONTANEOUS: "1",
    ReportType.STUDY: "2",
    ReportType.OTHER: "3",
    ReportType.UNKNOWN: "4",
}
SENDER_TYPES = {  # C.3.1
    SenderType.PHARMACEUTICAL_COMPANY: "1",
    SenderType.REGULATORY_AUTHORITY: "2",
    SenderType.HEALTH_PROFESSIONAL: "3",
    SenderType.REGIONAL_CENTRE: "4",
    SenderType.WHO_CENTRE: "5",
    SenderType.OTHER: "6",
    SenderType.PATIENT_OR_CONSUMER: "7",
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
OUTCOMES = {  # E.i.7
    Outcome.RECOVERED: "1",
    Outcome.RECOVERING: "2",
    Outcome.NOT_RECOVERED: "3",
    Outcome.RECOVERED_WITH_SEQUELAE: "4",
    Outcome.FATAL: "5",
    Outcome.UNKNOWN: "0",
}
CRITERIA = {  # E.i.3.2a to f: the field of the reaction that each criterion sets
    "results_in_death": Criterion.DEATH,
    "life_threatening": Criterion.LIFE_THREATENING,
    "hospitalisation": Criterion.HOSPITALISATION,
    "disabling": Criterion.DISABILITY,
    "congenital_anomaly": Criterion.CONGENITAL_ANOMALY,
    "other_medically_important": Criterion.OTHER_MEDICALLY_IMPORTANT,
}
ROLES = {  # G.k.1
    DrugRole.SUSPECT: "1",
    DrugRole.CONCOMITANT: "2",
    DrugRole.INTERACTING: "3",
    DrugRole.NOT_ADMINISTERED: "4",
}
SITUATIONS = {  # G.k.10.r
    Situation.COUNTERFEIT: "1",
    Situation.OVERDOSE: "2",
    Situation.TAKEN_BY_FATHER: "3",
    Situation.PAST_EXPIRY: "4",
    Situation.BATCH_IN_SPECIFICATION: "5",
    Situation.BATCH_OUT_OF_SPECIFICATION: "6",
    Situation.MEDICATION_ERROR: "7",
    Situation.MISUSE: "8",
    Situation.ABUSE: "9",
    Situation.OCCUPATIONAL_EXPOSURE: "10",
    Situation.OFF_LABEL: "11",
}
CONCOMITANT = ROLES[DrugRole.CONCOMITANT]
ACTIONS_TAKEN = {  # G.k.8
    ActionTaken.WITHDRAWN: "1",
    ActionTaken.DOSE_REDUCED: "2",
    ActionTaken.DOSE_INCREASED: "3",
    ActionTaken.DOSE_NOT_CHANGED: "4",
    ActionTaken.UNKNOWN: "0",
    ActionTaken.NOT_APPLICABLE: "9",
}
