"""A reaction is serious if it meets one of the six criteria (ICH E2A II.B); seriousness is judged for each event.

What was reported is never lowered. A source that says serious without a criterion is believed: clocks run as serious,
and a person chooses the criterion, for the program never does (DOMAIN 4, 10).
"""

from enum import StrEnum

from shared.contracts.clinical import CaseContent, Reaction
from shared.contracts.code_lists import Criterion, Outcome
from triage.domain.determination import Determination, Rule, determined


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

COUNTS_AS_SERIOUS = {Seriousness.SERIOUS, Seriousness.CRITERION_NOT_STATED}
_RANK = {
    Seriousness.SERIOUS: 2,
    Seriousness.CRITERION_NOT_STATED: 2,
    Seriousness.SUSPECTED: 1,
    Seriousness.NOT_STATED: 0,
    Seriousness.NON_SERIOUS: 0,
}


def determine(content: CaseContent) -> list[Determination]:
    """Judge every reaction of the case."""
    died = _died(content)
    return [_judge(reaction, f"/reactions/{i}", died) for i, reaction in enumerate(content.reactions)]


def lowers(before: CaseContent, after: CaseContent) -> bool:
    """Say whether a change would lower what is held of an event: a downgrade, which takes two persons."""
    held = zip(before.reactions, after.reactions, strict=False)
    fewer = len(after.reactions) < len(before.reactions) or (_died(before) and not _died(after))
    return fewer or any(_is_lower(old, new, _died(before)) for old, new in held)


def _is_lower(old: Reaction, new: Reaction, died: bool) -> bool:
    no_longer_fatal = old.outcome is Outcome.FATAL and new.outcome is not Outcome.FATAL
    less = _RANK[_value(new, died)[0]] < _RANK[_value(old, died)[0]]
    return bool(set(old.criteria) - set(new.criteria)) or no_longer_fatal or less


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
