"""Strict marshmallow fields: marshmallow's own take 12.9 for 12, 'yes' for true, and a NUL inside a string.

Every field reads its value with a function of the domain, keeps what is usable (``valid_data``) and reports the rest
as Findings; every field knows its JSON Schema, so that the published schema cannot differ from what is checked.
"""

from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from functools import partial
from typing import Any, ClassVar

from marshmallow import EXCLUDE, Schema, ValidationError, fields

from intake.domain import dates, values
from intake.domain.countries import COUNTRIES, EUROPEAN_UNION
from intake.domain.findings import Finding, Read

JsonSchema = dict[str, Any]

_MISSING = Finding("missing", "Needed here: without it the part around it says nothing; it is left out until it comes.")
_NOT_OBJECT = Finding("object", "Write a JSON object here.")
_NOT_LIST = Finding("list", "Write a JSON list here, even for one item.")
LONGEST_LIST = 500
_TOO_MANY = Finding("too-many", f"Only the first {LONGEST_LIST} items are kept in the structured form.")


class PartSchema(Schema):
    """A part of a report. Unknown names are found by ``intake.api.reading``, in time that grows with the body only."""

    error_messages: ClassVar[dict[str, Any]] = {"type": _NOT_OBJECT}  # type: ignore[misc]

    class Meta:
        """marshmallow would copy every error for every unknown name: minutes for a megabyte of them."""

        unknown = EXCLUDE


class Quick:
    """How to see at once that the domain keeps a value ``v`` and finds nothing: for ``intake.api.usual``.

    ``condition`` and ``kept`` are Python, ``{name}`` in the condition stands for one of ``names``. Where the condition
    is false the domain's function is asked; so it may be false too often, but never true too often.
    """

    def __init__(self, condition: str, kept: str = "v", **names: Any) -> None:
        self.condition = condition
        self.kept = kept
        self.names = names


class Leaf(fields.Field[Any]):
    """A value without parts, read by a function of the domain."""

    def __init__(
        self,
        read: Callable[[object], Read[Any]],
        form: JsonSchema,
        title: str,
        *,
        required: bool = False,
        quick: Quick | None = None,
        **more: Any,
    ) -> None:
        """``form`` is the JSON Schema of a valid value; ``more`` are a description and an example."""
        named = {"required": [_MISSING], "null": [_MISSING]}
        super().__init__(required=required, allow_none=not required, error_messages=named)  # type: ignore[arg-type]
        self.read = read
        self.quick = quick
        self.json_schema = {**form, "title": title, **more}

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> Any:
        kept, found = self.read(value)
        if kept is None and not found and self.required:
            found = (_MISSING,)
        if found:
            raise ValidationError(list(found), valid_data=kept)
        return kept


def text(limit: int, title: str, **more: Any) -> Leaf:
    """Return a field of text; longer text is cut in the structured form."""
    condition = "type(v) is str and len(v) <= {limit} and v.isascii() and v.isprintable() and v and v.strip() == v"
    form = {"type": "string", "maxLength": limit}
    return Leaf(partial(values.text, limit=limit), form, title, quick=Quick(condition, limit=limit), **more)


def identifier(limit: int, title: str, **more: Any) -> Leaf:
    """Return a field of an identifier, kept byte for byte or not at all."""
    quick = Quick("type(v) is str and len(v) <= {limit} and v.isprintable() and v.strip()", limit=limit)
    form = {"type": "string", "maxLength": limit}
    return Leaf(partial(values.identifier, limit=limit), form, title, quick=quick, **more)


def number(low: float, high: float, title: str, **more: Any) -> Leaf:
    """Return a field of a finite number within bounds."""
    form = {"type": "number", "minimum": low, "maximum": high}
    quick = Quick("(type(v) is int or type(v) is float) and {low} <= v <= {high}", "float(v)", low=low, high=high)
    return Leaf(partial(values.number, low=low, high=high), form, title, quick=quick, **more)


def whole(low: int, high: int, title: str, **more: Any) -> Leaf:
    """Return a field of a whole number within bounds."""
    form = {"type": "integer", "minimum": low, "maximum": high}
    quick = Quick("type(v) is int and {low} <= v <= {high}", low=low, high=high)
    return Leaf(partial(values.whole, low=low, high=high), form, title, quick=quick, **more)


