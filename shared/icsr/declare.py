"""Each element is declared in one line of its section's module (guide v5.03, section 3.4), by what it is: a text, a
code, a number, a date, true or false, a document, or a reference to a record. What is declared is in
`shared.icsr.element`.
"""

from __future__ import annotations

from dataclasses import Field, field
from decimal import Decimal
from typing import TypeVar, cast

from shared.icsr.element import (
    OPTIONAL,
    Code,
    Conformance,
    Datatype,
    Date,
    Element,
    File,
    Flag,
    Group,
    Joined,
    Number,
    Term,
    Text,
)
from shared.icsr.model.codes import NUMBER, CodeList
from shared.icsr.model.dates import TS, Precision
from shared.icsr.model.null_flavor import NullFlavor
from shared.icsr.model.values import Attachment

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
    part: str = "",
) -> Text:
    """Declare an element of free or patterned text, at most `length` characters; `letters` is the guide's format A."""
    datatype = Datatype.LETTERS if letters else Datatype.TEXT
    return cast(
        "Text",
        _declared(
            Element(
                element_id,
                name,
                place,
                datatype,
                str,
                conformance,
                length,
                codes,
                _nulls(nulls),
                pattern=pattern,
                part=part,
            )
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
    pattern: str = NUMBER,
    part: str = "",
) -> Number:
    """Declare a quantity of at most `length` characters; its digits are kept as reported ("48.0" stays "48.0")."""
    declared = Element(
        element_id,
        name,
        place,
        Datatype.NUMERIC,
        Decimal,
        conformance,
        length,
        None,
        _nulls(nulls),
        None,
        pattern,
        part,
    )
    return cast("Number", _declared(declared))


def flag(
    element_id: str,
    name: str,
    place: str | Joined,
    conformance: Conformance = OPTIONAL,
    nulls: str = "",
    codes: CodeList | None = None,
    part: str = "",
) -> Flag:
    """Declare a true/false element; `codes=TRUE_ONLY` where the guide doesn't allow false."""
    declared = Element(
        element_id, name, place, Datatype.BOOLEAN, bool, conformance, None, codes, _nulls(nulls), part=part
    )
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


def term(
    element_id: str, name: str, place: str, length: int, conformance: Conformance = OPTIONAL, pattern: str | None = None
) -> Term:
    """Declare a code from a list too large to hold here, which may also come from another list (`Coded`)."""
    declared = Element(element_id, name, place, Datatype.TEXT, str, conformance, length, pattern=pattern)
    return cast("Term", _declared(declared))


def attachment(element_id: str, name: str, place: str) -> File:
    """Declare an embedded document; `place` ends in `text()`."""
    return cast("File", _declared(Element(element_id, name, place, Datatype.FILE, Attachment)))


def reference(element_id: str, name: str, group: str) -> Text:
    """Declare an element whose value is the id of a record in the report's field `group`."""
    return cast("Text", _declared(Element(element_id, name, "", Datatype.TEXT, str, refers=group)))


def one(kind: type[Record], group_id: str, name: str, base: str = "") -> Record:
    """Declare a group that occurs once; one without any value is not written."""
    group = Group(group_id, name, base, kind)
    return field(default_factory=kind, metadata={"declared": group})


def many(
    kind: type[Record],
    group_id: str,
    name: str,
    base: str | Joined,
    least: int = 0,
    key: str | None = None,
    names_ids: str | None = None,
    by: str | None = None,
) -> tuple[Record, ...]:
    """Declare a group that repeats; `base` marks the repeating step with `*`."""
    joined = base if isinstance(base, Joined) else None
    place = base if isinstance(base, str) else ""
    group = Group(group_id, name, place, kind, True, least, key, names_ids, by, joined)
    return cast("tuple[Record, ...]", field(default=(), metadata={"declared": group}))


def identity() -> str | None:
    """Declare the id by which others in the message refer to a record.

    The writer hands one out where none is given. It says nothing by itself, and so takes no part in comparing records.
    """
    return field(default=None, compare=False)


def _declared(element: Element, default: str | None = None) -> Field[str | None]:
    return cast("Field[str | None]", field(default=default, metadata={"declared": element}))


def _nulls(names: str) -> frozenset[NullFlavor]:
    return frozenset(NullFlavor[each] for each in names.split())
