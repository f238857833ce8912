"""``dayzero e2b``: E2B(R3) files from a terminal. Exit 0: nothing found; 1: issues or differences; 3: unreadable."""

import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, Any, TypeVar

import msgspec
import typer

from deploy.cli import e2b_cases, e2b_files
from deploy.cli.e2b_cases import Unusable
from deploy.cli.e2b_files import ExitCode
from deploy.local.schema_folder import schema_folder
from shared.icsr import api as icsr

app = typer.Typer(help="E2B(R3) files.", no_args_is_help=True)

AsJson = Annotated[bool, typer.Option("--json", help="Write JSON.")]
Paths = Annotated[list[Path], typer.Argument(help="Files, or folders of .xml files.")]
Item = TypeVar("Item")
_SHORT = 100


@app.command("validate")
def validate(files: Paths, as_json: AsJson = False) -> None:
    """Check E2B(R3) files; exit 0 nothing found, 1 issues, 3 unreadable."""
    folder = schema_folder()
    results = [e2b_files.validate(file, folder) for file in _progress(e2b_cases.files_in(files))]
    if as_json:
        _write(msgspec.to_builtins(results))
    for result in [] if as_json else results:
        checked = "ICH schema: checked" if result.schema_checked else "not configured, structural checks only"
        typer.echo(f"{result.file}: {result.unreadable or f'{len(result.issues)} issues ({checked})'}")
        for issue in result.issues:
            typer.echo(f"  {issue['severity']} {issue['element']} {issue['rule']}: {issue['words']} {issue['cure']}")
    _done([result.code for result in results], as_json)


@app.command("read")
def read(files: Paths, as_json: AsJson = False) -> None:
    """Read files; --json gives one file's case, or a line for each of several."""
    found = e2b_cases.files_in(files)
    codes = []
    for file in _progress(found):
        try:
            batch = e2b_cases.read(file)
        except Unusable as error:
            typer.echo(f"{file}: {error}", err=True)
            codes.append(ExitCode.UNREADABLE)
            continue
        if not as_json:
            typer.echo(f"{file}: {len(batch.messages)} messages, {sum(1 for _ in e2b_cases.values(batch))} elements")
        elif len(found) == 1:
            _write(icsr.to_json(batch))
        else:
            typer.echo(json.dumps({"file": str(file), "case": icsr.to_json(batch)}, ensure_ascii=False))
        codes.append(_left_over(file, batch))
    _done(codes, as_json)


