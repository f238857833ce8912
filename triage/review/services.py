"""What pages and API work with, and how a request's words become a call of a use case."""

from collections.abc import Callable

import msgspec

from shared.clock import Clock
from shared.messaging.parked import By
from triage.decide import Actor, Decide
from triage.replay import ReplayParked
from triage.worklist import Worklist


class Services(msgspec.Struct, frozen=True, kw_only=True):
    """The use cases, who acts until sign-in exists, and the scopes that may be seen."""

    worklist: Worklist
    decide: Decide
    replay: ReplayParked
    actor: str
    scopes: Callable[[], tuple[str, ...]]
    clock: Clock

    def acting(self) -> Actor:
        """Return who acts: the one that the settings name."""
        return Actor(name=self.actor, authentication="none", scopes=self.scopes())

    def by(self, reason: str) -> By:
        """Return who acts, and why."""
        return By(actor=self.actor, authentication="none", reason=reason)
