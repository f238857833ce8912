"""What the ``e2b`` commands find in a file: the report itself, element by element (ICH E2B(R3) guide v5.03, 3.4)."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec

from deploy.cli.e2b_files import brief
from deploy.cli.e2b_many import ExitCode
from deploy.cli.e2b_words import meaning
from deploy.cli.import_files import strict_json
from shared.icsr import api as icsr
from shared.icsr.rules.walk import Occurrence, occurrences


class Unusable(ValueError):
    """A file that cannot be used, with the reason in one line."""


class Value(msgspec.Struct, frozen=True, kw_only=True):
    """One element's value in one place of a report."""

    element: str
    name: str
    place: str
    value: Any
    meaning: str | None = None


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


def read(file: Path) -> icsr.Batch:
    """Read a message, or a case that was kept as JSON.

    Raises:
        Unusable: there is no such file, or it is neither.
    """
    if file.exists() and not file.is_file():  # a device may have no end
        raise Unusable("it is no regular file")
    try:
        with file.open("rb") as opened:
            content = opened.read(icsr.MAX_BYTES + 1)
        return _case(content) if file.suffix == ".json" else icsr.read(content)
    except OSError as error:
        raise Unusable(error.strerror or str(error)) from error
    except (icsr.NoCase, icsr.UnreadableMessage) as error:
        raise Unusable(str(error)) from error


def _case(content: bytes) -> icsr.Batch:
    if len(content) > icsr.MAX_BYTES:
        raise Unusable(f"it has more than {icsr.MAX_BYTES} bytes")
    try:
        data = strict_json(content.decode(json.detect_encoding(content)))
    except ValueError as error:
        raise Unusable(f"not JSON: {error}") from error
    return icsr.from_json(data)


def values(batch: icsr.Batch) -> Iterator[Value]:
    """Every element that the report tells, in the order of the guide's sections.

    A reference to a record is told by that record's place: its id means nothing outside the file.
    """
    for number, message in enumerate(batch.messages):
        places = {each.id: f"reactions[{index}]" for index, each in enumerate(message.report.reactions) if each.id}
        yield from _values(message, f"messages[{number}]", places)
    yield from _values(replace(batch, messages=()), "", {})


def _values(record: object, at: str, places: Mapping[str, str]) -> Iterator[Value]:
    for found in occurrences(record, at):
        if isinstance(found, Occurrence) and found.value is not None:
            element = found.element
            told = places.get(str(found.value)) if element.refers else None
            yield Value(
                element=element.id,
                name=element.name,
                place=found.location,
                value=told or icsr.value_to_json(found.value),
                meaning=meaning(element, found.value),
            )


def differences(first: icsr.Batch, second: icsr.Batch) -> list[Difference]:
    """Compare two reports element by element, each place in either once; then what no element holds."""
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


def left_over_differences(first: icsr.Batch, second: icsr.Batch) -> list[Difference]:
    """Compare what no element holds, whatever its place."""
    one, two = (Counter(brief(each) for each in batch.unknown) for batch in (first, second))
    name = "not understood"
    return [
        *(Difference(element="-", name=name, place="unknown", first=each) for each in (one - two).elements()),
        *(Difference(element="-", name=name, place="unknown", second=each) for each in (two - one).elements()),
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
        told = (f"{each.location} {each.element_id}: {each.message} {each.cure}" for each in written.issues)
        return RoundTrip(file=str(file), issues=tuple(told), unknown=len(batch.unknown))
    return RoundTrip(
        file=str(file),
        compared=sum(1 for _ in values(batch)),
        differences=tuple(differences(batch, icsr.read(written.xml))),
        unknown=len(batch.unknown),
    )
