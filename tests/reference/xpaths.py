"""ICH's and FDA's own XPaths, made to run: what each finds in a message, with the joins between drugs and reactions
resolved first (tables `ich-e2br3.json` and `fda-regional.json`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import cast

from lxml import etree

NAMES = {"v": "urn:hl7-org:v3", "xsi": "http://www.w3.org/2001/XMLSchema-instance"}
_DRUG, _REACTION = "UUID of k-th drug", "UUID of i-th reaction"
_PATIENT = "//v:primaryRole/v:subjectOf2"
_IDS = {
    _DRUG: f"{_PATIENT}/v:organizer[v:code/@code='4']/v:component/v:substanceAdministration/v:id",
    _REACTION: f"{_PATIENT}/v:observation[v:code/@code='29']/v:id",
}
_PREFIXED = re.compile(r"(?<![\w@:'\-.])([A-Za-z][\w]*)(?=[/\[\]=\s)]|$)(?!\()")

Found = tuple[str, str, str, int, tuple[str, ...]]


@cache
def xpaths(tables: Path) -> dict[str, str]:
    """Each element's XPath down to the element that says it, and what is read there: an attribute's name, or ""."""
    paths = {}
    for name in ("ich-e2br3.json", "fda-regional.json"):
        for entry in json.loads((tables / name).read_text(encoding="utf-8"))["entries"]:
            if entry.get("xpath") and entry.get("kind") == "element":
                paths[entry["code"]] = entry["xpath"]
    return paths


def ran(xpath: str) -> tuple[str, str]:
    """An XPath of the table as lxml takes it: the path to the element, and the attribute ("" for its text)."""
    path = re.sub(r"^substring\((.*),\s*\d+\)$", r"\1", xpath.strip(), flags=re.DOTALL)
    path = re.sub(r"\[@xsi:schemaLocation='[^']*'\]", "", path.replace("’", "'"))
    path = re.sub(r"\[[rki]\]", "", re.sub(r"\s*\n\s*", "", path)).replace("/ ", "/").replace("]/[@", "][@")
    element, _, leaf = path.rpartition("/")
    quoted = re.split(r"('[^']*'|\"[^\"]*\")", element)
    named = "".join(part if index % 2 else _PREFIXED.sub(r"v:\1", part) for index, part in enumerate(quoted))
    return named.strip(), leaf.removeprefix("@").strip() if leaf.startswith("@") else ""


def values(root: etree._Element, element: str, xpath: str) -> Iterator[Found]:
    """What an XPath finds in each message, for each drug and reaction it joins, in the order of the message."""
    path, attribute = ran(xpath)
    start = int(begin[1]) - 1 if (begin := re.search(r",\s*(\d+)\)$", xpath)) else 0
    for number, message in enumerate(root.iterfind("v:PORR_IN049016UV", NAMES)):
        for k, drug in enumerate(_joined(message, path, _DRUG)):
            for i, reaction in enumerate(_joined(message, path, _REACTION)):
                joined = path.replace(_DRUG, drug).replace(_REACTION, reaction)
                here = [each for each in found(root, joined) if _within(each, message, root)]
                said = tuple(value for each in here if (value := _value(each, attribute, start)) is not None)
                if said:
                    yield element, f"drug {k}", f"reaction {i}", number, said


def _joined(message: etree._Element, path: str, placeholder: str) -> list[str]:
    if placeholder not in path:
        return [""]
    return [each.get("root", "") for each in found(message, f".{_IDS[placeholder]}")]


def found(element: etree._Element, path: str) -> list[etree._Element]:
    """The elements that an XPath finds."""
    return cast("list[etree._Element]", element.xpath(path, namespaces=NAMES))


def _within(element: etree._Element, message: etree._Element, root: etree._Element) -> bool:
    """Whether an element belongs to this message; the wrapper's own belong to the first."""
    above = [element, *element.iterancestors()]
    holder = next((each for each in above if each.tag == message.tag), None)
    return holder is message or (holder is None and root.find("v:PORR_IN049016UV", NAMES) is message)


def _value(element: etree._Element, attribute: str, start: int) -> str | None:
    said = (element.get(attribute) if attribute else element.text) or ""
    if said[start:].strip():
        return str(said)[start:]
    flavor = element.get("nullFlavor")
    return None if flavor is None else f"nullFlavor {flavor}"
