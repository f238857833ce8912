"""``dayzero e2b``: E2B(R3) files from a terminal (ICH E2B(R3) guide v5.03, 3.4).

Exit 0: nothing found; 1: issues or differences; 2: wrong use; 3: some file is refused or unreadable.
"""

import json
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer

from deploy.cli import e2b_cases, e2b_files, e2b_view
from deploy.cli.e2b_cases import Unusable
from deploy.cli.e2b_many import ANSWERS, ExitCode, counted, each, files_in, summary, tracked, worst
from deploy.cli.terminal import say, write_json
from shared.icsr import api as icsr

app = typer.Typer(help="E2B(R3) files.", no_args_is_help=True)

AsJson = Annotated[bool, typer.Option("--json", help="Write JSON.")]
Paths = Annotated[list[Path], typer.Argument(help="Files, or folders of .xml files.")]
_CHECKED = {True: "ICH schema: checked", False: "not configured, structural checks only"}
_NO_SCHEMA_OF_R2 = "ICH's set has no schema for R2, structural checks only"
_SHORT = 100
_MOST_FREQUENT = 5


@app.command("validate")
def validate(files: Paths, as_json: AsJson = False) -> None:
    """Check files of any size by schema and rules; exit 0 nothing found, 1 issues, 3 refused or unreadable."""
    folder = e2b_files.whole_schemas()
    results = each("Checking", files_in(files, ANSWERS), lambda file: e2b_files.validate(file, folder))
    if as_json:
        write_json(msgspec.to_builtins(results))
    for result in [] if as_json else results:
        for line in _validated(result):
            say(line)
    rules = Counter(issue.rule for result in results for issue in result.issues)
    frequent = [f"  {count} x {rule}" for rule, count in rules.most_common(_MOST_FREQUENT)]
    _done([result.code for result in results], as_json, frequent)


@app.command("read")
def read(files: Paths, as_json: AsJson = False) -> None:
    """Read files; --json gives one file's case, or a line of JSON for each of several."""
    found = files_in(files)
    codes = []
    for file in _tracked("Reading", found):
        try:
            batch = e2b_cases.read(file)
        except Unusable as error:
            codes.append(_unusable(file, error))
            if as_json and len(found) > 1:
                say(json.dumps({"file": str(file), "unreadable": str(error)}, ensure_ascii=False))
            continue
        if not as_json:
            told = counted(sum(1 for _ in e2b_cases.values(batch)), "element")
            say(f"{file}: {counted(len(batch.messages), 'message')}, {told}")
        elif len(found) == 1:
            write_json(icsr.to_json(batch))
        else:
            say(json.dumps({"file": str(file), "case": icsr.to_json(batch)}, ensure_ascii=False))
        codes.append(_left_over(file, batch))
    _done(codes, as_json)


