"""What each service has parked, joined through the services' doors: nobody reads another's database.

An item is replayed by the service that parked it, by that service's own handler, whether its worker runs or not.
"""

import os
import pwd
from collections.abc import Callable, Sequence
from typing import Any

import msgspec

import intake.cli
import intake.config
import reporting.cli
import reporting.config
import triage.cli
from deploy.cli.failure import CommandError
from shared.contracts.envelope import ContractError, decode
from shared.contracts.parked_work import ParkedKind, ParkedState, ParkedWork
from shared.messaging.parked import By, NotWaiting
from shared.messaging.replay import NotReplayable
from shared.settings import load

WAITING = (ParkedState.WAITING,)
EVERY_STATE = tuple(ParkedState)


class Door(msgspec.Struct, frozen=True, kw_only=True):
    """What a service lets an operator do with its parked items."""

    parked: Callable[[Sequence[ParkedState]], list[ParkedWork]]
    content: Callable[[ParkedWork], bytes]
    replay: Callable[[ParkedWork, By], ParkedWork]
    close: Callable[[ParkedWork, By], ParkedWork]


class Tried(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one item that was to be replayed; ``refused`` says why it was not tried."""

    work: ParkedWork
    refused: str | None = None

    @property
    def is_done(self) -> bool:
        """Say whether its event has had its effect."""
        return self.work.state is ParkedState.REPLAYED


def works(states: Sequence[ParkedState] = WAITING) -> list[ParkedWork]:
    """Return every service's items in these states, those received longest ago first. Raises SettingsError."""
    found = [work for door in _doors().values() for work in door.parked(states)]
    return sorted(found, key=lambda work: (work.received_at, work.id))


def find(work_id: str) -> ParkedWork:
    """Return an item in whatever state. Raises CommandError."""
    for work in works(EVERY_STATE):
        if work.id == work_id:
            return work
    raise CommandError(f"there is no parked item {work_id}; the ids are in: dayzero deadletters list --every-state")


def content(work: ParkedWork) -> bytes:
    """Return what was parked: personal data, most likely. Of a refusal, the bytes that intake kept."""
    if work.kind is ParkedKind.REFUSAL:
        return intake.cli.refused_body(load(intake.config.read), work.subject)
    return _doors()[work.service].content(work)


def envelope(work: ParkedWork) -> dict[str, Any] | None:
    """Return the parked event without what it says; None where it is no event of ours, or a refused body."""
    if work.kind is ParkedKind.REFUSAL:
        return None
    try:
        event = decode(_doors()[work.service].content(work))
    except ContractError:
        return None
    return {name: value for name, value in msgspec.to_builtins(event).items() if name != "data"}


def replay(work: ParkedWork, by: By) -> Tried:
    """Try an item again."""
    try:
        return Tried(work=_doors()[work.service].replay(work, by))
    except NotReplayable as error:
        return Tried(work=work, refused=str(error))
    except NotWaiting as error:
        return Tried(work=find(work.id), refused=str(error))


def close(work: ParkedWork, by: By) -> ParkedWork:
    """Give an item up, documented. Raises CommandError where it waits no more."""
    try:
        return _doors()[work.service].close(work, by)
    except NotWaiting as error:
        raise CommandError(str(error)) from error


def acting(reason: str) -> By:
    """Return who acts: the user whom this system knows, which no variable can change. Raises CommandError."""
    if not reason.strip():
        raise CommandError("a reason is required; say why with --reason")
    try:
        reason.encode()
    except UnicodeEncodeError as error:  # what the system hands on where a byte is not UTF-8
        raise CommandError("the reason is not UTF-8, and could not be kept; say it with --reason in UTF-8") from error
    number = os.getuid()
    try:
        name = pwd.getpwuid(number).pw_name
    except KeyError:  # as in a container
        name = f"uid {number}"
    return By(actor=name, authentication="operating system", reason=reason.strip())


def _doors() -> dict[str, Door]:
    receiving, sending = load(intake.config.read), load(reporting.config.read)
    return {
        "intake": Door(
            parked=lambda states: intake.cli.parked(receiving, states),
            content=lambda work: intake.cli.parked_content(receiving, work),
            replay=lambda work, by: intake.cli.replay(receiving, work, by),
            close=lambda work, by: intake.cli.close(receiving, work, by),
        ),
        "triage": Door(
            parked=triage.cli.parked,
            content=triage.cli.parked_content,
            replay=triage.cli.replay,
            close=triage.cli.close,
        ),
        "reporting": Door(
            parked=lambda states: reporting.cli.parked(sending, states),
            content=lambda work: reporting.cli.parked_content(sending, work),
            replay=lambda work, by: reporting.cli.replay(sending, work, by),
            close=lambda work, by: reporting.cli.close(sending, work, by),
        ),
    }
