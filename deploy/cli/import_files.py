"""Files of reports are read one record at a time; whoever reads one knows where in the file it stood.

A file that cannot be read ends the import before the first report is sent, with the file, the line and the cure.
"""

import csv
import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from deploy.cli.failure import CommandError
from deploy.cli.openfda_csv import TABLES

_LONGEST_CELL = 10_000_000  # characters; Python's own limit is less than a narrative may have
ENCODING = "utf-8-sig"


def openfda_results(file: Path) -> list[Any]:
    """Read raw openFDA reports: ``{"results": [...]}``, or one of the CSV tables. Raises CommandError or OSError."""
    if file.suffix.lower() != ".csv":
        return _results(file)
    header, rows = csv_rows(file)
    read: Callable[[Any], Any] | None = next((TABLES[name] for name in header if name in TABLES), None)
    if read is None:
        raise CommandError(f"{file} is no table of openFDA that is known here; use: dayzero import reports --mapping")
    try:
        return [read(row) for row in rows]
    except KeyError as error:
        raise CommandError(f"{file} has no column {error}") from error


def csv_rows(file: Path, encoding: str = ENCODING) -> tuple[Sequence[str], list[dict[str, str]]]:
    """Read a table with a header; a cell that a row lacks is empty. Raises CommandError or OSError."""
    csv.field_size_limit(_LONGEST_CELL)
    try:
        with file.open(encoding=encoding, newline="") as lines:
            reader = csv.DictReader(lines, restval="", restkey="cells beyond the header", strict=True)
            rows = [{name: str(cell) for name, cell in row.items()} for row in reader]
            return reader.fieldnames or (), rows
    except UnicodeDecodeError as error:
        raise _not_text(file, encoding, error) from error
    except csv.Error as error:
        raise CommandError(f"{file} is no CSV: line {reader.line_num}: {error}") from error


def json_lines(file: Path, encoding: str = ENCODING) -> Iterator[Any]:
    """Yield a record for each line that is not blank: a line that is no JSON as its bytes. Raises CommandError."""
    for line in _text(file, encoding).splitlines():
        if line.strip():
            try:
                yield json.loads(line)
            except (ValueError, RecursionError):
                yield line.encode(errors="backslashreplace")


def _results(file: Path) -> list[Any]:
    try:
        content = json.loads(_text(file, "utf-8"))
    except (ValueError, RecursionError) as error:
        raise CommandError(f"{file} is no JSON: {error}") from error
    results = content.get("results") if isinstance(content, dict) else None
    if not isinstance(results, list):
        raise CommandError(f"{file} has no list 'results'; give the answer of openFDA's drug/event API as it came")
    return results


def _text(file: Path, encoding: str) -> str:
    try:
        return file.read_text(encoding=encoding)
    except UnicodeDecodeError as error:
        raise _not_text(file, encoding, error) from error


def _not_text(file: Path, encoding: str, error: UnicodeDecodeError) -> CommandError:
    return CommandError(f"{file} is not {encoding} at byte {error.start}; say how it is written with --encoding")
