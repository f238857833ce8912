"""A process that ends at a write: before the database has it, or after it has it and before anybody is told."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any

import pytest
from pymongo.collection import Collection

WRITES = (
    "insert_one",
    "insert_many",
    "update_one",
    "update_many",
    "delete_one",
    "delete_many",
    "find_one_and_update",
    "replace_one",
    "bulk_write",
)


class Crash(BaseException):
    """The process is gone; no handler of errors sees it."""


class Point:
    """Counts writes, and crashes at one of them: an even place before write ``place // 2``, an odd one after it."""

    def __init__(self, place: int | None = None) -> None:
        self.place = place
        self.writes = 0
        self.is_hit = False

    def before(self) -> None:
        if self.place == 2 * self.writes:
            self._hit()

    def after(self) -> None:
        self.writes += 1
        if self.place == 2 * self.writes - 1:
            self._hit()

    def _hit(self) -> None:
        self.is_hit, self.place = True, None  # the process that comes after it lives
        raise Crash


@contextmanager
def crashing(point: Point) -> Iterator[None]:
    """Let the driver's writes pass the point."""
    with pytest.MonkeyPatch.context() as patched:
        for name in WRITES:
            patched.setattr(Collection, name, _passing(getattr(Collection, name), point))
        yield


def _passing(write: Any, point: Point) -> Any:
    @wraps(write)
    def passed(*args: Any, **kwargs: Any) -> Any:
        point.before()
        answer = write(*args, **kwargs)
        point.after()
        return answer

    return passed
