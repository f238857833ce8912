"""``dayzero key``: by which partners' systems prove who they are. Each act has a reason, which is entered."""

from typing import Annotated, Any

import typer

import triage.cli
from deploy.cli.acting import acting, day_of
from deploy.cli.terminal import say, write_json
from deploy.cli.user_commands import Actor, AsJson, Reason, actor_of

_MISSING = "there is no key {}; see: dayzero key list"
app = typer.Typer(help="Keys of partners' systems.", no_args_is_help=True)


@app.command()
def issue(
    organisation: Annotated[str, typer.Option(help="Whose system it is; it counts as the sender.")],
    sponsor: Annotated[list[str], typer.Option(help="For which sponsor; of several, one option each.")],
    reason: Reason,
    expires: Annotated[str | None, typer.Option(help="The first day on which it is good no more: YYYY-MM-DD.")] = None,
    actor: Actor = None,
    as_json: AsJson = False,
) -> None:
    """Issue a key and print it, once: hand it over on a safe way, for nobody can show it again."""
    until = day_of(expires) if expires else None
    with acting(_MISSING):
        key, handed = triage.cli.issue_key(actor_of(actor), reason, organisation, sponsor, until)
    if as_json:
        write_json({**key, "key": handed})
    else:
        say(f"{organisation} sends this with every request, as Authorization: Bearer KEY: {handed}")


@app.command("list")
def list_command(as_json: AsJson = False) -> None:
    """List every key: whose it is, for which sponsors, and whether intake knows of it as it is."""
    with acting(_MISSING):
        found = triage.cli.keys()
    if as_json:
        write_json(found)
    for key in [] if as_json else found:
        say(_line(key))


@app.command()
def revoke(key_id: str, reason: Reason, actor: Actor = None, as_json: AsJson = False) -> None:
    """Let a key open nothing any more, as soon as intake has heard of it."""
    with acting(_MISSING):
        key = triage.cli.revoke_key(actor_of(actor), reason, key_id)
    if as_json:
        write_json(key)
    else:
        say(_line(key))


def _line(key: dict[str, Any]) -> str:
    state = f"revoked {key['revoked_at']}" if key["revoked_at"] else f"until {key['expires_on'] or 'revoked'}"
    known = "" if key["noted"] == key["revision"] else ", of which intake has not heard yet"
    return f"{key['key_id']}  {key['organisation']} for {', '.join(key['sponsors'])}: {state}{known}"
