"""FDA takes post-market and pre-market reports at different addresses (FDA E2B(R3) core and regional rules, N.1.4)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from shared.icsr.model.issue import Issue, Severity
from shared.icsr.model.message import Batch, Message
from shared.icsr.model.null_flavor import NullFlavor

POST_MARKET = frozenset({"ZZFDA", "ZZFDATST"})
PRE_MARKET = frozenset({"ZZFDA_PREMKT", "ZZFDATST_PREMKT"})
IND = frozenset({"CDER_IND", "CBER_IND"})
IND_EXEMPT = "CDER_IND_EXEMPT_BA_BE"

# FDA.D.1: where no patient is involved, FDA takes a nullFlavor that ICH's D.1 has not.
MORE_NULLS = {"D.1": frozenset({NullFlavor.NA})}

Rule = Callable[[Batch, Message, str], Iterator[Issue]]
error = partial(Issue, Severity.ERROR)
warning = partial(Issue, Severity.WARNING)


def addressed(batch: Batch) -> bool:
    """Whether the batch goes to FDA."""
    return batch.batch_receiver in POST_MARKET | PRE_MARKET


def post_market(batch: Batch) -> bool:
    """Whether the batch goes to FDA's post-market address."""
    return batch.batch_receiver in POST_MARKET
