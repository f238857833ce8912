"""The usual body, in which nothing is wrong or unknown, is read by one function generated from the marshmallow schema.

The schema stays the one definition and the source of every finding: the function only knows when there is none. At the
first thing unusual (an unknown name, a value that is not read as it stands, a field of a class or with an option that
is not known here) it gives up, and ``Schema.load`` says what is wrong. Tests hold the two equal.
"""

from collections.abc import Callable
from typing import Any

from marshmallow import EXCLUDE, Schema, fields, missing

from intake.api.fields import LONGEST_LIST, Leaf, Part, Parts, Quick
from intake.domain.findings import Read

Said = dict[str, Any]
Usual = Callable[[Any], Said | None]


class Unusual(Exception):
    """Something that only the schema itself can read or explain."""


def usual_reader(schema: Schema) -> Usual:
    """Return a function from a parsed body to what it says: the loaded form without what is None or empty.

    It returns None for a body that the schema must read; never anything else than ``schema.load`` would.
    """
    written = _Source()
    read = written.part(schema)
    names: dict[str, Any] = {**written.names, "Unusual": Unusual, "plain": _plain, "items": _items}
    exec(compile(written.text(), f"<usual {type(schema).__name__}>", "exec"), names)  # noqa: S102 - our own words
    whole: Callable[[Any], Said] = names[read]

    def usual(body: Any) -> Said | None:
        try:
            return whole(body)
        except Unusual:
            return None

    return usual


def _plain(read: Read[Any]) -> Any:
    """Return what the domain kept of a value, if it found nothing to say about it."""
    kept, found = read
    if found:
        raise Unusual
    return kept


def _items(read: Callable[[Any], Any], values: Any) -> list[Any]:
    """Read a list in which every item says something: an item that drops out would move the places of the others."""
    if type(values) is not list or len(values) > LONGEST_LIST:
        raise Unusual
    kept = [read(value) for value in values]
    if not all(kept):
        raise Unusual
    return kept


class _Source:
    """The source being written: a function for each part and each list's item, and the objects that they name."""

    def __init__(self) -> None:
        self.names: dict[str, Any] = {}
        self._functions: list[str] = []

    def text(self) -> str:
        return "\n\n".join(self._functions)

    def part(self, schema: Schema) -> str:
        """Write the function that reads an object; return its name."""
        known = self._named(frozenset(schema.load_fields))
        lines = [f"if type(body) is not dict or not body.keys() <= {known}: raise Unusual", "said = {}"]
        if any(schema._hooks.values()) or schema.unknown != EXCLUDE or schema.partial:
            lines = ["raise Unusual"]
        for name, field in schema.load_fields.items():
            lines += self._field(name, field)
        return self._function("body", [*lines, "return said"])

    def _field(self, name: str, field: fields.Field[Any]) -> list[str]:
        if not _is_known(field):
            return [f"if {name!r} in body: raise Unusual"]
        lines = [
            f"v = body.get({name!r})",
            "if v is not None:",
            *(f"    {line}" for line in self._value(field)),
            f"    if {'v is not None' if isinstance(field, Leaf) else 'v'}: said[{name!r}] = v",
        ]
        return [*lines, f"if {name!r} not in said: raise Unusual"] if field.required else lines

    def _value(self, field: fields.Field[Any]) -> list[str]:
        """Write what turns ``v``, as received, into what is kept of it."""
        if isinstance(field, Part):
            return [f"v = {self.part(field.schema)}(v)"]
        if isinstance(field, Parts):
            return [f"v = items({self._function('v', [*self._value(field.inner), 'return v'])}, v)"]
        if isinstance(field, Leaf):
            read = f"plain({self._named(field.read)}(v))"
            return [f"v = {self._quick(field.quick)} else {read}" if field.quick else f"v = {read}"]
        return ["raise Unusual"]

    def _quick(self, quick: Quick) -> str:
        named = {name: self._named(value) for name, value in quick.names.items()}
        return f"{quick.kept} if {quick.condition.format(**named)}"

    def _named(self, value: object) -> str:
        name = f"n{len(self.names)}"
        self.names[name] = value
        return name

    def _function(self, argument: str, lines: list[str]) -> str:
        name = f"read_{len(self._functions)}"
        self._functions.append(f"def {name}({argument}):\n" + "\n".join(f"    {line}" for line in lines))
        return name


def _is_known(field: fields.Field[Any]) -> bool:
    """Say whether a field is one of our three, with no option that this module does not read."""
    inner = field.inner if isinstance(field, Parts) else None
    plain = not field.validators and field.data_key is None and field.attribute is None
    optional = field.load_default is missing and field.allow_none is not field.required
    return type(field) in {Leaf, Part, Parts} and plain and optional and (inner is None or _is_known(inner))
