"""What the form asks, in plain words; the minimum is a patient, a reporter, a product and an event (GVP VI.B.2).

No question must be answered. "Not known" is an answer, and differs from none.
"""

from intake.form.about_medicines import MEDICINE, TAKEN
from intake.form.about_people import CONTACT, PATIENT, REPORTER, WHO
from intake.form.about_problems import REACTION, SERIOUSNESS, STORY
from intake.form.fields import Group, Page

PRIVACY_NOTICE = "2026-11"  # the version of templates/report/privacy.html: a change of its words is a new version
MOST_ITEMS = 500  # as many as the report's structured form keeps

MEDICINES = Group(
    slug="medicines",
    part="drugs",
    one="medicine",
    many="medicines",
    title="Medicines",
    pages=("medicine", "taken"),
    name_field="name",
)

REACTIONS = Group(
    slug="reactions",
    part="reactions",
    one="side effect",
    many="side effects",
    title="Side effects",
    pages=("reaction", "seriousness"),
    name_field="verbatim",
)
GROUPS = {group.slug: group for group in (MEDICINES, REACTIONS)}
PAGES: dict[str, Page] = {
    page.slug: page for page in (WHO, MEDICINE, TAKEN, REACTION, SERIOUSNESS, PATIENT, STORY, REPORTER, CONTACT)
}


def group_of(slug: str) -> Group | None:
    """Return the group whose items have this page."""
    return next((group for group in GROUPS.values() if slug in group.pages), None)
