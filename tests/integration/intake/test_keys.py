"""What intake's database promises of keys: a late revision is answered, once, and changes nothing."""

from contextlib import closing
from datetime import UTC, datetime

from intake.config import Settings
from intake.note_keys import NoteKeys
from intake.store.connection import IntakeDatabase
from intake.store.keys import COLLECTION, MongoKeys
from shared.clock import SetClock
from tests.unit.intake.keys import a_key
from tests.unit.intake.test_keys import changed

NOW = datetime(2026, 3, 9, 12, tzinfo=UTC)


def test_a_revision_that_comes_too_late_is_answered_once_and_changes_nothing(settings: Settings) -> None:
    older, newer = changed(a_key("late")), changed(a_key("late", revision=2, revoked_at=NOW))
    with closing(IntakeDatabase(settings.mongo_uri)) as database:
        keys = MongoKeys(database)
        note = NoteKeys(keys, SetClock(NOW), "1.2.3")
        for event in (newer, older, older, newer):
            note(event)
        assert keys.find("dzk_late") == a_key("late", revision=2, revoked_at=NOW)
        kept = database.collection(COLLECTION).find_one({"_id": "dzk_late", "sponsor": "installation"})
        assert kept is not None
        assert [each["event"]["answers"] for each in kept["outbox"]] == [newer.id, older.id]
