"""A message must be valid against the ICH schema set (guide v5.03, Appendix I (A)).

The set is not part of this program; its folder is configured. Each root schema is compiled once per process.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from threading import Lock
from typing import cast

from lxml import etree

from shared.icsr.e2b.parser import UnreadableMessage, local_name, parse
from shared.icsr.model.issue import Issue, Severity

_ROOTS = ("MCCI_IN200100UV01", "MCCI_IN200101UV01")
_ONE_AT_A_TIME = Lock()  # a compiled schema keeps the errors of its last validation in itself


@dataclass(frozen=True, slots=True)
class SchemaResult:
    """What the schema check found; `checked` is False where no schema set is configured, and `issues` then empty."""

    checked: bool
    issues: tuple[Issue, ...] = ()


def check(xml: bytes, schemas: Path | None) -> SchemaResult:
    """Validate a message or an acknowledgement; `schemas` is the folder that holds `multicacheschemas/`.

    Raises:
        FileNotFoundError: the folder is configured and has no schema set in it.
        UnreadableMessage: the file can't be parsed, or is neither message nor acknowledgement.
    """
    if schemas is None:
        return SchemaResult(checked=False)
    root = parse(xml)
    name = local_name(root)
    if name not in _ROOTS:
        raise UnreadableMessage(f"The file is a {name!r}; there are schemas for {' and '.join(_ROOTS)}.")
    schema = _compiled(schemas.resolve() / "multicacheschemas" / f"{name}.xsd")
    with _ONE_AT_A_TIME:
        schema.validate(root)
        found = cast("Iterable[etree._LogEntry]", schema.error_log)
        return SchemaResult(True, tuple(_issue(each) for each in found))


@cache
def _compiled(path: Path) -> etree.XMLSchema:
    if not path.is_file():
        raise FileNotFoundError(f"There is no {path}: set DAYZERO_E2B_SCHEMAS to the folder holding multicacheschemas/")
    return etree.XMLSchema(file=str(path))


def _issue(found: etree._LogEntry) -> Issue:
    return Issue(
        Severity.ERROR,
        "XSD",
        "",
        f"line {found.line}",
        found.message.replace("{urn:hl7-org:v3}", ""),
        "Correct the element at this line; if DayZero wrote it, report the file's rule and line as a defect.",
    )
