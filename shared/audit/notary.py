"""A checkpoint is signed after looking at what it covers: a signature under a broken chain would hide the break.

Each looks at what came since the one before, so that an hour's work costs what an hour brought.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, Protocol

from shared.audit.chain import BEFORE_FIRST, follows
from shared.audit.checkpoints import Key, checkpoint

Document = dict[str, Any]
Head = tuple[int, str]


class BrokenChain(Exception):
    """The chain is not as it was appended; ``seq`` is the position at which it breaks."""

    def __init__(self, service: str, sponsor: str, seq: int) -> None:
        """Say where."""
        words = f"the audit trail of {sponsor} at {service} is broken at position {seq}, and was not signed"
        super().__init__(f"{words}; look closer with: dayzero audit verify --sponsor {sponsor}")
        self.service, self.sponsor, self.seq = service, sponsor, seq


class Chains(Protocol):
    """What a notary needs of a ledger."""

    service: str

    def head(self, sponsor: str) -> Head:
        """Return where a sponsor's chain ends."""
        ...

    def entries(self, sponsor: str, after: int = 0) -> Iterator[Document]:
        """Yield a sponsor's entries after a position, in their order."""
        ...

    def sponsors(self) -> list[str]:
        """Return whose chains there are."""
        ...

    def add_checkpoint(self, checkpoint: Document) -> bool:
        """Keep a checkpoint. False: that place has one by that key."""
        ...

    def last_checkpoint(self, sponsor: str) -> Document | None:
        """Return the checkpoint that covers most."""
        ...


class Notary:
    """Signs where the chains of a service end."""

    def __init__(self, ledger: Chains, key: Key) -> None:
        """``key`` is held outside the database."""
        self._ledger = ledger
        self._key = key

    def sign(self, sponsor: str, now: datetime) -> Document | None:
        """Return the checkpoint of a chain's end, made now unless there is one. None: nothing is in the chain.

        Raises BrokenChain.
        """
        last = self._ledger.last_checkpoint(sponsor)
        if last is not None and last["key_id"] == self._key.key_id and self._ledger.head(sponsor)[0] == last["seq"]:
            self._walked(sponsor, last)
            return last
        head = self._walked(sponsor, last)
        if not head[0]:
            return None
        made = checkpoint(self._key, self._ledger.service, sponsor, head, now)
        self._ledger.add_checkpoint(made)
        return made

    def sign_due(self, now: datetime, every: timedelta) -> Iterator[Document | BrokenChain]:
        """Sign each chain that has grown since its checkpoint, where that is old enough; yield what came of it."""
        for sponsor in self._ledger.sponsors():
            last = self._ledger.last_checkpoint(sponsor)
            if last is not None and now - datetime.fromisoformat(last["at"]) < every:
                continue
            try:
                made = self.sign(sponsor, now)
            except BrokenChain as broken:
                yield broken
            else:
                if made is not None and made != last:
                    yield made

    def _walked(self, sponsor: str, last: Document | None) -> Head:
        """Return the chain's end, having looked at everything since the last checkpoint. Raises BrokenChain."""
        before: Head = (last["seq"], last["hash"]) if last else (0, BEFORE_FIRST)
        if last is not None:
            signed = next(iter(self._ledger.entries(sponsor, last["seq"] - 1)), None)
            if signed is None or (signed["seq"], signed["hash"]) != before:
                raise BrokenChain(self._ledger.service, sponsor, last["seq"])
        for entry in self._ledger.entries(sponsor, before[0]):
            if not follows(entry, before):
                raise BrokenChain(self._ledger.service, sponsor, before[0] + 1)
            before = (entry["seq"], entry["hash"])
        return before
