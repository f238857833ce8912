"""The body of ``POST /v1/reports``: a report in the words of ``shared.contracts.clinical``, every field optional.

This is the one definition: bodies are checked by it and ``dayzero schema report`` is generated from it. What only the
server may say (``coding``, ``criteria_derived``, ``demonstration``, ``chosen``, ``sponsor_product``, ``placebo``) is
not here: from outside it is unknown. Lengths are those of E2B(R3).
"""

from enum import StrEnum

from intake.api.fields import (
    Part,
    Parts,
    PartSchema,
    choice,
    country,
    date_or_instant,
    full_date,
    identifier,
    language,
    number,
    partial_date,
    text,
    truth,
    unit,
    whole,
)
from intake.domain.values import MOST_AGE, MOST_WEIGHT_KG
from shared.contracts.code_lists import (
    ActionTaken,
    AgeGroup,
    AgeUnit,
    CausalityResult,
    CausalitySource,
    Criterion,
    DrugRole,
    Outcome,
    Qualification,
    RelationToPatient,
    ReportType,
    SenderType,
    Sex,
    Situation,
)


class FirstSender(StrEnum):
    """C.1.8.2."""

    REGULATOR = "regulator"
    OTHER = "other"


def not_known(*examples: str) -> Parts:
    """Return the field that tells an answer "not known" from a question that nobody answered."""
    name = text(60, "Name of a field of this part", examples=list(examples))
    return Parts(name, "Not known", "Fields of this part that were asked for and answered 'not known'.")


class SenderSchema(PartSchema):
    """Who sends the report."""

    organisation = text(100, "Organisation that sends the report", examples=["Example Partner AG"])
    type = choice(
        SenderType, "Kind of sender", description="An authority's report has a reporter whom the authority knows."
    )
    case_id = identifier(
        100,
        "The sender's own id of the case",
        description="The same sender and case id again is a follow-up of the same case.",
        examples=["EXP-2026-00042"],
    )


class AgeSchema(PartSchema):
    """Age at onset of the reaction."""

    value = number(0, MOST_AGE, "Number", required=True, examples=[54])
    unit = choice(AgeUnit, "Unit", description="Without it the number is kept, and asked about.")


class PatientSchema(PartSchema):
    """The patient."""

    initials = text(60, "Initials", description="Initials or a subject number, never the full name.", examples=["M.K."])
    birth_date = partial_date("Date of birth", description="As precise as known.", examples=["1971-05-02", "1971"])
    age = Part(AgeSchema, "Age at onset")
    age_group = choice(AgeGroup, "Age group", description="Where the age is not known.")
    sex = choice(Sex, "Sex")
    weight_kg = number(0, MOST_WEIGHT_KG, "Body weight in kilograms", examples=[72.5])
    height_cm = number(0, 300, "Height in centimetres", examples=[168])
    medical_history = text(10000, "Medical history and concurrent conditions", examples=["Hypertension since 2019"])
    death_date = partial_date("Date of death")
    pregnant = truth("Exposed during pregnancy", description="Leave out where nobody asked.")
    not_known = not_known("weight_kg")


class ReporterSchema(PartSchema):
    """Somebody who told of the case: a primary source."""

    title = text(50, "Title", examples=["Dr"])
    given_name = text(60, "Given name")
    family_name = text(60, "Family name")
    organisation = text(60, "Organisation", examples=["Example Hospital"])
    country = country("Country, ISO 3166-1 alpha-2", examples=["CH"])
    qualification = choice(Qualification, "Qualification")
    primary = truth("Primary source for regulatory purposes", description="True for exactly one reporter.")
    relation_to_patient = choice(RelationToPatient, "Whom the reporter speaks for")
    contact = text(250, "How to reach the reporter", examples=["+41 44 000 00 00"])
    contact_consent = truth("The reporter may be asked back")
    confidential = truth("The reporter's name must not be passed on", description="Asked for by the reporter.")
    privacy_notice = text(60, "Version of the privacy notice that the reporter was shown", examples=["2026-11"])
    not_known = not_known("country")


