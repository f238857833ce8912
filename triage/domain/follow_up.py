"""A follow-up adds to its case: what is newly said replaces, what is not said stays, and nothing reported is lowered.

Reactions and drugs are recognised by their words; one that the follow-up does not mention stays in the case.
"""

from collections.abc import Callable, Sequence
from typing import TypeVar

import msgspec

from shared.contracts.clinical import CaseContent, CaseIdentifier, Content, Drug, Patient, Reaction, Reporter, Study
from shared.contracts.code_lists import Outcome
from shared.contracts.opinions import united
from triage.domain.text import folded

C = TypeVar("C", bound=Content)
T = TypeVar("T")


def join(before: CaseContent, news: CaseContent) -> CaseContent:
    """Return the case's content with the follow-up's facts in it.

    An E2B follow-up holds the whole case: it takes the place of what was received before, and the parts of the case are
    those of its records that have their words.
    """
    if news.received_icsr is not None:
        before = _parted(before)
    joined = _replaced(before, news)
    return msgspec.structs.replace(
        joined,
        patient=_joined_part(before.patient, news.patient, _joined_patient),
        reporters=_joined(before.reporters, news.reporters, _reporter_key, _replaced),
        reactions=_joined(before.reactions, news.reactions, _reaction_key, _joined_reaction),
        drugs=_joined(before.drugs, news.drugs, _drug_key, _joined_drug),
        study=_joined_part(before.study, news.study, _joined_study),
        worldwide_case_id=before.worldwide_case_id or news.worldwide_case_id,
        parent=_joined_part(before.parent, news.parent, _replaced),
        literature=_united(before.literature, news.literature),
        linked_cases=_united(before.linked_cases, news.linked_cases),
        other_case_ids=_united(before.other_case_ids, news.other_case_ids),
        received_from=_united(before.received_from, news.received_from),
        narrative=_both(before.narrative, news.narrative),
    )


def anew(content: CaseContent, void: CaseContent, told: CaseIdentifier) -> CaseContent:
    """Return the content of a case that comes after a nullified one, which was ``told`` under our identifier (C.1.1).

    It takes a new C.1.1 and C.1.8.1, and lists those of the void case (C.1.9.1.r; guide, C.1.11).
    """
    others = (*content.other_case_ids, told)
    worldwide = content.worldwide_case_id
    if worldwide is not None and worldwide in {void.worldwide_case_id, told.identifier}:
        others = (*others, CaseIdentifier(source=told.source, identifier=worldwide))
        content = msgspec.structs.replace(content, worldwide_case_id=None, first_sender=None)
    return msgspec.structs.replace(content, other_case_ids=tuple(dict.fromkeys(others)))


def _parted(content: CaseContent) -> CaseContent:
    """The case without the report that it was received as, and what a person said of that one."""
    return msgspec.structs.replace(
        content,
        received_icsr=None,
        goes_on=None,
        reporters=_unnamed(content.reporters),
        reactions=_unnamed(content.reactions),
        drugs=_unnamed(content.drugs),
    )


def _unnamed(parts: Sequence[C]) -> tuple[C, ...]:
    return tuple(msgspec.structs.replace(part, received_id=None) for part in parts)


def _replaced(before: C, news: C) -> C:
    """Return ``before`` with every value that ``news`` states."""
    stated = {name: value for name in news.__struct_fields__ if (value := getattr(news, name)) not in (None, ())}
    return msgspec.structs.replace(before, **stated)


def _joined_part(before: C | None, news: C | None, join_pair: Callable[[C, C], C]) -> C | None:
    if before is None or news is None:
        return news or before
    return join_pair(before, news)


def _joined_patient(before: Patient, news: Patient) -> Patient:
    return msgspec.structs.replace(_replaced(before, news), pregnant=_once_said(before.pregnant, news.pregnant))


def _joined_study(before: Study, news: Study) -> Study:
    registrations = _united(before.registrations, news.registrations)
    return msgspec.structs.replace(_replaced(before, news), registrations=registrations)


def _once_said(before: bool | None, news: bool | None) -> bool | None:
    """What was once said stays said: taking it back is a person's, with a reason."""
    return True if before or news else before if news is None else news


def _united(before: tuple[T, ...], news: tuple[T, ...]) -> tuple[T, ...]:
    """Return what was said before and now, each once, in the order in which it came."""
    return tuple(dict.fromkeys(before + news))


def _joined(
    before: Sequence[C], news: Sequence[C], key: Callable[[C], object], join_pair: Callable[[C, C], C]
) -> tuple[C, ...]:
    """Join each part of the news with the first part of the case that has its key, or add it: none is dropped."""
    parts = list(before)
    for part in news:
        place = next((i for i, known in enumerate(parts) if key(known) == key(part)), None)
        if place is None:
            parts.append(part)
        else:
            parts[place] = join_pair(parts[place], part)
    return tuple(parts)


def _joined_reaction(before: Reaction, news: Reaction) -> Reaction:
    """Criteria are added up, and serious stays serious: a downgrade is for two persons, not for a follow-up."""
    criteria = _united(before.criteria, news.criteria)
    serious = True if before.serious or news.serious else _replaced(before, news).serious
    outcome = before.outcome if before.outcome is Outcome.FATAL else _replaced(before, news).outcome
    derived = before.criteria_derived and (news.criteria_derived or not news.criteria)
    return msgspec.structs.replace(
        _replaced(before, news),
        criteria=criteria,
        serious=serious,
        outcome=outcome,
        criteria_derived=derived,
        causality=united(before.causality, news.causality),
    )


def _joined_drug(before: Drug, news: Drug) -> Drug:
    return msgspec.structs.replace(
        _replaced(before, news),
        situations=_united(before.situations, news.situations),
        malfunction=_once_said(before.malfunction, news.malfunction),
        remedial_action=_once_said(before.remedial_action, news.remedial_action),
    )


def _both(before: str | None, news: str | None) -> str | None:
    if before and news and news.strip() not in before:
        return f"{before}\n\nFollow-up: {news}"
    return before or news


def _reaction_key(reaction: Reaction) -> object:
    code = reaction.received_coding.llt_code if reaction.received_coding else None
    return folded(reaction.verbatim) or code


def _drug_key(drug: Drug) -> object:
    return folded(drug.name) or tuple(sorted(map(folded, drug.substances)))


def _reporter_key(reporter: Reporter) -> object:
    return tuple(
        map(folded, (reporter.given_name, reporter.family_name, reporter.organisation, reporter.qualification))
    )
