"""A reaction is serious if it meets one of the six criteria (ICH E2A II.B); seriousness is judged for each event.

What was reported is never lowered. A source that says serious without a criterion is believed: clocks run as serious,
and a person chooses the criterion, for the program never does (DOMAIN 4, 10).
"""

from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum

import msgspec

from shared.contracts.clinical import CaseContent, Reaction
from shared.contracts.code_lists import Criterion, Outcome
from triage.domain import cues, weighing
from triage.domain.cues import Cue, Raising, TermList
from triage.domain.determination import Determination, Fact, Rule, determined
from triage.domain.opinions import overruled


class Seriousness(StrEnum):
    """What is held of one event."""

    SERIOUS = "serious"
    CRITERION_NOT_STATED = "serious_criterion_not_stated"
    SUSPECTED = "suspected"
    NOT_STATED = "not_stated"
    NON_SERIOUS = "non_serious"


CRITERIA = Rule(id="SER-1", version=1, paragraph="ICH E2A II.B; ICH E2B(R3) E.i.3.2a-f")
SERIOUS_AS_STATED = Rule(id="SER-2", version=1, paragraph="ICH E2A II.B: the source's judgement is never lowered")
FATAL_OUTCOME = Rule(id="SER-3", version=1, paragraph="ICH E2A II.B: results in death; ICH E2B(R3) E.i.7")
DEATH_OF_PATIENT = Rule(id="SER-4", version=1, paragraph="ICH E2B(R3) D.9.1: a death was reported, of no stated event")
STATED_NON_SERIOUS = Rule(id="SER-5", version=1, paragraph="ICH E2A II.B: no criterion is met, and the source says so")
NOTHING_STATED = Rule(id="SER-6", version=1, paragraph="GVP VI.B.7: nothing is non-serious for want of data")
SAID = Rule(id="SER-7", version=1, paragraph="ICH E2A II.B: words of the report say that a criterion was met")
LISTED = Rule(id="SER-8", version=1, paragraph="ICH E2A II.B: important medical events; EMA IME and DME lists")
WEIGHED = Rule(id="SER-9", version=2, paragraph="ICH E2A II.B: nothing was stated, and what was reported points to it")
CONFIRMED = Rule(id="SER-10", version=1, paragraph="ICH E2A II.B: a person judged that no criterion is met")

DESIGNATED = "DME"  # the name of the list whose events are looked at first

COUNTS_AS_SERIOUS = {Seriousness.SERIOUS, Seriousness.CRITERION_NOT_STATED}
_RANK = {
    Seriousness.SERIOUS: 2,
    Seriousness.CRITERION_NOT_STATED: 2,
    Seriousness.SUSPECTED: 1,
    Seriousness.NOT_STATED: 0,
    Seriousness.NON_SERIOUS: 0,
}


_OPEN = {Seriousness.NON_SERIOUS, Seriousness.NOT_STATED}


def determine(content: CaseContent, raising: Raising | None = None) -> list[Determination]:
    """Judge every reaction of the case; ``raising`` may make one that is held non-serious, or open, a suspected one."""
    died = _died(content)
    judged = [_judge(reaction, f"/reactions/{i}", died) for i, reaction in enumerate(content.reactions)]
    if raising is None:
        return judged
    found = raised(content, judged, raising)
    return [_looked_at_first(each, r, raising.lists) for each, r in zip(found, content.reactions, strict=True)]


def raised(content: CaseContent, judged: Sequence[Determination], raising: Raising) -> Iterator[Determination]:
    """Yield what is held of each event, raised where evidence points to it and no person has judged otherwise."""
    serious = any(found.value in COUNTS_AS_SERIOUS for found in judged)
    told = [] if serious else cues.said_in(content)  # a serious event explains what the narrative says
    is_open = any(found.value == Seriousness.NOT_STATED for found in judged)
    weighed = weighing.weighed(content, raising.weights) if raising.weights and is_open else [None] * len(judged)
    for i, (reaction, found, weight) in enumerate(zip(content.reactions, judged, weighed, strict=True)):
        if found.value not in _OPEN:
            yield found
        elif reaction.held_non_serious:
            words = "A person judged that the event meets no criterion."
            yield _as(found, Seriousness.NON_SERIOUS, CONFIRMED, words, {})
        else:
            said = [*cues.said_of(reaction, f"/reactions/{i}"), *told]
            yield _raised(found, reaction, said, raising.lists, weight)


