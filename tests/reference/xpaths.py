"""ICH's and FDA's own XPaths, made to run: what each finds in a message, with the joins between drugs and reactions
resolved first (tables `ich-e2br3.json` and `fda-regional.json`).

The tables have no XPath for the EU's causality codes, lose the dates of an `SXPR_TS` expression, and name places that
FDA's own sample files do not use: `FURTHER` derives those that are missing from their neighbours' in the table.
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

_ICH, _NCIT, _FDA, _EU = (f"2.16.840.1.113883.3.{arc}" for arc in ("989.2.1", "26.1.1", "989.5.1.2", "989.5.1.1"))
_OF_19 = f"][@codeSystem='{_ICH}.1.19'"
_EXPRESSION = {"effectiveTime[@xsi:type='IVL_TS']": "effectiveTime[@xsi:type='SXPR_TS']/comp"}
_TEXT = "originalText/text()"
_RACE = f"subjectOf2[@typeCode='SBJ'][observation/code[@code='C17049'][@codeSystem='{_NCIT}']]/observation/value"
_CATEGORY = f"asManufacturedProduct/subjectOf/characteristic[code[@code='C94031'][@codeSystem='{_NCIT}']]/value/@code"

# What is missing in the tables: the element, the one whose XPath it is made from, and what is replaced in that.
FURTHER: tuple[tuple[str, str, dict[str, str]], ...] = (
    *((each, each, _EXPRESSION) for each in ("E.i.4", "E.i.5", "E.i.6a", "E.i.6b")),
    ("G.k.9.i.2.r.1.EU.1", "G.k.9.i.2.r.1", {f"code/{_TEXT}": f"code[@codeSystem='{_EU}.5.4']/@code"}),
    ("G.k.9.i.2.r.2.EU.1", "G.k.9.i.2.r.2", {f"methodCode[1]/{_TEXT}": f"methodCode[@codeSystem='{_EU}.5.2']/@code"}),
    (
        "G.k.9.i.2.r.3.EU.1",
        "G.k.9.i.2.r.3",
        {"value[@xsi:type='ST']/text()": f"value[@xsi:type='CE'][@codeSystem='{_EU}.5.3']/@code"},
    ),
    (
        "FDA.C.1.7.1",
        "C.1.7",
        {
            f"'23'{_OF_19}": f"'C54588'][@codeSystem='{_NCIT}'",
            "value[@xsi:type='BL']/@value": "value[@xsi:type='CE']/@code",
        },
    ),
    ("FDA.C.1.12", "C.1.7", {f"'23'{_OF_19}": f"'C156384'][@codeSystem='{_NCIT}'"}),
    ("FDA.C.5.5a", "C.5.1.r.1", {f"{_ICH}.3.6": f"{_FDA}.2.1.2.1"}),
    ("FDA.C.5.5b", "C.5.1.r.1", {f"{_ICH}.3.6": f"{_FDA}.2.1.2.2"}),
    ("FDA.C.5.6.r", "C.5.1.r.1", {f"{_ICH}.3.6": f"{_FDA}.2.1.2.3"}),
    (
        "FDA.D.11.r.1",
        "D.5",
        {
            "player1[@classCode='PSN'][@determinerCode='INSTANCE']"
            "/administrativeGenderCode[@codeSystem='1.0.5218']": _RACE
        },
    ),
    ("FDA.E.i.3.2h", "E.i.3.2a", {f"'34'{_OF_19}": f"'7'][@codeSystem='{_FDA}.2.1.3'"}),
    ("FDA.G.k.1.a", "G.k.1", {f"{_ICH}.1.13": f"{_FDA}.1.1.8"}),
    ("FDA.G.k.10a", "G.k.10.r", {f"='{_ICH}.1.17'": f"='{_FDA}.1.1.7'][@code"}),
    # One of FDA's files leaves the code system out beside a nullFlavor.
    ("FDA.G.k.10a null", "G.k.10.r", {f"codeSystem='{_ICH}.1.17'": "nullFlavor"}),
    ("FDA.G.k.10.1", "G.k.2.2", {"name[1]/text()": _CATEGORY}),
)


@cache
def xpaths(tables: Path) -> dict[str, str]:
    """Each element's XPath, as the table has it, and the derived ones under their own names."""
    paths = {}
    for name in ("ich-e2br3.json", "fda-regional.json"):
        for entry in json.loads((tables / name).read_text(encoding="utf-8"))["entries"]:
            if entry.get("xpath") and entry.get("kind") == "element":
                paths[entry["code"]] = entry["xpath"]
    for element, source, replacements in FURTHER:
        path = paths[source]
        for old, new in replacements.items():
            if old not in path:
                raise ValueError(f"the XPath of {source} has no {old}")
            path = path.replace(old, new)
        paths[f"{element} (derived)"] = path
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