class CodingSchema(PartSchema):
    """A term of a dictionary as the sender coded it; it is kept beside our own coding."""

    dictionary = text(60, "Dictionary", required=True, examples=["MedDRA"])
    version = identifier(10, "Version of the dictionary", required=True, examples=["29.0"])
    llt_code = identifier(8, "Code of the lowest level term", required=True, examples=["10019211"])
    llt_name = text(250, "Name of the lowest level term", examples=["Headache"])
    pt_code = identifier(8, "Code of the preferred term", examples=["10019211"])
    pt_name = text(250, "Name of the preferred term", examples=["Headache"])


class CausalitySchema(PartSchema):
    """What one source judged of this reaction with one drug."""

    source = choice(CausalitySource, "Who judged")
    drug = text(250, "Name of the drug as in this report; without one, every suspect drug", examples=["Examplomab"])
    method = text(60, "Method of assessment", examples=["WHO-UMC"])
    result = choice(CausalityResult, "Result", description="Whether a causal relation is a reasonable possibility.")
    result_text = text(60, "Result in the words of the source or of the scale", examples=["probable"])


class ReactionSchema(PartSchema):
    """A reaction or event."""

    verbatim = text(250, "Reaction in the reporter's words", examples=["schwere Kopfschmerzen"])
    language = language("Language of those words, ISO 639-2", examples=["deu"])
    translation = text(250, "English translation of those words", examples=["severe headache"])
    received_coding = Part(CodingSchema, "Coding by the sender")
    serious = truth(
        "Serious", description="Leave out if the reporter did not say; the case-level statement then counts."
    )
    criteria = Parts(choice(Criterion, "Criterion"), "Seriousness criteria of this reaction", "Those that were stated.")
    onset = partial_date("Start of the reaction")
    end = partial_date("End of the reaction")
    outcome = choice(Outcome, "Outcome at the last observation")
    country = country("Country where it occurred, ISO 3166-1 alpha-2", examples=["DE"])
    causality = Parts(Part(CausalitySchema), "Causality assessments", "Of each source; none is overwritten.")
    without_harm = truth("No harm came of it", description="Of a situation reported as the event, as an overdose.")
    lack_of_efficacy = truth("The drug did not have its expected effect")
    not_known = not_known("onset", "serious")


class DoseSchema(PartSchema):
    """A dose as number and unit; other dosages go to ``dose_text``."""

    value = number(0, 99999999, "Number", required=True, examples=[20])
    unit = unit("UCUM unit", required=True, examples=["mg"])


class DrugSchema(PartSchema):
    """A drug."""

    name = text(250, "Name as reported", examples=["Examplomab 20 mg"])
    role = choice(DrugRole, "Role in the case")
    substances = Parts(text(250, "Substance", examples=["examplomab"]), "Active substances")
    authorisation_number = identifier(35, "Authorisation or application number", examples=["EU/1/20/1234/001"])
    authorisation_country = country("Country of authorisation, or EU", with_union=True, examples=["EU"])
    holder = text(60, "Authorisation holder", examples=["Example Pharma AG"])
    batch_number = text(35, "Batch or lot number", examples=["B1234"])
    dose = Part(DoseSchema, "Dose")
    dose_text = text(2000, "Dosage in words", examples=["20 mg once daily"])
    route = text(60, "Route of administration in words", examples=["oral"])
    start = partial_date("First administration")
    end = partial_date("Last administration")
    indication = text(250, "Indication as reported", examples=["arterial hypertension"])
    action_taken = choice(ActionTaken, "Action taken with the drug")
    situations = Parts(choice(Situation, "Special situation"), "Special situations")
    malfunction = truth("The device of a combination product malfunctioned and could do harm if it did so again")
    remedial_action = truth("The device needs remedial action against a risk of substantial harm to the public")
    blinded = truth("Blinded", description="True while the treatment of this patient of a trial is not known.")
    not_known = not_known("batch_number")


