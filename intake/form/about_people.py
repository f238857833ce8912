"""What the form asks of the patient and of the reporter: no more than is needed (GVP VI.B.2, DOMAIN 20)."""

from intake.domain.values import MOST_AGE, MOST_WEIGHT_KG
from intake.form.fields import SAY_NOT_KNOWN, Field, Kind, Option, Page

WHO = Page(
    slug="who",
    caption="Step 1 of 6",
    title="Who are you reporting for?",
    part="reporter",
    fields=(
        Field(
            name="relation_to_patient",
            kind=Kind.ONE,
            label="Who are you reporting for?",
            short="You report for",
            options=(
                Option("patient", "Myself", "I had the side effect"),
                Option("other_person", "Someone else", "For example my child, a relative or a friend"),
                Option(
                    "health_professional",
                    "A patient of mine",
                    "I am a doctor, pharmacist, nurse or another health professional",
                ),
            ),
        ),
    ),
)

PATIENT = Page(
    slug="patient",
    caption="Step 4 of 6",
    title="About the person who had the problem",
    part="patient",
    intro="If that was you, tell us about yourself. Please do not give the full name here.",
    fields=(
        Field(
            name="initials",
            kind=Kind.LINE,
            label="Initials, or a number of your own for this person",
            short="Initials or number",
            hint="So that we can tell two people apart. For example, M.K.",
            width="govuk-input--width-10",
            not_known=True,
        ),
        Field(
            name="sex",
            kind=Kind.ONE,
            label="Sex",
            short="Sex",
            options=(Option("female", "Female"), Option("male", "Male"), SAY_NOT_KNOWN),
        ),
        Field(
            name="age",
            kind=Kind.AGE,
            most=MOST_AGE,
            label="Age when the problem began",
            short="Age",
            options=(
                Option("year", "years"),
                Option("month", "months"),
                Option("week", "weeks"),
                Option("day", "days"),
                Option("hour", "hours"),
            ),
            not_known=True,
        ),
        Field(
            name="birth_date",
            kind=Kind.DATE,
            label="Date of birth",
            short="Date of birth",
            hint="Instead of the age, or as well. The year alone is enough.",
            not_known=True,
        ),
        Field(
            name="weight_kg",
            kind=Kind.NUMBER,
            most=MOST_WEIGHT_KG,
            label="Weight in kilograms",
            short="Weight",
            hint="Of a newborn too: 3500 grams are 3.5.",
            not_known=True,
        ),
    ),
)

REPORTER = Page(
    slug="reporter",
    caption="Step 6 of 6",
    title="About you",
    part="reporter",
    intro="You can leave out your name. Your country and your profession help us to understand the report.",
    fields=(
        Field(name="given_name", kind=Kind.LINE, label="First name", short="First name", autocomplete="given-name"),
        Field(name="family_name", kind=Kind.LINE, label="Last name", short="Last name", autocomplete="family-name"),
        Field(
            name="organisation",
            kind=Kind.LINE,
            label="Hospital, practice or pharmacy",
            short="Organisation",
            hint="If you report as a health professional.",
            autocomplete="organization",
        ),
        Field(
            name="qualification",
            kind=Kind.ONE,
            label="Are you a health professional?",
            short="Health professional",
            options=(
                Option("physician", "Yes, a doctor"),
                Option("pharmacist", "Yes, a pharmacist"),
                Option("other_health_professional", "Yes, a nurse or another health professional"),
                Option("lawyer", "No, a lawyer"),
                Option("consumer", "No", "For example a patient, a relative or a carer"),
            ),
        ),
        Field(name="country", kind=Kind.COUNTRY, label="Your country", short="Country", autocomplete="country"),
    ),
)

CONTACT = Page(
    slug="contact",
    caption="Step 6 of 6",
    title="How may we reach you?",
    part="reporter",
    intro="A safety specialist may have a question that only you can answer.",
    fields=(
        Field(name="contact", kind=Kind.LINE, label="Email address or telephone number", short="Email or telephone"),
        Field(
            name="contact_consent",
            kind=Kind.YES_NO,
            label="May we contact you about this report?",
            short="We may contact you",
            options=(Option("yes", "Yes"), Option("no", "No")),
        ),
        Field(
            name="confidential",
            kind=Kind.YES_NO,
            label="Shall we keep your name confidential?",
            short="Keep your name confidential",
            hint="If you choose yes, we tell the medicines authorities what happened, but not who told us.",
            options=(Option("yes", "Yes"), Option("no", "No")),
        ),
    ),
)
