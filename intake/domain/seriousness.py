"""Case-level seriousness goes to every event, marked "derived from case level"; what an event says stands (DOMAIN 4).

An event that says "serious" without a criterion takes the case's criteria; one that says "not serious" takes nothing.
"""

import msgspec

from shared.contracts.clinical import CaseContent, Reaction
from shared.contracts.code_lists import Criterion


def push_down(content: CaseContent, serious: bool | None, criteria: tuple[Criterion, ...]) -> CaseContent:
    """Return the content with the case's seriousness on every reaction that states none of its own."""
    if serious is None and not criteria:
        return content
    reactions = tuple(_derive(reaction, serious, criteria) for reaction in content.reactions)
    return msgspec.structs.replace(content, reactions=reactions)


def _derive(reaction: Reaction, serious: bool | None, criteria: tuple[Criterion, ...]) -> Reaction:
    if reaction.criteria or reaction.serious is False or (reaction.serious and not criteria):
        return reaction
    stated = serious if reaction.serious is None else reaction.serious
    return msgspec.structs.replace(reaction, serious=stated, criteria=criteria, criteria_derived=True)
