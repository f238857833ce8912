"""Group commit on a real MongoDB: every 202 is found afterwards, whatever came together and whatever was killed."""

import json
import threading
from collections import Counter
from typing import Any

from pymongo.errors import DocumentTooLarge

from deploy.local.processes import Supervisor
from intake.config import Settings
from intake.ports import AlreadyHeld
from intake.store.connection import IntakeDatabase
from intake.store.group_commit import LARGEST_DOCUMENT
from intake.store.reports import MongoReports
from tests.integration.intake.conftest import Post, report, serving
from tests.integration.intake.test_durability import together
from tests.integration.intake.test_store_contract import a_report
from tests.integration.local.waiting import until


def test_what_comes_together_is_kept_once_each_and_too_large_fails_alone(database: IntakeDatabase) -> None:
    reports = MongoReports(database)
    outcomes: Counter[str] = Counter()

    def act(number: int) -> None:
        raw = b"x" * LARGEST_DOCUMENT if number == 7 else b"{}"
        try:
            reports.add(a_report(sha=f"{number % 40:064}", raw=raw))
            outcomes["kept"] += 1
        except (AlreadyHeld, DocumentTooLarge) as error:
            outcomes[type(error).__name__] += 1

    together(64, act)
    assert outcomes == {"kept": 40, "AlreadyHeld": 23, "DocumentTooLarge": 1}
    assert database.collection("reports").count_documents({}) == 40


def test_every_202_is_found_after_mongod_was_killed_under_load(
    settings: Settings, post: Post, database: IntakeDatabase, servers: Supervisor
) -> None:
    accepted: dict[str, str] = {}
    answers: Counter[int] = Counter()
    enough = threading.Event()

    def act(number: int) -> None:
        sent = 0
        while not enough.is_set():
            sent += 1
            text = f"{number}-{sent}"
            answer = post(report(narrative=text))
            answers[answer.status_code] += 1
            if answer.status_code == 202:
                accepted[json.loads(answer.data)["report_id"]] = text

    loader = threading.Thread(target=together, args=(16, act))
    loader.start()
    try:
        until(lambda: len(accepted) > 200, within=60)
        servers.kill("mongod")
        until(lambda: answers[503] > 16, within=60)
    finally:
        servers.restart("mongod")
        before = len(accepted)
        until(lambda: len(accepted) > before + 50, within=60)
        enough.set()
        loader.join()
    assert set(answers) == {202, 503}
    kept: dict[str, Any] = {each["_id"]: each for each in database.collection("reports").find()}
    assert {name for name, text in accepted.items() if json.loads(kept[name]["raw"])["narrative"] != text} == set()
    repeats = [post(report(narrative=text)) for text in list(accepted.values())[-20:]]
    assert all(json.loads(answer.data)["repeat"] for answer in repeats)


def test_a_worker_of_its_own_shares_nothing_but_the_database(settings: Settings, database: IntakeDatabase) -> None:
    body = json.dumps(report()).encode()
    headers = {"Content-Type": "application/json"}
    names: set[str] = set()
    with serving(settings) as first, serving(settings) as second:
        clients = (first, second)
        together(
            16,
            lambda number: names.add(
                json.loads(clients[number % 2].post("/v1/reports", data=body, headers=headers).data)["report_id"]
            ),
        )
    assert len(names) == 1
    (stored,) = database.collection("reports").find()
    assert len(stored["receipts"]) == 16
