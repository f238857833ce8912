"""Each reaction has its own term, seriousness, dates and outcome (ICH E2B(R3) guide, section E.i).

E.i.3.2a to f are true or NI, never false; a criterion that nobody stated is never chosen here (DOMAIN 4).
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from reporting.domain.matrix import reaction_id
from reporting.domain.overlay import laid_over, received_as
from reporting.domain.values import Findings
from shared.contracts import clinical, codes
from shared.contracts.code_lists import Outcome
from shared.icsr.elements.e_reactions import Reaction
from shared.icsr.model.null_flavor import NullFlavor

_AGAIN = "and approve again."


def reactions_of(
    content: clinical.CaseContent, test: bool, received: Mapping[str, Reaction], found: Findings
) -> tuple[Reaction, ...]:
    """Map E.i; ``test`` says that the destination takes codes of a demonstration dictionary."""
    if not content.reactions:
        found.block("no_reaction", "E.i", f"The case has no reaction; add one {_AGAIN}")
    return tuple(
        replace(
            laid_over(received_as(reaction.received_id, received), _reaction(reaction, i, test, found)),
            id=reaction_id(reaction, i),
        )
        for i, reaction in enumerate(content.reactions)
    )


def _reaction(reaction: clinical.Reaction, index: int, test: bool, found: Findings) -> Reaction:
    name = words_of(reaction, index)
    coding = _checked(reaction.coding, name, test, found)
    if reaction.serious and not reaction.criteria:
        words = f"The {name} is serious by the report, which states no criterion; choose the criterion {_AGAIN}"
        found.block("serious_criterion_not_stated", "E.i.3.2", words)
    if reaction.criteria and reaction.criteria_derived:
        found.remark(f"The seriousness criteria of the {name} were stated for the case as a whole, not for this event.")
    return Reaction(
        reported_text=reaction.verbatim,
        reported_language=(reaction.language or codes.UNDETERMINED_LANGUAGE) if reaction.verbatim else None,
        translated_text=reaction.translation,
        meddra_version=coding.version if coding else None,
        meddra_code=coding.llt_code if coding else None,
        start_date=found.date(Reaction, "start_date", reaction.onset),
        end_date=found.date(Reaction, "end_date", reaction.end),
        outcome=codes.OUTCOMES[reaction.outcome or Outcome.UNKNOWN],
        country=reaction.country,
        **_criteria(reaction),
    )


def _criteria(reaction: clinical.Reaction) -> dict[str, Any]:
    return {
        name: True if criterion in reaction.criteria else NullFlavor.NI for name, criterion in codes.CRITERIA.items()
    }


def words_of(reaction: clinical.Reaction, index: int) -> str:
    """Name a reaction as its reporter did, or by its place."""
    reported = reaction.verbatim or reaction.translation
    return f'reaction "{reported}"' if reported else f"reaction {index + 1}"


def _checked(coding: clinical.Coding | None, name: str, test: bool, found: Findings) -> clinical.Coding | None:
    if coding is None:
        found.block("uncoded_reaction", "E.i.2.1b", f"The {name} has no MedDRA term; choose one {_AGAIN}")
    elif coding.demonstration and not test:
        words = (
            f"The {name} has a demonstration dictionary's code, for test destinations only; code it in MedDRA {_AGAIN}"
        )
        found.block("demonstration_code", "E.i.2.1b", words)
    elif not coding.demonstration and "meddra" not in coding.dictionary.lower():
        words = f"The {name} is coded in {coding.dictionary!r}, and E.i.2.1b takes MedDRA; code it in MedDRA {_AGAIN}"
        found.block("not_meddra", "E.i.2.1b", words)
    return coding
