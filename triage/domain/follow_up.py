"""A follow-up adds to its case: what is newly said replaces, what is not said stays, and nothing reported is lowered.

Reactions and drugs are recognised by their words; one that the follow-up does not mention stays in the case.
"""

from collections.abc import Callable, Sequence
from typing import TypeVar

import msgspec

from shared.contracts.clinical import CaseContent, CaseIdentifier, Content, Drug, Reaction, Reporter
from shared.contracts.code_lists import Outcome
from triage.domain.text import folded

C = TypeVar("C", bound=Content)


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
        patient=_joined_part(before.patient, news.patient),
        reporters=_joined(before.reporters, news.reporters, _reporter_key, _replaced),
        reactions=_joined(before.reactions, news.reactions, _reaction_key, _joined_reaction),
        drugs=_joined(before.drugs, news.drugs, _drug_key, _joined_drug),
        study=_joined_part(before.study, news.study),
        worldwide_case_id=before.worldwide_case_id or news.worldwide_case_id,
        parent=_joined_part(before.parent, news.parent),
        literature=tuple(dict.fromkeys(before.literature + news.literature)),
        linked_cases=tuple(dict.fromkeys(before.linked_cases + news.linked_cases)),
        other_case_ids=tuple(dict.fromkeys(before.other_case_ids + news.other_case_ids)),
        received_from=tuple(dict.fromkeys(before.received_from + news.received_from)),
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
        reactions=tuple(map(_ours, _unnamed(content.reactions))),
        drugs=_unnamed(content.drugs),
    )


def _ours(reaction: Reaction) -> Reaction:
    """Opinions that came with a report that is replaced are the case's own from now on."""
    kept = (msgspec.structs.replace(each, received=False) for each in reaction.causality)
    return msgspec.structs.replace(reaction, causality=tuple(kept))


def _unnamed(parts: Sequence[C]) -> tuple[C, ...]:
    return tuple(msgspec.structs.replace(part, received_id=None) for part in parts)


def _replaced(before: C, news: C) -> C:
    """Return ``before`` with every value that ``news`` states."""
    stated = {name: value for name in news.__struct_fields__ if (value := getattr(news, name)) not in (None, ())}
    return msgspec.structs.replace(before, **stated)


def _joined_part(before: C | None, news: C | None) -> C | None:
    if before is None or news is None:
        return news or before
    return _replaced(before, news)


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
    criteria = tuple(dict.fromkeys(before.criteria + news.criteria))
    serious = True if before.serious or news.serious else _replaced(before, news).serious
    outcome = before.outcome if before.outcome is Outcome.FATAL else _replaced(before, news).outcome
    derived = before.criteria_derived and (news.criteria_derived or not news.criteria)
    return msgspec.structs.replace(
        _replaced(before, news),
        criteria=criteria,
        serious=serious,
        outcome=outcome,
        criteria_derived=derived,
        causality=tuple(dict.fromkeys(before.causality + news.causality)),  # an opinion overrules no other
    )


def _joined_drug(before: Drug, news: Drug) -> Drug:
    """What was once said of a situation stays said."""
    return msgspec.structs.replace(
        _replaced(before, news),
        situations=tuple(dict.fromkeys(before.situations + news.situations)),
        malfunction=before.malfunction or news.malfunction,
        remedial_action=before.remedial_action or news.remedial_action,
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
