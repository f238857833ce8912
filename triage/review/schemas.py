"""What the review API takes: every action has a reason."""

from marshmallow import RAISE, Schema, fields, validate

_REASON = validate.Length(min=1, max=2000, error="Say why, in at most 2000 characters (ICH E2B(R3) C.1.11.2).")


class ActionSchema(Schema):
    """Approve or return."""

    class Meta:
        """An unknown field is a mistake, not a wish."""

        unknown = RAISE

    reason = fields.String(required=True, validate=_REASON)


class AmendmentSchema(ActionSchema):
    """Change one field."""

    pointer = fields.String(required=True, validate=validate.Length(min=2, max=200))
    value = fields.Raw(required=True, allow_none=True)


class ListSchema(Schema):
    """Which cases to list."""

    class Meta:
        """Parameters that we do not know are left alone, as browsers and proxies add some."""

        unknown = "exclude"

    sponsor = fields.String()
    status = fields.String()
    limit = fields.Integer(load_default=100, validate=validate.Range(min=1, max=1000))
