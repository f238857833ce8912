"""How findings are put into words for a person: due dates as days left, kinds and states without underscores.

What is derived is never shown as reported (DOMAIN 4): it is a row of its own kind, with its basis.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import pairwise
from typing import Any

import msgspec

from shared.contracts.audit import Changed
from shared.contracts.case_approved import Signature
from shared.contracts.case_snapshot import Derived
from shared.contracts.clinical import CaseContent
from triage.domain.case import Case, CaseVersion, Status
from triage.domain.decision import Decision
from triage.domain.determination import Confidence
from triage.domain.redecision import Change, changed
from triage.domain.rulebook import Kind
from triage.domain.session import OIDC, TO_SIGN
from triage.domain.signature import holds
from triage.domain.trail import content_changes
from triage.sign_in import Opened

SOON = 3  # days
SOURCES = {
    Confidence.VERIFIED: "read in the primary text",
    Confidence.SECONDARY: "read in a secondary source only",
    Confidence.KNOWLEDGE: "not verified in any source",
}
# A fatal or life-threatening reaction in a trial is due within 7 days, any serious one within 15 (ICH E2A, III.B).
_OLD = (
    (15, "overdue", "a 15-day clock may have run out"),
    (7, "overdue", "a 7-day clock may have run out"),
    (SOON, "soon", "look at it now"),
)
_SECTIONS = {
    "patient": "Patient",
    "reporters": "Reporters",
    "reactions": "Reactions",
    "drugs": "Drugs",
    "study": "Study",
    "narrative": "Narrative",
}
_OTHER = "Other"
_NOT_SHOWN = {"criteria_derived", "received_id"}
_CASE_LEVEL = "derived from case level: the source judged the case, not the event"


class Due(msgspec.Struct, frozen=True, kw_only=True):
    """A due chip: never colour alone."""

    words: str
    urgency: str  # overdue | soon | later


class Tab(msgspec.Struct, frozen=True, kw_only=True):
    """A status of the queue with the number of its cases; of status None, all."""

    status: str | None
    words: str
    count: str


class FieldError(msgspec.Struct, frozen=True, kw_only=True):
    """What is wrong with a field of a form."""

    field: str  # reason | pointer | value
    words: str


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """A value of the case; ``basis`` says from what it was derived, None that it was reported or amended."""

    pointer: str
    label: str
    value: str
    basis: str | None = None


class Section(msgspec.Struct, frozen=True, kw_only=True):
    """A part of the content under its own heading."""

    title: str
    rows: tuple[Row, ...]


class Signer(msgspec.Struct, frozen=True, kw_only=True):
    """Who would sign, and what she has to prove it by."""

    full_name: str
    needs_code: bool
    at_provider: bool
    is_proved: bool  # at the provider, just now


class Signed(msgspec.Struct, frozen=True, kw_only=True):
    """A signature of the case, the version that it is of, and whether it still is of what stands there."""

    version: int
    signature: Signature
    holds: bool


def signer(opened: Opened, now: datetime) -> Signer:
    """Say what the user of a session signs with."""
    session, by_provider = opened.session, opened.session.authentication == OIDC
    needs_code = not by_provider and not session.is_signer
    is_proved = session.proved_at is not None and now - session.proved_at <= TO_SIGN
    name = opened.account.user.full_name
    return Signer(full_name=name, needs_code=needs_code, at_provider=by_provider, is_proved=is_proved)


def signed(case: Case, history: Sequence[CaseVersion]) -> list[Signed]:
    """Return the signatures of a case, the oldest first; a version that is not as it was signed is told."""
    versions = {each.snapshot.version: each for each in history}
    return [
        Signed(version=s.version, signature=s.signature, holds=holds(s.signature, versions[s.version]))
        for s in case.signatures
    ]


def due(day: date | None, today: date) -> Due | None:
    """Say how long there is."""
    if day is None:
        return None
    left = (day - today).days
    if left < 0:
        return Due(words=f"Overdue {_days(-left)}", urgency="overdue")
    if left == 0:
        return Due(words="Due today", urgency="overdue")
    return Due(words=f"{_days(left)} left", urgency="soon" if left <= SOON else "later")


def age(received: date, today: date) -> Due:
    """Say how long something has waited since its receipt, and which regulatory clock that is too long for."""
    days = (today - received).days
    for least, urgency, warning in _OLD:
        if days >= least:
            return Due(words=f"{_days(days)} old: {warning}", urgency=urgency)
    return Due(words=f"{_days(days)} old" if days > 0 else "Today", urgency="later")


def words(value: object) -> str:
    """Return a state or kind as a person writes it."""
    return str(value).replace("_", " ")


def tabs(counts: Mapping[Status, int], most: int) -> list[Tab]:
    """Return the tabs of the queue; ``most`` is how far a status was counted, and reaching it is said."""
    each = [Tab(status=s.value, words=words(s).capitalize(), count=counted(n, most)) for s, n in counts.items()]
    more = "+" * any(count >= most for count in counts.values())
    return [Tab(status=None, words="All", count=f"{sum(counts.values())}{more}"), *each]


def counted(count: int, most: int) -> str:
    """Return a count, and that it went no further where it did not."""
    return f"{count}{'+' * (count >= most)}"


def sections(content: CaseContent, derived: Sequence[Derived] = ()) -> list[Section]:
    """Return everything known of the case, part by part, each derived value beside the part that it completes."""
    # The report as received has a section of its own.
    rows = list(_rows("", msgspec.to_builtins(msgspec.structs.replace(content, received_icsr=None))))
    rows += [Row(pointer=d.pointer, label=_label(d.pointer), value=d.value, basis=d.basis) for d in derived]
    parts: dict[str, list[Row]] = {title: [] for title in (*_SECTIONS.values(), _OTHER)}
    for row in rows:
        parts[_SECTIONS.get(row.pointer.split("/")[1], _OTHER)].append(row)
    # Stable: values keep their order within an item, and what was derived comes behind what was reported.
    return [Section(title=title, rows=tuple(sorted(found, key=_item))) for title, found in parts.items() if found]


def decided(decisions: Sequence[Decision]) -> list[tuple[Kind, list[Decision]]]:
    """Return the decisions by kind, the weightiest first, each kind's by due date."""
    kinds = [(kind, [each for each in decisions if each.kind is kind]) for kind in Kind]
    return [(kind, sorted(found, key=lambda each: each.due or date.max)) for kind, found in kinds if found]


