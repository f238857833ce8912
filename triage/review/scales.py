"""Scales in words: what was added up to which score, which criteria made a category so, and what it may be called.

A scale supports a person's judgement; neither ever sets what is sent (GVP VI.B.2; G.k.9.i.2.r).
"""

from collections.abc import Mapping
from typing import Any

import msgspec

from shared.contracts.clinical import Drug, Reaction
from triage.domain.causality_scales import CRITERIA, Answer, Naranjo, WhoUmc, naranjo, who_umc

GROUPS: Mapping[str, tuple[str, ...]] = {
    "Time to drug intake": ("plausible_time", "reasonable_time", "improbable_time"),
    "Disease and other drugs": ("no_other_cause", "other_cause_unlikely", "other_cause_plausible"),
    "Withdrawal and rechallenge": ("withdrawal_plausible", "withdrawal_reasonable", "rechallenge_if_necessary"),
    "The event": ("definitive",),
    "Information": ("more_data_needed", "cannot_be_completed"),
}


class Worked(msgspec.Struct, frozen=True, kw_only=True):
    """Both scales, worked out; ``methods`` is what a judgement may name, of those scales that say something."""

    naranjo: Naranjo
    who_umc: WhoUmc
    arithmetic: str
    methods: tuple[str, ...]


def worked(said: Mapping[str, Any]) -> Worked:
    """Work both scales out from what a ``ScalesSchema`` took."""
    by_score = naranjo({name: Answer(answer) for name, answer in said["naranjo"].items()})
    by_criteria = who_umc([name for name, is_met in said["who_umc"].items() if is_met])
    methods = (method_of_score(by_score), method_of_category(by_criteria))
    return Worked(
        naranjo=by_score,
        who_umc=by_criteria,
        arithmetic=arithmetic(by_score),
        methods=tuple(each for each in methods if each),
    )


def arithmetic(scale: Naranjo) -> str:
    """Write the sum out: ``2 - 1 = 1``."""
    points = [each.points for each in scale.counted]
    if not points:
        return "No question is answered: 0"
    first, rest = points[0], points[1:]
    return "".join([str(first), *(f" {'-' if each < 0 else '+'} {abs(each)}" for each in rest), f" = {scale.score}"])


def signed(points: int) -> str:
    """Write points as what they add: +2, 0, -1."""
    return f"{points:+d}" if points else "0"


def method_of_score(scale: Naranjo) -> str | None:
    """Name the method as G.k.9.i.2.r.2 takes it; None where no question was answered."""
    return f"Naranjo {scale.score} ({scale.category})" if scale.counted else None


def method_of_category(scale: WhoUmc) -> str | None:
    """Name the method; None where no category's criteria are met."""
    return f"WHO-UMC: {scale.category}" if scale.category else None


def in_words(criteria: tuple[str, ...]) -> list[str]:
    """Return criteria as the scale words them."""
    return [CRITERIA[each] for each in criteria]


def event_name(reaction: Reaction, place: int) -> str:
    """Return what an event is called: as it was reported, else as it is coded."""
    coded = reaction.coding.llt_name if reaction.coding else None
    return reaction.verbatim or coded or f"event {place + 1}"


def drug_name(drug: Drug, place: int) -> str:
    """Return what a drug is called: by its name, else by its substances."""
    return drug.name or ", ".join(drug.substances) or f"drug {place + 1}"


def course_of_event(reaction: Reaction) -> str:
    """Say when an event was and what became of it, as far as that is known."""
    return _stated({"onset": reaction.onset, "end": reaction.end, "outcome": reaction.outcome})


def course_of_drug(drug: Drug) -> str:
    """Say when a drug was given and what was done with it, as far as that is known."""
    return _stated({"start": drug.start, "end": drug.end, "action taken": drug.action_taken})


def _stated(facts: Mapping[str, str | None]) -> str:
    known = [f"{name} {value.replace('_', ' ')}" for name, value in facts.items() if value]
    unknown = " or ".join(name for name, value in facts.items() if not value)
    return "; ".join([*known, f"no {unknown} stated"] if unknown else known)
