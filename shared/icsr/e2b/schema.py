"""A message must be valid against the ICH schema set (guide v5.03, Appendix I (A)).

The set is not part of this program; its folder is configured. Each root schema is compiled once per process.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import islice, zip_longest
from pathlib import Path
from threading import Lock
from typing import cast

from lxml import etree

from shared.icsr.e2b.locate import nearest_id
from shared.icsr.e2b.parser import UnreadableMessage, local_name, parse
from shared.icsr.model.issue import Issue, Severity

_ROOTS = ("MCCI_IN200100UV01", "MCCI_IN200101UV01")
_VERSION = ("ITSVersion", "XML_1.0")
_XSD = "{http://www.w3.org/2001/XMLSchema}"
_POINTING = tuple(_XSD + name for name in ("import", "include", "redefine", "override"))
_ONE_AT_A_TIME = Lock()  # a compiled schema keeps the errors of its last validation in itself
_MOST_LOCATED = 100  # finding an element counts its siblings; a file of nothing but faults would take very long
_LONGEST = 400  # a list of allowed codes may have a thousand
_ATTRIBUTE = re.compile(r"attribute '(?:\{[^}]*\})?(\w+)'")

# What to do, by the kind of fault as libxml2 names it.
_CURES = {
    "SCHEMAV_CVC_PATTERN_VALID": "Write the value in the form of its datatype; a date is CCYYMMDD or the like, without"
    " hyphens.",
    "SCHEMAV_CVC_DATATYPE_VALID_1_2_1": "Write the value in the form of its datatype.",
    "SCHEMAV_CVC_DATATYPE_VALID_1_2_3": "Write the value in the form of its datatype.",
    "SCHEMAV_CVC_ENUMERATION_VALID": "Use one of the codes that are listed.",
    "SCHEMAV_CVC_COMPLEX_TYPE_3_2_1": "Take the attribute out.",
    "SCHEMAV_CVC_COMPLEX_TYPE_4": "Add the attribute.",
    "SCHEMAV_CVC_TYPE_2": 'State the datatype of the value, such as xsi:type="BL", beside a nullFlavor too.',
    "SCHEMAV_CVC_ELT_4_2": "Name a datatype of the HL7 schema, such as CE, and declare the prefix if it has one.",
}
_MISPLACED = "Take the element out, or put it, or what is missing before it, in the order that is expected."
_INCOMPLETE = "Add what is expected inside the element."


class UnusableSchemas(ValueError):
    """A schema set is not whole or not one; the text is one line that names what is missing or wrong."""


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
    return SchemaResult(checked=False) if schemas is None else check_tree(parse(xml), schemas)


def check_tree(root: etree._Element, schemas: Path | None) -> SchemaResult:
    """Validate a message or an acknowledgement that is parsed already. Raises as `check` does."""
    name = local_name(root)
    if name not in _ROOTS:
        raise UnreadableMessage(f"The file is a {name!r}; there are schemas for {' and '.join(_ROOTS)}.")
    return _validated(root, name, schemas)


def check_part(message: etree._Element, name: str, schemas: Path | None) -> SchemaResult:
    """Validate one message of a batch against the schema file that declares it. Raises as `check` does."""
    message.set(*_VERSION)  # its declaration as a root wants it, its place in a batch forbids it
    try:
        return _validated(message, name, schemas)
    finally:
        del message.attrib[_VERSION[0]]


def _validated(root: etree._Element, name: str, schemas: Path | None) -> SchemaResult:
    if schemas is None:
        return SchemaResult(checked=False)
    schema = _schema(schemas.absolute(), name)
    with _ONE_AT_A_TIME:
        schema.validate(root)
        found = list(cast("Iterable[etree._LogEntry]", schema.error_log))
    located = [_located(root, each) for each in found[:_MOST_LOCATED]]
    return SchemaResult(True, tuple(_issue(each, at) for each, at in zip_longest(found, located, fillvalue="")))


def needed_files(read: Callable[[str], bytes | None]) -> dict[str, bytes]:
    """Return the files of a set that its two roots need, by their paths; `read` gives a file's bytes, None for none.

    Raises:
        UnusableSchemas: a root or an imported file is missing, lies outside the set, or is no XML.
    """
    files: dict[str, bytes] = {}
    missing: list[str] = []
    waiting = [(f"multicacheschemas/{root}.xsd", "the set") for root in _ROOTS]
    while waiting:
        path, wanted_by = waiting.pop()
        if path in files:
            continue
        content = None if path.startswith(("../", "/")) else read(path)
        if content is None:
            missing.append(f"{path} (for {wanted_by})")
            continue
        files[path] = content
        waiting += [(_resolved(path, location), path) for location in _pointed(path, content)]
    if missing:
        raise UnusableSchemas(f"missing: {', '.join(sorted(set(missing)))}")
    return files


def compile_set(schemas: Path) -> None:
    """Compile both roots of the set in this folder.

    Raises:
        UnusableSchemas: one does not compile, or declares no such message.
    """
    for root in _ROOTS:
        path = schemas / "multicacheschemas" / f"{root}.xsd"
        try:
            etree.XMLSchema(file=str(path))
            declared = {each.get("name") for each in parse(path.read_bytes()).iter(f"{_XSD}element")}
        except (etree.XMLSchemaParseError, UnreadableMessage, OSError) as error:
            raise UnusableSchemas(f"{path.name} does not compile: {' '.join(str(error).split())}") from error
        if root not in declared:
            raise UnusableSchemas(f"{path.name} declares no element {root}")


def _resolved(path: str, location: str) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname(path), location))


def _pointed(path: str, content: bytes) -> Iterator[str]:
    try:
        root = parse(content)
    except UnreadableMessage as error:
        raise UnusableSchemas(f"{path}: {error}") from error
    for each in root.iter(*_POINTING):
        if location := each.get("schemaLocation"):
            yield location


@cache
def _schema(schemas: Path, name: str) -> etree.XMLSchema:
    # Resolving asks the file system at every step of the path: done once for each folder.
    return _compiled(schemas.resolve() / "multicacheschemas" / f"{name}.xsd")


@cache
def _compiled(path: Path) -> etree.XMLSchema:
    if not path.is_file():
        raise FileNotFoundError(f"There is no {path}: set DAYZERO_E2B_SCHEMAS to the folder holding multicacheschemas/")
    try:
        return etree.XMLSchema(file=str(path))
    except etree.XMLSchemaParseError as error:
        raise UnusableSchemas(f"{path} does not compile: {' '.join(str(error).split())}") from error


def _issue(found: etree._LogEntry, element_id: str) -> Issue:
    words = found.message.replace("{urn:hl7-org:v3}", "")
    return Issue(
        Severity.ERROR,
        "XSD",
        element_id,
        f"line {found.line}",
        words if len(words) <= _LONGEST else f"{words[:_LONGEST]}...",
        _cure(found),
    )


def _cure(found: etree._LogEntry) -> str:
    if found.type_name == "SCHEMAV_ELEMENT_CONTENT":
        return _INCOMPLETE if "Missing child" in found.message else _MISPLACED
    return _CURES.get(found.type_name, "Correct the element at this line.")


def _located(root: etree._Element, found: etree._LogEntry) -> str:
    # What is validated counts as the first step of the path, also where it is one message of a batch.
    at: etree._Element | None = root
    for step in (found.path or "").split("/")[2:]:
        at = None if at is None else _stepped(at, step)
    attribute = _ATTRIBUTE.search(found.message)
    return "" if at is None else nearest_id(at, attribute[1] if attribute else "")


def _stepped(above: etree._Element, step: str) -> etree._Element | None:
    """Follow a step such as `*[2]`, `h:id` or `h:id[2]`.

    XPath would have to be told what every prefix means where it stands, and the step has but the prefix as written.
    """
    if step.startswith("@"):
        return above
    name, _, nth = step.rstrip("]").partition("[")
    prefix, _, local = name.rpartition(":")
    alike = (each for each in above.iterchildren(f"{{*}}{local}") if local == "*" or (each.prefix or "") == prefix)
    return next(islice(alike, int(nth or 1) - 1, None), None)
