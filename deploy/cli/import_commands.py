"""``dayzero import``: reports of others go through the running intake, each accounted for (DOMAIN 1)."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

import intake.cli
from deploy.cli import import_files, import_icsrs, import_reports, mapping, openfda
from deploy.cli.failure import CommandError
from deploy.cli.mapped import Mapped
from deploy.cli.partner import Partner, of_settings
from deploy.cli.terminal import say, write_json

app = typer.Typer(help="Reports of others.", no_args_is_help=True)

Url = Annotated[str | None, typer.Option(help="Address of intake; else that of `dayzero up`.")]
Encoding = Annotated[str, typer.Option(help="How the file is written.")]
AsJson = Annotated[bool, typer.Option("--json", help="Write JSON.")]
_COLUMNS = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())


@app.command("openfda")
def import_openfda(
    file: Path,
    sponsor: Annotated[str, typer.Option(help="Sponsor in whose registry the products are.")],
    encoding: Encoding = import_files.ENCODING,
    url: Url = None,
    as_json: AsJson = False,
) -> None:
    """Send openFDA reports, raw JSON or CSV tables, through the running intake; safe to run again."""
    results = import_files.openfda_results(file, encoding)
    _send([openfda.body_of(raw, sponsor) for raw in results], of_settings(url), as_json)


@app.command("reports")
def import_records(
    file: Path,
    mapping_file: Annotated[Path | None, typer.Option("--mapping", help="Which column goes where (YAML).")] = None,
    sponsor: Annotated[str | None, typer.Option(help="Sponsor of every report; else as the file says.")] = None,
    encoding: Encoding = import_files.ENCODING,
    url: Url = None,
    as_json: AsJson = False,
) -> None:
    """Send reports of an .ndjson or .csv file through the running intake; safe to run again.

    Without a mapping each line of an .ndjson file is a body as it is.
    """
    _send(list(_records(file, mapping_file, sponsor, encoding)), of_settings(url), as_json)


@app.command("icsrs")
def import_messages(
    files: Annotated[list[Path], typer.Argument(help="Files of E2B(R3) messages, or folders of .xml files.")],
    sponsor: Annotated[str | None, typer.Option(help="Sponsor of every report; without one they wait.")] = None,
    to: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="Folder for the acknowledgements.", exists=True, file_okay=False),
    ] = None,
    url: Url = None,
    as_json: AsJson = False,
) -> None:
    """Send files of E2B(R3) messages through the running intake, and write the acknowledgement of each beside it."""
    done, chosen = import_icsrs.ImportedFiles(), import_icsrs.files_of(files)
    try:
        with Progress(*_COLUMNS, console=Console(stderr=True), transient=True, disable=as_json) as progress:
            task = progress.add_task("Sending", total=len(chosen))
            import_icsrs.post_all(chosen, sponsor, to, of_settings(url), done, lambda: progress.advance(task))
    finally:  # whatever stopped it, what was sent is told
        if as_json:
            write_json(import_icsrs.as_json(done))
        else:
            for line in import_icsrs.lines_of(done):
                say(line)
    raise typer.Exit(int(not done.is_clean))


def _records(file: Path, mapping_file: Path | None, sponsor: str | None, encoding: str) -> Sequence[Mapped]:
    is_table = file.suffix.lower() == ".csv"
    if is_table and mapping_file is None:
        raise CommandError(f"{file} is a table: say which column goes where with --mapping FILE")
    header: Sequence[str] = ()
    records: Sequence[Any]
    if is_table:
        header, records = import_files.csv_rows(file, encoding)
    else:
        records = list(import_files.json_lines(file, encoding))
    to_body = _as_it_is(sponsor)
    if mapping_file is not None:
        mapped = mapping.load(mapping_file, intake.cli.report_schema())
        _tell_what_is_not_there(file, header if is_table else None, records, mapped)
        to_body = partial(mapping.body_of, mapping=mapped, sponsor=sponsor)
    # A line that is no JSON goes as it is: intake refuses it, and keeps it for a person.
    return [Mapped(body=record) if isinstance(record, bytes) else to_body(record) for record in records]


def _tell_what_is_not_there(
    file: Path, header: Sequence[str] | None, records: Sequence[Any], mapped: mapping.ReportMapping
) -> None:
    """Name the columns that a mapping reads and the file lacks. Raises CommandError for a table.

    A JSON record leaves out what it has nothing to say of, and so may each record of a file.
    """
    there = {name for record in records if isinstance(record, dict) for name in record} if header is None else header
    missing = ", ".join(repr(name) for name in mapping.columns(mapped) if name not in there)
    if missing and header is not None:
        raise CommandError(f"{file} has no column {missing}, which the mapping reads; name it as the header does")
    if missing:
        say(f"No record has {missing}, which the mapping reads.", err=True)


def _as_it_is(sponsor: str | None) -> Callable[[Any], Mapped]:
    named = {"sponsor": sponsor} if sponsor else {}
    return lambda record: Mapped(body={**record, **named} if isinstance(record, dict) else record)


def _send(records: Sequence[Mapped], partner: Partner, as_json: bool) -> None:
    counts = import_reports.Imported()
    try:
        with Progress(*_COLUMNS, console=Console(stderr=True), transient=True, disable=as_json) as progress:
            task = progress.add_task("Sending", total=len(records))
            import_reports.post_all(records, partner, counts, lambda: progress.advance(task))
    finally:  # whatever stopped it, what was sent is told
        if as_json:
            write_json(import_reports.as_json(counts))
        else:
            for line in import_reports.lines_of(counts):
                say(line)
    raise typer.Exit(int(bool(counts.refused) or not counts.reconciles))
