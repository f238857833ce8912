"""What the form asks of a medicine (ICH E2B(R3) guide, section G)."""

from intake.form.fields import SAY_NOT_KNOWN, SAY_UNKNOWN, WHOLE_OR_PART, Field, Kind, Option, Page

MEDICINE = Page(
    slug="medicine",
    title="Which medicine was taken?",
    caption="Step 2 of 6: medicine",
    part="drugs",
    intro="Begin with the medicine that you think caused the problem. You can add others afterwards.",
    fields=(
        Field(
            name="name",
            kind=Kind.LINE,
            label="Name of the medicine",
            short="Name",
            hint="As it stands on the package, with the strength. For example, Examplomab 20 mg",
            not_known=True,
        ),
        Field(
            name="role",
            kind=Kind.ONE,
            label="Do you think that it caused the problem?",
            short="Suspected",
            options=(
                Option("suspect", "Yes, I suspect this medicine"),
                Option("interacting", "Yes, together with another medicine"),
                Option("concomitant", "No, it was only taken at the same time"),
                SAY_NOT_KNOWN,
            ),
        ),
        Field(
            name="indication",
            kind=Kind.LINE,
            label="What was it taken for?",
            short="Taken for",
            hint="For example, high blood pressure",
            not_known=True,
        ),
        Field(
            name="batch_number",
            kind=Kind.LINE,
            label="Batch number",
            short="Batch number",
            hint="On the package, after ‘Lot’ or ‘Batch’. It matters most for vaccines and biological medicines.",
            width="govuk-input--width-20",
            not_known=True,
        ),
    ),
)

TAKEN = Page(
    slug="taken",
    title="How was it taken?",
    caption="Step 2 of 6: medicine",
    part="drugs",
    fields=(
        Field(
            name="dose_text",
            kind=Kind.LINE,
            label="How much was taken, and how often?",
            short="Dose",
            hint="For example, one tablet of 20 mg every morning",
            not_known=True,
        ),
        Field(
            name="start",
            kind=Kind.DATE,
            label="When was it first taken?",
            short="First taken",
            hint=WHOLE_OR_PART,
            not_known=True,
        ),
        Field(
            name="end",
            kind=Kind.DATE,
            label="When was it last taken?",
            short="Last taken",
            hint="Leave this empty if it is still being taken.",
            not_known=True,
        ),
        Field(
            name="action_taken",
            kind=Kind.ONE,
            label="What was done with the medicine because of the problem?",
            short="What was done",
            options=(
                Option("withdrawn", "It was stopped"),
                Option("dose_reduced", "The dose was lowered"),
                Option("dose_increased", "The dose was raised"),
                Option("dose_not_changed", "Nothing was changed"),
                Option("not_applicable", "It had already ended, or this does not apply"),
                SAY_UNKNOWN,
            ),
        ),
    ),
)
