"""What review takes, by API and by form: every action has a reason (ICH E2B(R3) C.1.11.2)."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from marshmallow import EXCLUDE, RAISE, Schema, ValidationError, fields, pre_load, validate, validates_schema

from shared.contracts.code_lists import CausalityResult
from triage.domain.case import Status
from triage.domain.causality_scales import CRITERIA, NARANJO, Answer
from triage.domain.inquiry import Means, Outcome
from triage.ports import Place, Received

LONGEST_REASON = 2000
LONGEST_POINTER = 200
LONGEST_LIST = 1000
MOST_CHANGES = 500
LONGEST_PASSWORD = 200
LONGEST_CODE = 12
LONGEST_NAME = 250  # of a drug (G.k.2.2)
LONGEST_METHOD = 60  # of assessment (G.k.9.i.2.r.2)

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


def _place(cursor: Any) -> Place:
    """Read where the page before ended, as its ``next`` said it."""
    due, _, case_id = str(cursor).partition("~")
    try:
        return Place(due=date.fromisoformat(due) if due else None, id=case_id)
    except ValueError as error:
        raise ValidationError("Give the next of the page before, as it is.") from error


def _received(cursor: Any) -> Received:
    """Read where the page before ended, in a list by receipt."""
    at, _, case_id = str(cursor).partition("~")
    try:
        return Received(at=datetime.fromisoformat(at).astimezone(), id=case_id)
    except (ValueError, OverflowError) as error:
        raise ValidationError("Give the next of the page before, as it is.") from error


def _chosen(of: type[StrEnum]) -> _Words:
    words = f"One of {', '.join(of)}."
    return {"required": words, "null": words, "unknown": words}


class StrictSchema(Schema):
    """Takes what it names and nothing else."""

    error_messages: dict[str, str] = {  # noqa: RUF012 - as marshmallow declares it
        "unknown": "Unknown field: leave it out.",
        "type": "Write an object with the names of fields.",
    }

    class Meta:
        """An unknown field is a mistake, not a wish."""

        unknown = RAISE


class ActionSchema(StrictSchema):
    """Approve or return."""

    reason = fields.String(required=True, validate=_REASON, error_messages=_SAID)


class SignedSchema(ActionSchema):
    """What is done under a signature: reason, and who signs proves again that it is her."""

    password = fields.String(load_default="", validate=validate.Length(max=LONGEST_PASSWORD))
    totp = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=LONGEST_CODE))


class EditSchema(StrictSchema):
    """One field and its new value."""

    pointer = fields.String(required=True, validate=_POINTER, error_messages=_NAMED)
    value = fields.Raw(required=True, allow_none=True, error_messages={"required": "Give the new value, or null."})


class AmendmentSchema(ActionSchema, EditSchema):
    """Change one field."""


class AmendmentsSchema(ActionSchema):
    """Change several fields in one version."""

    changes = fields.List(
        fields.Nested(EditSchema),
        required=True,
        validate=validate.Length(min=1, max=MOST_CHANGES, error=f"From 1 to {MOST_CHANGES} changes."),
        error_messages={"null": "Name what changes.", "invalid": "Write a list of changes: pointer and value each."},
    )


class DowngradeSchema(AmendmentSchema, SignedSchema):
    """Propose to lower what is held of an event."""


class DowngradesSchema(AmendmentsSchema, SignedSchema):
    """Propose it by several fields."""


class AllocationSchema(StrictSchema):
    """What a blinded drug of the case turned out to be."""

    drug = fields.Integer(required=True, strict=True, validate=validate.Range(min=0))
    name = fields.String(required=True, validate=validate.Length(min=1, max=LONGEST_NAME))
    placebo = fields.Boolean(load_default=False)


class UnblindSchema(SignedSchema):
    """Break the blind of one subject."""

    allocations = fields.List(
        fields.Nested(AllocationSchema), required=True, validate=validate.Length(max=MOST_CHANGES)
    )


_ANSWER = validate.OneOf([each.value for each in Answer], error="One of {choices}.")
_TICK = "Tick it or leave it."
NaranjoSchema = StrictSchema.from_dict({each.name: fields.String(validate=_ANSWER) for each in NARANJO})
WhoUmcSchema = StrictSchema.from_dict(
    {name: fields.Boolean(error_messages={"invalid": _TICK, "null": _TICK}) for name in CRITERIA}
)


class ScalesSchema(StrictSchema):
    """What is answered on the causality scales; what is left out is unknown, or not met."""

    naranjo = fields.Nested(NaranjoSchema, load_default={})
    who_umc = fields.Nested(WhoUmcSchema, load_default={})


class JudgementSchema(ScalesSchema, ActionSchema):
    """What the sponsor judges, in a person's own decision; ``method`` names a scale as it was worked out."""

    result = fields.String(
        required=True,
        validate=validate.OneOf([each.value for each in CausalityResult], error="One of {choices}."),
        error_messages={"required": "Choose what you judge.", "null": "Choose what you judge."},
    )
    method = fields.String(load_default="")
    own_method = fields.String(
        load_default="", validate=validate.Length(max=LONGEST_METHOD, error=f"At most {LONGEST_METHOD} characters.")
    )


