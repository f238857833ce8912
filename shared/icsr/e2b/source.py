"""What is known of the guide's elements beforehand (guide v5.03, section 3.4) is not looked up again for each message:
what writes a message is made once, as Python source, from the plan, which stays the one definition.

Walking the plan for every message took five times as long. Nothing of a message gets into source.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

_INDENT = "    "


class Code(str):
    """A piece of a text that is an expression; it has neither quotes nor backslashes."""

    __slots__ = ()


Text = tuple[str, ...]  # literal pieces, and expressions as `Code`


def literal(text: Text) -> str:
    """Write a text as one expression."""
    if not any(isinstance(each, Code) for each in text):
        return repr("".join(text))
    # repr leaves the expressions as they are, having neither quotes nor backslashes.
    pieces = (f"{{{each}}}" if isinstance(each, Code) else each.replace("{", "{{").replace("}", "}}") for each in text)
    return "f" + repr("".join(pieces))


class Source:
    """Functions in the making, and the objects that they name."""

    def __init__(self, names: dict[str, Any]) -> None:
        """Begin with the names that every function may use."""
        self._names = dict(names)
        self._functions: list[str] = []

    def named(self, value: object) -> str:
        """Return the name by which the functions know an object."""
        name = f"k{len(self._names)}"
        self._names[name] = value
        return name

    def function(self, name: str, arguments: str) -> Function:
        """Begin a function; its name is made unique."""
        self._functions.append("")
        return Function(f"{name}_{len(self._functions)}", arguments, len(self._functions) - 1)

    def add(self, function: Function) -> str:
        """Take a function that is complete; return its name."""
        self._functions[function.place] = function.text()
        return function.name

    def compiled(self, name: str, of: str) -> Callable[..., Any]:
        """Return one of the functions; `of` says in a traceback what the source is of."""
        exec(compile("\n".join(self._functions), f"<{of}>", "exec"), self._names)  # noqa: S102 - our own words
        made: Callable[..., Any] = self._names[name]
        return made


class Function:
    """One function's lines."""

    def __init__(self, name: str, arguments: str, place: int) -> None:
        """Begin without lines."""
        self.name = name
        self.place = place
        self._arguments = arguments
        self._first: dict[str, str] = {}
        self._lines: list[str] = []
        self._depth = 1
        self._variables = 0

    def line(self, line: str) -> None:
        """Write a line."""
        self._lines.append(_INDENT * self._depth + line)

    @contextmanager
    def under(self, line: str) -> Iterator[None]:
        """Write a line and, indented, what is written meanwhile."""
        self.line(line)
        self._depth += 1
        yield
        self._depth -= 1

    def variable(self) -> str:
        """Return a variable that no other line has."""
        self._variables += 1
        return f"v{self._variables}"

    def holder(self, record: str, path: tuple[str, ...]) -> str:
        """Return the variable for a record below another, which is taken once, first of all."""
        if not path:
            return record
        name = "_".join((record, *path))
        if name not in self._first:
            above = self.holder(record, path[:-1])
            self._first[name] = f"{_INDENT}{name} = {above}.{path[-1]}"
        return name

    def text(self) -> str:
        """The whole function."""
        return "\n".join([f"def {self.name}({self._arguments}):", *self._first.values(), *self._lines, ""])
