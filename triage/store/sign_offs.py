"""Sign-offs of rules in MongoDB, each with its audit entry in one write; inserted, never changed."""

from typing import Any

import msgspec
from pymongo.database import Database
from pymongo.errors import DuplicateKeyError

from shared.audit.happenings import pending
from shared.contracts.audit import INSTALLATION, AuditEntry
from triage.domain.rulebook import SignOff
from triage.ports import Conflict

Document = dict[str, Any]
_SCOPE = {"sponsor": INSTALLATION}  # a rule is of no sponsor


class MongoSignOffStore:
    """``triage.sign_off.SignOffStore`` over MongoDB."""

    def __init__(self, database: Database[Document]) -> None:
        """Use the database; indexes are made by ``database.prepare``."""
        self._sign_offs = database["sign_offs"]

    def add(self, sign_off: SignOff, entry: AuditEntry) -> None:
        """Store one: a rule as it is has one."""
        document = {
            "_id": f"{sign_off.rule_id}/{sign_off.rule_version}/{sign_off.sha256}",
            **_SCOPE,
            "sign_off": msgspec.to_builtins(sign_off),
            "audit": [pending(entry)],
        }
        try:
            self._sign_offs.insert_one(document)
        except DuplicateKeyError as error:
            raise Conflict(f"{sign_off.rule_id} is signed off") from error

    def all(self) -> list[SignOff]:
        """Return every one, the earliest first."""
        found = self._sign_offs.find(_SCOPE, {"sign_off": 1})
        given = (msgspec.convert(each["sign_off"], SignOff) for each in found)
        return sorted(given, key=lambda each: each.at)  # as moments: as text, 09:00:00.5 is before 09:00:00
