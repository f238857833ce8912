"""JSON is read by one parser that hides nothing: no duplicate names, no NaN, bounded depth, UTF-8 only.

The standard library reads it, not orjson: orjson keeps the last of two equal names in silence, and refuses a lone
surrogate, which is a field problem and no reason to refuse a report.
"""

import json
import re
from typing import Any, NoReturn

from intake.domain.text import legal
from intake.ports import Unacceptable

DEPTH_LIMIT = 32
_SHOWN = 80
_LONGEST_INTEGER = 18  # digits that fit BSON's 64 bits; longer ones become floats, which the fields refuse
_STRING_OR_BRACKET = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"?|[\[{]|[\]}]', re.DOTALL)


def parse(content: bytes) -> dict[str, Any]:
    """Return the JSON object that the bytes are. Raises Unacceptable, status 400."""
    text = _decode(content)
    if _depth(text) > DEPTH_LIMIT:
        _refuse("too-deep", "JSON nested too deeply", f"Nest at most {DEPTH_LIMIT} levels.")
    try:
        body = json.loads(text, object_pairs_hook=_object, parse_constant=_no_constant, parse_int=_integer)
    except json.JSONDecodeError as error:
        _refuse("not-json", "Not JSON", f"Not valid JSON at line {error.lineno}, column {error.colno}: {error.msg}.")
    if not isinstance(body, dict):
        _refuse("not-an-object", "Not a report", "Send one JSON object; a report per request.")
    return body


def _decode(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        _refuse("not-utf-8", "Not UTF-8", f"Byte {error.start} is not UTF-8; encode the body in UTF-8.")


def _depth(text: str) -> int:
    """Return the deepest nesting, or something deeper, without the recursion that nesting attacks."""
    opened = text.count("[") + text.count("{")
    if opened <= DEPTH_LIMIT:
        return opened
    depth = deepest = 0
    for match in _STRING_OR_BRACKET.finditer(text):
        mark = match[0][0]
        if mark in "[{":
            depth += 1
            deepest = max(deepest, depth)
        elif mark in "]}":
            depth -= 1
    return deepest


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    body = dict(pairs)
    if len(body) < len(pairs):
        seen: set[str] = set()
        twice = next(name for name, _ in pairs if name in seen or seen.add(name))  # type: ignore[func-returns-value]
        shown = json.dumps(legal(twice[:_SHOWN]), ensure_ascii=False)
        _refuse("duplicate-name", "Name given twice", f"{shown} stands twice in one object; which one is meant?")
    return body


def _no_constant(name: str) -> NoReturn:
    _refuse("not-a-number", "Not JSON", f"{name} is not JSON; leave out what is not known.")


def _integer(text: str) -> int | float:
    return int(text) if len(text) <= _LONGEST_INTEGER else float(text)


def _refuse(rule: str, title: str, detail: str) -> NoReturn:
    raise Unacceptable(400, rule, title, detail)
