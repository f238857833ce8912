"""``dayzero e2b ack``: what receivers answered, and answers to what we received (ICH E2B(R3) v5.03, section 4)."""

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from deploy.cli.ack_files import AckResult, FindingTold, read_file, write_answer
from deploy.cli.e2b_files import whole_schemas
from deploy.cli.e2b_many import ANSWERS, counted, each, files_in
from deploy.cli.terminal import say, write_json
from shared.clock import SystemClock
from shared.icsr.api import Outcome

app = typer.Typer(help="Acknowledgements: what became of messages.", no_args_is_help=True)

AsJson = Annotated[bool, typer.Option("--json", help="Write JSON.")]
Files = Annotated[list[Path], typer.Argument(help="Files, or folders of .xml and .ack files.")]
Folder = Annotated[Path, typer.Option(help="Folder to write into.", exists=True, file_okay=False)]
Strict = Annotated[bool, typer.Option("--strict", help="Reject what breaks a rule; else only what is empty.")]


@app.command()
def read(files: Files, as_json: AsJson = False) -> None:
    """Read acknowledgements, R3 or R2; exit 0 all accepted, 1 anything else is said, 3 refused or unreadable."""
    _show(each("Reading", files_in(files, ANSWERS), read_file), as_json)


@app.command()
def write(
    files: Files,
    to: Annotated[Path, typer.Option(help="Folder to write into.", exists=True, file_okay=False)] = Path(),
    strict: Annotated[
        bool, typer.Option("--strict", help="Reject what breaks a rule; else only what is empty.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Answer batches of messages with an R3 acknowledgement each; exit codes as of read."""
    schemas, clock, found = whole_schemas(), SystemClock(), files_in(files, ANSWERS)
    _show(each("Answering", found, lambda file: write_answer(file, to, schemas, clock, strict=strict)), as_json)


def _show(results: Sequence[AckResult], as_json: bool) -> None:
    if as_json:
        write_json({"summary": _summary(results), "files": msgspec.to_builtins(results)})
    else:
        for line in (line for result in results for line in _lines(result)):
            say(line)
        say(", ".join(_count(what, count) for what, count in _summary(results).items()))
    raise typer.Exit(max(result.exit_code for result in results))


def _summary(results: Sequence[AckResult]) -> dict[str, int]:
    outcomes = Counter(message.outcome for result in results for message in result.messages)
    return {
        "files": len(results),
        "unreadable": sum(result.unreadable is not None for result in results),
        "messages": outcomes.total(),
        **{outcome.value: outcomes[outcome.value] for outcome in Outcome},
    }


def _count(what: str, count: int) -> str:
    return counted(count, what.removesuffix("s")) if what in {"files", "messages"} else f"{count} {what}"


def _lines(result: AckResult) -> Iterator[str]:
    if result.unreadable is not None:
        yield f"{result.file}: {result.unreadable}"
        return
    written = f" -> {result.written}" if result.written else ""
    yield f"{result.file}{written}: batch {result.batch_number or 'not stated'} {result.outcome} ({result.code})"
    yield from _finding_lines(result.findings, "  ")
    yield from (f"  not understood: {words}" for words in result.unread)
    for message in result.messages:
        yield f"  {message.message_number or 'no number'}: {message.outcome}; {message.why}"
        yield from _finding_lines(message.findings, "    ")


def _finding_lines(findings: Sequence[FindingTold], indent: str) -> Iterator[str]:
    for found in findings:
        yield f"{indent}{found.severity} {', '.join(found.elements) or '-'}: {found.words}"
