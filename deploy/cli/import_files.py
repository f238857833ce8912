"""Files of reports are read one record at a time; whoever reads one knows where in the file it stood.

A file that cannot be read ends the import before the first report is sent, with the file, the line and the cure.
"""

import csv
import json
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from deploy.cli.failure import CommandError
from deploy.cli.openfda_csv import COLUMNS, TABLES

_LONGEST_CELL = 10_000_000  # characters; Python's own limit is less than a narrative may have
_BEYOND = "cells beyond the header"
ENCODING = "utf-8-sig"


def openfda_results(file: Path, encoding: str = ENCODING) -> list[Any]:
    """Read raw openFDA reports: ``{"results": [...]}``, or one of the CSV tables. Raises CommandError or OSError."""
    if file.suffix.lower() != ".csv":
        return _results(file, encoding)
    header, rows = csv_rows(file, encoding)
    read: Callable[[Any], Any] | None = next((TABLES[name] for name in header if name in TABLES), None)
    if read is None:
        raise CommandError(f"{file} is no table of openFDA that is known here; use: dayzero import reports --mapping")
    try:
        return [{**read(row), **_unread(row)} for row in rows]
    except KeyError as error:
        raise CommandError(f"{file} has no column {error}") from error


def _unread(row: dict[str, str]) -> dict[str, str]:
    """Return the cells that no table of openFDA has, to be counted by name as any field without a place."""
    return {name if name == _BEYOND else f"column {name}": cell for name, cell in row.items() if name not in COLUMNS}


def csv_rows(file: Path, encoding: str = ENCODING) -> tuple[Sequence[str], list[dict[str, str]]]:
    """Read a table with a header; a cell that a row lacks is empty. Raises CommandError or OSError."""
    csv.field_size_limit(_LONGEST_CELL)
    _must_be_readable(file, encoding)
    try:
        with file.open(encoding=encoding, newline="") as lines:
            reader = csv.DictReader(lines, restval="", restkey=_BEYOND, strict=True)
            header = reader.fieldnames or ()
            for name in _repeated(header):
                raise CommandError(f"{file} has the column {name!r} more than once; give each a name of its own")
            return header, [{name: str(cell) for name, cell in row.items()} for row in reader]
    except UnicodeError as error:
        raise _not_text(file, encoding, error) from error
    except csv.Error as error:  # the reader counts lines once a row is whole; an open quote goes on to the end
        raise CommandError(f"{file} is no CSV: the row that begins at line {reader.line_num + 1}: {error}") from error


def json_lines(file: Path, encoding: str = ENCODING) -> Iterator[Any]:
    """Yield a record for each line that is not blank: a line that is no JSON as its bytes. Raises CommandError."""
    for line in _text(file, encoding).splitlines():
        if line.strip():
            try:
                yield json.loads(line)
            except (ValueError, RecursionError):
                yield line.encode(errors="backslashreplace")


def must_be_regular(file: Path) -> None:
    """Refuse what has no end or no content of its own: a pipe, a device, a folder. Raises CommandError."""
    if file.exists() and not file.is_file():
        raise CommandError(f"{file} is no regular file; give a file")


def _results(file: Path, encoding: str) -> list[Any]:
    try:
        content = strict_json(_text(file, encoding))
    except ValueError as error:
        raise CommandError(f"{file} is no JSON: {error}") from error
    results = content.get("results") if isinstance(content, dict) else None
    if not isinstance(results, list):
        raise CommandError(f"{file} has no list 'results'; give the answer of openFDA's drug/event API as it came")
    return results


def strict_json(text: str) -> Any:
    """Read JSON in which each key of an object comes once. Raises ValueError, in words for an operator."""
    try:
        return json.loads(text, object_pairs_hook=_object, parse_int=_integer)
    except RecursionError as error:
        raise ValueError("it is nested too deeply") from error


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    for name in _repeated([name for name, _ in pairs]):
        raise ValueError(f"an object has the key {name!r} more than once; which one holds cannot be told")
    return dict(pairs)


def _integer(digits: str) -> int:
    limit = sys.get_int_max_str_digits()
    if limit and len(digits.lstrip("-")) > limit:
        raise ValueError(f"a number of {len(digits)} digits, which begins with {digits[:9]}; {limit} are read")
    return int(digits)


def _repeated(names: Sequence[str]) -> list[str]:
    return [name for name, count in Counter(names).items() if count > 1]


def _text(file: Path, encoding: str) -> str:
    _must_be_readable(file, encoding)
    try:
        return file.read_text(encoding=encoding)
    except UnicodeError as error:
        raise _not_text(file, encoding, error) from error


def _must_be_readable(file: Path, encoding: str) -> None:
    must_be_regular(file)
    try:
        "".encode(encoding)
    except (LookupError, ValueError) as error:
        raise CommandError(f"--encoding {encoding!r} is none for text; such are utf-8, utf-16, latin-1") from error


def _not_text(file: Path, encoding: str, error: UnicodeError) -> CommandError:
    where = f" at byte {error.start}" if isinstance(error, UnicodeDecodeError) else f" ({error})"
    return CommandError(f"{file} is not {encoding}{where}; say how it is written with --encoding")
