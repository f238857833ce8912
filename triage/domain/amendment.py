"""An amendment changes one field, by its JSON pointer, and keeps the content in its form (ICH E2B(R3) C.1.11)."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import msgspec

from shared.contracts.clinical import CaseContent
from triage.domain.blinding import unblinds
from triage.domain.case import Change
from triage.domain.coding import Terminology
from triage.domain.fitness import AmendmentError, refuse_unfit
from triage.domain.opinions import renamed
from triage.domain.seriousness import lowers


class Edit(msgspec.Struct, frozen=True):
    """A field, by its JSON pointer into the content, and its new value."""

    pointer: str
    value: Any


class EditRefused(Exception):
    """An edit that cannot be made: the field, the rule, and words with the cure."""

    def __init__(self, pointer: str, rule: str, words: str) -> None:
        """``rule`` is ``amendment`` for what no field can be, ``downgrade`` or ``unblinding`` otherwise."""
        super().__init__(words)
        self.pointer = pointer
        self.rule = rule


def edited(
    content: CaseContent,
    edits: Sequence[Edit],
    terminology: Terminology,
    may_lower: bool = False,
    may_unblind: bool = False,
) -> tuple[CaseContent, tuple[Change, ...]]:
    """Make each edit in turn; by one person none of them may lower what is held of an event. Raises EditRefused."""
    changes = []
    for edit in edits:
        try:
            after, old = amended(content, edit.pointer, edit.value, terminology)
        except AmendmentError as error:
            raise EditRefused(edit.pointer, "amendment", str(error)) from error
        if lowers(content, after) and not may_lower:
            words = "This lowers what is held of an event: a downgrade needs two persons. Propose it as one."
            raise EditRefused(edit.pointer, "downgrade", words)
        if unblinds(content, after) and not may_unblind:
            words = "This tells what a blinded patient was given: unblind the case, which takes a signature."
            raise EditRefused(edit.pointer, "unblinding", words)
        changes.append(Change(pointer=edit.pointer, old=old, new=msgspec.json.encode(edit.value).decode()))
        content = renamed(content, after, edit.pointer)
    return content, tuple(changes)


def amended(content: CaseContent, pointer: str, value: Any, terminology: Terminology) -> tuple[CaseContent, str]:
    """Return the content with one value changed, and the old value as JSON text. Raises AmendmentError.

    A coding is looked up: ``{"llt_code": …}`` becomes the dictionary's term. ``/reactions/2`` with two reactions
    before it adds one.
    """
    document = _document(content)
    steps = pointer.split("/")[1:]
    if not pointer.startswith("/") or not all(steps):
        raise AmendmentError(f"{pointer!r} is no field; name one as /reactions/0/onset")
    if steps[-1] == "coding":
        value = _term(value, terminology)
    old = _set(document, steps, value, pointer)
    if old == value:
        raise AmendmentError(f"{pointer} has that value already")
    try:
        changed = msgspec.convert(document, CaseContent)
    except msgspec.ValidationError as error:
        raise AmendmentError(f"{pointer} cannot be that: {_unquoted(error)}") from error
    if value not in (None, [], {}) and _get(_document(changed), steps) != value:
        raise AmendmentError(f"{pointer} is no field of a case; see the report schema for the names")
    refuse_unfit(content, changed, pointer)
    return changed, msgspec.json.encode(old).decode()


def _document(content: CaseContent) -> Any:
    """Plain values, with lists that can be changed."""
    return msgspec.json.decode(msgspec.json.encode(content))


def _get(document: Any, steps: list[str]) -> Any:
    for step in steps:
        document = document[int(step)] if isinstance(document, list) else document.get(step, {})
    return document


def _set(document: Any, steps: list[str], value: Any, pointer: str) -> Any:
    for step, following in pairwise(steps):
        document = _below(document, step, following, pointer)
    last = steps[-1]
    if not isinstance(document, list):
        old = _parts(document, pointer).get(last)
        document[last] = value
        return old
    if last == str(len(document)):
        document.append(value)
        return None
    place = _place(document, last, pointer)
    old, document[place] = document[place], value
    return old


def _below(document: Any, step: str, following: str, pointer: str) -> Any:
    """Go one step down; a part, or a list's first item, that was not reported is made: an amendment may add it."""
    if isinstance(document, list):
        return document[_place(document, step, pointer)]
    return _parts(document, pointer).setdefault(step, [] if following == "0" else {})


def _place(items: list[Any], step: str, pointer: str) -> int:
    if not step.isdecimal() or int(step) >= len(items):
        raise AmendmentError(f"{pointer}: there is no {step!r} among {len(items)}; count from 0")
    return int(step)


def _parts(document: Any, pointer: str) -> dict[str, Any]:
    if not isinstance(document, dict):
        raise AmendmentError(f"{pointer}: a value has no parts; name the whole field")
    return document


def _unquoted(error: msgspec.ValidationError) -> str:
    """Return what is wrong without the value: msgspec quotes a word that may not stand there."""
    words = str(error)
    return "Not one of the values of this field" if words.startswith("Invalid enum value") else words


def _term(value: Any, terminology: Terminology) -> Any:
    code = value.get("llt_code") if isinstance(value, dict) else None
    found = terminology.term(str(code)) if code else None
    if found is None:
        raise AmendmentError("that is no lowest level term of the dictionary; give {'llt_code': …} of one")
    return msgspec.to_builtins(msgspec.structs.replace(found, chosen=True))
