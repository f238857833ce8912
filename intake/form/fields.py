"""A question is declared once: pages, checks, the report's body and the check page are driven by the declaration.

What was typed stays as it was typed, by the names of the inputs; a list for each, for several may be ticked.
"""

from collections.abc import Mapping
from enum import StrEnum

import msgspec

Typed = Mapping[str, list[str]]

NOT_KNOWN = "not_known"  # the answer of a choice for which the report has no word of its own
NONE = "none"  # of several choices, none: an answer too
TICKED = "yes"


class Kind(StrEnum):
    """How a question is answered."""

    LINE = "line"
    TEXT = "text"
    NUMBER = "number"
    AGE = "age"
    DATE = "date"
    ONE = "one"
    MANY = "many"
    YES_NO = "yes_no"
    COUNTRY = "country"


class Option(msgspec.Struct, frozen=True):
    """A choice: its value in the report, its words, and a hint."""

    value: str
    words: str
    hint: str = ""


SAY_NOT_KNOWN = Option(NOT_KNOWN, "Not known")
SAY_UNKNOWN = Option("unknown", "Not known")  # where the report has a word for it
WHOLE_OR_PART = "For example, 27 3 2026. If you only know the year, or the month and the year, leave the rest empty."


class Field(msgspec.Struct, frozen=True, kw_only=True):
    """A question. ``name`` is that of the report's schema, ``short`` what messages and the check page call it."""

    name: str
    kind: Kind
    label: str
    short: str
    hint: str = ""
    options: tuple[Option, ...] = ()
    not_known: bool = False  # a box "Not known" beside it; a choice has it among its options
    part: str = ""  # of the report, where it is not the page's
    autocomplete: str = ""
    most: float = 0  # of a number: the highest that the report's schema takes
    width: str = ""  # of the input, a class of govuk-frontend

    @property
    def inputs(self) -> tuple[str, ...]:
        """The names of its inputs; the first is where a link to the question leads."""
        return tuple(f"{self.name}{part}" for part in _INPUTS.get(self.kind, ("",)))

    @property
    def box(self) -> str:
        """The name of its box "Not known"."""
        return f"{self.name}-not-known"


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """A page of the form; ``part`` is the part of the report that its answers belong to."""

    slug: str
    title: str
    part: str
    fields: tuple[Field, ...]
    caption: str = ""
    intro: str = ""


class Group(msgspec.Struct, frozen=True, kw_only=True):
    """Something that there may be several of, each with its pages; ``slug`` is the page that lists them."""

    slug: str
    part: str
    one: str
    many: str
    title: str
    pages: tuple[str, ...]
    name_field: str


class FieldError(msgspec.Struct, frozen=True):
    """What makes no sense as it was typed: the field, the input to mend, and words that carry the cure."""

    field: str
    input: str
    words: str


def first(typed: Typed, name: str) -> str:
    """Return what was typed into an input, blanks around it cut off."""
    values = typed.get(name) or [""]
    return values[0].strip()


_INPUTS = {Kind.DATE: ("-day", "-month", "-year"), Kind.AGE: ("", "-unit")}
