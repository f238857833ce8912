"""``dayzero.submission.noted.v1``: triage to reporting. The case knows what became of its submission."""

import msgspec


class SubmissionNoted(msgspec.Struct, frozen=True, kw_only=True):
    """The answer to ``submission.sent`` and ``submission.acknowledged``."""

    submission_id: str
    case_id: str
