"""What a reporter typed is kept page by page until the report is accepted, and no longer than a day without a change.

A page is saved by itself: two tabs of one browser do not undo each other's pages.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from pymongo import ReturnDocument

from intake.domain.records import Draft
from intake.domain.scope import Scope
from intake.store.connection import IntakeDatabase
from intake.store.scoped import within

COLLECTION = "drafts"


class MongoDrafts:
    """The drafts of every sponsor; implements DraftStore."""

    def __init__(self, database: IntakeDatabase) -> None:
        """Nothing is asked of the database until it is needed."""
        self._database = database

    def begin(self, draft: Draft) -> None:
        """Keep a new draft."""
        self._collection.insert_one(
            {
                "_id": draft.draft_id,
                "sponsor": draft.sponsor,
                "sponsor_stated": draft.sponsor_stated,
                "answers": draft.answers,
                "changed_at": draft.changed_at,
                "report_id": draft.report_id,
            }
        )

    def find(self, scope: Scope, draft_id: str) -> Draft | None:
        """Return a draft that the scope may see; None once it is too old."""
        document = self._collection.find_one({**within(scope), "_id": draft_id})
        return None if document is None else _draft(document)

    def save(self, draft: Draft, page: str, typed: Mapping[str, list[str]], at: datetime) -> bool:
        """Keep what was typed on one page, and nothing else; False if the draft is gone, closed or sent."""
        change = {"$set": {f"answers.{page}": dict(typed), "changed_at": at}}
        return bool(self._collection.update_one(_open(draft), change).matched_count)

    def drop(self, draft: Draft, pages: Sequence[str], at: datetime) -> bool:
        """Forget what was typed on some pages; False as for ``save``."""
        forgotten = {f"answers.{page}": "" for page in pages}
        change = {"$unset": forgotten, "$set": {"changed_at": at}}
        return bool(self._collection.update_one(_open(draft), change).matched_count)

    def close(self, draft: Draft) -> Draft | None:
        """Let nothing be saved any more, and return what is to be sent: one write decides what that is."""
        closing = {"$set": {"closed": True}}
        document = self._collection.find_one_and_update(_unsent(draft), closing, return_document=ReturnDocument.AFTER)
        return None if document is None else _draft(document)

    def reopen(self, draft: Draft) -> None:
        """Take answers again: what was to be sent was not accepted."""
        self._collection.update_one(_unsent(draft), {"$set": {"closed": False}})

    def finish(self, draft: Draft, report_id: str, at: datetime) -> None:
        """Forget everything that was typed, and remember the report that it became."""
        became = {"answers": {}, "report_id": report_id, "changed_at": at}
        self._collection.update_one(_unsent(draft), {"$set": became})

    @property
    def _collection(self) -> Any:
        return self._database.collection(COLLECTION)


def _draft(document: dict[str, Any]) -> Draft:
    return Draft(draft_id=document.pop("_id"), **document)


def _open(draft: Draft) -> dict[str, Any]:
    return {**_unsent(draft), "closed": {"$ne": True}}


def _unsent(draft: Draft) -> dict[str, Any]:
    return {"_id": draft.draft_id, "sponsor": draft.sponsor, "report_id": None}
