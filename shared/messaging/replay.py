"""A parked event is given to its handler again, at once: the answer to "did it work" is then the effect itself.

Why not back to its topic: whoever asks would not learn what became of it, and a stopped service would hide that. The
handler has its effect once, by unique keys, so a worker that handles the same event meanwhile does no harm.
"""

from collections.abc import Callable, Mapping
from typing import Protocol

from shared.contracts.envelope import ContractError, Event, decode
from shared.contracts.parked_work import NO_REPLAY, ParkedKind, ParkedWork
from shared.messaging.parked import By
from shared.messaging.worker import Handler

Effect = Callable[[Event], str]


class NotReplayable(Exception):
    """Replaying it would do nothing, or harm; the words say what to do instead."""


class Kept(Protocol):
    """What a replay needs of the store of parked items (``shared.messaging.parked.Shelf``)."""

    def content(self, work_id: str) -> bytes:
        """Return the bytes that were parked."""
        ...

    def ask(self, work_id: str, by: By) -> None:
        """Note that a person wants it replayed."""
        ...

    def settle(self, work_id: str, by: By, outcome: str) -> bool:
        """Note its effect."""
        ...

    def again(self, work_id: str, by: By) -> bool:
        """Note one more attempt that failed."""
        ...


class Replay:
    """Gives parked events to a service's own handlers."""

    def __init__(
        self, kept: Kept, handlers: Mapping[str, Handler], transient: tuple[type[Exception], ...], effect: Effect
    ) -> None:
        """``effect`` names what a handled event became; ``transient`` are errors that the item is not to blame for."""
        self._kept = kept
        self._handlers = handlers
        self._transient = transient
        self._effect = effect

    def __call__(self, work: ParkedWork, by: By) -> bool:
        """Try once. True: the effect exists. False: it is parked again, its reason says why.

        Raises NotWaiting, NotReplayable, or an error of a dependency that is away, which counts as no attempt.
        """
        if work.kind is ParkedKind.REFUSAL:
            raise NotReplayable(NO_REPLAY)
        self._kept.ask(work.id, by)
        try:
            event = decode(self._kept.content(work.id))
            self._handlers[work.topic](event)
        except self._transient:
            raise
        except Exception as error:
            service = By(actor=work.service, authentication="service", reason=why(error))
            self._kept.again(work.id, service)
            return False
        self._kept.settle(work.id, by, self._effect(event))
        return True


def why(error: Exception) -> str:
    """Return the words for what a handler raised: those of others may hold personal data (DOMAIN 20)."""
    return f"{type(error).__name__}: {error}" if isinstance(error, ContractError) else type(error).__name__
