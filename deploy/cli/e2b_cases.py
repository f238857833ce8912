"""What the ``e2b`` commands find in a file: the report itself, element by element (ICH E2B(R3) guide v5.03, 3.4)."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from deploy.cli.e2b_files import ExitCode
from shared.icsr import api as icsr
from shared.icsr.rules.walk import Occurrence, occurrences

FOLDER_PATTERN = "*.xml"


class Unusable(ValueError):
    """A file that cannot be used, with the reason in one line."""


class Value(msgspec.Struct, frozen=True, kw_only=True):
    """One element's value in one place of a report."""

    element: str
    name: str
    place: str
    value: Any


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """One element that two reports tell otherwise; None where one of them says nothing."""

    element: str
    name: str
    place: str
    first: Any = None
    second: Any = None


class RoundTrip(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a file that was read, written and read again."""

    file: str
    compared: int = 0
    differences: tuple[Difference, ...] = ()
    issues: tuple[str, ...] = ()
    unknown: int = 0
    unreadable: str | None = None

    @property
    def code(self) -> ExitCode:
        """What this file alone would make of the exit code; a file in which nothing was compared is no success."""
        if self.unreadable is not None:
            return ExitCode.UNREADABLE
        return ExitCode.ISSUES if self.differences or self.issues or not self.compared else ExitCode.NOTHING_FOUND


def files_in(paths: list[Path]) -> list[Path]:
    """The files that are named, and those of the folders that are named."""
    return [
        file
        for path in paths
        for file in (sorted(path.rglob(FOLDER_PATTERN)) if path.is_dir() else [path])
        if path.is_dir() is False or file.is_file()
    ]


def read(file: Path) -> icsr.Batch:
    """Read a message, or a case that was kept as JSON.

    Raises:
        Unusable: there is no such file, or it is neither.
    """
    try:
        content = file.read_bytes()
        return icsr.from_json(json.loads(content)) if file.suffix == ".json" else icsr.read(content)
    except OSError as error:
        raise Unusable(error.strerror or str(error)) from error
    except json.JSONDecodeError as error:
        raise Unusable(f"not JSON: {error}") from error
    except (icsr.NoCase, icsr.UnreadableMessage, UnicodeDecodeError) as error:
        raise Unusable(str(error)) from error


def values(batch: icsr.Batch) -> Iterator[Value]:
    """Every element that the report tells, in the order of the guide's sections."""
    for found in occurrences(batch):
        if isinstance(found, Occurrence) and found.value is not None:
            told = icsr.value_to_json(found.value)
            yield Value(element=found.element.id, name=found.element.name, place=found.location, value=told)


def differences(first: icsr.Batch, second: icsr.Batch) -> list[Difference]:
    """Compare two reports element by element; each place in either is one comparison."""
    one, two = ({each.place: each for each in values(batch)} for batch in (first, second))
    return [
        Difference(
            element=said.element,
            name=said.name,
            place=place,
            first=one[place].value if place in one else None,
            second=two[place].value if place in two else None,
        )
        for place in {**one, **two}
        if (said := one.get(place) or two[place]) and (place not in one or place not in two or one[place] != two[place])
    ]


def round_trip(file: Path, schemas: Path | None) -> RoundTrip:
    """Read a file, hand it on as JSON, write it, and compare what is read then."""
    try:
        batch = read(file)
    except Unusable as error:
        return RoundTrip(file=str(file), unreadable=str(error))
    again = icsr.from_json(json.loads(json.dumps(icsr.to_json(batch))))
    written = icsr.render(again, schemas)
    if written.xml is None:
        return RoundTrip(file=str(file), issues=tuple(f"{each.location}: {each.message}" for each in written.issues))
    return RoundTrip(
        file=str(file),
        compared=sum(1 for _ in values(batch)),
        differences=tuple(differences(batch, icsr.read(written.xml))),
        unknown=len(batch.unknown),
    )