def differences(history: Sequence[CaseVersion]) -> dict[int, tuple[Sequence[Changed], Sequence[Change]]]:
    """Return what each version says otherwise than the one before it, and what is decided otherwise."""
    ordered = sorted(history, key=lambda each: each.snapshot.version)
    return {
        now.snapshot.version: (
            content_changes(was.snapshot.content, now.snapshot.content),
            changed(was.decisions, now.decisions),
        )
        for was, now in pairwise(ordered)
    }


def masked(authorities: Mapping[str, str]) -> set[str]:
    """Return the destinations that are told who reported as MSK only (``reporting.domain.masking``)."""
    return {destination for destination, authority in authorities.items() if authority == "EMA"}


def unconfirmed(case: Case) -> list[str]:
    """Return the rules that were not read in their source: they are shown with a banner."""
    return sorted({d.rule_id for d in case.decisions if d.confidence is not Confidence.VERIFIED})


def _rows(pointer: str, value: Any) -> Iterator[Row]:
    if isinstance(value, dict):
        basis = _CASE_LEVEL if value.get("criteria_derived") else None
        for name, item in value.items():
            if name == "criteria" and basis:
                yield Row(pointer=f"{pointer}/criteria", label="criteria", value=_shown(item), basis=basis)
            elif name not in _NOT_SHOWN:
                yield from _rows(f"{pointer}/{name}", item)
    elif isinstance(value, list | tuple) and any(isinstance(item, dict) for item in value):
        for i, item in enumerate(value):
            yield from _rows(f"{pointer}/{i}", item)
    else:
        yield Row(pointer=pointer, label=_label(pointer), value=_shown(value))


def _shown(value: Any) -> str:
    """A value as it was given: an underscore of a reported name stays."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        return ", ".join(str(item) for item in value)
    return str(value)


def _label(pointer: str) -> str:
    """``/drugs/1/dose/value`` is read as "2: dose value"."""
    steps = pointer.split("/")[1:]
    number = f"{int(steps[1]) + 1}: " if len(steps) > 1 and steps[1].isdecimal() else ""
    return number + words(" ".join(steps[2:] if number else steps[-1:]))


def _item(row: Row) -> int:
    steps = row.pointer.split("/")
    return int(steps[2]) if len(steps) > 2 and steps[2].isdecimal() else 0


def _days(count: int) -> str:
    return f"{count} day{'' if count == 1 else 's'}"
