"""Assess a case: validity, coding, seriousness, expectedness, reportability, due dates, each stage a pure function.

Read ``assess`` from top to bottom: it is the flow. Whatever needs a database or a clock is fetched before the call.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import product

import msgspec

from shared.contracts.case_snapshot import Derived
from shared.contracts.clinical import CaseContent
from triage.domain import causality, coding, expectedness, facts, reportability, seriousness, validity
from triage.domain.blockers import Blocker, blockers
from triage.domain.clocks import Starts, clocks_of
from triage.domain.cues import Raising
from triage.domain.decision import Decision
from triage.domain.derivation import derive
from triage.domain.determination import Determination
from triage.domain.held_to import HeldTo
from triage.domain.origin import origin_of
from triage.domain.periods import with_period
from triage.domain.products import Standing, Suspect, held, suspects
from triage.domain.registry import Sponsor
from triage.domain.reportability import Pairing
from triage.domain.rulebook import Destination, Kind, Pathway, Rulebook

_COMPARED = {Standing.AUTHORISED, Standing.SAME_ACTIVE_MOIETY, Standing.UNDER_TRIAL}


class Reference(msgspec.Struct, frozen=True, kw_only=True):
    """What assessing looks things up in, frozen for the length of one assessment."""

    sponsor: Sponsor
    rulebook: Rulebook
    terminology: coding.Terminology
    today: date
    raising: Raising | None = None  # what may raise an event to suspected; the first edition knows none
    held_to: HeldTo | None = None  # the files that all this was read from


class Assessment(msgspec.Struct, frozen=True, kw_only=True):
    """What was found of one case version. ``content`` is as given, with terms where the dictionary has them."""

    content: CaseContent
    derived: tuple[Derived, ...]
    determinations: tuple[Determination, ...]
    decisions: tuple[Decision, ...]
    blockers: tuple[Blocker, ...]
    valid: bool


def assess(
    content: CaseContent,
    clock_start: date,
    receipt_country: str,
    reference: Reference,
    owed_by: frozenset[str] = frozenset(),
) -> Assessment:
    """Run every stage over a case.

    ``clock_start`` is the day on which the newest facts were known: day zero of the report or follow-up at hand.
    ``owed_by`` are the rules by which facts of an earlier day are owed already.
    """
    validated = validity.determine(content)
    coded, codings = coding.code(content, reference.terminology)
    raising = reference.raising if reference.rulebook.counts_all_clocks else None
    judged = seriousness.determine(coded, raising)
    blamed = suspects(coded, reference.sponsor)
    related = causality.determine(coded, blamed) if reference.rulebook.counts_all_clocks else {}
    found = _Found(content=coded, validated=validated, judged=judged, blamed=blamed, related=related)
    starts = Starts(awareness=clock_start, qualified=_day(coded.qualified_on), owed_by=owed_by)
    compared: list[Determination] = []
    decisions = []
    for destination in reference.rulebook.taking_part(clock_start):
        decision, compared_here = _decide(found, destination, starts, reference)
        compared += compared_here
        decisions.append(decision)
    return Assessment(
        content=coded,
        derived=derive(coded, receipt_country),
        determinations=(validated, *codings, *judged, *_once(related), *compared),
        decisions=tuple(decisions),
        blockers=blockers(coded, judged, _told(decisions, reference.rulebook)),
        valid=validated.value == validity.VALID,
    )


class _Found(msgspec.Struct, frozen=True, kw_only=True):
    """What holds of a case before any destination is asked."""

    content: CaseContent
    validated: Determination
    judged: Sequence[Determination]
    blamed: Sequence[Suspect]
    related: dict[tuple[int, int], Determination]


def _once(related: dict[tuple[int, int], Determination]) -> Iterable[Determination]:
    return {found.subject: found for found in related.values()}.values()


def _told(decisions: Sequence[Decision], rulebook: Rulebook) -> set[str]:
    authorities = {each.id: each.authority for each in rulebook.destinations}
    return {authorities[each.destination] for each in decisions if each.kind is Kind.EXPEDITED}


def _decide(
    found: _Found, destination: Destination, starts: Starts, reference: Reference
) -> tuple[Decision, list[Determination]]:
    pairings, compared = _pair(found, destination, reference)
    decision = reportability.decide(
        reference.rulebook,
        destination.id,
        pairings,
        starts.awareness,
        lambda rule, subject, kind: clocks_of(rule, subject, kind, destination, starts),
    )
    if reference.rulebook.counts_all_clocks:
        decision = with_period(decision, starts.awareness, reference.sponsor)
    return decision, compared


def _pair(found: _Found, destination: Destination, reference: Reference) -> tuple[list[Pairing], list[Determination]]:
    """Return every event with every suspect drug and the facts of the pair; a case without a pair has its own facts.

    Drugs of which a rule could ask nothing different are one: a report may name a product a hundred times.
    """
    content = found.content
    base = facts.of_case(content, found.validated.value)
    if implied := causality.implied(content):
        base["causality"] = implied.value
    standing = _standing(found, destination, reference)
    compared = _compare(found, standing, destination, reference)
    events = [
        facts.of_event(reaction, found.judged[i].value, origin_of(reaction, content, destination.territories))
        for i, reaction in enumerate(content.reactions)
    ]
    pairings = []
    for (suspect, drug_facts), i in product(standing, range(len(events))):
        pair = base | drug_facts | events[i]
        if judged := found.related.get((i, suspect.index)):
            pair["causality"] = judged.value
        if suspect.product is not None and (judged := compared.get((i, suspect.product.id))):
            pair["expectedness"] = judged.value
        pairings.append(Pairing(subject=_subject(i, suspect.index, destination), facts=pair))
    return pairings or [Pairing(subject="", facts=base)], list(compared.values())


def _standing(found: _Found, destination: Destination, reference: Reference) -> list[tuple[Suspect, dict[str, str]]]:
    """Return what each suspect drug is to a destination: once for each authorisation, in edition 1 by the first."""
    told = []
    for suspect in found.blamed:
        here = held(suspect, reference.sponsor, destination, reference.today)
        for each in here if reference.rulebook.counts_all_clocks else here[:1]:
            told.append((suspect, facts.of_drug(suspect.drug, suspect.product, suspect.matched_by, each)))
    return told


def _compare(
    found: _Found, standing: Sequence[tuple[Suspect, dict[str, str]]], destination: Destination, reference: Reference
) -> dict[tuple[int, str], Determination]:
    """Judge every event with every product once: a report may name one product a hundred times, dose by dose."""
    asked = {
        suspect.index
        for suspect, told in standing
        if told["product"] in _COMPARED or not reference.rulebook.counts_all_clocks
    }
    products = {s.product.id: s.product for s in found.blamed if s.product is not None and s.index in asked}
    named: dict[str, list[int]] = {name: [] for name in products}
    for suspect in found.blamed:
        if suspect.product is not None and suspect.product.id in named:
            named[suspect.product.id].append(suspect.index)
    return {
        (i, name): expectedness.determine(
            reaction,
            each,
            destination.document,
            reference.today,
            _subject(i, named[name][0], destination),
            named[name][1:],
            at_onset=destination.pathway is Pathway.TRIAL,
        )
        for name, each in products.items()
        for i, reaction in enumerate(found.content.reactions)
    }


def _subject(reaction: int, drug: int, destination: Destination) -> str:
    return f"/reactions/{reaction} x /drugs/{drug} @ {destination.id}"


def _day(stated: str | None) -> date | None:
    return date.fromisoformat(stated) if stated else None
