"""What happens to no document of its own is entered too: failed sign-ins, denied access, exports, unblinded views.

Each is a document that holds its entry and nothing else, and goes when the entry is in the ledger.
"""

from collections.abc import Callable
from typing import Any, Protocol

import msgspec

from shared.contracts.audit import AuditEntry

COLLECTION = "happenings"


class Collection(Protocol):
    """What happenings need of the collection that a store hands them: this module knows no driver."""

    def insert_one(self, document: Any) -> Any:
        """Keep a document."""
        ...


class Happenings:
    """Where a service enters what has no document."""

    def __init__(self, collection: Callable[[], Collection]) -> None:
        """Nothing is asked of the database until it is needed."""
        self._collection = collection

    def enter(self, entry: AuditEntry) -> None:
        """Keep an entry durably; the sequencer moves it to the ledger."""
        document = {"_id": entry.entry_id, "sponsor": entry.sponsor, "audit": [pending(entry)]}
        self._collection().insert_one(document)


def pending(entry: AuditEntry) -> dict[str, Any]:
    """Return an entry as it waits in a document: instants as the database has them."""
    changes = [msgspec.structs.asdict(change) for change in entry.changes]
    return {**msgspec.structs.asdict(entry), "roles": list(entry.roles), "changes": changes}
