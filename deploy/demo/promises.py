"""What the demonstration promises is asserted while it runs: no due date moves, and what was rejected is sent again.

DOMAIN 6: a rejection reopens its obligation and keeps its due date.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any


class Promises:
    """Watches the obligations of every case."""

    def __init__(self) -> None:
        """Begin without any."""
        self._due: dict[str, str] = {}
        self._state: dict[str, str] = {}
        self._rejected: set[str] = set()
        self._moved: list[str] = []

    def watch(self, cases: Iterable[Mapping[str, Any]]) -> None:
        """Look at the obligations as they are now."""
        for obligation in (each for case in cases for each in case["obligations"]):
            name = _name(obligation)
            first = self._due.setdefault(name, obligation["due"])
            if obligation["due"] != first:
                self._moved.append(f"{name}: due {first}, then {obligation['due']}")
            self._state[name] = obligation["state"]
            if obligation["state"] == "rejected":
                self._rejected.add(name)

    @property
    def corrected(self) -> list[str]:
        """Return the obligations that were rejected once and accepted in the end, with the date that they kept."""
        return [f"{name}, due {self._due[name]}" for name in sorted(self._rejected) if self._is_fulfilled(name)]

    def broken(self, rejection_expected: bool) -> Iterator[str]:
        """Yield what did not hold. Reports that we never saw need not have one that the regulator rejects."""
        yield from self._moved
        if rejection_expected and not self._rejected:
            yield "no message was rejected"
        if rejection_expected:
            yield from (f"{n}: rejected and never accepted" for n in self._rejected if not self._is_fulfilled(n))

    def _is_fulfilled(self, name: str) -> bool:
        return self._state[name] == "fulfilled"


def _name(obligation: Mapping[str, Any]) -> str:
    return str(obligation.get("id") or f"{obligation['destination']} {obligation['arithmetic']}")
