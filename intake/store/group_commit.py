"""202 means durable (DOMAIN 2); what a write costs is its wait for the journal, so those who wait share one write.

No thread of its own, which could die unseen or be killed before it has drained: the first request to come commits,
then hands on to the first of those that came meanwhile, who commits for all of them. Nobody waits for company.
"""

import threading
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from copy import copy
from typing import Any

import bson
import pymongo
from bson.raw_bson import RawBSONDocument
from pymongo.collection import Collection
from pymongo.errors import (
    AutoReconnect,
    BulkWriteError,
    DocumentTooLarge,
    DuplicateKeyError,
    OperationFailure,
    PyMongoError,
    WriteConcernError,
)

MOST_DOCUMENTS = 500
MOST_BYTES = 16 * 1024 * 1024
LARGEST_DOCUMENT = 16 * 1024 * 1024
_SECONDS = 15.0
_DUPLICATE_KEY = 11000

Failures = Mapping[int, Exception]  # by the place in the batch; who has no place in it is durable


class GroupCommit:
    """Adds documents to one collection, each with an outcome of its own."""

    def __init__(self, collection: Callable[[], Collection[dict[str, Any]]]) -> None:
        """``collection`` is asked for when there is something to commit: it may be away before."""
        self._collection = collection
        self._lock = threading.Lock()
        self._waiting: deque[_Waiting] = deque()
        self._committing = False

    def add(self, document: Mapping[str, Any]) -> None:
        """Return when the document is durable on a majority.

        Raises DuplicateKeyError, DocumentTooLarge, or any other error of the driver: then nothing is promised, though
        the document may have been stored, as with every write whose answer is lost.
        """
        mine = _Waiting(document)
        if not self._leads(mine):
            mine.wait()
        if not mine.is_settled:
            self._commit()  # settles mine too, for it stands first
        if mine.failure is not None:
            raise mine.failure

    def _leads(self, mine: "_Waiting") -> bool:
        with self._lock:
            self._waiting.append(mine)
            leads = not self._committing
            self._committing = True
        return leads

    def _commit(self) -> None:
        batch = self._take()
        failures: Failures = dict.fromkeys(range(len(batch)), AutoReconnect("the commit was broken off"))
        try:
            failures = self._insert([waiting.document for waiting in batch])
        finally:
            self._hand_on()
            for place, waiting in enumerate(batch):
                waiting.settle(failures.get(place))

    def _take(self) -> list["_Waiting"]:
        batch: list[_Waiting] = []
        size = 0
        with self._lock:
            while self._waiting and len(batch) < MOST_DOCUMENTS and size < MOST_BYTES:
                batch.append(self._waiting.popleft())
                size += len(batch[-1].document.raw)
        return batch

    def _insert(self, documents: Sequence[RawBSONDocument]) -> Failures:
        try:
            with pymongo.timeout(_SECONDS):
                self._collection().insert_many(documents, ordered=False)
        except BulkWriteError as error:
            return _failures(error.details or {}, len(documents))
        except PyMongoError as error:
            return {place: copy(error) for place in range(len(documents))}
        return {}

    def _hand_on(self) -> None:
        with self._lock:
            following = self._waiting[0] if self._waiting else None
            self._committing = following is not None
        if following is not None:
            following.wake()


class _Waiting:
    """A document whose sender waits for it."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        """Encode it here, in the thread that it belongs to: a document that BSON cannot hold fails nobody else."""
        self.document = RawBSONDocument(bson.encode(document))
        if len(self.document.raw) > LARGEST_DOCUMENT:
            raise DocumentTooLarge(f"{len(self.document.raw)} bytes; a document has at most {LARGEST_DOCUMENT}")
        self.is_settled = False
        self.failure: Exception | None = None
        self._turn = threading.Lock()
        self._turn.acquire()

    def wait(self) -> None:
        """Wait until it is settled, or its turn has come to commit."""
        self._turn.acquire()

    def wake(self) -> None:
        """End the wait."""
        self._turn.release()

    def settle(self, failure: Exception | None) -> None:
        """Note the outcome; the one who commits does not wait, so waking it changes nothing."""
        self.failure = failure
        self.is_settled = True
        self.wake()


def _failures(details: Mapping[str, Any], count: int) -> Failures:
    """Tell the outcomes of a batch: what a majority did not confirm is not durable, whatever was stored."""
    unsafe: Sequence[Mapping[str, Any]] = details["writeConcernErrors"]
    failures: dict[int, Exception] = {}
    if unsafe:
        words, code = unsafe[0].get("errmsg", ""), unsafe[0].get("code")
        failures = {place: WriteConcernError(words, code) for place in range(count)}
    for error in details["writeErrors"]:
        kind = DuplicateKeyError if error["code"] == _DUPLICATE_KEY else OperationFailure
        failures[error["index"]] = kind(error["errmsg"], error["code"], error)
    return failures
