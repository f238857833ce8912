"""A first report corrects nothing: C.1.11.1 is no part of it (guide v5.03, C.1.11; FDA R0101).

Whether it is the first, or the one before was rejected, its sender knows alone.
"""

from __future__ import annotations

from collections.abc import Iterator

from shared.icsr.model.issue import Issue, Severity
from shared.icsr.model.message import Batch


def check_first(batch: Batch) -> Iterator[Issue]:
    """Yield an issue for each message of a batch of first reports that is an amendment or a nullification."""
    for index, message in enumerate(batch.messages):
        stated = message.report.identification.nullification_or_amendment
        if stated is not None:
            yield Issue(
                Severity.ERROR,
                "FDA.R0101",
                "C.1.11.1",
                f"messages[{index}].report.identification.nullification_or_amendment",
                f"C.1.11.1 is {stated}, and the receiver has no report of the case.",
                "Send it as a first report, without C.1.11; what is void and was never sent is not sent at all.",
            )
