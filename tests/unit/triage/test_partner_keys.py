"""Keys are issued and revoked by named persons with a reason, and their secrets are kept nowhere (21 CFR 11.300)."""

from datetime import UTC, date, datetime

import msgspec
import pytest

from shared.clock import SetClock
from shared.contracts import topics
from shared.contracts.envelope import ContractError, event_of
from shared.contracts.key_changed import KeyChanged
from shared.contracts.key_noted import KeyNoted
from shared.ids import sha256
from tests.unit.triage.fake_keys import InMemoryPartnerKeys
from triage.administer import By, Denied
from triage.partner_keys import PartnerKeys

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
ROOT = By(actor="root", authentication="console", scopes=("installation",), reason="a new partner")


@pytest.fixture
def store() -> InMemoryPartnerKeys:
    return InMemoryPartnerKeys()


@pytest.fixture
def keys(store: InMemoryPartnerKeys) -> PartnerKeys:
    return PartnerKeys(store, lambda: ("helvion", "boreal", "unassigned"), SetClock(NOW))


def test_the_secret_is_handed_over_once_and_kept_by_hash(keys: PartnerKeys, store: InMemoryPartnerKeys) -> None:
    key, handed = keys.issue(ROOT, "Example Partner", ["helvion"])
    key_id, _, secret = handed.partition(".")
    assert (key_id, key.secret_sha256) == (key.key_id, sha256(secret.encode()))
    assert len(secret) >= 43  # 256 bits
    kept = msgspec.json.encode([store.held, store.outgoing.events, store.entries]).decode()
    assert secret not in kept


def test_intake_is_told_and_every_sponsor_of_the_key_has_its_entry(
    keys: PartnerKeys, store: InMemoryPartnerKeys
) -> None:
    key, _ = keys.issue(ROOT, "Example Partner", ["helvion", "boreal"], date(2027, 1, 1))
    (event,) = store.outgoing.events
    assert (event.topic, event.body(KeyChanged)) == (topics.KEY_CHANGED, key.as_changed())
    assert [(e.sponsor, e.action, e.actor, e.reason) for e in store.entries] == [
        ("helvion", "key.issued", "root", "a new partner"),
        ("boreal", "key.issued", "root", "a new partner"),
    ]


def test_a_revoked_key_is_told_as_a_later_revision_and_stays(keys: PartnerKeys, store: InMemoryPartnerKeys) -> None:
    key, _ = keys.issue(ROOT, "Example Partner", ["helvion"])
    revoked = keys.revoke(ROOT, key.key_id)
    assert (revoked.revision, revoked.revoked_at) == (2, NOW)
    assert [event.body(KeyChanged).revision for event in store.outgoing.events] == [1, 2]
    assert store.entries[-1].action == "key.revoked"
    with pytest.raises(Denied, match="already"):
        keys.revoke(ROOT, key.key_id)
    assert keys.all() == [revoked]


@pytest.mark.parametrize(
    ("organisation", "sponsors", "expires_on", "words"),
    [
        (" ", ["helvion"], None, "organisation"),
        ("x" * 101, ["helvion"], None, "organisation"),
        ("A\nB", ["helvion"], None, "organisation"),
        ("Partner", [], None, "without a sponsor"),
        ("Partner", ["nobody"], None, "nobody is no sponsor"),
        ("Partner", ["helvion"], date(2026, 11, 23), "is past"),
    ],
)
def test_what_cannot_be_a_key_is_refused_with_the_cure(
    organisation: str, sponsors: list[str], expires_on: date | None, words: str, keys: PartnerKeys
) -> None:
    with pytest.raises(Denied, match=words):
        keys.issue(ROOT, organisation, sponsors, expires_on)
    assert keys.all() == []


def test_a_key_that_there_is_not_is_not_revoked(keys: PartnerKeys) -> None:
    with pytest.raises(LookupError):
        keys.revoke(ROOT, "dzk_none")


def test_the_answer_of_intake_ends_the_telling_and_a_late_one_changes_nothing(
    keys: PartnerKeys, store: InMemoryPartnerKeys
) -> None:
    key, _ = keys.issue(ROOT, "Example Partner", ["helvion"])
    keys.revoke(ROOT, key.key_id)
    for revision, event in ((2, store.outgoing.events[1]), (1, store.outgoing.events[0])):
        noted = KeyNoted(key_id=key.key_id, revision=revision)
        answer = event_of(
            event_id=f"evt_{revision}",
            topic=topics.KEY_NOTED,
            at=NOW,
            sponsor="installation",
            subject=key.key_id,
            body=noted,
            answers=event.id,
        )
        keys.noted(answer)
    assert store.held[key.key_id].noted == 2
    assert store.outgoing.waiting == set()
    with pytest.raises(ContractError):
        keys.noted(msgspec.structs.replace(answer, answers=None))


def test_no_key_is_issued_for_what_is_nobodys(keys: PartnerKeys) -> None:
    with pytest.raises(Denied, match="unassigned is no sponsor"):
        keys.issue(ROOT, "Example Partner", ["unassigned"])
