"""The topics: one per event type and version. Events only grow within a version; a breaking change is a new one."""

REPORT_RECEIVED = "dayzero.report.received.v1"
REPORT_REFUSED = "dayzero.report.refused.v1"
REPORT_PARKED = "dayzero.report.parked.v1"
CASE_OPENED = "dayzero.case.opened.v1"
CASE_APPROVED = "dayzero.case.approved.v1"
MESSAGE_BUILT = "dayzero.message.built.v1"
MESSAGE_PARKED = "dayzero.message.parked.v1"
SUBMISSION_SENT = "dayzero.submission.sent.v1"
SUBMISSION_ACKNOWLEDGED = "dayzero.submission.acknowledged.v1"
SUBMISSION_NOTED = "dayzero.submission.noted.v1"
KEY_CHANGED = "dayzero.key.changed.v1"
KEY_NOTED = "dayzero.key.noted.v1"

ALL = (
    REPORT_RECEIVED,
    REPORT_REFUSED,
    REPORT_PARKED,
    CASE_OPENED,
    CASE_APPROVED,
    MESSAGE_BUILT,
    MESSAGE_PARKED,
    SUBMISSION_SENT,
    SUBMISSION_ACKNOWLEDGED,
    SUBMISSION_NOTED,
    KEY_CHANGED,
    KEY_NOTED,
)