def truth(title: str, **more: Any) -> Leaf:
    """Return a field of true or false."""
    return Leaf(values.truth, {"type": "boolean"}, title, quick=Quick("v is True or v is False"), **more)


def choice(of: type[StrEnum], title: str, **more: Any) -> Leaf:
    """Return a field of one word of an enumeration."""
    words = [str(word) for word in of]
    form = {"type": "string", "enum": words}
    return Leaf(partial(values.choice, values=of), form, title, quick=_one_of(words), **more)


def country(title: str, *, with_union: bool = False, **more: Any) -> Leaf:
    """Return a field of an ISO 3166-1 alpha-2 code."""
    codes = sorted(COUNTRIES | {EUROPEAN_UNION} if with_union else COUNTRIES)
    form = {"type": "string", "enum": codes}
    return Leaf(partial(values.country, with_union=with_union), form, title, quick=_one_of(codes), **more)


def language(title: str, **more: Any) -> Leaf:
    """Return a field of an ISO 639-2 code."""
    return Leaf(values.language, {"type": "string", "pattern": "^[a-z]{3}$"}, title, **more)


def unit(title: str, **more: Any) -> Leaf:
    """Return a field of a UCUM unit."""
    return Leaf(values.unit, {"type": "string", "pattern": "^[!-~]{1,50}$"}, title, **more)


def partial_date(title: str, **more: Any) -> Leaf:
    """Return a field of a date as precise as it is known."""
    form = {"type": "string", "pattern": "^[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?$"}
    return Leaf(dates.partial_date, form, title, **{"examples": ["2026-03-09", "2026-03", "2026"], **more})


def full_date(title: str, **more: Any) -> Leaf:
    """Return a field of a date to the day."""
    return Leaf(dates.full_date, {"type": "string", "format": "date"}, title, **more)


def date_or_instant(title: str, **more: Any) -> Leaf:
    """Return a field of a date to the day or an RFC 3339 instant."""
    form = {"type": "string", "anyOf": [{"format": "date"}, {"format": "date-time"}]}
    return Leaf(dates.date_or_instant, form, title, **more)


def _one_of(words: Iterable[str]) -> Quick:
    return Quick("type(v) is str and v in {words}", words=frozenset(words))


class Part(fields.Nested):
    """An object. Where something that it needs is missing or wrong, it leaves the structured form as a whole."""

    def __init__(self, schema: type[PartSchema], title: str = "", description: str = "") -> None:
        """``title`` and ``description`` go to the JSON Schema beside the reference to the part."""
        super().__init__(schema, allow_none=True)
        self.part = schema
        self.json_schema = {name: said for name, said in (("title", title), ("description", description)) if said}

    def _load(self, value: Any, partial: Any = None) -> Any:
        try:
            return self.schema.load(value)
        except ValidationError as error:
            kept: Mapping[str, Any] = error.valid_data or {}  # type: ignore[assignment]
            needed = [name for name, field in self.schema.fields.items() if field.required]
            whole = all(kept.get(name) is not None for name in needed)
            raise ValidationError(error.messages, valid_data=dict(kept) if whole else None) from error


class Parts(fields.List[Any]):
    """A list whose items keep their places: None stands where an item left the structured form."""

    def __init__(self, inner: Part | Leaf, title: str, description: str = "") -> None:
        """``inner`` reads each item."""
        super().__init__(inner, allow_none=True)
        self.json_schema = {"title": title, "maxItems": LONGEST_LIST}
        if description:
            self.json_schema["description"] = description

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> Any:
        if not isinstance(value, list):
            raise ValidationError([_NOT_LIST])
        kept: list[Any] = []
        problems: dict[int, Any] = {}
        for index, item in enumerate(value[:LONGEST_LIST]):
            try:
                kept.append(self.inner.deserialize(item))
            except ValidationError as error:
                kept.append(error.valid_data or None)
                problems[index] = error.messages
        if len(value) > LONGEST_LIST:
            problems[LONGEST_LIST] = [_TOO_MANY]
        if problems:
            raise ValidationError(problems, valid_data=kept)
        return kept
