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
from triage.domain.rulebook import Destination, Rulebook


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
    for destination in reference.rulebook.destinations:
        pairings, compared_here = _pair(coded, validated, judged, blamed, destination, reference)
        compared += compared_here
        decision = reportability.decide(reference.rulebook, destination.id, pairings)
        decisions.append(_with_clock(decision, clock_start))
    return Assessment(
        content=coded,
        derived=derive(coded, receipt_country),
        determinations=(validated, *codings, *judged, *compared),
        decisions=tuple(decisions),
        blockers=blockers(coded, judged),
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
    pairings, compared = [], []
    for suspect in blamed:
        product_facts = _product_facts(suspect, destination, reference)
        for i, reaction in enumerate(content.reactions):
            subject = f"/reactions/{i} x /drugs/{suspect.index} @ {destination.id}"
            facts = {**base, **product_facts, "seriousness": judged[i].value, "origin": origins[i]}
            if suspect.product is not None:
                found = expectedness.determine(
                    reaction, suspect.product, destination.document, reference.today, subject
                )
                compared.append(found)
                facts["expectedness"] = found.value
            pairings.append(Pairing(subject=subject, facts=facts))
    return pairings or [Pairing(subject="", facts=base)], compared


def _product_facts(suspect: Suspect, destination: Destination, reference: Reference) -> dict[str, str]:
    held, authorisation = standing(suspect, reference.sponsor, destination, reference.today)
    facts = {"product": held.value, "drug": suspect.drug.name or "", "matched_by": suspect.matched_by or ""}
    if authorisation is not None:
        facts |= {"application": authorisation.type, "authorisation": f"{authorisation.country} {authorisation.number}"}
    return facts
