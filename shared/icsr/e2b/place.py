"""A declared place is a path through the HL7 message (guide v5.03, Appendix I (A): the ICSR's reference information
model); this module takes such a path apart. Its grammar is described in `shared.icsr.element`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from shared.icsr.element import OID_ROOTS

_STEP = re.compile(r"([\w.]+)((?:\[[^\]]*\])*)(\*?)")
_CODED = re.compile(r"(?:(.+)/)?([\w]+)=([^@=]+)@([^@]+)")
_ATTRIBUTE = re.compile(r"(?:(.+)/)?@([\w:]+)=(.+)")


@dataclass(frozen=True)
class Fixed:
    """Attributes that a step demands of itself (`path` empty) or of an element below it."""

    path: tuple[str, ...]
    attributes: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Step:
    """One element on the way; `raw` is the step as declared, by which equal steps are known to be the same element."""

    raw: str
    name: str
    repeats: bool = False
    fixed: tuple[Fixed, ...] = ()
    position: int = 1
    scheme: str = ""


@dataclass(frozen=True)
class Leaf:
    """Where on the last element the value stands: in an attribute, or in the text (`attribute` empty)."""

    attribute: str


def take_apart(place: str) -> tuple[tuple[Step | None, ...], Leaf | None]:
    """Split a place into its steps (None for `..`) and, if it names one, the leaf.

    Raises:
        ValueError: the place does not follow the grammar; a mistake in a declaration, found when it is first used.
    """
    parts = re.findall(r"(?:\[[^\]]*\]|[^/\[])+", place)
    leaf = None
    if parts and parts[-1] == "text()":
        leaf = Leaf("")
        parts.pop()
    elif parts and parts[-1].startswith("@"):
        leaf = Leaf(parts.pop()[1:])
    return tuple(None if part == ".." else _step(part) for part in parts), leaf


def resolve(base: tuple[Step, ...], steps: tuple[Step | None, ...]) -> tuple[Step, ...]:
    """Append `steps` to `base`, going up one for each `..`."""
    path = list(base)
    for step in steps:
        if step is None:
            path.pop()
        else:
            path.append(step)
    return tuple(path)


def oid(name: str) -> str:
    """Write out a short name of `OID_ROOTS`; anything else is returned as it is."""
    if name in OID_ROOTS:
        return OID_ROOTS[name]
    prefix = name[: name.find(":") + 1]
    return OID_ROOTS[prefix] + name[len(prefix) :] if prefix in OID_ROOTS else name


def _step(part: str) -> Step:
    found = _STEP.fullmatch(part)
    if not found:
        raise ValueError(f"{part!r} is no step of a place")
    fixed: list[Fixed] = []
    position, scheme = 1, ""
    for predicate in re.findall(r"\[([^\]]*)\]", found[2]):
        if predicate.isdigit():
            position = int(predicate)
        elif predicate in {"tel:", "fax:", "mailto:"}:
            scheme = predicate
        else:
            fixed.append(_fixed(predicate))
    return Step(part, found[1], bool(found[3]), tuple(fixed), position, scheme)


def _fixed(predicate: str) -> Fixed:
    if coded := _CODED.fullmatch(predicate):
        above, name, code, system = coded.groups()
        return Fixed((*_names(above), name), (("code", code), ("codeSystem", oid(system))))
    if attribute := _ATTRIBUTE.fullmatch(predicate):
        above, name, value = attribute.groups()
        return Fixed(_names(above), ((name, oid(value)),))
    return Fixed(_names(predicate), ())


def _names(path: str | None) -> tuple[str, ...]:
    return tuple(path.split("/")) if path else ()