@app.command("write")
def write(
    case: Annotated[Path, typer.Argument(help="A case, as `read --json` gives it.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="The file to write.")],
) -> None:
    """Write a case as an E2B(R3) file that the schema accepts, or say why there is none."""
    folder = e2b_files.whole_schemas()
    try:
        batch = e2b_cases.read(case)
    except Unusable as error:
        raise typer.Exit(_unusable(case, error)) from error
    written = icsr.render(batch, folder)
    for issue in written.issues:
        where = f"{issue.severity.value} {issue.element_id or '-'} at {issue.location}"
        say(f"  {where}: {issue.message} {issue.cure} [{issue.rule_id}]", err=True)
    if written.xml is None:
        say(f"{case}: nothing written, it would be refused", err=True)
        raise typer.Exit(ExitCode.ISSUES)
    output.write_bytes(written.xml)
    checked = "ICH schema: accepted" if folder else "ICH schema: not configured, not checked"
    say(f"{output}: {counted(len(written.xml), 'byte')} ({checked}), {counted(len(written.issues), 'issue')}")
    raise typer.Exit(ExitCode.ISSUES if written.issues else ExitCode.NOTHING_FOUND)


@app.command("roundtrip")
def roundtrip(files: Paths, as_json: AsJson = False) -> None:
    """Read each file, write it, and compare what is read then, element by element; nothing compared is a failure."""
    folder = e2b_files.whole_schemas()
    results = each("Comparing", files_in(files), lambda file: e2b_cases.round_trip(file, folder))
    if as_json:
        write_json(msgspec.to_builtins(results))
    for result in [] if as_json else results:
        found = (
            counted(len(result.differences), "difference") if not result.issues else "what would be written is refused"
        )
        said = f"{counted(result.compared, 'pair')} compared, {found}, {counted(result.unknown, 'unknown part')}"
        say(f"{result.file}: {result.unreadable or said}")
        for words in (*result.issues, *map(_told, result.differences)):
            say(f"  {words}")
    pairs = sum(result.compared for result in results)
    _done([result.code for result in results], as_json, [f"  {counted(pairs, 'pair')} compared in all"])


@app.command("elements")
def elements(
    under: Annotated[str, typer.Argument(help="An element, or the beginning of several: E.i.7, C.2.")] = "",
    as_json: AsJson = False,
) -> None:
    """List every element: its id, format, list of values, nullFlavors, and the field that holds it."""
    listed = [_listed(info) for info in icsr.elements() if info.element.id.startswith(under)]
    if not listed:
        say(f"no element begins with {under!r}", err=True)
        raise typer.Exit(ExitCode.ISSUES)
    if as_json:
        write_json(listed)
        return
    for element in listed:
        length = f" {element['max_length']}" if element["max_length"] else ""
        words = f"{element['id']:<20} {element['datatype'] + length:<12} {element['conformance']:<22} {element['name']}"
        say(words + (f", {element['part']}" if element["part"] else ""))
        for line in _details(element) if under else ():
            say(f"  {line}")
    say(counted(len({element["id"] for element in listed}), "element"))


@app.command("show")
def show(files: Paths, as_json: AsJson = False) -> None:
    """Show what files tell, in the guide's sections, codes and nullFlavors in words."""
    codes = []
    found = files_in(files)
    for file in _tracked("Reading", found):
        try:
            batch = e2b_cases.read(file)
        except Unusable as error:
            codes.append(_unusable(file, error))
            continue
        if as_json:
            write_json(msgspec.to_builtins(list(e2b_cases.values(batch))))
        for line in [] if as_json else [str(file), *e2b_view.lines_of(batch)]:
            say(line)
        codes.append(_left_over(file, batch, say_so=as_json))
    _done(codes, as_json)


@app.command("diff")
def diff(first: Path, second: Path, as_json: AsJson = False) -> None:
    """Compare two files element by element; exit 1 if they differ."""
    batches = []
    for file in (first, second):
        try:
            batches.append(e2b_cases.read(file))
        except Unusable as error:
            raise typer.Exit(_unusable(file, error)) from error
    found = [*e2b_cases.differences(*batches), *e2b_cases.left_over_differences(*batches)]
    if as_json:
        write_json(msgspec.to_builtins(found))
    else:
        for difference in found:
            say(_told(difference))
        say(counted(len(found), "difference"))
    raise typer.Exit(ExitCode.ISSUES if found else ExitCode.NOTHING_FOUND)


def _validated(result: e2b_files.FileResult) -> Iterator[str]:
    checked = _NO_SCHEMA_OF_R2 if result.is_r2 else _CHECKED[result.schema_checked]
    held = f"{counted(result.messages, 'message')}, " if result.messages > 1 else ""
    issues = counted(len(result.issues) + result.more, "issue")
    yield f"{result.file}: {result.unreadable or f'{held}{issues} ({checked})'}"
    for issue in result.issues:
        where = f"line {issue.line}" if issue.line else issue.place
        at = " ".join(filter(None, [issue.element or "-", f"at {where}" if where else ""]))
        yield f"  {issue.severity} {at}: {issue.words} {issue.cure} [{issue.rule}]"
    if result.more:
        yield f"  and {result.more} more"


def _unusable(file: Path, error: Unusable) -> ExitCode:
    say(f"{file}: {error}", err=True)
    return ExitCode.UNREADABLE


def _left_over(file: Path, batch: icsr.Batch, *, say_so: bool = True) -> ExitCode:
    """Say what the file holds beside the declared elements, and what is of another format."""
    unparsed = [issue for issue in icsr.check(batch) if issue.rule_id.endswith(".datatype")]
    for issue in unparsed if say_so else ():
        say(f"{file}: {issue.location}: {issue.message} {issue.cure}", err=True)
    for unread in batch.unknown if say_so else ():
        words = f"line {unread.line}: {e2b_files.brief(unread)}: {unread.reason}"
        say(f"{file}: {words}; it is kept under `unknown`.", err=True)
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


def _details(listed: dict[str, Any]) -> Iterator[str]:
    yield f"field {listed['field']}"
    values = listed["values"] or {}
    told = [code if code == words else f"{code} {words}" for code, words in values.items()]
    yield from [f"values {'; '.join(told)}"] if told else []
    yield from [f"nullFlavors {', '.join(listed['null_flavors'])}"] if listed["null_flavors"] else []


def _told(found: e2b_cases.Difference) -> str:
    return f"{found.element} ({found.name}) at {found.place}: {_short(found.first)} | {_short(found.second)}"


def _short(value: Any) -> str:
    said = "(nothing)" if value is None else value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    said = " ".join(said.split())
    return said if len(said) <= _SHORT else f"{said[:_SHORT]}... ({len(said)} characters)"


def _tracked(doing: str, files: Sequence[Path]) -> Iterator[Path]:
    """Show how far it is, unless what is told meanwhile goes to the same screen."""
    return iter(files) if sys.stdout.isatty() else tracked(doing, files)


def _done(codes: list[ExitCode], as_json: bool, more: Sequence[str] = ()) -> None:
    """End with the worst file's code; several files get lines that sum them up."""
    for line in (*summary(codes), *(more if len(codes) > 1 else ())):
        say(line, err=as_json)
    raise typer.Exit(worst(codes))
