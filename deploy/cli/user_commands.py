"""``dayzero user``: who may do what. Each act has a reason and the name of who acts, which stand in the audit trail."""

import getpass
from collections.abc import Sequence
from typing import Annotated, Any

import typer

import triage.cli
from deploy.cli.acting import acting
from deploy.cli.failure import CommandError
from deploy.cli.terminal import say, write_json

_MISSING = "there is no user {!r}; see: dayzero user list"
app = typer.Typer(help="Users and their roles.", no_args_is_help=True)
sponsor_app = typer.Typer(help="Sponsors.", no_args_is_help=True)

AsJson = Annotated[bool, typer.Option("--json", help="Write JSON.")]
Reason = Annotated[str, typer.Option(help="Why; it is kept with the actor's name.")]
Name = Annotated[str, typer.Argument(help="The user's name, as ann.smith.")]
Sponsor = Annotated[str, typer.Option(help="For which sponsor; `installation` for an administrator of everything.")]
RoleName = Annotated[str, typer.Option("--role", help="For example safety_physician, approver, administrator.")]
Actor = Annotated[str | None, typer.Option(help="Who acts, if not the user of this system.")]


@app.command()
def add(
    name: Name,
    full_name: Annotated[str, typer.Option(help="As a signature is to print it.")],
    reason: Reason,
    role: Annotated[list[str] | None, typer.Option("--role", help="ROLE@SPONSOR; of several, one option each.")] = None,
    subject: Annotated[
        str | None, typer.Option(help="Her identity (sub) at the OpenID provider, if there is one.")
    ] = None,
    actor: Actor = None,
    as_json: AsJson = False,
) -> None:
    """Add a user and print her one-time password: good for 72 hours, and changed at the first sign-in."""
    grants = [_role_at(each) for each in role or ()]
    with acting(_MISSING):
        password = triage.cli.add_user(actor_of(actor), reason, name, full_name, grants, subject)
    if as_json:
        write_json({"name": name, "one_time_password": password})
    elif password is None:
        say(f"{name} signs in at the OpenID provider.")
    else:
        say(f"{name} signs in with this password, once: {password}")


@app.command("list")
def list_command(as_json: AsJson = False) -> None:
    """List every user with her roles."""
    with acting(_MISSING):
        found = triage.cli.users()
    if as_json:
        write_json(found)
    for user in [] if as_json else found:
        say(_line(user))


@app.command()
def show(name: Name, as_json: AsJson = False) -> None:
    """Show a user."""
    with acting(_MISSING):
        user = triage.cli.user(name)
    if as_json:
        write_json(user)
        return
    say(_line(user))
    say(f"  since {user['created_at']}" + (f", known to the provider as {user['subject']}" if user["subject"] else ""))


@app.command()
def grant(
    name: Name,
    sponsor: Sponsor,
    role: RoleName,
    reason: Reason,
    unblinded: Annotated[bool, typer.Option("--unblinded", help="May see treatment allocations.")] = False,
    actor: Actor = None,
) -> None:
    """Give a role for a sponsor; it counts from the next request."""
    with acting(_MISSING):
        say(_line(triage.cli.grant(actor_of(actor), reason, name, sponsor, role, unblinded=unblinded)))


@app.command()
def revoke(name: Name, sponsor: Sponsor, role: RoleName, reason: Reason, actor: Actor = None) -> None:
    """Take a role for a sponsor; it counts from the next request."""
    with acting(_MISSING):
        say(_line(triage.cli.revoke(actor_of(actor), reason, name, sponsor, role)))


@app.command()
def disable(name: Name, reason: Reason, actor: Actor = None) -> None:
    """Let a user in no more; her sessions end at once, what she signed stays signed."""
    with acting(_MISSING):
        say(_line(triage.cli.disable(actor_of(actor), reason, name)))


@app.command()
def enable(name: Name, reason: Reason, actor: Actor = None) -> None:
    """Let a user in again, and unlock her."""
    with acting(_MISSING):
        say(_line(triage.cli.enable(actor_of(actor), reason, name)))


@app.command()
def reset(name: Name, reason: Reason, actor: Actor = None) -> None:
    """Take password and authenticator, and print a one-time password."""
    with acting(_MISSING):
        say(f"{name} signs in with this password, once: {triage.cli.reset(actor_of(actor), reason, name)}")


@sponsor_app.callback()
def _sponsor() -> None:
    """Keep ``list`` a command of its own."""


@sponsor_app.command("list")
def sponsors(as_json: AsJson = False) -> None:
    """List the sponsors, which the registry's files name, and the reserved scope of what has none."""
    with acting(_MISSING):
        found = triage.cli.sponsors()
    if as_json:
        write_json(found)
    for sponsor in () if as_json else found:
        say(sponsor)


def actor_of(given: str | None) -> str:
    if given:
        return given
    try:
        return getpass.getuser()
    except (KeyError, OSError) as error:  # as in a container
        raise CommandError("this system does not know who you are; say it with --actor") from error


def _role_at(stated: str) -> tuple[str, str]:
    role, _, sponsor = stated.partition("@")
    if not role or not sponsor:
        raise CommandError(f"{stated!r} names no role and sponsor; write for example approver@helvion")
    return sponsor, role


def _line(user: dict[str, Any]) -> str:
    roles: Sequence[dict[str, Any]] = user["grants"]
    held = ", ".join(f"{g['role']}@{g['sponsor']}{' (unblinded)' if g['unblinded'] else ''}" for g in roles)
    return f"{user['name']}  {user['full_name']}{'  DISABLED' if user['disabled'] else ''}  {held or 'no role'}"
