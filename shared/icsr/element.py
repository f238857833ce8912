"""Each data element has one identifier, one format, one set of allowed values and one place in the message (ICH
E2B(R3) implementation guide v5.03, section 3.4).

This module is the form in which those facts are declared, once for each element, as a field of the frozen dataclass of
its group. Reader, writer, rules and listings walk the declarations; none of them names an element by itself.

A place is a path through the HL7 message, relative to the place of the group:

    subjectOf2/observation[code=7@ich:1.19]/value[@xsi:type=PQ][@unit=kg]/@value

`[@a=v]` fixes an attribute and `[path=c@s]` a coded child (code c of code system s); both are written, and looked for
on reading. `[path]` is only looked for. `[2]` is the second of its name, `[tel:]` a telecom scheme, `*` marks the step
that repeats with the group, `..` goes up. A path ends in `@attribute` or `text()`. `ich:` and the like stand for the
roots in `OID_ROOTS`.
"""

from __future__ import annotations

from dataclasses import Field, dataclass, field, fields
from decimal import Decimal
from enum import Enum
from functools import cache
from typing import TypeVar, cast

from shared.icsr.model.codes import CodeList
from shared.icsr.model.dates import TS, Precision
from shared.icsr.model.null_flavor import NullFlavor

OID_ROOTS = {
    "ich:": "2.16.840.1.113883.3.989.2.1.",
    "fda:": "2.16.840.1.113883.3.989.5.1.2.",
    "meddra": "2.16.840.1.113883.6.163",
    "ncit": "2.16.840.1.113883.3.26.1.1",
    "country": "1.0.3166.1.2.2",
    "sex": "1.0.5218",
    "route": "0.4.0.127.0.16.1.1.2.6",
    "hl7-interaction": "2.16.840.1.113883.1.6",
    "hl7-trigger": "2.16.840.1.113883.1.18",
    "hl7-act": "2.16.840.1.113883.5.4",
}

Text = str | NullFlavor | None
Code = str | NullFlavor | None
Flag = bool | NullFlavor | None
Number = Decimal | NullFlavor | None
Date = TS | NullFlavor | None
Value = str | bool | Decimal | TS | NullFlavor


class Datatype(Enum):
    """The guide's formats."""

    TEXT = "AN"
    LETTERS = "A"
    NUMERIC = "N"
    BOOLEAN = "Boolean"
    DATE = "Date/Time"


class Conformance(Enum):
    """How far the guide demands a value; `CONDITIONAL` elements have a rule of their own in `shared.icsr.rules`."""

    MANDATORY = "Mandatory"
    REQUIRED = "Required"
    CONDITIONAL = "Conditional-Mandatory"
    OPTIONAL = "Optional"


MANDATORY, REQUIRED = Conformance.MANDATORY, Conformance.REQUIRED
CONDITIONAL, OPTIONAL = Conformance.CONDITIONAL, Conformance.OPTIONAL


@dataclass(frozen=True)
class Joined:
    """A place outside the group's own, tied to it by an id that the writer hands out (guide, section G.k.1).

    `base` is relative to the place of the record that holds the group, and repeats (`*`) once for each of its members;
    `key` and the element's own path are relative to `base`.
    """

    base: str
    path: str
    key: str


@dataclass(frozen=True)
class Element:
    """All that is known of one data element; `kind` is the type of its values in the model."""

    id: str
    name: str
    place: str | Joined
    datatype: Datatype
    kind: type[str] | type[bool] | type[Decimal] | type[TS]
    conformance: Conformance = OPTIONAL
    max_length: int | None = None
    codes: CodeList | None = None
    nulls: frozenset[NullFlavor] = frozenset()
    precision: Precision | None = None
    pattern: str | None = None

    @property
    def authority(self) -> str:
        """Who defined the element: "ICH", or the region its id begins with ("FDA")."""
        region, _, rest = self.id.partition(".")
        return region if len(region) > 1 and rest else "ICH"


@dataclass(frozen=True)
class Group:
    """A group of elements; `least` is how many of a repeating group a message needs.

    `key` is where the id that others refer to stands; `names_ids` is the field whose value the ids below this group
    are derived from.
    """

    id: str
    name: str
    base: str
    kind: type
    repeats: bool = False
    least: int = 0
    key: str | None = None
    names_ids: str | None = None