class StudySchema(PartSchema):
    """The study that the report comes from."""

    name = text(2000, "Study name")
    number = identifier(50, "Sponsor's study number", examples=["EXA-301"])
    type = whole(1, 3, "Study type", description="1 clinical trial, 2 individual patient use, 3 other study.")
    registrations = Parts(identifier(50, "Number", examples=["2026-500001-11-00"]), "Registration numbers of the study")
    ind_number = identifier(10, "IND number", examples=["123456"])


class ParentSchema(PartSchema):
    """The parent through whom a child or foetus was exposed."""

    identification = text(60, "Initials, never the full name", examples=["M.K."])
    birth_date = partial_date("Date of birth", description="As precise as known.", examples=["1991"])
    age = Part(AgeSchema, "Age at the child's exposure")
    sex = choice(Sex, "Sex")
    medical_history = text(10000, "Medical history and concurrent conditions")


class CaseIdentifierSchema(PartSchema):
    """An identifier that somebody else gave this case."""

    source = text(100, "Who gave it", required=True, examples=["Example Authority"])
    identifier = identifier(100, "The identifier", required=True, examples=["CH-EXAUTH-2026-17"])


class CaseContentSchema(PartSchema):
    """What a report says of its case."""

    report_type = choice(ReportType, "Type of report")
    patient = Part(PatientSchema, "Patient")
    reporters = Parts(Part(ReporterSchema), "Reporters", "Those who told of the case; mark one as primary.")
    reactions = Parts(Part(ReactionSchema), "Reactions or events")
    drugs = Parts(Part(DrugSchema), "Drugs", "Suspect, interacting and concomitant drugs.")
    study = Part(StudySchema, "Study")
    parent = Part(ParentSchema, "Parent", "Only of a child or foetus that was exposed through a parent.")
    literature = Parts(text(500, "Reference in Vancouver style"), "Articles that the report comes from")
    linked_cases = Parts(identifier(100, "Safety report identifier"), "Cases linked to this one, as mother and child")
    narrative = text(100000, "Case narrative", examples=["On the second day of treatment the patient developed …"])
    reporter_comments = text(20000, "Comments of the reporter")
    sender_comments = text(20000, "Comments of the sender")
    worldwide_case_id = identifier(
        100,
        "Worldwide unique case identification, if the case was sent electronically before",
        description="Kept byte for byte.",
        examples=["CH-EXPARTNER-2026-00042"],
    )
    first_sender = choice(FirstSender, "Who sent the case first")
    other_case_ids = Parts(Part(CaseIdentifierSchema), "Identifiers that others gave this case")


class ReportSchema(CaseContentSchema):
    """A safety report: what happened to whom after which drug, and who tells of it."""

    sponsor = text(
        63,
        "Sponsor",
        description="Short name of the sponsor in this installation: small letters, digits, hyphens. Without one "
        "that is known here, the report waits in the queue 'unassigned', its clock running.",
        pattern="^[a-z0-9][a-z0-9-]{0,62}$",
        examples=["exemplar"],
    )
    sender = Part(SenderSchema, "Sender")
    first_aware_at = date_or_instant(
        "When the sponsor, or anyone acting for it, first knew of the case",
        description="Only if that was before this report is sent.",
        examples=["2026-03-09", "2026-03-09T14:05:00+01:00"],
    )
    latest_information_on = full_date(
        "Date of the newest information from the primary source",
        examples=["2026-03-09"],
    )
    serious = truth(
        "Serious, as stated for the whole case",
        description="Goes to every reaction without a statement of its own, marked as derived from case level.",
    )
    seriousness_criteria = Parts(
        choice(Criterion, "Criterion"),
        "Seriousness criteria stated for the whole case",
        "They go to every reaction without criteria of its own, marked as derived from case level.",
    )
