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
_POINTING = {FILES: ("raw_id", "answer.raw_id"), "refusals": ("raw_id",)}


class RawBytes:
    """Bytes of records, wherever they are."""

    def __init__(self, database: IntakeDatabase) -> None:
        """Nothing is asked of the database until it is needed."""
        self._database = database

    def keep(self, content: bytes) -> Document:
        """Return what a record has of its bytes; large ones are durable in the bucket when this returns."""
        if len(content) <= INLINE:
            return {"raw": content}
        return {"raw_id": self._database.bucket(BUCKET).upload_from_stream(BUCKET, content)}

    def read(self, record: Mapping[str, Any]) -> bytes:
        """Return the bytes of a record."""
        if "raw_id" not in record:
            return bytes(record["raw"])
        return bytes(self._database.bucket(BUCKET).open_download_stream(record["raw_id"]).read())

    def sweep(self, now: datetime) -> int:
        """Remove what no record has come to point at in a day; return how many bytes' records were removed."""
        before = now - ORPHAN_AGE
        bucket = self._database.bucket(BUCKET)
        old = [each["_id"] for each in self._database.collection(f"{BUCKET}.files").find(_older(before), {"_id": 1})]
        orphans = [each for each in old if not self._is_pointed_at(each)]
        for each in orphans:
            bucket.delete(each)
        return len(orphans)

    def _is_pointed_at(self, raw_id: Any) -> bool:
        return any(
            self._database.collection(name).find_one({field: raw_id}, {"_id": 1}) is not None
            for name, fields in _POINTING.items()
            for field in fields
        )


def raw_or_place(raw: bytes, place: Place | None) -> Document:
    """Return what a report has of its bytes: themselves, or where in a file they stand."""
    return {"raw": raw} if place is None else {"place": {"file_id": place.file_id, "number": place.number}}


def _older(before: datetime) -> Document:
    return {"uploadDate": {"$lt": before}}
