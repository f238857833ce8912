"""Ids tie a drug to what is said of it elsewhere in the message (guide v5.03, sections G.k.1 and G.k.9.i.1).

They mean nothing outside their message. Where a record has none, it gets one that is derived (uuid5) from the message
id and its position: the same message gives the same file.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar, cast
from uuid import NAMESPACE_OID, UUID, uuid5

from shared.icsr.element import lexical
from shared.icsr.elements.e_reactions import Reaction
from shared.icsr.model.message import Batch, Drug

_SCOPE = uuid5(NAMESPACE_OID, "2.16.840.1.113883.3.989.2.1 DayZero ICSR")
Record = TypeVar("Record", Drug, Reaction)


def identified(batch: Batch) -> Batch:
    """The batch with an id for every reaction and drug, and each drug's reactions in the order of the report's."""
    messages = []
    for message in batch.messages:
        scope = uuid5(_SCOPE, lexical(message.message_id))
        reactions = _with_ids(message.report.reactions, scope, "reactions")
        order = {each.id: index for index, each in enumerate(reactions)}
        drugs = tuple(_in_order(drug, order) for drug in _with_ids(message.report.drugs, scope, "drugs"))
        messages.append(replace(message, report=replace(message.report, reactions=reactions, drugs=drugs)))
    return replace(batch, messages=tuple(messages))


def _with_ids(records: tuple[Record, ...], scope: UUID, field: str) -> tuple[Record, ...]:
    return tuple(
        each if each.id else replace(each, id=str(uuid5(scope, f"{field}/{index}")))
        for index, each in enumerate(records)
    )


def _in_order(drug: Drug, order: dict[str | None, int]) -> Drug:
    if len(drug.reactions) < 2:
        return drug
    last = len(order)
    return replace(
        drug,
        reactions=tuple(sorted(drug.reactions, key=lambda each: order.get(cast("str | None", each.reaction), last))),
    )
