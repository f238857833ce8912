"""What keeps a message from being built until a person has chosen: nothing is made up to pass a check (DOMAIN 4)."""

from collections.abc import Collection, Iterable, Iterator

import msgspec

from shared.contracts.carried import nullified
from shared.contracts.clinical import CaseContent, Coding
from shared.contracts.code_lists import ReportType
from triage.domain.determination import Determination
from triage.domain.seriousness import Seriousness

FDA = "FDA"
SENDER_NULLIFIED = "C.1.11.1-nullified"


class Blocker(msgspec.Struct, frozen=True, kw_only=True):
    """One thing to choose: where, by which rule, and the cure in words."""

    pointer: str
    rule_id: str
    words: str


def blockers(
    content: CaseContent, seriousness: Iterable[Determination], authorities: Collection[str] = ()
) -> tuple[Blocker, ...]:
    """Return everything that blocks the messages of this content to these authorities, by name."""
    return (
        *_nullified(content),
        *_nobody(content),
        *_uncoded(content),
        *_mixed_versions(content),
        *_criteria(seriousness),
        *_roles(content),
        *_names(content),
        *_study(content),
        *(_refused_by_fda(content) if FDA in authorities else ()),
    )


def demonstration_codes(content: CaseContent) -> tuple[Coding, ...]:
    """Return the codings with invented codes: they build for test destinations only."""
    return tuple(r.coding for r in content.reactions if r.coding is not None and r.coding.demonstration)


def _nullified(content: CaseContent) -> Iterator[Blocker]:
    """Nothing is deleted: whether the case stands without its sender is a person's to say."""
    because = nullified(content)
    if because is not None:
        words = f"The sender nullified this report: {because}. If the case stands without it, amend /goes_on to true;"
        words += " else nullify the case."
        yield Blocker(pointer="/goes_on", rule_id=SENDER_NULLIFIED, words=words)


def _nobody(content: CaseContent) -> Iterator[Blocker]:
    """An authority's report is valid without; C.1.1 and C.2.r.3 need the reporter's country all the same."""
    if not content.reporters:
        words = 'No reporter is known; say at least from which country: amend /reporters/0 with {"country": …}.'
        yield Blocker(pointer="/reporters/0", rule_id="C.2.r-no-reporter", words=words)


def _uncoded(content: CaseContent) -> Iterator[Blocker]:
    for i, reaction in enumerate(content.reactions):
        if reaction.coding is None:
            words = f"{reaction.verbatim!r} is not coded; choose a term: amend /reactions/{i}/coding with its llt_code."
            yield Blocker(pointer=f"/reactions/{i}/coding", rule_id="E.i.2.1b-uncoded", words=words)


def _mixed_versions(content: CaseContent) -> Iterator[Blocker]:
    versions = {r.coding.version for r in content.reactions if r.coding is not None}
    if len(versions) > 1:
        words = f"One message has one MedDRA version, this one has {', '.join(sorted(versions))}; recode to one."
        yield Blocker(pointer="/reactions", rule_id="E.i.2.1a-one-version", words=words)


def _criteria(seriousness: Iterable[Determination]) -> Iterator[Blocker]:
    for found in seriousness:
        if found.value == Seriousness.CRITERION_NOT_STATED:
            words = f"{found.reason} Amend {found.subject}/criteria."
            yield Blocker(pointer=f"{found.subject}/criteria", rule_id=Seriousness.CRITERION_NOT_STATED, words=words)


def _roles(content: CaseContent) -> Iterator[Blocker]:
    for i, drug in enumerate(content.drugs):
        if drug.role is None:
            words = f"The role of {drug.name!r} was not stated: it counts as suspect; amend /drugs/{i}/role."
            yield Blocker(pointer=f"/drugs/{i}/role", rule_id="G.k.1-not-stated", words=words)


def _names(content: CaseContent) -> Iterator[Blocker]:
    for i, drug in enumerate(content.drugs):
        if not drug.name:
            words = f"Drug {i + 1} has no name as reported by its source; amend /drugs/{i}/name."
            yield Blocker(pointer=f"/drugs/{i}/name", rule_id="G.k.2.2-not-stated", words=words)


def _study(content: CaseContent) -> Iterator[Blocker]:
    if content.report_type is ReportType.STUDY and (content.study is None or content.study.type is None):
        words = "A report from a study states the type of study (C.5.4): 1 clinical trial, 2 individual patient use, "
        yield Blocker(pointer="/study/type", rule_id="C.5.4-not-stated", words=f"{words}3 other; amend /study/type.")


def _refused_by_fda(content: CaseContent) -> Iterator[Blocker]:
    """What FDA's own business rules reject (R0103, R0114) and only the case says."""
    kind = None if content.study is None else content.study.type
    if content.report_type is ReportType.SPONTANEOUS and kind is not None:
        words = "FDA takes no type of study (C.5.4) in a spontaneous report; amend /study/type or /report_type."
        yield Blocker(pointer="/study/type", rule_id="FDA.R0103", words=words)
    if content.report_type is ReportType.STUDY and kind in {2, 3}:
        for i, drug in enumerate(content.drugs):
            number = drug.authorisation_number or ""
            if "IND" in number.upper() or "PANDA" in number.upper():
                words = f"{number!r} numbers an IND or pre-ANDA, which FDA takes for no authorisation after marketing;"
                pointer = f"/drugs/{i}/authorisation_number"
                yield Blocker(pointer=pointer, rule_id="FDA.R0114", words=f"{words} amend {pointer}.")
