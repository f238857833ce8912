"""The code lists of ICH E2B(R3), in words: what a field may say; ``shared.contracts.codes`` has the codes."""

from enum import StrEnum


class ReportType(StrEnum):
    """C.1.3."""

    SPONTANEOUS = "spontaneous"
    STUDY = "study"
    OTHER = "other"
    UNKNOWN = "unknown"


class SenderType(StrEnum):
    """C.3.1."""

    PHARMACEUTICAL_COMPANY = "pharmaceutical_company"
    REGULATORY_AUTHORITY = "regulatory_authority"
    HEALTH_PROFESSIONAL = "health_professional"
    REGIONAL_CENTRE = "regional_pharmacovigilance_centre"
    WHO_CENTRE = "who_collaborating_centre"
    OTHER = "other"
    PATIENT_OR_CONSUMER = "patient_or_consumer"


class Qualification(StrEnum):
    """C.2.r.4."""

    PHYSICIAN = "physician"
    PHARMACIST = "pharmacist"
    OTHER_HEALTH_PROFESSIONAL = "other_health_professional"
    LAWYER = "lawyer"
    CONSUMER = "consumer"


class RelationToPatient(StrEnum):
    """Whom a reporter speaks for, in her own words; E2B(R3) has no element for it."""

    PATIENT = "patient"
    OTHER_PERSON = "other_person"
    HEALTH_PROFESSIONAL = "health_professional"


class Sex(StrEnum):
    """D.5."""

    MALE = "male"
    FEMALE = "female"


class AgeUnit(StrEnum):
    """D.2.2b."""

    DECADE = "decade"
    YEAR = "year"
    MONTH = "month"
    WEEK = "week"
    DAY = "day"
    HOUR = "hour"


class AgeGroup(StrEnum):
    """D.2.3."""

    FOETUS = "foetus"
    NEONATE = "neonate"
    INFANT = "infant"
    CHILD = "child"
    ADOLESCENT = "adolescent"
    ADULT = "adult"
    ELDERLY = "elderly"


class Criterion(StrEnum):
    """The six seriousness criteria, E.i.3.2a to f, worst first."""

    DEATH = "results_in_death"
    LIFE_THREATENING = "life_threatening"
    HOSPITALISATION = "hospitalisation"
    DISABILITY = "disability"
    CONGENITAL_ANOMALY = "congenital_anomaly"
    OTHER_MEDICALLY_IMPORTANT = "other_medically_important"


class Outcome(StrEnum):
    """E.i.7."""

    RECOVERED = "recovered"
    RECOVERING = "recovering"
    NOT_RECOVERED = "not_recovered"
    RECOVERED_WITH_SEQUELAE = "recovered_with_sequelae"
    FATAL = "fatal"
    UNKNOWN = "unknown"


class DrugRole(StrEnum):
    """G.k.1."""

    SUSPECT = "suspect"
    CONCOMITANT = "concomitant"
    INTERACTING = "interacting"
    NOT_ADMINISTERED = "not_administered"


class Situation(StrEnum):
    """Additional information on a drug, G.k.10.r: the special situations of GVP VI.B.6."""

    COUNTERFEIT = "counterfeit"
    OVERDOSE = "overdose"
    TAKEN_BY_FATHER = "taken_by_father"
    PAST_EXPIRY = "past_expiry"
    BATCH_IN_SPECIFICATION = "batch_in_specification"
    BATCH_OUT_OF_SPECIFICATION = "batch_out_of_specification"
    MEDICATION_ERROR = "medication_error"
    MISUSE = "misuse"
    ABUSE = "abuse"
    OCCUPATIONAL_EXPOSURE = "occupational_exposure"
    OFF_LABEL = "off_label"


class CausalitySource(StrEnum):
    """Who judged a causal relation (G.k.9.i.2.r.1)."""

    REPORTER = "reporter"
    INVESTIGATOR = "investigator"
    SPONSOR = "sponsor"
    OTHER = "other"


class CausalityResult(StrEnum):
    """Whether a causal relation is a reasonable possibility (ICH E2A II.A); the words of a scale go beside it."""

    RELATED = "related"
    NOT_RELATED = "not_related"


class ActionTaken(StrEnum):
    """G.k.8."""

    WITHDRAWN = "withdrawn"
    DOSE_REDUCED = "dose_reduced"
    DOSE_INCREASED = "dose_increased"
    DOSE_NOT_CHANGED = "dose_not_changed"
    UNKNOWN = "unknown"
    NOT_APPLICABLE = "not_applicable"
