"""A spontaneous report implies suspicion; in a study each source judges, and none is overruled (DOMAIN 12).

A missing assessment counts as related: also where the sponsor alone judged, for the investigator is to be asked. Where
sources disagree the event counts as related, and both opinions are kept: a sponsor never downgrades the investigator's
(Regulation (EU) 536/2014, Annex III, 4).
"""

from collections.abc import Iterator, Sequence
from enum import StrEnum

from shared.contracts.clinical import CaseContent, Causality, Reaction
from shared.contracts.code_lists import CausalityResult, CausalitySource, ReportType
from triage.domain.determination import Determination, Rule, determined
from triage.domain.products import Suspect
from triage.domain.text import folded


class Suspicion(StrEnum):
    """What is held of one event with one suspect drug."""

    SUSPECTED = "suspected"
    NOT_SUSPECTED = "not_suspected"


IMPLIED = Rule(id="CAU-1", version=1, paragraph="ICH E2D 2.3; GVP Annex I: a spontaneous report implies suspicion")
RELATED = Rule(id="CAU-2", version=1, paragraph="ICH E2A II.A.2; Regulation (EU) 536/2014, Annex III, 4")
NOT_JUDGED = Rule(
    id="CAU-3",
    version=1,
    paragraph="ICH E2A II.A.2: what nobody judged counts as related; Regulation (EU) 536/2014, Annex III, 4: the"
    " investigator is asked for what was not said",
)
NOT_RELATED = Rule(id="CAU-4", version=1, paragraph="ICH E2A II.A.2: no reasonable possibility, as every source judged")
_ON_SITE = {CausalitySource.INVESTIGATOR, CausalitySource.REPORTER}


def determine(content: CaseContent, blamed: Sequence[Suspect]) -> dict[tuple[int, int], Determination]:
    """Judge every event with every suspect drug of a report from a study, once for each name; else none is asked."""
    if content.report_type is not ReportType.STUDY:
        return {}
    return dict(_each(content, blamed))


def implied(content: CaseContent) -> Suspicion | None:
    """Return what holds of every event of a report that is from no study, where nobody need judge."""
    return None if content.report_type is ReportType.STUDY else Suspicion.SUSPECTED


def assessments(reaction: Reaction, drug: str | None) -> tuple[Causality, ...]:
    """Return what was judged of a reaction with a drug of this name."""
    return tuple(each for each in reaction.causality if each.drug is None or folded(each.drug) == folded(drug))


def _each(content: CaseContent, blamed: Sequence[Suspect]) -> Iterator[tuple[tuple[int, int], Determination]]:
    for i, reaction in enumerate(content.reactions):
        named: dict[str, Determination] = {}
        for suspect in blamed:
            name = folded(suspect.drug.name)
            if name not in named:
                named[name] = _judged(reaction, suspect, f"/reactions/{i} x /drugs/{suspect.index}")
            yield (i, suspect.index), named[name]


def _judged(reaction: Reaction, suspect: Suspect, subject: str) -> Determination:
    given = assessments(reaction, suspect.drug.name)
    value, rule, reason = _value(given)
    facts = {"assessments": [_in_words(each) for each in given]}
    return determined("causality", subject, value, rule, facts, reason)


def _value(given: Sequence[Causality]) -> tuple[Suspicion, Rule, str]:
    results = [each.result for each in given]
    if CausalityResult.RELATED in results:
        others = " Another source judged otherwise; both opinions are kept." if len(set(results)) > 1 else ""
        return Suspicion.SUSPECTED, RELATED, f"A source judged it related.{others}"
    if not results or None in results:
        words = "Whether it is related was not judged, or not clearly: it counts as related."
        return Suspicion.SUSPECTED, NOT_JUDGED, words
    if not any(each.source in _ON_SITE for each in given):
        words = "Neither investigator nor reporter said whether it is related: it counts as related; ask."
        return Suspicion.SUSPECTED, NOT_JUDGED, words
    return Suspicion.NOT_SUSPECTED, NOT_RELATED, "Every source judged that there is no reasonable possibility."


def _in_words(given: Causality) -> str:
    said = given.result or given.result_text or "not said"
    return f"{given.source or 'unnamed source'}: {said}{f' ({given.method})' if given.method else ''}"
