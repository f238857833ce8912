"""What is said on two pages must not contradict itself: a stated profession never becomes a derived "consumer".

A reporter without a qualification counts as a consumer (GVP VI.B.2), which somebody who reports for a patient of theirs
said not to be; so that person is asked which profession it is.
"""

from collections.abc import Mapping

from intake.form.fields import FieldError, Typed, first

REPORTER = "reporter"  # the page that is asked again
_PROFESSIONS = {"physician", "pharmacist", "other_health_professional"}
_WHICH = (
    "Select which health professional you are, or change whom you report for, because you chose ‘A patient of mine’"
)


def disagreements(answers: Mapping[str, Typed]) -> list[FieldError]:
    """Return what does not agree between the pages of a draft; each error stands on the page ``reporter``."""
    if first(answers.get("who", {}), "relation_to_patient") != "health_professional":
        return []
    if first(answers.get(REPORTER, {}), "qualification") in _PROFESSIONS:
        return []
    return [FieldError("qualification", "qualification", _WHICH)]
