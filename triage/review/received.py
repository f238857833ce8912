"""What was sent is exactly what was approved: before it is, the received report is shown, and what of it goes on.

Shown is what the case itself has no place for; ids, names and meanings of codes come from the elements' declarations.
"""

import re
from collections.abc import Iterator, Mapping

import msgspec

from shared.contracts.carried import carried, received_report, says_the_case
from shared.contracts.case_snapshot import CaseSnapshot
from shared.icsr.element import Element, Group, declarations, lexical
from shared.icsr.json_form import NoCase
from shared.icsr.model.message import SafetyReport
from shared.icsr.model.null_flavor import NullFlavor
from shared.icsr.model.values import Attachment, Coded
from shared.icsr.rules.carry import LeftOut, Said, covering, identities, said

Onward = Mapping[str, Mapping[str, LeftOut]]  # by destination, what does not go there, by location
_INDEXED = re.compile(r"(\w+)\[(\d+)\]")
_WITHHELD = {
    NullFlavor.NI: "no information",
    NullFlavor.MSK: "withheld",
    NullFlavor.UNK: "not known",
    NullFlavor.NA: "not applicable",
    NullFlavor.ASKU: "asked, not known",
    NullFlavor.NASK: "not asked",
    NullFlavor.NINF: "minus infinity",
    NullFlavor.PINF: "plus infinity",
    NullFlavor.OTH: "other",
}


class Refused(msgspec.Struct, frozen=True, kw_only=True):
    """Why an element does not go on, and to which destinations; ``instead`` is what they are told in its place."""

    destinations: tuple[str, ...]
    words: str
    rule_id: str
    instead: str | None


class ReceivedRow(msgspec.Struct, frozen=True, kw_only=True):
    """One element as received."""

    element_id: str
    name: str
    place: str
    value: str
    refused: tuple[Refused, ...]


class ReceivedSection(msgspec.Struct, frozen=True, kw_only=True):
    """A section of the received report."""

    title: str
    rows: tuple[ReceivedRow, ...]


class Received(msgspec.Struct, frozen=True, kw_only=True):
    """What was received by E2B, as the page shows it; ``unreadable`` says why nothing of it can be shown."""

    sections: tuple[ReceivedSection, ...] = ()
    unreadable: str | None = None

    @property
    def refused(self) -> int:
        """How many elements do not go on as received, to one destination at least."""
        return sum(bool(row.refused) for section in self.sections for row in section.rows)

    @property
    def count(self) -> int:
        """How many elements there are."""
        return sum(len(section.rows) for section in self.sections)


def received(snapshot: CaseSnapshot, authorities: Mapping[str, str]) -> Received | None:
    """Return what the received report says beyond the case, and what goes where; None: the case came otherwise."""
    try:
        report = received_report(snapshot.content)
    except NoCase as error:
        return Received(unreadable=str(error))
    if report is None:
        return None
    onward = {
        destination: {each.location: each for each in carried(snapshot, authority).left_out}
        for destination, authority in authorities.items()
    }
    rows: dict[str, list[ReceivedRow]] = {}
    added = {at for goes in onward.values() for at, left in goes.items() if left.instead is not None}
    for each in said(report):
        if says_the_case(each) or (each.value is None and each.location not in added):
            continue
        rows.setdefault(re.split(r"[.\[]", each.location)[0], []).append(_row(each, report, onward))
    groups = {name: declared for name, declared in declarations(SafetyReport) if isinstance(declared, Group)}
    return Received(
        sections=tuple(
            ReceivedSection(title=f"{group.name} ({group.id})", rows=tuple(rows[name]))
            for name, group in groups.items()
            if name in rows
        )
    )


def _row(each: Said, report: SafetyReport, onward: Onward) -> ReceivedRow:
    element = each.element
    return ReceivedRow(
        element_id=element.id,
        name=f"{element.name} ({element.part})" if element.part else element.name,
        place=_place(each.location),
        value=_reaction(each.value, report) if element.refers else _decoded(element, each.value),
        refused=tuple(_refusals(each.location, onward)),
    )


def _refusals(location: str, onward: Onward) -> Iterator[Refused]:
    """One for each reason, with the destinations that it holds for."""
    why: dict[tuple[str, str, NullFlavor | None], list[str]] = {}
    for destination, goes in onward.items():
        left = covering(goes, location)
        if left is not None:
            why.setdefault((left.words, left.rule_id, left.instead), []).append(destination)
    for (words, rule_id, instead), destinations in why.items():
        told = instead.value if instead else None
        yield Refused(destinations=tuple(destinations), words=words, rule_id=rule_id, instead=told)


def _place(location: str) -> str:
    """``drugs[0].dosages[1].interval`` is "drug 1, dosage 2"."""
    return ", ".join(f"{_singular(name)} {int(number) + 1}" for name, number in _INDEXED.findall(location))


def _singular(name: str) -> str:
    return re.sub(r"ies$", "y", name).removesuffix("s").replace("_", " ")


def _reaction(value: object, report: SafetyReport) -> str:
    known = identities(report.reactions)
    return f"reaction {known.index(value) + 1}" if value in known else f"{value} (no reaction of the report)"


def _decoded(element: Element, value: object) -> str:
    """A value with what it means, where it is a code."""
    if value is None:
        return "not stated"
    if isinstance(value, NullFlavor):
        return f"{value.value} ({_WITHHELD.get(value, 'no value')})"
    if isinstance(value, Attachment):
        return f"document, {value.media_type or 'of no stated kind'}"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Coded):
        return f"{value.code} (of list {value.system or 'not named'})"
    stated = lexical(value)
    meaning = element.codes.values.get(stated, "not in its list") if element.codes else stated
    return stated if meaning == stated else f"{meaning} ({stated})"
