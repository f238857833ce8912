"""The command ``dayzero``: the suite from a terminal. What fails is one line; ``--json`` is for scripts."""

import time
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import msgspec
import typer
from rich.console import Console

import intake.cli
import reporting.cli
import reporting.config
import triage.cli
from deploy.cli import (
    ack_commands,
    audit_commands,
    case_view,
    deadletters_commands,
    doctor,
    e2b_commands,
    import_commands,
    key_commands,
    rules_commands,
    schemas_commands,
    user_commands,
)
from deploy.cli.failure import CommandError, ReadableGroup
from deploy.cli.ledger import check
from deploy.cli.ledger_sources import all_facts
from deploy.cli.ledger_view import ledger_lines
from deploy.cli.run_settings import in_environment, settings_in_force
from deploy.cli.terminal import say, write_json
from deploy.demo.run import run_demo
from deploy.demo.whole_file import run_file
from deploy.local.schema_folder import schema_folder
from deploy.local.suite import Options, Suite
from shared.clock import SystemClock
from shared.settings import load

_LOOK = 0.5
_LOG_WIDTH = 180
FIRST_KEY = 'dayzero key issue --organisation "Example Partner" --sponsor helvion --reason "a trial run"'
FIRST_ADMINISTRATOR = (
    'dayzero user add ann.smith --full-name "Ann Smith" --role administrator@installation '
    '--reason "the first administrator"'
)

app = typer.Typer(cls=ReadableGroup, no_args_is_help=True, add_completion=False, rich_markup_mode=None)
ledger_app = typer.Typer(help="The ledger identity.", no_args_is_help=True)
case_app = typer.Typer(help="Cases.", no_args_is_help=True)
schema_app = typer.Typer(help="Schemas.", no_args_is_help=True)
for _name, _group in {
    "ledger": ledger_app,
    "case": case_app,
    "schema": schema_app,
    "import": import_commands.app,
    "e2b": e2b_commands.app,
    "deadletters": deadletters_commands.app,
    "audit": audit_commands.app,
    "schemas": schemas_commands.app,
    "user": user_commands.app,
    "sponsor": user_commands.sponsor_app,
    "key": key_commands.app,
    "rules": rules_commands.app,
}.items():
    app.add_typer(_group, name=_name)
e2b_commands.app.add_typer(ack_commands.app, name="ack")

AsJson = Annotated[bool, typer.Option("--json", help="Write JSON.")]


@app.command()
def up(port: Annotated[int | None, typer.Option(help="Port of intake; review takes the next one.")] = None) -> None:
    """Start the suite, print its addresses and stay up until Ctrl-C."""
    review_port = None if port is None else port + 1
    with Suite("up", Options(intake_port=port, review_port=review_port)) as suite:
        typer.echo(f"Intake    {suite.intake_url}/v1/reports")
        typer.echo(f"Review    {suite.review_url}/")
        typer.echo(f"Outgoing  {suite.outgoing}")
        typer.echo(f"Incoming  {suite.incoming}")
        typer.echo("Sign in   the first administrator, from another terminal:")
        typer.echo(f"          {FIRST_ADMINISTRATOR}")
        typer.echo("Send      with a key:")
        typer.echo(f"          {FIRST_KEY}")
        typer.echo("Ctrl-C stops it; other commands find it by themselves.")
        try:
            while True:
                suite.check()
                time.sleep(_LOOK)
        except KeyboardInterrupt:
            typer.echo("Stopping.")


@app.command()
def demo(
    input_file: Annotated[Path | None, typer.Option("--input", help="Reports to run, one JSON body a line.")] = None,
    openfda: Annotated[
        Path | None, typer.Option(help="A file of openFDA reports to run instead, for a sponsor made up from it.")
    ] = None,
) -> None:
    """Run everything once on made-up reports: real servers, a stand-in physician, a stand-in regulator."""
    console = Console()
    if not console.is_terminal:  # a log has no width of its own, and 80 columns are too few for the table
        console = Console(width=_LOG_WIDTH)
    if openfda is not None:
        raise typer.Exit(run_file(openfda, schema_folder(), console))
    raise typer.Exit(run_demo(input_file, console))


@app.command("doctor")
def doctor_command(as_json: AsJson = False) -> None:
    """Say what is missing on this machine, and the cure."""
    checks = doctor.examine()
    if as_json:
        write_json(msgspec.to_builtins(checks))
    else:
        colours = {doctor.State.GOOD: "green", doctor.State.OPTIONAL: "yellow", doctor.State.MISSING: "red"}
        for one in checks:
            typer.secho(f"{one.state:<9}", fg=colours[one.state], nl=False)
            say(f"{one.name:<9} {one.found}" + (f"; {one.cure}" if one.cure else ""))
    raise typer.Exit(int(any(one.state is doctor.State.MISSING for one in checks)))


@ledger_app.callback()
def _ledger() -> None:
    """Keep ``check`` a command of its own: a group of one would swallow its name."""


@ledger_app.command("check")
def ledger_check(
    as_json: AsJson = False,
    grace_minutes: Annotated[float, typer.Option(min=0, max=10080, help="Younger work is in flight, not missing.")] = 5,
) -> None:
    """Check that nothing was lost, decided twice or sent twice; exit 1 with the offending ids."""
    with in_environment(settings_in_force()):
        found = check(all_facts(), SystemClock().now(), timedelta(minutes=grace_minutes))
    if as_json:
        write_json({**msgspec.to_builtins(found), "holds": found.holds})
    else:
        for line in ledger_lines(found):
            say(line)
    raise typer.Exit(int(not found.holds))


@case_app.callback()
def _case() -> None:
    """Keep ``show`` a command of its own."""


@case_app.command("show")
def case_show(case_id: str, as_json: AsJson = False) -> None:
    """Show a case: versions, determinations with reasons, decisions, obligations, what was sent."""
    with in_environment(settings_in_force()):
        found = triage.cli.case(case_id)
        if found is None:
            raise CommandError(f"there is no case {case_id}; the ids are in the review queue and in `ledger check`")
        message = reporting.cli.message_of(load(reporting.config.read), case_id)
    if as_json:
        write_json({**found, "messages": msgspec.to_builtins(message)})
        return
    for line in case_view.lines_of(found):
        say(line)


@schema_app.callback()
def _schema() -> None:
    """Keep ``report`` a command of its own."""


@schema_app.command("report")
def schema_report() -> None:
    """Print the JSON Schema of a POST /v1/reports body."""
    write_json(intake.cli.report_schema())


def main() -> None:
    """Run the command line."""
    app(prog_name="dayzero")


if __name__ == "__main__":
    main()
