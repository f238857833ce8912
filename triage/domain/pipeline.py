"""Assess a case: validity, coding, seriousness, expectedness, reportability, due dates, each stage a pure function.

Read ``assess`` from top to bottom: it is the flow. Whatever needs a database or a clock is fetched before the call.
"""

from collections.abc import Sequence
from datetime import date

import msgspec

from shared.contracts.case_snapshot import Derived
from shared.contracts.clinical import CaseContent
from triage.domain import coding, due_dates, expectedness, reportability, seriousness, validity
from triage.domain.blockers import Blocker, blockers
from triage.domain.decision import Decision
from triage.domain.derivation import derive
from triage.domain.determination import Determination
from triage.domain.origin import origin_of
from triage.domain.products import Suspect, standing, suspects
from triage.domain.registry import Sponsor
from triage.domain.reportability import Pairing
from triage.domain.rulebook import Destination, Kind, Rulebook


class Reference(msgspec.Struct, frozen=True, kw_only=True):
    """What assessing looks things up in, frozen for the length of one assessment."""

    sponsor: Sponsor
    rulebook: Rulebook
    terminology: coding.Terminology
    today: date


class Assessment(msgspec.Struct, frozen=True, kw_only=True):
    """What was found of one case version. ``content`` is as given, with terms where the dictionary has them."""

    content: CaseContent
    derived: tuple[Derived, ...]
    determinations: tuple[Determination, ...]
    decisions: tuple[Decision, ...]
    blockers: tuple[Blocker, ...]
    valid: bool


def assess(content: CaseContent, clock_start: date, receipt_country: str, reference: Reference) -> Assessment:
    """Run every stage over a case.

    ``clock_start`` is the day on which the newest facts were known: day zero of the report or follow-up at hand.
    """
    validated = validity.determine(content)
    coded, codings = coding.code(content, reference.terminology)
    judged = seriousness.determine(coded)
    blamed = suspects(coded, reference.sponsor)
    compared: list[Determination] = []
    decisions = []
    told = set()
    for destination in reference.rulebook.destinations:
        pairings, compared_here = _pair(coded, validated, judged, blamed, destination, reference)
        compared += compared_here
        decision = reportability.decide(reference.rulebook, destination.id, pairings)
        decisions.append(_with_clock(decision, clock_start))
        if decision.kind is Kind.EXPEDITED:
            told.add(destination.authority)
    return Assessment(
        content=coded,
        derived=derive(coded, receipt_country),
        determinations=(validated, *codings, *judged, *compared),
        decisions=tuple(decisions),
        blockers=blockers(coded, judged, told),
        valid=validated.value == validity.VALID,
    )


def _with_clock(decision: Decision, clock_start: date) -> Decision:
    if decision.days is None:
        return decision
    return msgspec.structs.replace(
        decision,
        clock_start=clock_start,
        due=due_dates.due_date(clock_start, decision.days),
        arithmetic=due_dates.in_words(clock_start, decision.days),
    )


def _pair(
    content: CaseContent,
    validated: Determination,
    judged: Sequence[Determination],
    blamed: Sequence[Suspect],
    destination: Destination,
    reference: Reference,
) -> tuple[list[Pairing], list[Determination]]:
    """Return every event with every suspect drug and the facts of the pair; a case without a pair has its own facts."""
    base = {"validity": validated.value, "report_type": content.report_type or "not_stated"}
    origins = [origin_of(reaction, content, destination.territories) for reaction in content.reactions]
    compared = _compare(content, blamed, destination, reference.today)
    pairings = []
    for suspect in blamed:
        product_facts = _product_facts(suspect, destination, reference)
        for i in range(len(content.reactions)):
            facts = {**base, **product_facts, "seriousness": judged[i].value, "origin": origins[i]}
            if suspect.product is not None:
                facts["expectedness"] = compared[i, suspect.product.id].value
            pairings.append(Pairing(subject=_subject(i, suspect.index, destination), facts=facts))
    return pairings or [Pairing(subject="", facts=base)], list(compared.values())


def _compare(
    content: CaseContent, blamed: Sequence[Suspect], destination: Destination, today: date
) -> dict[tuple[int, str], Determination]:
    """Judge every event with every product once: a report may name one product a hundred times, dose by dose."""
    products = {suspect.product.id: suspect.product for suspect in blamed if suspect.product is not None}
    named: dict[str, list[int]] = {name: [] for name in products}
    for suspect in blamed:
        if suspect.product is not None:
            named[suspect.product.id].append(suspect.index)
    return {
        (i, name): expectedness.determine(
            reaction, product, destination.document, today, _subject(i, named[name][0], destination), named[name][1:]
        )
        for name, product in products.items()
        for i, reaction in enumerate(content.reactions)
    }


def _subject(reaction: int, drug: int, destination: Destination) -> str:
    return f"/reactions/{reaction} x /drugs/{drug} @ {destination.id}"


def _product_facts(suspect: Suspect, destination: Destination, reference: Reference) -> dict[str, str]:
    held, authorisation = standing(suspect, reference.sponsor, destination, reference.today)
    facts = {"product": held.value, "drug": suspect.drug.name or "", "matched_by": suspect.matched_by or ""}
    if authorisation is not None:
        facts |= {"application": authorisation.type, "authorisation": f"{authorisation.country} {authorisation.number}"}
    return facts
