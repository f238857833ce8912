"""``dayzero deadletters``: what could not be processed, seen, tried again or given up, each with who and why."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Annotated, Any

import msgspec
import typer

from deploy.cli import deadletters
from deploy.cli.failure import CommandError
from deploy.cli.run_settings import in_environment, settings_in_force
from deploy.cli.terminal import say, write_json
from shared.clock import SystemClock
from shared.contracts.parked_work import ParkedKind, ParkedState, ParkedWork, on_replay

app = typer.Typer(help="Parked work: what could not be processed.", no_args_is_help=True)
AsJson = Annotated[bool, typer.Option("--json", help="Write JSON.")]
Reason = Annotated[str, typer.Option(help="Why; it is kept with your name.")]


@app.command("list")
def list_command(
    as_json: AsJson = False,
    every_state: Annotated[bool, typer.Option("--every-state", help="Also what was replayed or closed.")] = False,
) -> None:
    """List what waits, oldest first; exit 0 nothing waits, 1 something does."""
    with in_environment(settings_in_force()):
        found = deadletters.works(deadletters.EVERY_STATE if every_state else deadletters.WAITING)
    if as_json:
        _write(found)
    for line in [] if as_json else _listed(found):
        say(line)
    raise typer.Exit(int(any(work.state is ParkedState.WAITING for work in found)))


@app.command()
def show(
    work_id: str,
    as_json: AsJson = False,
    content: Annotated[bool, typer.Option("--content", help="Also what it says: personal data.")] = False,
) -> None:
    """Show everything known of one item, and what a replay would do; what it says only with --content."""
    with in_environment(settings_in_force()):
        work = deadletters.find(work_id)
        event = deadletters.envelope(work)
        said = deadletters.content(work).decode(errors="backslashreplace") if content else None
    if as_json:
        told = {**msgspec.to_builtins(work), "on_replay": on_replay(work), "event": event}
        _write(told if said is None else {**told, "content": said})
        return
    for line in _shown(work, event):
        say(line)
    if said is not None:
        say(said)


@app.command()
def replay(
    reason: Reason,
    work_ids: Annotated[list[str] | None, typer.Argument(metavar="ID...")] = None,
    every: Annotated[bool, typer.Option("--all", help="Everything that waits, oldest first.")] = False,
    as_json: AsJson = False,
) -> None:
    """Try items again; exit 0 each has had its effect, 1 one was parked again or cannot be replayed."""
    if every and work_ids:
        raise CommandError("both items and --all were given; name the items, or give --all")
    if not every and not work_ids:
        raise CommandError("name the items to replay, or give --all")
    by = deadletters.acting(reason)
    with in_environment(settings_in_force()):
        waiting = deadletters.works() if every else [deadletters.find(work_id) for work_id in work_ids or ()]
        chosen = [work for work in waiting if not every or work.kind is not ParkedKind.REFUSAL]
        tried = [deadletters.replay(work, by) for work in chosen]
    if as_json:
        _write(tried)
    for one in [] if as_json else tried:
        say(f"{one.work.id}: {one.refused or _became(one.work)}")
    if waiting and not chosen:
        say(f"{len(waiting)} waiting, and none can be replayed: refused bodies, to be closed by a person.", err=True)
    raise typer.Exit(int(bool(waiting and not chosen) or not all(one.is_done for one in tried)))


@app.command()
def close(work_id: str, reason: Reason, as_json: AsJson = False) -> None:
    """Give an item up as no case, documented with your name and the reason; it is kept, and never deleted."""
    by = deadletters.acting(reason)
    with in_environment(settings_in_force()):
        closed = deadletters.close(deadletters.find(work_id), by)
    if as_json:
        _write(closed)
    else:
        say(f"{closed.id}: closed by {closed.outcome}")


def _listed(found: list[ParkedWork]) -> Iterator[str]:
    for work in found:
        yield from _headed(work)
    waiting = sum(work.state is ParkedState.WAITING for work in found)
    yield f"{waiting} waiting for a person." if waiting else "Nothing waits."


def _headed(work: ParkedWork) -> Iterator[str]:
    age = _age(SystemClock().now() - work.received_at)
    yield f"{work.id}  {work.state}, {work.service}, {work.kind} of {work.subject}, sponsor {work.sponsor}"
    yield f"  received {_at(work.received_at)}, {age} ago; parked {_at(work.parked_at)}"
    yield f"  {work.reason}"


def _shown(work: ParkedWork, event: dict[str, Any] | None) -> Iterator[str]:
    yield from _headed(work)
    yield f"  {work.topic}, {work.size} bytes, {work.attempts} attempts"
    if work.outcome:
        yield f"  outcome: {work.outcome}"
    yield "  event:" if event else "  no event of ours"
    yield from (f"    {name} {value}" for name, value in (event or {}).items())
    if work.state is ParkedState.WAITING:
        yield f"  on replay: {on_replay(work)}"
    yield "  trail:"
    yield from (f"    {_at(step.at)} {step.actor} {step.action}: {step.reason}" for step in work.trail)


def _became(work: ParkedWork) -> str:
    if work.state is ParkedState.REPLAYED:
        return f"replayed, {work.outcome}"
    return f"parked again, attempt {work.attempts}: {work.reason}"


def _at(instant: datetime) -> str:
    return instant.isoformat(timespec="seconds")


def _age(age: timedelta) -> str:
    hours = int(age.total_seconds() // 3600)
    return f"{hours // 24} days" if hours >= 48 else f"{hours} hours" if hours else "less than an hour"


def _write(value: Any) -> None:
    write_json(msgspec.to_builtins(value))
