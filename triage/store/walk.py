"""Every case of a sponsor with its current version, some hundred in two queries: for deciding them again."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

import msgspec
from pymongo.database import Database

from triage.domain.case import Case, CaseVersion

Document = dict[str, Any]
_AT_ONCE = 500


class MongoCaseWalk:
    """``triage.redecide.CaseWalk`` over MongoDB."""

    def __init__(self, database: Database[Document]) -> None:
        """Use the database; indexes are made by ``database.prepare``."""
        self._cases = database["cases"]
        self._versions = database["case_versions"]

    def walk(self, sponsor: str) -> Iterator[tuple[Case, CaseVersion]]:
        """Yield the cases in the order of their ids; those opened meanwhile may be left out."""
        found = self._cases.find({"sponsor": sponsor}, {"head": 1}).sort("_id", 1).batch_size(_AT_ONCE)
        for documents in _batched(found):
            cases = [msgspec.convert(each["head"], Case) for each in documents]
            wanted = [case.current.version_id for case in cases]
            stored = self._versions.find({"sponsor": sponsor, "_id": {"$in": wanted}}, {"version": 1})
            versions = {each["_id"]: msgspec.convert(each["version"], CaseVersion) for each in stored}
            yield from ((case, versions[case.current.version_id]) for case in cases)

    def sponsors(self) -> list[str]:
        """Return every sponsor that has a case, also one that the registry names no more."""
        return sorted(self._cases.distinct("sponsor"))

    def count(self, sponsor: str) -> int:
        """Return how many cases a sponsor has."""
        return self._cases.count_documents({"sponsor": sponsor})


def _batched(found: Iterable[Document]) -> Iterator[list[Document]]:
    rest = iter(found)
    while batch := list(islice(rest, _AT_ONCE)):
        yield batch
