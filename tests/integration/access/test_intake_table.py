"""Which door of intake takes a key, and what a key of another sponsor's partner finds there (ASVS 5.0: 8.2.2, 8.4.1).

``intake_routes.csv`` is reviewed by people; what is public is the form and the API's own description. A report that
names a sponsor for whom its key is not is kept in nobody's scope, so that every key may send.
"""

import csv
import json
import secrets
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from deploy.local.mongod import Mongod
from deploy.local.ports import ADDRESS
from intake import config
from intake.app import create_app
from intake.store.connection import IntakeDatabase
from intake.store.keys import MongoKeys
from shared.clock import SystemClock
from shared.contracts.envelope import event_of
from shared.ids import new_id
from shared.settings import load
from tests.e2b_files import batch, message
from tests.unit.intake.keys import SECRET, a_key

TABLE = Path(__file__).with_name("intake_routes.csv")
ROWS = {(row["method"], row["route"]): row for row in csv.DictReader(TABLE.read_text(encoding="utf-8").splitlines())}
BY_KEY = [cell for cell, row in ROWS.items() if row["access"] == "key"]
WHO = {"no key": None, "own key": "own", "other key": "other"}
REPORT = json.dumps({"sponsor": "helvion", "narrative": "A rash."}).encode()
FILE = batch(message("SE-1"))


class Doors:
    """Intake with two partners, each for a sponsor of her own."""

    def __init__(self, app: Flask, database: IntakeDatabase) -> None:
        self.app = app
        keys = MongoKeys(database)
        for name, sponsor in (("own", "helvion"), ("other", "boreal")):
            key = a_key(name, [sponsor])
            at = SystemClock().now()
            answer = event_of(
                event_id=new_id("evt"), topic="t", at=at, sponsor="installation", subject=key.key_id, body=key
            )
            keys.note(key, answer, [])
        receipt = json.loads(self.ask("own", "POST", "/v1/reports").data)
        file = self.ask("own", "POST", "/v1/icsrs").headers["Location"].rpartition("/")[2]
        self.ids = {"<report_id>": receipt["report_id"], "<file_id>": file}

    def ask(self, who: str | None, method: str, route: str) -> TestResponse:
        """Send the route's request as a partner, or as nobody."""
        headers = {"Authorization": f"Bearer dzk_{who}.{SECRET}"} if who else {}
        for part, value in getattr(self, "ids", {}).items():
            route = route.replace(part, value)
        content, kind = (FILE, "application/xml") if "icsrs" in route else (REPORT, "application/json")
        sent = {"data": content, "content_type": kind} if method == "POST" else {}
        query = "?sponsor=helvion" if method == "POST" and "icsrs" in route else ""
        return self.app.test_client().open(route + query, method=method, headers=headers, **sent)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def doors(mongod: Mongod) -> Iterator[Doors]:
    prefix = f"t{secrets.token_hex(4)}"
    settings = {
        **mongod.create_service_users(prefix),
        "DAYZERO_KAFKA": f"{ADDRESS}:9",  # the door speaks to no broker
        "DAYZERO_SITE_COUNTRY": "CH",
        "DAYZERO_INTAKE_SECRET_KEY": secrets.token_hex(32),
    }
    with pytest.MonkeyPatch.context() as patched:
        for name, value in settings.items():
            patched.setenv(name, value)
        chosen = load(config.read)
        app = create_app(chosen)
    with closing(IntakeDatabase(chosen.mongo_uri)) as database:
        yield Doors(app, database)
    app.extensions["intake"].close()
    mongod.drop_service_users(prefix)


def test_every_route_of_intake_stands_in_the_table_and_nothing_else(doors: Doors) -> None:
    routes = {
        (method, rule.rule)
        for rule in doors.app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert routes == ROWS.keys()


@pytest.mark.parametrize(("method", "route"), BY_KEY)
def test_a_key_is_answered_as_the_table_says(method: str, route: str, doors: Doors) -> None:
    answered = {column: str(doors.ask(who, method, route).status_code) for column, who in WHO.items()}
    assert answered == {column: ROWS[method, route][column] for column in WHO}


@pytest.mark.parametrize(("method", "route"), [cell for cell, row in ROWS.items() if row["access"] == "public"])
def test_what_is_public_asks_for_no_key(method: str, route: str, doors: Doors) -> None:
    with doors.ask(None, method, route.replace("<int:number>", "1")) as answer:
        assert answer.status_code not in {401, 500}


@pytest.mark.parametrize(("method", "route"), [cell for cell in BY_KEY if "<" in cell[1]])
def test_another_partner_learns_nothing_of_what_is_there(method: str, route: str, doors: Doors) -> None:
    there = doors.ask("other", method, route)
    nowhere = doors.ask("other", method, route.partition("<")[0] + "rep_none")
    assert (there.status_code, there.data) == (nowhere.status_code, nowhere.data)