Record = TypeVar("Record")


def text(
    element_id: str,
    name: str,
    place: str | Joined,
    length: int,
    conformance: Conformance = OPTIONAL,
    nulls: str = "",
    codes: CodeList | None = None,
    pattern: str | None = None,
    letters: bool = False,
) -> Text:
    """Declare an element of free or patterned text, at most `length` characters; `letters` is the guide's format A."""
    datatype = Datatype.LETTERS if letters else Datatype.TEXT
    return cast(
        "Text",
        _declared(
            Element(element_id, name, place, datatype, str, conformance, length, codes, _nulls(nulls), pattern=pattern)
        ),
    )


def code(
    element_id: str,
    name: str,
    place: str | Joined,
    length: int,
    codes: CodeList | None = None,
    conformance: Conformance = OPTIONAL,
    nulls: str = "",
    pattern: str | None = None,
    default: str | None = None,
) -> Code:
    """Declare an element whose digits are a code and not a quantity (the guide's N with a list of values)."""
    declared = Element(
        element_id,
        name,
        place,
        Datatype.NUMERIC,
        str,
        conformance,
        length,
        codes,
        _nulls(nulls),
        pattern=pattern,
    )
    return cast("Code", _declared(declared, default))


def number(
    element_id: str,
    name: str,
    place: str | Joined,
    length: int,
    conformance: Conformance = OPTIONAL,
    nulls: str = "",
    pattern: str = r"\d+(\.\d+)?",
) -> Number:
    """Declare a quantity of at most `length` characters; its digits are kept as reported ("48.0" stays "48.0")."""
    declared = Element(
        element_id, name, place, Datatype.NUMERIC, Decimal, conformance, length, nulls=_nulls(nulls), pattern=pattern
    )
    return cast("Number", _declared(declared))


def flag(
    element_id: str,
    name: str,
    place: str | Joined,
    conformance: Conformance = OPTIONAL,
    nulls: str = "",
    codes: CodeList | None = None,
) -> Flag:
    """Declare a true/false element; `codes=TRUE_ONLY` where the guide doesn't allow false."""
    declared = Element(element_id, name, place, Datatype.BOOLEAN, bool, conformance, codes=codes, nulls=_nulls(nulls))
    return cast("Flag", _declared(declared))


def date(
    element_id: str,
    name: str,
    place: str | Joined,
    precision: Precision = Precision.YEAR,
    conformance: Conformance = OPTIONAL,
    nulls: str = "",
) -> Date:
    """Declare a date that must be stated at least to `precision`."""
    declared = Element(
        element_id, name, place, Datatype.DATE, TS, conformance, nulls=_nulls(nulls), precision=precision
    )
    return cast("Date", _declared(declared))


def one(kind: type[Record], group_id: str, name: str, base: str = "") -> Record:
    """Declare a group that occurs once; one without any value is not written."""
    group = Group(group_id, name, base, kind)
    return field(default_factory=kind, metadata={"declared": group})


def many(
    kind: type[Record],
    group_id: str,
    name: str,
    base: str,
    least: int = 0,
    key: str | None = None,
    names_ids: str | None = None,
) -> tuple[Record, ...]:
    """Declare a group that repeats; `base` marks the repeating step with `*`."""
    group = Group(group_id, name, base, kind, True, least, key, names_ids)
    return cast("tuple[Record, ...]", field(default=(), metadata={"declared": group}))


def lexical(value: object) -> str:
    """A value as the guide writes it: true/false, a plain decimal, a date in its reported digits, or the text."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return format(value, "f") if isinstance(value, Decimal) else str(value)


def declarations(kind: type) -> tuple[tuple[str, Element | Group], ...]:
    """Each field of a group's class with what is declared of it, in the order of declaration."""
    return _declarations(kind)


@cache
def _declarations(kind: type) -> tuple[tuple[str, Element | Group], ...]:
    return tuple((each.name, each.metadata["declared"]) for each in fields(kind) if "declared" in each.metadata)


def _declared(element: Element, default: str | None = None) -> Field[str | None]:
    return cast("Field[str | None]", field(default=default, metadata={"declared": element}))


def _nulls(names: str) -> frozenset[NullFlavor]:
    return frozenset(NullFlavor[each] for each in names.split())