@app.command("write")
def write(
    case: Annotated[Path, typer.Argument(help="A case, as `read --json` gives it.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="The file to write.")],
) -> None:
    """Write a case as an E2B(R3) file that the schema accepts, or say why there is none."""
    try:
        batch = e2b_cases.read(case)
    except Unusable as error:
        typer.echo(f"{case}: {error}", err=True)
        raise typer.Exit(ExitCode.UNREADABLE) from error
    folder = schema_folder()
    written = icsr.render(batch, folder)
    for issue in written.issues:
        where = f"{issue.severity.value} {issue.element_id or '-'} {issue.rule_id} at {issue.location}"
        typer.echo(f"  {where}: {issue.message} {issue.cure}", err=True)
    if written.xml is None:
        typer.echo(f"{case}: nothing written, the schema would refuse it", err=True)
        raise typer.Exit(ExitCode.ISSUES)
    output.write_bytes(written.xml)
    checked = "ICH schema: accepted" if folder else "ICH schema: not configured, not checked"
    typer.echo(f"{output}: {len(written.xml)} bytes ({checked}), {len(written.issues)} issues")
    raise typer.Exit(ExitCode.ISSUES if written.issues else ExitCode.NOTHING_FOUND)


@app.command("roundtrip")
def roundtrip(files: Paths, as_json: AsJson = False) -> None:
    """Read each file, write it, and compare what is read then, element by element."""
    folder = schema_folder()
    results = [e2b_cases.round_trip(file, folder) for file in _progress(e2b_cases.files_in(files))]
    if as_json:
        _write(msgspec.to_builtins(results))
    for result in [] if as_json else results:
        said = f"{result.compared} compared, {len(result.differences)} differences, {result.unknown} unknown parts"
        typer.echo(f"{result.file}: {result.unreadable or said}")
        for words in (*result.issues, *map(_told, result.differences)):
            typer.echo(f"  {words}")
    _done([result.code for result in results], as_json)


@app.command("elements")
def elements(as_json: AsJson = False) -> None:
    """List every element: its id, format, list of values, nullFlavors, and the field that holds it."""
    listed = [_listed(info) for info in icsr.elements()]
    if as_json:
        _write(listed)
        return
    for each in listed:
        length = f" {each['max_length']}" if each["max_length"] else ""
        typer.echo(f"{each['id']:<20} {each['datatype'] + length:<12} {each['conformance']:<22} {each['name']}")
    typer.echo(f"{len({each['id'] for each in listed})} elements")


@app.command("show")
def show(files: Paths, as_json: AsJson = False) -> None:
    """Show what files tell, an element a line."""
    codes = []
    for file in e2b_cases.files_in(files):
        try:
            found = list(e2b_cases.values(batch := e2b_cases.read(file)))
        except Unusable as error:
            typer.echo(f"{file}: {error}", err=True)
            codes.append(ExitCode.UNREADABLE)
            continue
        if as_json:
            _write(msgspec.to_builtins(found))
        for each in [] if as_json else found:
            typer.echo(f"{each.element:<18} {each.name[:50]:<50} {_short(each.value)}")
        codes.append(_left_over(file, batch))
    _done(codes, as_json)


@app.command("diff")
def diff(first: Path, second: Path, as_json: AsJson = False) -> None:
    """Compare two files element by element."""
    try:
        one, two = e2b_cases.read(first), e2b_cases.read(second)
    except Unusable as error:
        typer.echo(f"{error}", err=True)
        raise typer.Exit(ExitCode.UNREADABLE) from error
    found = e2b_cases.differences(one, two)
    if as_json:
        _write(msgspec.to_builtins(found))
    else:
        for each in found:
            typer.echo(_told(each))
        typer.echo(f"{len(found)} differences")
    raise typer.Exit(ExitCode.ISSUES if found else ExitCode.NOTHING_FOUND)


def _left_over(file: Path, batch: icsr.Batch) -> ExitCode:
    """Say what the file holds beside the declared elements, and what is of another format."""
    unparsed = [issue for issue in icsr.check(batch) if issue.rule_id.endswith(".datatype")]
    for issue in unparsed:
        typer.echo(f"{file}: {issue.location}: {issue.message} {issue.cure}", err=True)
    for each in batch.unknown:
        words = f"line {each.line}: {each.place.rpartition('/')[2]}: {_short(each.content)}: {each.reason}"
        typer.echo(f"{file}: {words}; it is kept under `unknown`.", err=True)
    return ExitCode.ISSUES if unparsed or batch.unknown else ExitCode.NOTHING_FOUND


def _listed(info: icsr.ElementInfo) -> dict[str, Any]:
    element = info.element
    return {
        "id": element.id,
        "name": element.name,
        "part": element.part or None,
        "authority": element.authority,
        "field": info.field,
        "datatype": element.datatype.value,
        "max_length": element.max_length,
        "conformance": element.conformance.value,
        "values": dict(element.codes.values) if element.codes else None,
        "null_flavors": sorted(flavor.value for flavor in element.nulls),
    }


def _told(found: e2b_cases.Difference) -> str:
    return f"{found.element} ({found.name}) at {found.place}: {_short(found.first)} | {_short(found.second)}"


def _short(value: Any) -> str:
    said = "(nothing)" if value is None else value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    said = " ".join(said.split())
    return said if len(said) <= _SHORT else f"{said[:_SHORT]}... ({len(said)} characters)"


def _progress(files: Sequence[Item]) -> Iterator[Item]:
    """Say how far it is, to a person who waits for many files."""
    shown = len(files) > 1 and sys.stderr.isatty()
    for number, file in enumerate(files, 1):
        if shown:
            typer.echo(f"\r{number} of {len(files)}", nl=number == len(files), err=True)
        yield file


def _done(codes: list[ExitCode], as_json: bool) -> None:
    """End with the worst file's code; several files get a line that sums them up."""
    if len(codes) > 1:
        counted = {code: codes.count(code) for code in ExitCode}
        typer.echo(
            f"{len(codes)} files: {counted[ExitCode.NOTHING_FOUND]} without findings, "
            f"{counted[ExitCode.ISSUES]} with, {counted[ExitCode.UNREADABLE]} unreadable",
            err=as_json,
        )
    if not codes:
        typer.echo("no files", err=True)
    raise typer.Exit(max(codes, default=ExitCode.UNREADABLE))


def _write(value: Any) -> None:
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2))
