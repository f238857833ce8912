"""Keys of partners for tests, and a store of them in memory that keeps MongoDB's promises."""

from collections.abc import Sequence
from typing import Any

from intake.api.authentication import Door
from intake.api.over_http import Origin
from shared.contracts.audit import AuditEntry
from shared.contracts.envelope import Event
from shared.contracts.key_changed import KeyChanged
from shared.ids import sha256

SECRET = "a secret of nobody, for tests"  # noqa: S105 - of nobody
KEY = f"dzk_tester.{SECRET}"
EVERYBODY = ("exemplar", "helvion", "boreal", "acme", "another", "orbis")  # whom tests send for


def a_key(organisation: str = "tester", sponsors: Sequence[str] = EVERYBODY, **changes: Any) -> KeyChanged:
    """Return a key, which ``KEY`` opens if it is the tester's."""
    values: dict[str, Any] = {
        "key_id": f"dzk_{organisation}",
        "revision": 1,
        "organisation": organisation,
        "sponsors": tuple(sponsors),
        "secret_sha256": sha256(SECRET.encode()),
    }
    return KeyChanged(**(values | changes))


def open_door(actor: str = "tester") -> Door:
    """Return a door that lets everybody in as one sender."""
    return Door(lambda: Origin(actor=actor))


class InMemoryKeys:
    """Implements KeyStore."""

    def __init__(self) -> None:
        self.held: dict[str, KeyChanged] = {}
        self.answers: list[Event] = []
        self.entries: list[AuditEntry] = []
        self.again: list[str] = []

    def put(self, key: KeyChanged) -> None:
        """Hold a key, whatever was held."""
        self.held[key.key_id] = key

    def find(self, key_id: str) -> KeyChanged | None:
        return self.held.get(key_id)

    def note(self, key: KeyChanged, answer: Event, entries: Sequence[AuditEntry]) -> bool:
        held = self.held.get(key.key_id)
        if held is not None and held.revision >= key.revision:
            return False
        self.held[key.key_id] = key
        self.answers.append(answer)
        self.entries += entries
        return True

    def answer_again(self, answer: Event) -> None:
        if answer.id in {each.id for each in self.answers}:
            self.again.append(answer.id)
        else:
            self.answers.append(answer)
