"""``dayzero schemas``: ICH's schema set, which its user has and we may not ship, installed and checked."""

import json
import os
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from deploy.cli import schema_set
from deploy.cli.e2b_many import counted
from deploy.cli.terminal import say
from deploy.local.schema_folder import SETTING, installed_folder

app = typer.Typer(help="ICH's schema set.", no_args_is_help=True)
AsJson = Annotated[bool, typer.Option("--json", help="Write JSON.")]


@app.command()
def install(source: Path, as_json: AsJson = False) -> None:
    """Install the set from ICH's schema package, folder or zip; every command finds it from then on."""
    done = schema_set.install(source)
    if as_json:
        typer.echo(json.dumps(msgspec.to_builtins(done), indent=2))
        return
    typer.echo(f"{counted(done.files, 'file')} in {done.folder}{', as they were' if done.was_there else ''}")
    if os.environ.get(SETTING):
        typer.echo(f"{SETTING} names another folder, which is used instead; unset it", err=True)


@app.command()
def check(as_json: AsJson = False) -> None:
    """Hold the installed set against its manifest and compile it; exit 0 whole, 1 not."""
    folder = installed_folder()
    found = schema_set.check(folder)
    if as_json:
        typer.echo(json.dumps({"folder": str(folder), "faults": found}, indent=2))
    else:
        for line in found or [f"{folder} is as it was installed, and compiles"]:
            say(line)
    raise typer.Exit(int(bool(found)))
