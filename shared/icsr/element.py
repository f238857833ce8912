"""Each data element has one identifier, one format, one set of allowed values and one place in the message (ICH
E2B(R3) implementation guide v5.03, section 3.4).

This module is the form in which those facts are declared (by `shared.icsr.declare`), once for each element, as a field
of the frozen dataclass of its group. Reader, writer, rules and listings walk the declarations; none of them names an
element by itself.

A place is a path through the HL7 message, relative to the place of the group:

    subjectOf2/observation[code=7@ich:1.19]/value[@xsi:type=PQ][@unit=kg]/@value

`[@a=v]` fixes an attribute and `[path=c@s]` a coded child (code c of code system s); both are written, and looked for
on reading. `[~path]` and `[~path/@a=v]` are only looked for. `[@codeSystem?=s]` names the list that codes are from if
they don't say otherwise (`Coded`), `[@codeSystem==s]` one that is named beside a nullFlavor too. `[2]` is the second of
its name, `[tel:]` a telecom scheme, `*` marks the step that repeats with the group, `..` goes up. A path ends
in `@attribute` or `text()`. `ich:` and the like stand for the roots in `shared.icsr.model.oids`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from decimal import Decimal
from enum import Enum
from functools import cache

from shared.icsr.model.codes import CodeList
from shared.icsr.model.dates import TS, Precision
from shared.icsr.model.null_flavor import NullFlavor
from shared.icsr.model.values import Attachment, Coded, Unparsed

Text = str | NullFlavor | None
Code = str | NullFlavor | None
Term = str | Coded | NullFlavor | None
Flag = bool | Unparsed | NullFlavor | None
Number = Decimal | Unparsed | NullFlavor | None
Date = TS | Unparsed | NullFlavor | None
File = Attachment | NullFlavor | None
Kind = type[str] | type[bool] | type[Decimal] | type[TS] | type[Attachment]


class Datatype(Enum):
    """The guide's formats."""

    TEXT = "AN"
    LETTERS = "A"
    NUMERIC = "N"
    BOOLEAN = "Boolean"
    DATE = "Date/Time"
    FILE = "N/A"


class Conformance(Enum):
    """How far the guide demands a value; `CONDITIONAL` elements have a rule of their own in `shared.icsr.rules`."""

    MANDATORY = "Mandatory"
    REQUIRED = "Required"
    CONDITIONAL = "Conditional-Mandatory"
    OPTIONAL = "Optional"


_REGIONS = frozenset({"FDA", "EU"})
_OPEN_LIST = re.compile(r"\[@codeSystem\?=[^\]]*\](\[[^\]]*\])*/@code$")

MANDATORY, REQUIRED = Conformance.MANDATORY, Conformance.REQUIRED
CONDITIONAL, OPTIONAL = Conformance.CONDITIONAL, Conformance.OPTIONAL


@dataclass(frozen=True)
class Key:
    """Which record a joined place belongs to: an id at `place` names the record `down` groups below the holder.

    `field` is the field of that record which holds the id.
    """

    place: str
    down: int
    field: str = "id"


@dataclass(frozen=True)
class Joined:
    """A place outside the group's own, tied to it by ids (guide, section G.k.1).

    `base` is relative to the place of the holder, the record `up` groups above the one that declares this; it repeats
    (`*`) once for each member. The places in `keys` and the element's own `path` are relative to `base`.
    """

    base: str
    path: str
    keys: tuple[Key, ...]
    up: int = 1


@dataclass(frozen=True)
class Element:
    """All that is known of one data element; `kind` is the type of its values in the model.

    `part` is set where HL7 says one element in several places: what this field says of it. `refers` is set where the
    value is the id of a record, whose group it names; such an element has no place of its own.
    """

    id: str
    name: str
    place: str | Joined
    datatype: Datatype
    kind: Kind
    conformance: Conformance = OPTIONAL
    max_length: int | None = None
    codes: CodeList | None = None
    nulls: frozenset[NullFlavor] = frozenset()
    precision: Precision | None = None
    pattern: str | None = None
    part: str = ""
    refers: str = ""

    @property
    def authority(self) -> str:
        """Who defined the element: "ICH", or the region that its id names ("FDA", "EU")."""
        return next((part for part in self.id.split(".") if part in _REGIONS), "ICH")

    @property
    def takes_other_lists(self) -> bool:
        """Whether its code may come from another list than its own (`Coded`)."""
        return bool(_OPEN_LIST.search(self.place if isinstance(self.place, str) else self.place.path))


@dataclass(frozen=True)
class Group:
    """A group of elements; `least` is how many of a repeating group a message needs.

    `key` is the element that holds the id others refer to; `names_ids` is the field whose value the ids below this
    group are derived from. A group with `by` has no place of its own: its members are what joined places say of the
    record that this field of theirs names. `joined` ties a group's place to records elsewhere.
    """

    id: str
    name: str
    base: str
    kind: type
    repeats: bool = False
    least: int = 0
    key: str | None = None
    names_ids: str | None = None
    by: str | None = None
    joined: Joined | None = None


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
