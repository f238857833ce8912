"""What review takes, by API and by form: every action has a reason (ICH E2B(R3) C.1.11.2)."""

from typing import Any

from marshmallow import EXCLUDE, RAISE, Schema, fields, validate

from triage.domain.case import Status

LONGEST_REASON = 2000
LONGEST_POINTER = 200
LONGEST_LIST = 1000

_Words = dict[str, str | list[Any] | dict[Any, Any]]  # marshmallow's own type

_SAID: _Words = {"required": "Say why.", "null": "Say why.", "invalid": "Write the reason as text."}
_REASON = [
    validate.Regexp(r"(?s).*\S", error="Say why."),
    validate.Length(max=LONGEST_REASON, error=f"At most {LONGEST_REASON} characters."),
]
_NAMED: _Words = {"required": "Name the field.", "null": "Name the field.", "invalid": "Write the field as text."}
_POINTER = [
    validate.Regexp(r"/", error="Name the field by its JSON pointer, as /reactions/0/onset."),
    validate.Length(max=LONGEST_POINTER, error=f"At most {LONGEST_POINTER} characters."),
]
_RANGE = f"A whole number from 1 to {LONGEST_LIST}."


class ActionSchema(Schema):
    """Approve or return."""

    class Meta:
        """An unknown field is a mistake, not a wish."""

        unknown = RAISE

    reason = fields.String(required=True, validate=_REASON, error_messages=_SAID)


class AmendmentSchema(ActionSchema):
    """Change one field."""

    pointer = fields.String(required=True, validate=_POINTER, error_messages=_NAMED)
    value = fields.Raw(required=True, allow_none=True, error_messages={"required": "Give the new value, or null."})


class ListSchema(Schema):
    """Which cases to list."""

    class Meta:
        """Parameters that we do not know are left alone, as browsers and proxies add some."""

        unknown = EXCLUDE

    sponsor = fields.String()
    status = fields.String(
        validate=validate.OneOf([status.value for status in Status], error="One of {choices}."),
    )
    limit = fields.Integer(
        load_default=100,
        validate=validate.Range(min=1, max=LONGEST_LIST, error=_RANGE),
        error_messages={"invalid": _RANGE, "too_large": _RANGE},
    )
