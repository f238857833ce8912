"""A declared place is a path through the HL7 message (guide v5.03, Appendix I (A): the ICSR's reference information
model); this module takes such a path apart. Its grammar is described in `shared.icsr.element`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from shared.icsr.model.oids import oid

__all__ = ["Fixed", "Leaf", "Step", "System", "oid", "resolve", "take_apart"]

_STEP = re.compile(r"([\w.]+)((?:\[[^\]]*\])*)(\*?)")
_CODED = re.compile(r"(?:(.+)/)?([\w]+)=([^@=]+)@([^@]+)")
_ATTRIBUTE = re.compile(r"(?:(.+)/)?@([\w:]+)=(.+)")
_SYSTEM = re.compile(r"@codeSystem([?=])=(.+)")
_SCHEMES = frozenset({"tel:", "fax:", "mailto:"})


@dataclass(frozen=True)
class Fixed:
    """Attributes that a step demands of itself (`path` empty) or of an element below it."""

    path: tuple[str, ...]
    attributes: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class System:
    """The code system of a step's code: `open` to others and written with a code, or said beside a nullFlavor too."""

    root: str
    open: bool


@dataclass(frozen=True)
class Step:
    """One element on the way; `raw` is the step as declared, by which equal steps are known to be the same element.

    What is `fixed` is written, and looked for on reading; what is `sought` is only looked for.
    """

    raw: str
    name: str
    repeats: bool = False
    fixed: tuple[Fixed, ...] = ()
    sought: tuple[Fixed, ...] = ()
    position: int = 1
    scheme: str = ""
    system: System | None = None


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


def _step(part: str) -> Step:
    found = _STEP.fullmatch(part)
    if not found:
        raise ValueError(f"{part!r} is no step of a place")
    predicates: list[str] = re.findall(r"\[([^\]]*)\]", found[2])
    systems = [System(oid(root), sign == "?") for sign, root in _matched(_SYSTEM, predicates)]
    sought = [each[1:] for each in predicates if each.startswith("~")]
    rest = [each for each in predicates if not each.startswith("~") and not _SYSTEM.fullmatch(each)]
    return Step(
        part,
        found[1],
        bool(found[3]),
        tuple(_fixed(each) for each in rest if not each.isdigit() and each not in _SCHEMES),
        tuple(_fixed(each) for each in sought),
        next((int(each) for each in rest if each.isdigit()), 1),
        next((each for each in rest if each in _SCHEMES), ""),
        systems[0] if systems else None,
    )


def _matched(pattern: re.Pattern[str], predicates: list[str]) -> list[tuple[str, str]]:
    return [(found[1], found[2]) for each in predicates if (found := pattern.fullmatch(each))]


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
