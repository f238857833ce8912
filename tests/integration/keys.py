"""A partner's key put straight where intake looks for it: how one comes there is tested with keys."""

from collections.abc import Mapping
from contextlib import closing

from intake.store.connection import IntakeDatabase
from intake.store.keys import MongoKeys
from shared.clock import SystemClock
from shared.contracts.envelope import event_of
from shared.ids import new_id
from tests.unit.intake.keys import KEY, a_key

AUTHORIZED = {"Authorization": f"Bearer {KEY}"}


def put_key(mongo_uri: str) -> Mapping[str, str]:
    """Let the tests' partner in, and return the headers that she sends."""
    with closing(IntakeDatabase(mongo_uri)) as database:
        key = a_key()
        made = event_of(
            event_id=new_id("evt"),
            topic="dayzero.key.noted.v1",
            at=SystemClock().now(),
            sponsor="installation",
            subject=key.key_id,
            body=key,
        )
        MongoKeys(database).note(key, made, [])
    return AUTHORIZED
