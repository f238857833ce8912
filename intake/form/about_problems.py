"""What the form asks of what happened (ICH E2B(R3) guide, sections E and H): the seriousness of each by itself."""

from intake.form.fields import NONE, SAY_NOT_KNOWN, SAY_UNKNOWN, WHOLE_OR_PART, Field, Kind, Option, Page

REACTION = Page(
    slug="reaction",
    title="What happened?",
    caption="Step 3 of 6: side effect",
    part="reactions",
    intro="Tell us about one problem at a time. You can add others, and tell the whole story later.",
    fields=(
        Field(
            name="verbatim",
            kind=Kind.LINE,
            label="The problem, in your own words",
            short="What happened",
            hint="For example, severe headache",
        ),
        Field(
            name="onset", kind=Kind.DATE, label="When did it begin?", short="Began", hint=WHOLE_OR_PART, not_known=True
        ),
        Field(
            name="end",
            kind=Kind.DATE,
            label="When did it end?",
            short="Ended",
            hint="Leave this empty if it is not over.",
            not_known=True,
        ),
        Field(
            name="outcome",
            kind=Kind.ONE,
            label="How did it go on?",
            short="Outcome",
            options=(
                Option("recovered", "It is over, with a full recovery"),
                Option("recovering", "It is getting better"),
                Option("not_recovered", "It is not better"),
                Option("recovered_with_sequelae", "It is over, but has left lasting effects"),
                Option("fatal", "The person died of it"),
                SAY_UNKNOWN,
            ),
        ),
    ),
)

SERIOUSNESS = Page(
    slug="seriousness",
    title="Did it lead to any of these?",
    caption="Step 3 of 6: side effect",
    part="reactions",
    fields=(
        Field(
            name="serious",
            kind=Kind.MANY,
            label="Did it lead to any of these?",
            short="It led to",
            hint="Select all that apply.",
            options=(
                Option("results_in_death", "Death"),
                Option("life_threatening", "Danger to life", "The person could have died when it happened"),
                Option("hospitalisation", "A stay in hospital", "Or a longer stay than planned"),
                Option("disability", "A lasting disability", "Or being unable to do what the person did before"),
                Option("congenital_anomaly", "A birth defect"),
                Option(
                    "other_medically_important",
                    "Something else of medical importance",
                    "For example, treatment was needed to prevent one of the above",
                ),
                Option(NONE, "No, none of these"),
                SAY_NOT_KNOWN,
            ),
        ),
    ),
)

STORY = Page(
    slug="story",
    caption="Step 5 of 6",
    title="The whole story",
    part="case",
    fields=(
        Field(
            name="narrative",
            kind=Kind.TEXT,
            label="What happened, from the beginning?",
            short="The story",
            hint="What came first, what was done about it, test results, and whether the problem came back. "
            "Please write no names.",
        ),
        Field(
            name="medical_history",
            kind=Kind.TEXT,
            label="Other illnesses, allergies or pregnancy",
            short="Other illnesses",
            hint="What else a doctor should know about the person.",
            part="patient",
            not_known=True,
        ),
    ),
)
