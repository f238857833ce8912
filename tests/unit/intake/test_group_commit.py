"""Those who wait share one write, and each has its own outcome: nobody is told 202 whose document is not durable."""

import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest
from pymongo.errors import AutoReconnect, BulkWriteError, DocumentTooLarge, DuplicateKeyError, WriteConcernError

from intake.store import group_commit
from intake.store.group_commit import LARGEST_DOCUMENT, GroupCommit
from tests.integration.local.waiting import until

Outcome = Exception | None


class Slow:
    """A collection whose first write waits until it is let go, and then fails as it is told."""

    def __init__(self, error: BaseException | None = None, details: Mapping[str, Any] | None = None) -> None:
        self.batches: list[list[int]] = []
        self.go_on = threading.Event()
        self._error = error
        self._details = details

    def insert_many(self, documents: Sequence[Mapping[str, Any]], ordered: bool) -> None:
        assert not ordered
        self.batches.append([document["_id"] for document in documents])
        assert self.go_on.wait(20)
        if len(self.batches) == 1 and self._error is not None:
            raise self._error
        if len(self.batches) == 2 and self._details is not None:
            raise BulkWriteError({"writeErrors": [], "writeConcernErrors": [], **self._details})


def outcomes(collection: Slow, count: int, document: Callable[[int], Mapping[str, Any]]) -> dict[int, Outcome]:
    """Add a first document, then the others while it is being written; return what became of each."""
    commits = GroupCommit(lambda: collection)  # type: ignore[arg-type, return-value]
    ended: dict[int, Outcome] = {}

    def add(number: int) -> None:
        try:
            commits.add(document(number))
            ended[number] = None
        except BaseException as error:
            ended[number] = error  # type: ignore[assignment]

    threads = [threading.Thread(target=add, args=(number,)) for number in range(count)]
    threads[0].start()
    until(lambda: bool(collection.batches))
    for thread in threads[1:]:
        thread.start()
    until(lambda: len(commits._waiting) + len(ended) == count - 1)
    collection.go_on.set()
    for thread in threads:
        thread.join(20)
    return ended


def plain(number: int) -> Mapping[str, Any]:
    return {"_id": number}


def test_those_who_come_during_a_commit_share_the_next() -> None:
    collection = Slow()
    assert outcomes(collection, 40, plain) == dict.fromkeys(range(40))
    assert [len(batch) for batch in collection.batches] == [1, 39]


def test_a_batch_is_bounded_by_count_and_by_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(group_commit, "MOST_DOCUMENTS", 16)
    collection = Slow()
    outcomes(collection, 40, plain)
    assert [len(batch) for batch in collection.batches] == [1, 16, 16, 7]
    monkeypatch.setattr(group_commit, "MOST_BYTES", 1000)
    collection = Slow()
    outcomes(collection, 9, lambda number: {"_id": number, "raw": b"x" * 400})
    assert [len(batch) for batch in collection.batches] == [1, 3, 3, 2]


def test_a_duplicate_is_told_to_its_own_sender_alone() -> None:
    collection = Slow(details={"writeErrors": [{"index": 3, "code": 11000, "errmsg": "E11000"}]})
    ended = outcomes(collection, 9, plain)
    third = collection.batches[1][3]
    assert {number for number, error in ended.items() if error is not None} == {third}
    assert isinstance(ended[third], DuplicateKeyError)


def test_what_a_majority_did_not_confirm_is_acknowledged_to_nobody() -> None:
    unsafe = {"writeConcernErrors": [{"code": 64, "errmsg": "waiting for replication timed out"}]}
    duplicate = {"writeErrors": [{"index": 0, "code": 11000, "errmsg": "E11000"}]}
    ended = outcomes(Slow(details={**unsafe, **duplicate}), 9, plain)
    assert ended.pop(0) is None  # the first had a commit of its own
    kinds = [type(error) for error in ended.values()]
    assert (kinds.count(WriteConcernError), kinds.count(DuplicateKeyError)) == (7, 1)


@pytest.mark.parametrize("error", [AutoReconnect("connection closed"), SystemExit(), MemoryError()])
def test_a_commit_that_is_broken_off_fails_who_shared_it_and_the_next_goes_on(error: BaseException) -> None:
    collection = Slow(error=error)
    ended = outcomes(collection, 9, plain)
    assert type(ended.pop(0)) is type(error)
    assert list(ended.values()) == [None] * 8


def test_each_who_shared_a_broken_commit_has_an_error_of_its_own() -> None:
    class Away(Slow):
        def insert_many(self, documents: Sequence[Mapping[str, Any]], ordered: bool) -> None:
            super().insert_many(documents, ordered)
            raise AutoReconnect("connection closed")

    errors = outcomes(Away(), 9, plain).values()
    assert {type(error) for error in errors} == {AutoReconnect}
    assert len({id(error) for error in errors}) == 9


def test_a_document_that_cannot_be_stored_fails_nobody_else() -> None:
    odd: dict[int, Any] = {3: b"x" * LARGEST_DOCUMENT, 4: 2**70}
    collection = Slow()
    ended = outcomes(collection, 9, lambda number: {"_id": number, "raw": odd.get(number)})
    assert {number: type(error) for number, error in ended.items() if error} == {3: DocumentTooLarge, 4: OverflowError}
    assert sorted(number for batch in collection.batches for number in batch) == [0, 1, 2, 5, 6, 7, 8]
