"""A case that was received is passed on whole: what its receiver has no say in goes on as it came (guide v5.03, C.1.8).

What must not go on, and what would break a rule in the message that carries it, is left out by name: nobody here can
mend what somebody else wrote, and nothing is recoded or cut to fit.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from shared.icsr.element import Element, Group, declarations, lexical
from shared.icsr.elements.c1_identification import HeldDocument
from shared.icsr.elements.c2_primary_source import PrimarySource
from shared.icsr.model.codes import MEDDRA_VERSION
from shared.icsr.model.dates import TS
from shared.icsr.model.issue import Issue, Severity
from shared.icsr.model.message import Batch, Message, SafetyReport
from shared.icsr.model.null_flavor import NullFlavor
from shared.icsr.model.values import Attachment, Coded
from shared.icsr.rules.check import check
from shared.icsr.rules.fda_pathway import POST_MARKET
from shared.icsr.rules.prune import compacted, without
from shared.icsr.rules.required_with import REQUIREMENTS
from shared.icsr.rules.walk import declared_element

NOT_OURS = "DZ.carry.region"
NO_DOCUMENT = "DZ.carry.document"
GONE = "DZ.carry.gone"
OTHER_VERSION = "DZ.carry.meddra-version"
CONFIDENTIAL = "DZ.carry.confidential"
UNWRITABLE = "DZ.carry.form"

MATCHED = ("primary_sources", "reactions", "drugs")  # the groups whose records the case knows by their identity

# What goes where a rule names something that is missing, or a whole group: `above` is the record that it names.
_TO_BLAME = {
    "ICH.F.r.2.1.required": "{above}",
    "ICH.F.r.3.3.required": "{named}",  # the number without its unit
    "ICH.F.r.3.4.required": "{above}",
    "FDA.R0093": "{above}.malfunction",
    "FDA.R0094": "fda.combination_product",
    "FDA.R0096": "fda.combination_product",
    "FDA.R0109": "{named}",
}
# What the sender did not say, or not so that it can go on, is not known here: UNK loses less than the record would.
_UNKNOWN = frozenset({"ICH.D.8.r.1.required", "ICH.D.10.6.required", "ICH.F.r.1.required"})

_AT = "messages[0].report."
# A first dosage that says nothing holds its place too: what the case says of the dose is laid over the first.
_PLACES_COUNT = re.compile(rf"{'|'.join(MATCHED)}|.*\.dosages")
_CODE_SYSTEM = re.compile(r"[0-2](\.(0|[1-9]\d*))+|[A-Za-z][A-Za-z0-9-]*", re.ASCII)


@dataclass(frozen=True, kw_only=True, slots=True)
class Onward:
    """Where a received report goes on to, and in what message.

    `region` is the authority of the elements that the receiver takes beside ICH's; `created` is C.1.2 at the earliest;
    `meddra_version` is the one of the message, None if it has none yet. `held` names, for each group of `MATCHED`, the
    records that are still part of the case; `confidential` those primary sources that must not be told.
    """

    region: str | None
    created: TS | None
    meddra_version: str | None
    held: Mapping[str, frozenset[str]]
    confidential: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class LeftOut:
    """An element, or a whole record, of a received report that does not go on: where it stands, by which rule and why.

    `instead` is what is sent in its place; `told` is the fact in words, for the sender's comments (H.4).
    """

    location: str
    element_id: str
    rule_id: str
    words: str
    instead: NullFlavor | None = None
    told: str | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """One element of one record, whether it has a value or not."""

    location: str
    record: object
    field: str
    element: Element

    @property
    def value(self) -> object:
        """What was received."""
        return getattr(self.record, self.field)


def identities(records: Iterable[object]) -> tuple[str, ...]:
    """What each record of a received group is known by: its id in the message, else its place, counted from 0 (#0)."""
    return tuple(getattr(each, "id", None) or f"#{place}" for place, each in enumerate(records))


def declared_id(kind: type, field: str) -> str:
    """The id of the element or group that a field of a record declares."""
    return dict(declarations(kind))[field].id


def said(record: object, location: str = "") -> Iterator[Said]:
    """Yield every element below a record, in the order of declaration."""
    for name, declared in declarations(type(record)):
        here = f"{location}.{name}" if location else name
        value = getattr(record, name)
        if isinstance(declared, Element):
            yield Said(here, record, name, declared)
        elif declared.repeats:
            for place, member in enumerate(value):
                yield from said(member, f"{here}[{place}]")
        else:
            yield from said(value, here)


def carry(
    report: SafetyReport, onward: Onward, also: Iterable[LeftOut] = ()
) -> tuple[SafetyReport, tuple[LeftOut, ...]]:
    """Return what of a received report goes on, and what does not; `also` is left out for the caller's own reasons.

    Records of the groups in `MATCHED` stay at their places, empty if they are not part of the case any more.
    """
    elements = {each.location: each for each in said(report)}
    left: dict[str, LeftOut] = {}
    fresh = [*also, *_not_sent_on(report, elements.values(), onward)]
    while True:
        for each in fresh:
            left[each.location] = _both(left.get(each.location), each)
        trial = without(report, {location: each.instead for location, each in left.items()})
        found = [each for each in _breaking(trial, elements, onward) if _is_news(each, left)]
        # What goes first may take along what something else is demanded for.
        fresh = [each for each in found if each.instead is None] or found
        if not fresh:
            return compacted(trial, _PLACES_COUNT), tuple(left.values())


def _both(known: LeftOut | None, each: LeftOut) -> LeftOut:
    """Why an element was left out first, with what is sent in its place since that is demanded."""
    if known is None or known.instead is not None or each.instead is None:
        return known or each
    return replace(known, instead=each.instead, words=f"{known.words} {each.words}")


def _is_news(each: LeftOut, left: Mapping[str, LeftOut]) -> bool:
    return each.location not in left or (each.instead is not None and left[each.location].instead is None)


def covering(left: Mapping[str, LeftOut], location: str) -> LeftOut | None:
    """Return why an element does not go on: for itself, or with a record that it is part of; `left` is by location."""
    while location and location not in left:
        location = location.rpartition(".")[0]
    return left.get(location)


def _not_sent_on(report: SafetyReport, elements: Iterable[Said], onward: Onward) -> Iterator[LeftOut]:
    yield from _gone(report, onward)
    for place, document in enumerate(report.identification.documents):
        if not _is_held(document.included):
            yield _document(f"identification.documents[{place}]", HeldDocument, "included")
    confidential = {
        f"primary_sources[{place}]"
        for place, identity in enumerate(identities(report.primary_sources))
        if identity in onward.confidential
    }
    for each in elements:
        if each.value is not None:
            yield from _element_not_sent_on(each, onward, confidential)


def _element_not_sent_on(each: Said, onward: Onward, confidential: set[str]) -> Iterator[LeftOut]:
    element, value = each.element, each.value
    if element.authority not in {"ICH", onward.region}:
        yield LeftOut(
            each.location, element.id, NOT_OURS, f"It is {element.authority}'s own, and the message does not go there."
        )
    elif isinstance(value, Attachment) and not _is_held(value) and not isinstance(each.record, HeldDocument):
        yield _document(each.location, type(each.record), each.field)
    elif isinstance(each.record, PrimarySource) and each.location.rpartition(".")[0] in confidential:
        is_masked = NullFlavor.MSK in element.nulls
        # The second line of an address takes no nullFlavor of its own: the first one's stands for both.
        if (is_masked or element.part) and not isinstance(value, NullFlavor):
            words = "The reporter asked for confidentiality: the message says MSK, known but withheld."
            yield LeftOut(each.location, element.id, CONFIDENTIAL, words, NullFlavor.MSK if is_masked else None)
    elif element.pattern == MEDDRA_VERSION and onward.meddra_version not in {None, value}:
        yield from _other_version(each, onward)
    elif not _is_writable(element, value):
        yield LeftOut(each.location, element.id, UNWRITABLE, f"{lexical(value)!r} is no code or unit that XML takes.")


def _gone(report: SafetyReport, onward: Onward) -> Iterator[LeftOut]:
    """What a person took out of the case is not brought back, nor what refers to it."""
    groups = {name: each for name, each in declarations(SafetyReport) if isinstance(each, Group)}
    missing: dict[str, set[str]] = {}
    for name in MATCHED:
        known = identities(getattr(report, name))
        missing[name] = set(known) - onward.held.get(name, frozenset())
        for place, identity in enumerate(known):
            if identity in missing[name] or identity in known[:place]:
                words = f"The case has no such {groups[name].name.lower()} any more."
                yield LeftOut(f"{name}[{place}]", groups[name].id, GONE, words)
    for number, drug in enumerate(report.drugs):
        for place, link in enumerate(drug.reactions):
            if link.reaction in missing["reactions"]:
                words = "The case has no such reaction any more, of which this speaks."
                yield LeftOut(f"drugs[{number}].reactions[{place}]", declared_id(type(drug), "reactions"), GONE, words)


def _is_held(document: object) -> bool:
    return isinstance(document, Attachment) and bool(document.content)


def _document(location: str, kind: type, field: str) -> LeftOut:
    words = "The document itself is not held here, so it can't be sent on."
    return LeftOut(location, declared_id(kind, field), NO_DOCUMENT, words)


def _other_version(each: Said, onward: Onward) -> Iterator[LeftOut]:
    """A message has one MedDRA version: a code of another is neither recoded nor claimed for it, but told in words."""
    code_fields = [line.when for line in REQUIREMENTS if (line.kind, line.needs) == (type(each.record), each.field)]
    place = each.location.removesuffix(each.field)
    for field in code_fields:
        element = declared_element(type(each.record), field)
        if (code := getattr(each.record, field)) is not None:
            words = f"It is of MedDRA {each.value}, and the message is coded in {onward.meddra_version}"
            told = None
            if _is_formed(each.element, each.value) and _is_formed(element, code):
                told = f"{element.id} {code} (MedDRA {each.value})"
            yield LeftOut(
                place + field, element.id, OTHER_VERSION, f"{words}{'; H.4 tells it' if told else ''}.", told=told
            )
    words = f"The message is coded in MedDRA {onward.meddra_version}."
    yield LeftOut(each.location, each.element.id, OTHER_VERSION, words)


def _is_formed(element: Element, value: object) -> bool:
    return isinstance(value, str) and bool(re.fullmatch(element.pattern or "", value, re.ASCII))


def _is_writable(element: Element, value: object) -> bool:
    """Whether the schema takes a code or unit, of which the guide may say nothing but its length."""
    if isinstance(value, Coded) and not _CODE_SYSTEM.fullmatch(value.system or "x"):
        return False
    place = element.place if isinstance(element.place, str) else element.place.path
    in_attribute = place.endswith(("/@unit", "/@code"))
    return not in_attribute or isinstance(value, NullFlavor) or not re.search(r"\s", lexical(value))


def _breaking(trial: SafetyReport, elements: Mapping[str, Said], onward: Onward) -> Iterator[LeftOut]:
    """What of a report as received would break a rule in the message it is carried in."""
    identification = replace(trial.identification, creation_date=onward.created)
    receiver = min(POST_MARKET) if onward.region == "FDA" else None
    message = Message(report=replace(trial, identification=identification))
    now = {each.location: each for each in said(trial)}
    for issue in check(Batch(batch_receiver=receiver, messages=(message,))):
        location = issue.location.removeprefix(_AT)
        if issue.severity is not Severity.ERROR:
            continue
        if issue.rule_id in _UNKNOWN:
            words = f"{issue.message} The message says UNK, not known."
            yield LeftOut(location, issue.element_id, issue.rule_id, words, NullFlavor.UNK)
        elif issue.rule_id in _TO_BLAME:
            above, _, _ = location.rpartition(".")
            at = _TO_BLAME[issue.rule_id].format(above=above, named=location.removesuffix("_unit"))
            yield _because(issue, at, elements)
        elif location in elements:
            yield from (_because(issue, at, elements) for at in _to_blame(now[location]))


def _to_blame(found: Said) -> Iterator[str]:
    """The element that an issue names; the whole entry of a reference; what demands another where that is missing."""
    above, _, _ = found.location.rpartition(".")
    if found.element.refers or (isinstance(found.record, HeldDocument) and found.value is not None):
        yield above
    elif found.value is not None:
        yield found.location
    else:
        for line in REQUIREMENTS:
            if isinstance(found.record, line.kind) and line.needs == found.field:
                stated = getattr(found.record, line.when)
                if stated is not None and (not line.values or stated in line.values):
                    yield f"{above}.{line.when}"


def _because(issue: Issue, location: str, elements: Mapping[str, Said]) -> LeftOut:
    element_id = elements[location].element.id if location in elements else issue.element_id
    return LeftOut(location, element_id, issue.rule_id, issue.message)
