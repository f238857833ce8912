"""What became of a visit: the report as MongoDB keeps it."""

import json
from typing import Any

from pymongo.collection import Collection


class Reports:
    """The collection of kept reports."""

    def __init__(self, collection: Collection[dict[str, Any]]) -> None:
        self._collection = collection

    def kept(self, reference: str) -> dict[str, Any]:
        """Return the document of a report."""
        found = self._collection.find_one({"_id": reference})
        assert found is not None
        return found

    def said(self, reference: str) -> dict[str, Any]:
        """Return the JSON that a report came as, without the number of its draft."""
        said: dict[str, Any] = json.loads(self.kept(reference)["raw"])
        assert said.pop("sender").keys() == {"case_id"}
        return said

    def naming(self, drug: str) -> int:
        """Return how many reports name a drug."""
        return self._collection.count_documents({"content.drugs.name": drug})
