"""Raw bytes over 1 MB go to GridFS before the record that points at them; what no record points at is swept.

A record has its bytes as ``raw``, or their id in the bucket as ``raw_id``.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from intake.domain.records import Place
from intake.store.connection import IntakeDatabase
from shared.mongo import Document

BUCKET = "raw"
FILES = "icsr_files"
INLINE = 1_000_000  # bytes
RAW = {"raw": 1, "raw_id": 1}
ORPHAN_AGE = timedelta(days=1)  # longer than any request lasts between the bytes and their record
_LOOKED_BACK = timedelta(days=8)  # what is older was looked at before
_COLLECTIONS = [FILES, "refusals"]
_POINTERS = ("raw_id", "answer.raw_id")


class RawBytes:
    """Bytes of records, wherever they are."""

    def __init__(self, database: IntakeDatabase) -> None:
        """Nothing is asked of the database until it is needed."""
        self._database = database

    def keep(self, content: bytes, collection: str, record_id: str) -> Document:
        """Return what a record has of its bytes; large ones are durable in the bucket when this returns."""
        if len(content) <= INLINE:
            return {"raw": content}
        whose = {"record": record_id}
        return {"raw_id": self._database.bucket(BUCKET).upload_from_stream(collection, content, metadata=whose)}

    def read(self, record: Mapping[str, Any]) -> bytes:
        """Return the bytes of a record."""
        if "raw_id" not in record:
            return bytes(record["raw"])
        return bytes(self._database.bucket(BUCKET).open_download_stream(record["raw_id"]).read())

    def sweep(self, now: datetime) -> int:
        """Remove what its record has not come to point at in a day; return how many."""
        days = {"$gt": now - _LOOKED_BACK, "$lt": now - ORPHAN_AGE}
        old = self._database.collection(f"{BUCKET}.files").find({"filename": {"$in": _COLLECTIONS}, "uploadDate": days})
        orphans = [each["_id"] for each in old if not self._is_pointed_at(each)]
        for each in orphans:
            self._database.bucket(BUCKET).delete(each)
        return len(orphans)

    def _is_pointed_at(self, kept: Mapping[str, Any]) -> bool:
        pointing = {"_id": kept["metadata"]["record"], "$or": [{name: kept["_id"]} for name in _POINTERS]}
        return self._database.collection(kept["filename"]).find_one(pointing, {"_id": 1}) is not None


def raw_or_place(raw: bytes, place: Place | None) -> Document:
    """Return what a report has of its bytes: themselves, or where in a file they stand."""
    return {"raw": raw} if place is None else {"place": {"file_id": place.file_id, "number": place.number}}
