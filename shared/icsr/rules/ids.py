"""An id names one reaction or one drug, and is one that a message can hold (guide v5.03, sections G.k.1 and G.k.9.i.1).

Reactions and drugs are named in different places, so an id may stand for one of each.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from shared.icsr.elements.e_reactions import Reaction
from shared.icsr.model.codes import NOT_XML
from shared.icsr.model.issue import Issue, Severity
from shared.icsr.model.message import Batch, Drug
from shared.icsr.model.oids import UID

_EXTENDED = re.compile(rf"(?:{UID.pattern})(?:/.+)?", re.ASCII | re.DOTALL)


def check_ids(batch: Batch) -> Iterator[Issue]:
    """Yield what is wrong with the ids that are given; the writer hands out those that are not."""
    for index, message in enumerate(batch.messages):
        at = f"messages[{index}].report"
        yield from _given("E.i", message.report.reactions, f"{at}.reactions")
        yield from _given("G.k", message.report.drugs, f"{at}.drugs")


def _given(group_id: str, records: Sequence[Reaction | Drug], at: str) -> Iterator[Issue]:
    first: dict[str, int] = {}
    for index, identity in enumerate(each.id for each in records):
        if not identity:
            continue
        where = f"{at}[{index}].id"
        if not _is_formed(identity):
            yield Issue(
                Severity.ERROR,
                "DZ.id.form",
                group_id,
                where,
                f"The id {identity!r} is none that a message can hold.",
                "Give a UUID or an OID, if need be with a slash and an extension; or none, and one is made.",
            )
        if first.setdefault(identity, index) != index:
            yield Issue(
                Severity.ERROR,
                "DZ.id.unique",
                group_id,
                where,
                f"The id {identity!r} is that of {at}[{first[identity]}] already; a receiver can't tell the two apart.",
                "Give each an id of its own, and name that one wherever it is meant.",
            )


def _is_formed(identity: object) -> bool:
    return isinstance(identity, str) and bool(_EXTENDED.fullmatch(identity)) and not NOT_XML.search(identity)
