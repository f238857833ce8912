"""202 only after the durable write: races end in one report, and without MongoDB there is 503 and no promise."""

import json
import threading
import time
from collections import Counter

import pytest
from flask.testing import FlaskClient

from deploy.local.processes import Supervisor
from intake.config import Settings
from intake.store.connection import IntakeDatabase
from tests.integration.intake.conftest import Post, report, serving
from tests.integration.local.waiting import until


def together(count: int, act: object) -> None:
    threads = [threading.Thread(target=act, args=(number,)) for number in range(count)]  # type: ignore[arg-type]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


@pytest.mark.parametrize("keyed", [False, True])
def test_identical_posts_at_the_same_time_are_one_report(post: Post, database: IntakeDatabase, keyed: bool) -> None:
    answers: list[tuple[int, str]] = []

    def act(number: int) -> None:
        answer = post(report(), **({"Idempotency_Key": "same"} if keyed else {}))
        answers.append((answer.status_code, json.loads(answer.data)["report_id"]))

    together(16, act)
    assert len(answers) == 16
    assert len(set(answers)) == 1
    (stored,) = database.collection("reports").find()
    assert (len(stored["receipts"]), len(stored["audit"])) == ((1, 16) if keyed else (16, 16))


def test_different_bodies_with_one_key_at_the_same_time(post: Post, database: IntakeDatabase) -> None:
    statuses: Counter[int] = Counter()

    def act(number: int) -> None:
        statuses[post(report(narrative=f"n{number}"), Idempotency_Key="same").status_code] += 1

    together(8, act)
    assert statuses == {202: 1, 422: 7}
    assert database.collection("reports").count_documents({}) == 1
    assert database.collection("refusals").count_documents({"rule": "idempotency-key-reused"}) == 7


def test_a_new_key_on_a_kept_body_raced_with_another_body(post: Post, database: IntakeDatabase) -> None:
    post(report())
    statuses: Counter[int] = Counter()

    def act(number: int) -> None:
        statuses[post(report(**({"narrative": "n"} if number % 2 else {})), Idempotency_Key="k").status_code] += 1

    together(8, act)
    assert statuses == {202: 4, 422: 4}


def test_without_mongodb_there_is_no_202(
    settings: Settings, post: Post, client: FlaskClient, servers: Supervisor
) -> None:
    assert post(report()).status_code == 202
    servers.kill("mongod")
    try:
        with serving(settings) as started_without:
            body = json.dumps(report(narrative="while away")).encode()
            headers = {"Content-Type": "application/json"}
            away = [started_without.post("/v1/reports", data=body, headers=headers)]
        away.append(post(b"{"))  # a refusal that could not be kept is no refusal either
        assert [(answer.status_code, answer.content_type) for answer in away] == [(503, "application/problem+json")] * 2
        assert all(int(answer.headers["Retry-After"]) > 0 for answer in away)
        assert client.get("/health/ready").status_code == 503
        assert client.get("/health/live").status_code == 200
    finally:
        servers.restart("mongod")
    until(lambda: client.get("/health/ready").status_code == 200, within=60)
    again = post(report(narrative="while away"), Idempotency_Key="k")
    assert (again.status_code, json.loads(again.data)["repeat"]) == (202, False)


def test_a_megabyte_of_unknown_names_is_taken_in_time(post: Post, database: IntakeDatabase) -> None:
    body = b'{"narrative": "x",' + b",".join(b'"n%d":1' % number for number in range(90_000)) + b"}"
    started = time.monotonic()
    assert post(body).status_code == 202
    assert time.monotonic() - started < 10
    assert database.collection("reports").count_documents({}) == 1


def test_a_megabyte_of_small_items_is_taken(post: Post) -> None:
    drugs = [{"name": "a", "substances": ["b"] * 480} for _ in range(400)]
    body = json.dumps({"drugs": drugs}, separators=(",", ":")).encode()
    assert 700_000 < len(body) < 1_000_000
    assert post(body).status_code == 202
