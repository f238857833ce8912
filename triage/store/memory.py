"""What decisions rest on, in MongoDB: sign-offs, and the files of decisions before; inserted, never changed."""

from collections.abc import Sequence
from contextlib import suppress

from pymongo.database import Database
from pymongo.errors import DuplicateKeyError

from shared.contracts.audit import INSTALLATION
from triage.domain.held_to import KeptFile
from triage.domain.rulebook import SignOff
from triage.store.sign_offs import Document, MongoSignOffStore


class MongoMemory:
    """``triage.reference.memory.Memory`` over MongoDB."""

    def __init__(self, database: Database[Document]) -> None:
        """Use the database; indexes are made by ``database.prepare``."""
        self._sign_offs = MongoSignOffStore(database)
        self._files = database["reference_files"]

    def sign_offs(self) -> list[SignOff]:
        """Return every sign-off, the earliest first."""
        return self._sign_offs.all()

    def keep(self, file: KeptFile) -> None:
        """Keep a file by its hash; keeping it twice is keeping it once."""
        document = {"_id": file.sha256, "sponsor": file.sponsor, "name": file.name, "content": file.content}
        with suppress(DuplicateKeyError):
            self._files.insert_one(document)

    def kept(self, sha256: str, scopes: Sequence[str] | None = None) -> KeptFile | None:
        """Return the file of a hash, if it is of one of these sponsors, or of all; ``scopes`` of None is every one."""
        of = {} if scopes is None else {"sponsor": {"$in": [*scopes, INSTALLATION]}}
        found = self._files.find_one({"_id": sha256, **of})
        if found is None:
            return None
        return KeptFile(sponsor=found["sponsor"], name=found["name"], content=found["content"])
