"""What sign-in relies on holds for MongoDB and for the fakes alike, so that neither drifts."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from pymongo.database import Database

from shared.contracts.audit import AuditEntry, Changed
from tests.unit.triage.fake_users import InMemorySessions, InMemoryUsers
from triage.domain.credentials import Account, Credentials
from triage.domain.identity import Grant, Role, User
from triage.domain.session import Errand, Stage, key_of, new_session
from triage.ports import Conflict, SessionStore, UserStore
from triage.store import documents
from triage.store.database import opened, prepare
from triage.store.users import MongoSessionStore, MongoUserStore

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
Stores = tuple[UserStore, SessionStore]


@pytest.fixture
def database(suite_env: dict[str, str]) -> Iterator[Database[dict[str, Any]]]:
    with opened(suite_env["DAYZERO_TRIAGE_MONGO_URI"]) as connected:
        prepare(connected)
        yield connected


@pytest.fixture(params=["fake", "mongo"])
def stores(request: pytest.FixtureRequest) -> Stores:
    if request.param == "fake":
        return InMemoryUsers(), InMemorySessions()
    connected = request.getfixturevalue("database")
    return MongoUserStore(connected), MongoSessionStore(connected)


@pytest.fixture
def users(stores: Stores) -> UserStore:
    return stores[0]


@pytest.fixture
def sessions(stores: Stores) -> SessionStore:
    return stores[1]


def an_account(name: str = "ann", subject: str | None = None, revision: int = 1) -> Account:
    grants = (Grant(sponsor="helvion", role=Role.APPROVER, unblinded=True),)
    user = User(name=name, full_name="Ann", revision=revision, grants=grants, subject=subject, created_at=NOW)
    return Account(user=user, credentials=Credentials(password="hash", one_time_until=NOW, failures=2))  # noqa: S106


def an_entry(entry_id: str = "aud_1") -> AuditEntry:
    return AuditEntry(
        entry_id=entry_id,
        sponsor="helvion",
        at=NOW,
        actor="root",
        authentication="console",
        action="user.added",
        subject="user/ann",
        reason="hired",
        service_version="test",
        roles=("administrator",),
        changes=(Changed(field="grants", new="{}"),),
    )


def test_a_user_is_found_as_she_was_stored(users: UserStore) -> None:
    users.add(an_account(subject="sub-1"), [an_entry()])
    assert users.find("ann") == users.of_subject("sub-1") == an_account(subject="sub-1")
    assert users.find("bob") is users.of_subject("sub-2") is None
    users.add(an_account("abe"), [])
    assert [account.user.name for account in users.accounts()] == ["abe", "ann"]


def test_a_name_and_a_subject_are_somebodys_once(users: UserStore) -> None:
    users.add(an_account(subject="sub-1"), [])
    for taken in (an_account(subject="sub-2"), an_account("bob", subject="sub-1")):
        with pytest.raises(Conflict):
            users.add(taken, [])
    users.add(an_account("bob"), [])
    users.add(an_account("cay"), [])


def test_the_second_of_two_writers_meets_a_conflict(users: UserStore) -> None:
    users.add(an_account(), [])
    users.update(an_account(revision=2), 1, [an_entry()])
    with pytest.raises(Conflict):
        users.update(an_account(revision=2), 1, [an_entry("aud_2")])
    with pytest.raises(Conflict):
        users.update(an_account("bob"), 1, [])
    assert users.find("ann") == an_account(revision=2)
    users.enter([an_entry("aud_3")])


def test_a_session_is_found_as_it_was_stored_and_stays_ended(sessions: SessionStore) -> None:
    token, session = new_session(Stage.SIGNED_IN, NOW, "ann", "oidc")
    errand = Errand(state="s", nonce="n", verifier="v", asked_at=NOW)
    session = msgspec.structs.replace(session, errand=errand, proved_at=NOW)
    sessions.put(session)
    assert sessions.find(key_of(token)) == session
    assert sessions.find("unknown") is None
    later = NOW + timedelta(minutes=5)
    sessions.seen(session.key, later)
    sessions.seen(session.key, NOW)
    found = sessions.find(session.key)
    assert found == msgspec.structs.replace(session, seen_at=later)
    sessions.end(session.key, later)
    sessions.end(session.key, later + timedelta(hours=1))
    sessions.put(session)  # as a request does that read it before its end
    found = sessions.find(session.key)
    assert found is not None
    assert found.ended_at == later


def test_a_session_that_takes_the_place_of_another_ends_it(sessions: SessionStore) -> None:
    _, begun = new_session(Stage.BEGUN, NOW, "ann")
    _, whole = new_session(Stage.SIGNED_IN, NOW, "ann")
    sessions.put(begun)
    sessions.put(whole, instead_of=begun.key)
    assert [found and found.ended_at for found in map(sessions.find, (begun.key, whole.key))] == [NOW, None]


def test_all_sessions_of_a_user_end(sessions: SessionStore) -> None:
    made = [new_session(Stage.SIGNED_IN, NOW, name)[1] for name in ("ann", "ann", "bob")]
    for session in made:
        sessions.put(session)
    sessions.end_all("ann", NOW, but=made[0].key)
    assert [found and found.ended_at for found in map(sessions.find, (each.key for each in made))] == [None, NOW, None]
    sessions.end_all("ann", NOW)
    found = sessions.find(made[0].key)
    assert found is not None
    assert found.ended_at == NOW


def test_what_is_written_is_what_the_documents_declare(database: Database[dict[str, Any]]) -> None:
    from mongoengine import connect as bind  # the ODM's registry is global: bound here, where alone it is used
    from mongoengine import disconnect

    users = MongoUserStore(database)
    users.add(an_account(subject="sub-1"), [an_entry()])
    users.enter([an_entry("aud_2")])
    MongoSessionStore(database).put(new_session(Stage.SIGNED_IN, NOW, "ann")[1])
    bind(
        database.name,
        alias=documents.ALIAS,
        uuidRepresentation="standard",
        mongo_client_class=lambda *_, **__: database.client,
    )
    try:
        for document in (documents.UserDocument, documents.SessionDocument, documents.HappeningDocument):
            written = database[document._get_collection_name()].find_one({})
            assert written is not None
            document._from_son(written).validate()
            assert set(written) - {"_id"} <= set(document._fields)
    finally:
        disconnect(documents.ALIAS)