class InquirySchema(ActionSchema):
    """An attempt to obtain what is missing."""

    means = fields.Enum(Means, by_value=True, required=True, error_messages=_chosen(Means))
    outcome = fields.Enum(Outcome, by_value=True, required=True, error_messages=_chosen(Outcome))
    ask_again = fields.Date(load_default=None, allow_none=True, error_messages={"invalid": "A day as YYYY-MM-DD."})
    no_more = fields.Boolean(load_default=False, error_messages={"invalid": "Say true or false."})

    @pre_load
    def _no_day(self, said: dict[str, Any], **_: Any) -> dict[str, Any]:
        """A form sends what nobody filled in."""
        return {name: value for name, value in said.items() if (name, value) != ("ask_again", "")}

    @validates_schema
    def _agrees(self, said: dict[str, Any], **_: Any) -> None:
        if said["no_more"] and said["ask_again"]:
            raise ValidationError("Either name a day, or say that nobody is asked again.", "ask_again")
        if said["means"] is Means.NONE and said["outcome"] is not Outcome.UNREACHABLE:
            raise ValidationError("Say how the answer was asked for, or that nobody is to be reached.", "means")


class ListSchema(Schema):
    """Which cases to list."""

    class Meta:
        """Parameters that we do not know are left alone, as browsers and proxies add some."""

        unknown = EXCLUDE

    sponsor = fields.String()
    status = fields.String(
        validate=validate.OneOf([status.value for status in Status], error="One of {choices}."),
    )
    to_ask = fields.Boolean(load_default=False, error_messages={"invalid": "Say true or false."})
    after = fields.Function(deserialize=_place)
    limit = fields.Integer(
        load_default=100,
        validate=validate.Range(min=1, max=LONGEST_LIST, error=_RANGE),
        error_messages={"invalid": _RANGE, "too_large": _RANGE},
    )

    @validates_schema
    def _agrees(self, said: dict[str, Any], **_: Any) -> None:
        if said.get("to_ask") and "status" in said:
            raise ValidationError("Ask for a status or for what is to be asked, not for both.", "to_ask")


class BlindedListSchema(ListSchema):
    """Which cases of blinded trials to list."""

    class Meta:
        """A list by receipt knows no status."""

        unknown = EXCLUDE
        exclude = ("status", "to_ask")

    after = fields.Function(deserialize=_received)


class TrailSchema(Schema):
    """Which entries of the audit trail to list; ``by`` is how a URL names a user, whose name stands in none."""

    class Meta:
        """As for lists."""

        unknown = EXCLUDE

    sponsor = fields.String()
    subject = fields.String(validate=validate.Length(max=LONGEST_POINTER))
    action = fields.String(validate=validate.Length(max=LONGEST_POINTER))
    by = fields.String(validate=validate.Length(max=LONGEST_POINTER))
    before = fields.Integer(validate=validate.Range(min=1, max=2**53))
    limit = fields.Integer(load_default=100, validate=validate.Range(min=1, max=LONGEST_LIST, error=_RANGE))
