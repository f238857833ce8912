"""Ids tie a drug to what is said of it elsewhere in the message (guide v5.03, sections G.k.1 and G.k.9.i.1).

They mean nothing outside their message. Where a record has none, it gets one that is derived (uuid5) from the message
id and its position: the same message gives the same file.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import NAMESPACE_OID, UUID, uuid5

from shared.icsr.element import lexical
from shared.icsr.elements.e_reactions import Reaction
from shared.icsr.elements.g_matrix import DrugReaction
from shared.icsr.model.message import Drug, Message

_SCOPE = uuid5(NAMESPACE_OID, "2.16.840.1.113883.3.989.2.1 DayZero ICSR")


class Ids:
    """The ids of a message's reactions and drugs, each in the order of the report's."""

    def __init__(self, message: Message) -> None:
        """Take the ids that are given, and derive the rest."""
        self.reactions = _ids(message, "reactions", message.report.reactions)
        self.drugs = _ids(message, "drugs", message.report.drugs)
        self._order = {each: index for index, each in enumerate(self.reactions)}

    def in_order(self, links: Sequence[DrugReaction]) -> Sequence[DrugReaction]:
        """Return what a drug has with each reaction in the order of the report's reactions."""
        if len(links) < 2:
            return links
        last = len(self._order)
        return sorted(links, key=lambda each: self._order.get(each.reaction, last))  # type: ignore[arg-type]


def _ids(message: Message, field: str, records: Sequence[Drug | Reaction]) -> list[str]:
    given = [each.id for each in records]
    if all(given):
        return given  # type: ignore[return-value]
    scope = uuid5(_SCOPE, lexical(message.message_id))
    return [each or _fresh(scope, f"{field}/{index}", given) for index, each in enumerate(given)]


def _fresh(scope: UUID, name: str, given: Sequence[str | None]) -> str:
    """An id that is not given: one that was derived for this position before may have moved on with its record."""
    while (derived := str(uuid5(scope, name))) in given:
        name += "+"
    return derived