def _raised(
    found: Determination,
    reaction: Reaction,
    said: Sequence[Cue],
    lists: Sequence[TermList],
    weight: weighing.Weighed | None,
) -> Determination:
    ask = f"A person must judge: amend {found.subject}/criteria, or {found.subject}/held_non_serious to true."
    if said:
        named = ", ".join(dict.fromkeys(cue.criterion.replace("_", " ") for cue in said))
        evidence = [f"{cue.criterion} at {cue.pointer}: {cue.excerpt}" for cue in said]
        words = f"The words of the report point to: {named}. {ask}"
        return _as(found, Seriousness.SUSPECTED, SAID, words, {"said": evidence})
    listed = [f"{each.name} {each.version}" for each in lists if each.holds(reaction)]
    if listed:
        words = f"The event is on the list {', '.join(listed)}. {ask}"
        return _as(found, Seriousness.SUSPECTED, LISTED, words, {"lists": listed})
    if found.value == Seriousness.NOT_STATED and weight is not None and weight.suspected:
        return _weighty(found, weight, ask)
    return found


def _looked_at_first(found: Determination, reaction: Reaction, lists: Sequence[TermList]) -> Determination:
    """Mark a designated medical event, serious or not: a person looks at it before others."""
    versions = [each.version for each in lists if each.name == DESIGNATED and each.holds(reaction)]
    if not versions:
        return found
    marked = f"designated medical event, {DESIGNATED} {versions[0]}"
    return msgspec.structs.replace(found, facts={**found.facts, "priority": marked})


def _weighty(found: Determination, weight: weighing.Weighed, ask: str) -> Determination:
    asked = ", ".join(criterion.replace("_", " ") for criterion in weight.criteria)
    about = f" Ask about: {asked}." if asked else ""
    words = f"Nothing was stated, and what was reported points to it: {', '.join(weight.words)}.{about} {ask}"
    facts: dict[str, Fact] = {
        "weight": weight.score,
        "suspected_from": weight.threshold,
        "weights": weight.version,
        "weighed": [str(sign) for sign in weight.signs],
    }
    return _as(found, Seriousness.SUSPECTED, WEIGHED, words, facts)


def _as(found: Determination, value: Seriousness, rule: Rule, reason: str, facts: Mapping[str, Fact]) -> Determination:
    return determined("seriousness", found.subject, value, rule, {**found.facts, **facts}, reason)


def lowers(before: CaseContent, after: CaseContent) -> bool:
    """Say whether a change would lower what is held of an event: a downgrade, which takes two persons."""
    held = zip(before.reactions, after.reactions, strict=False)
    fewer = len(after.reactions) < len(before.reactions) or (_died(before) and not _died(after))
    return fewer or any(_is_lower(old, new, _died(before)) for old, new in held)


def _is_lower(old: Reaction, new: Reaction, died: bool) -> bool:
    no_longer_fatal = old.outcome is Outcome.FATAL and new.outcome is not Outcome.FATAL
    less = _RANK[_value(new, died)[0]] < _RANK[_value(old, died)[0]]
    return bool(set(old.criteria) - set(new.criteria)) or no_longer_fatal or less or overruled(old, new)


def _died(content: CaseContent) -> bool:
    return bool(content.patient and content.patient.death_date)


def _judge(reaction: Reaction, subject: str, died: bool) -> Determination:
    value, rule, reason = _value(reaction, died)
    facts = {
        "serious": reaction.serious,
        "criteria": [criterion.value for criterion in Criterion if criterion in reaction.criteria],
        "derived_from_case_level": reaction.criteria_derived,
        "outcome": reaction.outcome,
    }
    return determined("seriousness", subject, value, rule, facts, reason)


def _value(reaction: Reaction, died: bool) -> tuple[Seriousness, Rule, str]:
    if reaction.criteria:
        named = ", ".join(criterion.replace("_", " ") for criterion in Criterion if criterion in reaction.criteria)
        source = " (derived from case level)" if reaction.criteria_derived else ""
        return Seriousness.SERIOUS, CRITERIA, f"Serious: {named}{source}."
    if reaction.serious:
        reason = "The source says serious and names no criterion: clocks run as serious, a person must choose."
        return Seriousness.CRITERION_NOT_STATED, SERIOUS_AS_STATED, reason
    if reaction.outcome is Outcome.FATAL:
        reason = "The outcome is fatal and no criterion is named: clocks run as serious, a person must choose."
        return Seriousness.CRITERION_NOT_STATED, FATAL_OUTCOME, reason
    if died:
        reason = "The patient died, and no event is said to have led to it: suspected serious, a person must look."
        return Seriousness.SUSPECTED, DEATH_OF_PATIENT, reason
    if reaction.serious is False:
        return Seriousness.NON_SERIOUS, STATED_NON_SERIOUS, "The source says non-serious and no criterion is met."
    return Seriousness.NOT_STATED, NOTHING_STATED, "Seriousness was not stated; a person must judge it."
