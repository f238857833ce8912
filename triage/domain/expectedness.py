"""An event is unexpected if its nature, severity, specificity or outcome is not that of the reference document.

Judged for each event, suspect product and destination, against that destination's own document (USPI, SmPC, IB-RSI)
in the version in force on the day of assessment, of trials at onset (DOMAIN 11). What cannot be known counts as
unexpected, and says so; so does what is more specific than a listed term, for it is another term.
"""

from calendar import monthrange
from collections.abc import Sequence
from datetime import date
from enum import StrEnum

from shared.contracts.clinical import Coding, Reaction
from shared.contracts.code_lists import Criterion, Outcome
from triage.domain.determination import Determination, Fact, Rule, determined
from triage.domain.registry import Product, ReferenceSafetyInformation
from triage.domain.text import folded


class Expectedness(StrEnum):
    """What is held of one event with one product at one destination."""

    EXPECTED = "expected"
    UNEXPECTED = "unexpected"
    UNKNOWN = "unknown"  # counts as unexpected


LISTED = Rule(
    id="EXP-1", version=1, paragraph="21 CFR 314.80(a); GVP Annex I: listed in the reference safety information"
)
NOT_LISTED = Rule(id="EXP-2", version=1, paragraph="21 CFR 314.80(a); GVP Annex I: not listed")
LISTED_NOT_AS_FATAL = Rule(
    id="EXP-3", version=1, paragraph="21 CFR 314.80(a); ICH E2D: a fatal outcome must itself be listed"
)
NO_CODE = Rule(id="EXP-4", version=1, paragraph="ICH E2D: what cannot be compared counts as unexpected")
NO_DOCUMENT = Rule(
    id="EXP-5", version=1, paragraph="ICH E2D: without a reference in force the event counts as unexpected"
)
LISTED_AS_MILD = Rule(
    id="EXP-6", version=1, paragraph="21 CFR 314.80(a); ICH E2D: of greater severity than what is listed"
)
_WORST = ("unknown", "unexpected", "expected")


def determine(
    reaction: Reaction,
    product: Product,
    document: str,
    today: date,
    subject: str,
    same_drugs: Sequence[int] = (),
    at_onset: bool = False,
) -> Determination:
    """Judge one event with one product against the document of one destination.

    ``subject`` names the product where the report first does; ``same_drugs`` are the further places in its drugs.
    ``at_onset`` takes the version in force at the onset; of an onset that is not known to the day the strictest counts.
    """
    first, last = onset_days(reaction.onset, today) if at_onset else (today, today)
    judged = [(_value(reaction, product, document, each), each) for each in _in_force(product, document, first, last)]
    (value, rule, reason), reference = min(judged, key=lambda one: _WORST.index(one[0][0]))
    facts: dict[str, Fact] = {
        "product": product.id,
        "document": document,
        "document_version": reference.version if reference else None,
        "term": _term(reaction.coding) if reaction.coding else None,
        "fatal": is_fatal(reaction),
    }
    if same_drugs:
        facts["also_named_at"] = [f"/drugs/{index}" for index in same_drugs]
    return determined("expectedness", subject, value, rule, facts, reason)


def is_fatal(reaction: Reaction) -> bool:
    """Say whether the event led to death, by criterion or by outcome."""
    return Criterion.DEATH in reaction.criteria or reaction.outcome is Outcome.FATAL


def onset_days(onset: str | None, today: date) -> tuple[date, date]:
    """Return the first and last day of an onset (``2026``, ``2026-03``, ``2026-03-09``); unknown, today."""
    known = (onset or "")[:10]
    pattern = {4: ("-01-01", "-12-31"), 7: ("-01", ""), 10: ("", "")}.get(len(known))
    if pattern is None:
        return today, today
    first = date.fromisoformat(known + pattern[0])
    if len(known) == len("2026-03"):
        return first, first.replace(day=monthrange(first.year, first.month)[1])
    return first, date.fromisoformat(known + pattern[1])


def _in_force(product: Product, document: str, first: date, last: date) -> list[ReferenceSafetyInformation | None]:
    """Return the versions in force between two days, the newest first; None stands for a day without one."""
    versions = [v for v in product.reference_safety_information if v.document == document]
    found: list[ReferenceSafetyInformation | None] = []
    changes = (v.in_force_from for v in versions if first < v.in_force_from <= last)
    for day in sorted({first, last, *changes}, reverse=True):
        held = max((v for v in versions if v.holds_on(day)), key=lambda v: v.in_force_from, default=None)
        if held not in found:
            found.append(held)
    return found


def _value(
    reaction: Reaction, product: Product, document: str, reference: ReferenceSafetyInformation | None
) -> tuple[Expectedness, Rule, str]:
    if reference is None:
        return Expectedness.UNKNOWN, NO_DOCUMENT, f"No {document} of {product.id} is in force: counts as unexpected."
    if reaction.coding is None:
        return Expectedness.UNKNOWN, NO_CODE, "The event is not coded, so it cannot be compared: counts as unexpected."
    where = f"{document} {reference.version} of {product.id}"
    term = _term(reaction.coding)
    if not _lists(reference.listed, reaction.coding):
        return Expectedness.UNEXPECTED, NOT_LISTED, f"{term} is not listed in {where}."
    if is_fatal(reaction) and not _lists(reference.listed_as_fatal, reaction.coding):
        return (
            Expectedness.UNEXPECTED,
            LISTED_NOT_AS_FATAL,
            f"{term} is listed in {where}, but not with a fatal outcome.",
        )
    if _lists(reference.listed_as_mild, reaction.coding) and (reaction.criteria or reaction.serious):
        return Expectedness.UNEXPECTED, LISTED_AS_MILD, f"{term} is listed in {where} where it is not serious."
    return Expectedness.EXPECTED, LISTED, f"{term} is listed in {where}."


def _term(coding: Coding) -> str:
    return coding.pt_name or coding.llt_name or coding.llt_code


def _lists(listed: frozenset[str], coding: Coding) -> bool:
    named = {folded(coding.pt_name), folded(coding.llt_name), coding.llt_code, coding.pt_code}
    return not listed.isdisjoint(named - {"", None})
