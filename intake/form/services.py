"""What the form is made of: it hands bytes to the same use case as the API, and keeps drafts meanwhile."""

from collections.abc import Callable

import msgspec

from intake.domain.records import Held
from intake.ports import DraftStore
from intake.receive import Accepted, Arrival, Refused
from shared.clock import Clock


class Services(msgspec.Struct, frozen=True, kw_only=True):
    """The form's surroundings."""

    receive: Callable[[Arrival], Accepted | Refused]
    find: Callable[[str], Held | None]
    drafts: DraftStore
    clock: Clock
    away: tuple[type[Exception], ...]  # errors of a database that is away for a while
    fault: Callable[[Exception], None]  # where an error of ours is noted
    secret_key: str  # signs the cookie
    actor: str = "public"  # the form is an open door: who writes is not authenticated (DOMAIN 1)
    channel: str = "form"
